"""Goes through what was recorded as the daemon would have, in an archive of its own.

Every step is the daemon's, by a clock that says what time it was: recognising, stories, rules,
digests, quiet hours, limits. Only nothing is fetched, and nothing is sent.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from common.records import dataclass
from ingester.entry import Polled
from ingester.kinds import FEED
from monitor.app import App
from monitor.config.load import Config, sqlite_url
from monitor.pipeline.intake import LEASE
from monitor.replay.message import Message
from monitor.replay.recording import Listed
from monitor.services.alerts import Raised, raised
from storage.api.storage import Storage, Transaction
from storage.model import (
    INSTALLATION,
    Alert,
    Channel,
    Delivery,
    DeliveryKind,
    Rule,
    Source,
    SourceState,
    stable_id,
)

ROUND = timedelta(minutes=10)
"""What a source listed within so long is one poll, where nothing says when it was polled."""

MOST_ENTRIES = 500
"""Of one poll."""

AFTERWARDS = timedelta(days=8)
"""For so long time goes on behind the last poll, until what is held back has been told."""

MINUTE = timedelta(minutes=1)
TOLD = frozenset({DeliveryKind.ALERT, DeliveryKind.UPDATE, DeliveryKind.DIGEST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is told to whom, as it is in a store."""

    rules: Sequence[Rule]
    channels: Sequence[Channel]
    sources: Sequence[Source]
    installation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What a source listed at one time."""

    at: datetime
    source: str
    entries: Sequence[Listed]


def setup_of(storage: Storage) -> Setup:
    """Return the rules, channels and sources of a store."""
    with storage.reading() as tx:
        return Setup(
            rules=tx.rules.all(),
            channels=tx.channels.all(),
            sources=tx.sources.all(),
            installation=tx.meta.get(INSTALLATION) or "",
        )


def polls_of(listed: Iterable[Listed], *, since: datetime | None) -> list[Poll]:
    """Return what was listed as polls, in the order of time."""
    rounds: dict[tuple[datetime, str], list[Listed]] = {}
    for each in listed:
        if since is None or each.at >= since:
            begin = each.at
            if not each.is_poll:
                begin -= (begin - datetime.min.replace(tzinfo=begin.tzinfo)) % ROUND
            rounds.setdefault((begin, each.source), []).append(each)
    polls = []
    for (_, source), entries in sorted(rounds.items()):
        for start in range(0, len(entries), MOST_ENTRIES):
            some = entries[start : start + MOST_ENTRIES]
            polls.append(Poll(at=max(each.at for each in some), source=source, entries=some))
    return sorted(polls, key=lambda poll: (poll.at, poll.source))


@contextmanager
def replaying(
    config: Config, setup: Setup, *, start: datetime, tell: Callable[[str], None]
) -> Iterator["Replay"]:
    """Open an archive for a replay, which is gone behind the block.

    Args:
        start: When the first poll is.
        tell: Gets a sentence for whoever waits, before something that takes long.
    """
    clock = [start]
    with tempfile.TemporaryDirectory(prefix="newsroom-replay-") as folder:
        home = Path(folder)
        own = replace(
            config,
            home=home,
            database_url=sqlite_url(home / "monitor.db"),
            seeds=None,
            keep_articles=None,
            keep_size=None,
            translator=None,
        )
        if (cache := config.home / "cache").is_dir():
            # What was made of lists already need not be made again.
            (home / "cache").symlink_to(cache.absolute())
        with App.open(own, now=lambda: clock[0], daemon=True, tell=tell) as app:
            yield Replay(app, setup, clock)


class Replay:
    """A replay on its way.

    Attributes:
        articles: How many came.
    """

    def __init__(self, app: App, setup: Setup, clock: list[datetime]) -> None:
        self._app = app
        self._clock = clock
        self._sources = {source.name: source for source in setup.sources}
        self._followed: dict[str, str] = {}
        self._last_seq = 0
        self.articles = 0
        self._prepare(setup)

    def _prepare(self, setup: Setup) -> None:
        now = self._clock[0]
        with self._app.storage.transaction() as tx:
            tx.meta.set(INSTALLATION, setup.installation)
            for channel in setup.channels:
                tx.channels.add(replace(channel, added_at=now, not_before=None))
            for rule in setup.rules:
                begun = replace(rule, created_at=now, caught_up=True, backfill_since=None)
                tx.rules.add(begun)

    def poll(self, poll: Poll) -> list[Raised]:
        """Take in what was listed, at its time; return the alerts that came of it."""
        self.pass_until(poll.at)
        with self._app.storage.transaction() as tx:
            id_ = self._follow(tx, poll.source)
            claimed = tx.sources.claim_due(
                now=poll.at, limit=1, lease=LEASE, owner=self._app.owner, ids=[id_]
            )
        for source in claimed:
            taken = self._app.pipeline.take_in(
                source,
                Polled(entries=tuple(each.entry for each in poll.entries)),
                next_poll_at=lambda now: now,
            )
            self.articles += taken.articles
        self._app.sending.digests.make_due()
        return self._new()

    def _follow(self, tx: Transaction, name: str) -> str:
        """Return the id of the source of this name, which is followed from now on."""
        if name not in self._followed:
            url = f"https://{stable_id('replayed', name)}.invalid/"
            made = Source(
                id=stable_id("source", FEED, url),
                kind=FEED,
                url=url,
                name=name,
                every=ROUND,
                added_at=self._clock[0],
            )
            source = self._sources.get(name, made)
            tx.sources.add(
                replace(
                    source,
                    state=SourceState.ACTIVE,
                    # As if it had been followed for long: all that comes is news.
                    baseline_done=True,
                    quiet_before=None,
                    validators={},
                    next_poll_at=None,
                    last_ok_at=None,
                    last_error=None,
                    failures=0,
                )
            )
            self._followed[name] = source.id
        return self._followed[name]

    def _new(self) -> list[Raised]:
        with self._app.storage.reading() as tx:
            alerts = tx.alerts.recent(after_seq=self._last_seq, limit=None)
            self._last_seq = max([self._last_seq, *(alert.seq for alert in alerts)])
            return raised(tx, alerts)

    def pass_until(self, until: datetime) -> None:
        """Let time go by, and what is held back be told when it falls due."""
        while (due := self._next_due()) is not None and due < until:
            self._clock[0] = max(due, self._clock[0] + MINUTE)
            self._app.sending.digests.make_due()
        self._clock[0] = max(until, self._clock[0])

    def end(self) -> None:
        """Let what is held back fall due."""
        self.pass_until(self._clock[0] + AFTERWARDS)

    def _next_due(self) -> datetime | None:
        with self._app.storage.reading() as tx:
            holds = (each.hold for each in tx.held.waiting())
            due = [hold.due_at for hold in holds if hold is not None and hold.due_at is not None]
        return min(due, default=None)

    def again(self, shown: Sequence[Raised]) -> list[Raised]:
        """Return alerts as they stand now: what was held back may have been told."""
        with self._app.storage.reading() as tx:
            kept = {each.id: each for each in tx.alerts.some(one.alert.id for one in shown)}
            return raised(tx, [kept[one.alert.id] for one in shown])

    def told(self, alert: Alert) -> list[Message]:
        """Return the messages that tell of an alert, in their order."""
        with self._app.storage.reading() as tx:
            names = {channel.id: channel.name for channel in tx.channels.all()}
            messages = set()
            for own in tx.outbox.recent(alert_id=alert.id, limit=None):
                sent = tx.outbox.get(own.digest_id) if own.digest_id else own
                if sent is not None and _is_sent(sent):
                    messages.add(_message(sent, names))
        return sorted(messages, key=lambda each: (each.at, each.channel, each.recipient, each.kind))

    def messages(self) -> Counter[tuple[str, str]]:
        """Return how many messages of each kind each channel would have been sent."""
        with self._app.storage.reading() as tx:
            names = {channel.id: channel.name for channel in tx.channels.all()}
            made = [each for each in tx.outbox.recent(limit=None) if _is_sent(each)]
        return Counter((names.get(each.channel_id, ""), each.kind.value) for each in made)


def _is_sent(delivery: Delivery) -> bool:
    return delivery.kind in TOLD and bool(delivery.payload)


def _message(delivery: Delivery, names: dict[str, str]) -> Message:
    return Message(
        at=delivery.created_at,
        kind=delivery.kind.value,
        channel=names.get(delivery.channel_id, delivery.channel_id),
        recipient=delivery.recipient,
    )
