"""Who tells how a story has grown: each rule, or one of them where a channel is told it once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.following.grown import Grown
from monitor.following.told import Told, told_of
from monitor.quiet.schedule import STORY
from storage.api.storage import Transaction
from storage.model import Alert, Channel
from storage.story import FollowUps

_TELLING = (FollowUps.NONE, FollowUps.COUNT, FollowUps.AUTO, FollowUps.THREAD, FollowUps.EVERY)


class Going(NamedTuple):
    """A story that goes on, and a channel that was told of it.

    Attributes:
        of_rules: How it has grown as each rule sees it of which one tells, and what the channel
            was told by that: the first that has something to tell and is not held back.
        told: What the channel was told of it by any of them.
    """

    of_rules: Sequence[tuple[Grown, Told]]
    channel: Channel
    told: Told

    @property
    def grown(self) -> Grown:
        """How it has grown."""
        return self.of_rules[0][0]

    @property
    def story_id(self) -> str:
        """Which story it is."""
        return self.grown.alert.story_id


def by_message(
    tx: Transaction, alerts: Sequence[Alert], every: Iterable[tuple[Grown, Channel, Told]]
) -> list[Going]:
    """Return what may be told: by each rule for itself, or of each story once.

    Args:
        alerts: Those of all rules about these stories, the first one first.
        every: How stories have grown for each rule, and what it has told a channel.
    """
    groups: dict[tuple[str, str, str], list[tuple[Grown, Channel, Told]]] = {}
    for each in every:
        about, channel, _ = each
        by = "" if channel.digest == STORY else about.rule.id
        groups.setdefault((channel.id, about.alert.story_id, by), []).append(each)
    return [_going(tx, alerts, group) for group in groups.values()]


def _going(
    tx: Transaction, alerts: Sequence[Alert], group: Sequence[tuple[Grown, Channel, Told]]
) -> Going:
    _, channel, told = group[0]
    of_rules = [(about, own) for about, _, own in group]
    if len(of_rules) > 1:
        of_rules.sort(key=_wants, reverse=True)
        keys = {(about.rule.id, about.alert.story_id) for about, _ in of_rules}
        theirs = [alert for alert in alerts if (alert.rule_id, alert.story_id) in keys]
        told = told_of(tx, theirs, channel) or told
    return Going(of_rules, channel, told)


def _wants(each: tuple[Grown, Told]) -> tuple[bool, int, bool]:
    """Return how much a rule wants to tell; of two alike the one that the message is of."""
    about, own = each
    is_own = any(first.alert_id == about.alert.id for first in own.firsts.values())
    return about.escalates, _TELLING.index(FollowUps(about.rule.follow_ups)), is_own
