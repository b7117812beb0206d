"""What became of every alert that should exist: told, told of by number, kept by name, or lost.

What receivers have got says it first; the store is asked only of what they have not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.base.press import RULES, Told
from monitor.app import App
from storage.model import Delivery, DeliveryKind, DeliveryState

TOLD, LEFT_OUT, IN_ANOTHER = "told", "counted by its digest", "told in another's story"
PENDING, HELD, FAILED, LOST = "pending", "held", "failed", "LOST"

_KEPT = {
    DeliveryState.PENDING: PENDING,
    DeliveryState.LEASED: PENDING,
    DeliveryState.HELD: HELD,
    DeliveryState.DEAD: FAILED,
    DeliveryState.SUPPRESSED: FAILED,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store says.

    Attributes:
        stories: Of each item that was stored, its story.
        alerts: By rule and story, the alert's id and the item that it is about.
        owed: By alert and channel, what tells of it.
        deliveries: All of them, by id, without what they say.
        states: How many are in each state.
        problems: What `doctor` would say of it.
    """

    stories: Mapping[int, str]
    alerts: Mapping[tuple[str, str], tuple[str, int]]
    owed: Mapping[tuple[str, str], str]
    deliveries: Mapping[str, tuple[DeliveryState, str | None, str | None]]
    states: Mapping[str, int]
    problems: Sequence[str]


def kept(app: App) -> Kept:
    """Return what the store says."""
    with app.storage.reading() as tx:
        items = {each.id: each for each in tx.articles.recent(limit=None)}
        rules = {rule.id: rule.name for rule in tx.rules.all()}
        channels = {channel.id: channel.name for channel in tx.channels.all()}
        alerts = tx.alerts.recent(limit=None)
        every = tx.outbox.recent(limit=None)
    number = {id_: int(item.url.rpartition("/")[2]) for id_, item in items.items()}
    return Kept(
        stories={number[id_]: item.story_id for id_, item in items.items()},
        alerts={
            (rules[alert.rule_id], alert.story_id): (alert.id, number[alert.article_id])
            for alert in alerts
        },
        owed={
            (each.alert_id, channels[each.channel_id]): each.id
            for each in every
            if each.alert_id and each.kind is DeliveryKind.ALERT
        },
        deliveries={each.id: _plainly(each) for each in every},
        states=Counter(str(each.state) for each in every),
        problems=app.storage.problems(),
    )


def _plainly(delivery: Delivery) -> tuple[DeliveryState, str | None, str | None]:
    return delivery.state, delivery.digest_id, delivery.state_reason


@dataclass(slots=True)
class Account:
    """What became of the alerts of one channel.

    Attributes:
        channel: Its name.
        is_program: Whether it is told each alert, with its rule; people are told stories.
        rules: Whose alerts it is owed.
        came_to: How many came to what.
        lost: Those that are lost, each with why that is said of it.
        carried: By digest that came, what it carries, as it would list it.
        unlisted: By digest that came, what only its number tells of.
        wrong: What digests say that carry something else.
    """

    channel: str
    is_program: bool
    rules: Sequence[str]
    came_to: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    carried: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unlisted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)

    def fill(self, items: int, told: Told, stored: Kept) -> None:
        """Account for the alerts that the first so many items should have raised."""
        for rule in self.rules:
            for item in range(RULES[rule], items + 1, RULES[rule]):
                fate = self._fate(rule, item, told, stored)
                self.came_to[fate] += 1
        for code, carried in self.carried.items():
            digest, carries = told.digests[code], len(carried)
            said = len(digest.listed) + digest.left_out
            if said != carries:
                self.wrong.append(f"{self.channel} #{code} says {said} and carries {carries}")
            self._lose(len(self.unlisted[code]) - digest.left_out, f"#{code} says too few")

    def _fate(self, rule: str, item: int, told: Told, stored: Kept) -> str:
        story = stored.stories.get(item)
        if story is None:
            return self._lose(1, f"item {item} was never stored")
        alert, of_item = stored.alerts.get((rule, story), ("", item))
        key = f"{rule} {of_item}" if self.is_program else str(of_item)
        carrier = self._carrier(alert, stored)
        code = carrier.removeprefix("msg_")[:6]
        if code in told.digests:
            self.carried[code].add(key)
        if key in told.told:
            return TOLD if of_item == item else IN_ANOTHER
        if code in told.digests:
            self.unlisted[code].add(key)
            return LEFT_OUT
        if not carrier:
            return self._lose(1, f"{rule} {item}: {'nothing is owed' if alert else 'no alert'}")
        state, _, why = stored.deliveries[carrier]
        if state in _KEPT:
            return _KEPT[state]
        return self._lose(1, f"{rule} {item}: {carrier} is said to be {state} ({why})")

    def _carrier(self, alert: str, stored: Kept) -> str:
        """Return the id of what tells of an alert: a delivery of its own, or what carries that."""
        carrier = stored.owed.get((alert, self.channel), "")
        while carrier and (by := stored.deliveries[carrier][1]) in stored.deliveries:
            assert by is not None
            carrier = by
        return carrier

    def _lose(self, count: int, why: str) -> str:
        if count > 0:
            self.lost.append(f"{self.channel}: {why}" + (f" ({count})" if count > 1 else ""))
        return LOST


def lines(accounts: Sequence[Account]) -> Iterator[str]:
    """Yield a table: a line a channel, and one of all."""
    fates = (TOLD, LEFT_OUT, IN_ANOTHER, PENDING, HELD, FAILED, LOST)
    total: Counter[str] = Counter()
    yield f"{'':12}{'should be':>10}" + "".join(f"  {fate:>{len(fate)}}" for fate in fates)
    for name, came_to in [*((each.channel, each.came_to) for each in accounts), ("all", total)]:
        counts = "".join(f"  {came_to[fate]:>{len(fate)}}" for fate in fates)
        yield f"{name:12}{came_to.total():>10}{counts}"
        total += came_to
