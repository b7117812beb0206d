"""The desk under fire: what its monitor is given to do, and what is asked of it after."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn

from bench.base import world
from ingester.documents import kind as _folder  # noqa: F401
from ingester.feeds import kind as _feed  # noqa: F401  imported before the forks, to make starts cheap
from ingester.pages import kind as _page  # noqa: F401
from monitor.app import App
from monitor.daemon import daemon as _daemon  # noqa: F401
from monitor.quiet.routing import told
from monitor.services import channels
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.rules import rules
from monitor.services.sources import sources
from storage.model import RuleState, Source
from tests.vendors.doubles import DOUBLES

RULE = "Hanoi Convention"


PAUSED_RULE = "paused now and then"

OLD = "old "
"""How the names of sources begin whose news is to be pruned."""

OLD_FOR = timedelta(days=90)

DUE_EVERY_S = 0.1

_OF_A_RULE = "of-a-rule"

CHANNELS: dict[str, dict[str, object]] = {
    "plain": {},
    "gathered": {"digest": "hourly"},
    "asleep": {"quiet": "06:10-23:40", "zone": "UTC"},
    "sparing": {"max_per_hour": 3},
    "paused": {},
    _OF_A_RULE: {"takes": ("tag=paused",)},
}
"""What is chosen about each; the last one's rule is paused instead of itself."""


@dataclass(frozen=True, slots=True)
class State:
    """What is in the store.

    Attributes:
        deliveries: How many are in each state.
        news: How many articles are stored that are to be told.
        old_news: How many are there that are to be pruned.
        came_back: How many of a source of old news were stored anew: they had been pruned.
        problems: What `doctor` would say of the store.
    """

    deliveries: dict[str, int]
    news: int
    old_news: int
    came_back: int
    problems: list[str]

    @property
    def is_open(self) -> bool:
        """Whether something is owed still."""
        return any(self.deliveries[state] for state in ("pending", "leased", "held"))


def state_of(app: App) -> State:
    """Return what is in the store."""
    with app.storage.reading() as tx:
        old = {source.id for source in tx.sources.all() if is_old(source)}
        every = tx.articles.recent(limit=None)
    of_old = [article for article in every if article.source_id in old]
    young = sum(article.first_seen_at > app.now() - OLD_FOR / 2 for article in of_old)
    return State(
        deliveries=counts(app),
        news=len(every) - len(of_old),
        old_news=len(of_old) - young,
        came_back=young,
        problems=app.storage.problems(),
    )


def make_due(app: App) -> None:
    """Let every source be polled at the next tick, whatever its interval."""
    with app.storage.transaction() as tx:
        for source in tx.sources.all():
            tx.sources.update(replace(source, next_poll_at=app.now()))


def keep_due(app: App) -> NoReturn:
    """Make every source due again and again: processes that share them meet at their host."""
    while True:
        make_due(app)
        time.sleep(DUE_EVERY_S)


def is_old(source: Source) -> bool:
    """Whether its news is to be pruned."""
    return source.name.startswith(OLD)


def add_old_news(app: App, *, number: int, port: int) -> None:
    """Store news that nobody is told of, of long ago: then it is by this app's clock."""
    with app.storage.hold_owner(app.owner):
        url = f"http://127.0.0.1:{port}{world.OLD_NEWS}{number}.xml"
        wish = SourceChanges(name=f"{OLD}{number:04}", reading={"full_text": "no"})
        with app.storage.transaction() as tx:
            source = sources.add_source(tx, kind="feed", url=url, now=app.now(), wish=wish)
            # Nobody else may poll it first.
            tx.sources.update(replace(source, next_poll_at=app.now() + 2 * OLD_FOR))
        [result] = app.looking.poller.poll([source.id])
        assert result.new_articles == world.OLD_ITEMS, result
        with app.storage.transaction() as tx:
            tx.placing.retire(before=app.now(), limit=10_000)


def counts(app: App) -> dict[str, int]:
    """Return how many deliveries are in each state."""
    with app.storage.reading() as tx:
        return {str(state): count for state, count in tx.outbox.counts().items()}


def owed(app: App) -> tuple[set[str], int]:
    """Return which alerts are owed to which channels, and how many stories nobody is told of."""
    with app.storage.reading() as tx:
        alerts = tx.alerts.recent(limit=None)
        everybody = tx.channels.all()
        rules_ = {rule.id: rule for rule in tx.rules.all()}
        pairs = {
            f"{channel.name} {alert.id if channel.kind == 'webhook' else alert.id[:6]}"
            for alert in alerts
            for channel in told(everybody, rules_[alert.rule_id])
        }
        old = {source.id for source in tx.sources.all() if is_old(source)}
        articles = [a for a in tx.articles.recent(limit=None) if a.source_id not in old]
    alerted = {(alert.rule_id, alert.story_id) for alert in alerts}
    stories = {article.story_id for article in articles}
    silent = sum((rule_id, story) not in alerted for rule_id in rules_ for story in stories)
    return pairs, silent


def kinds_at(port: int) -> dict[str, tuple[str, str | None]]:
    """Return the target and the secret of a channel of each kind but webhooks."""
    doubles = {
        kind: (f"http://127.0.0.1:{port}{double.path}", double.secret or None)
        for kind, double in DOUBLES.items()
    }
    plain = {
        "email": "mailto:reader@example.org",
        "console": "console:",
        "apprise": f"json://127.0.0.1:{port}{world.APPRISE}",
    }
    return doubles | {kind: (target, None) for kind, target in plain.items()}


def set_up(
    app: App,
    port: int,
    *,
    every_kind: bool = False,
    webhooks: Mapping[str, Mapping[str, object]] = CHANNELS,
) -> None:
    """Add the rules, the webhooks, the other kinds if wanted, and the growing feed."""
    others = kinds_at(port) if every_kind else {}
    with app.storage.transaction() as tx:
        for kind, (target, secret) in others.items():
            made = channels.drafted(
                name=kind, target=target, kind=kind, secret=secret, now=app.now()
            )
            channels.add_channel(tx, app.config.home, made, now=app.now())
        for name, chosen in webhooks.items():
            target = f"http://127.0.0.1:{port}/{name}"
            sink = channels.drafted(name=name, target=target, now=app.now(), chosen=chosen)
            channels.add_channel(tx, app.config.home, sink, now=app.now())
        named = tuple(name for name, chosen in webhooks.items() if "takes" not in chosen)
        named += tuple(others)
        rules.add_rule(tx, RuleChanges(query=RULE, notify=named), now=app.now())
        if _OF_A_RULE in webhooks:
            also = RuleChanges(query=f"{RULE} OR nothing", name=PAUSED_RULE, tags=("paused",))
            rules.add_rule(tx, replace(also, notify=(_OF_A_RULE,)), now=app.now())
        sources.add_source(
            tx,
            kind="feed",
            url=f"http://127.0.0.1:{port}/feed.xml",
            now=app.now(),
            # Lives are too short for pages, one a second; all that is listed raises alerts.
            wish=SourceChanges(reading={"full_text": "no"}, backfill=1_000_000),
        )
    (app.config.home / "seeds").mkdir(exist_ok=True)


def pause(app: App, *, paused: bool) -> None:
    """Pause a channel and a rule, or let them go on."""
    with app.storage.transaction() as tx:
        rule = rules.rule_named(tx, PAUSED_RULE)
        state = RuleState.PAUSED if paused else RuleState.ACTIVE
        rules.set_state(tx, rule, state, now=app.now())
        channel = channels.channel_named(tx, "paused")
        if paused:
            channels.pause_channel(tx, channel)
        else:
            channels.enable_channel(tx, channel, now=app.now())
