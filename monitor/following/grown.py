"""How a story has grown since it was told, and what of that its readers want to know."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from common.records import dataclass
from monitor.following.told import Told
from monitor.stories.carried import Carried, carried, members_of, outlet_names
from storage.api.storage import Transaction
from storage.model import Alert, Article, Channel, Rule
from storage.story import SAME_TEXT, FollowUps, Membership

if TYPE_CHECKING:
    from notifiers.spec import ChannelSpec

ENOUGH_OUTLETS = 3
"""So many outlets must have joined since the last message before a thread goes on by itself."""
STALE_AFTER = timedelta(days=2)
"""What was published so long after the last message tells what has become of the matter since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A story that has grown, seen from one alert about it.

    Attributes:
        told: The articles that this alert and the rule's others about the story tell of.
        new: The articles that have just joined, oldest first, or are news by now.
        just: Those of them that have just joined.
        before, now: By whom it was and is carried.
    """

    alert: Alert
    rule: Rule
    told: frozenset[str]
    new: tuple[Article, ...]
    just: frozenset[str]
    members: Sequence[Membership]
    before: Carried
    now: Carried

    @property
    def escalates(self) -> bool:
        """Whether enough outlets carry it from now on for the rule's `escalate`."""
        bound = self.rule.escalate
        return bound is not None and len(self.before.outlets) < bound <= len(self.now.outlets)

    def has_moved_on(self, tx: Transaction, last: datetime) -> bool:
        """Whether something has joined that is days newer than the last message.

        The verdict a week after a testimony is of the same story, and news all the same, also
        with the old text under it. What comes again word for word under its old title is not.
        """
        joined = {*self.since(last)}
        late = {
            member.article_id: member.reason
            for member in self.members
            if member.article_id in joined and member.appeared_at >= last + STALE_AFTER
        }
        if any(reason != SAME_TEXT for reason in late.values()):
            return True
        if not late:
            return False
        articles = tx.articles.some(member.article_id for member in self.members)
        known = {each.title.casefold() for id_, each in articles.items() if id_ not in late}
        return any(articles[id_].title.casefold() not in known for id_ in late)

    def since(self, at: datetime) -> list[str]:
        """Return the articles that joined after that, and those that just did, by appearance.

        What alerts themselves told of is no news, whenever somebody moved it to this story.
        """
        joined = (
            m.article_id for m in self.members if m.joined_at > at or m.article_id in self.just
        )
        return [id_ for id_ in joined if id_ not in self.told]


def grown_of(
    tx: Transaction,
    alerts: Sequence[Alert],
    rules: Mapping[str, Rule],
    grown: Mapping[str, Sequence[Article]],
    joined_before: Collection[str] = (),
) -> Iterator[Grown]:
    """Yield how the stories of alerts have grown; their articles are read all at once.

    Args:
        grown: What is new in them.
        joined_before: Articles among that which had joined already.
    """
    members = members_of(tx, (alert.story_id for alert in alerts))
    names = outlet_names(tx, chain.from_iterable(members.values()))
    about: dict[tuple[str, str], set[str]] = {}
    for alert in alerts:
        about.setdefault((alert.rule_id, alert.story_id), set()).add(alert.article_id)
    for alert in alerts:
        new, of_story = grown[alert.story_id], members[alert.story_id]
        just = {article.id for article in new}
        yield Grown(
            alert=alert,
            rule=rules[alert.rule_id],
            told=frozenset(about[alert.rule_id, alert.story_id]),
            new=tuple(new),
            just=frozenset(just.difference(joined_before)),
            members=of_story,
            before=carried([each for each in of_story if each.article_id not in just], names),
            now=carried(of_story, names),
        )


def since_told(
    tx: Transaction, alerts: Sequence[Alert], rules: Mapping[str, Rule], told: Told
) -> Grown | None:
    """Return how a story has grown since it was told; None if it has not.

    Args:
        alerts: Those of one rule about it.
    """
    alert, last = told.alert, told.last
    members = members_of(tx, [alert.story_id])[alert.story_id]
    articles = tx.articles.some(each.article_id for each in members if each.joined_at > last)
    joined = [articles[each.article_id] for each in members if each.article_id in articles]
    if not joined or alert.rule_id not in rules:
        return None
    every = grown_of(tx, alerts, rules, {alert.story_id: joined})
    return next(about for about in every if about.alert.id == alert.id)


def to_tell(
    tx: Transaction, about: Grown, channel: Channel, told: Told, *, in_one: bool = False
) -> list[list[str]]:
    """Return what each update to a channel tells of.

    Args:
        told: What it was told of the alert.
        in_one: Whether one update is to tell of all.
    """
    mode = FollowUps(about.rule.follow_ups)
    joined = about.since(told.last)
    if not joined:
        return []
    if mode is FollowUps.EVERY and not in_one:
        new = [article.id for article in about.new if article.id in joined]
        if not new:
            return [joined]
        first, *rest = new
        # The first tells also of those that were held back when they joined.
        held = [id_ for id_ in joined if id_ not in {first, *rest}]
        return [[*held, first], *([id_] for id_ in rest)]
    if mode in (FollowUps.THREAD, FollowUps.EVERY) or about.escalates:
        return [joined]
    if mode in (FollowUps.COUNT, FollowUps.NONE):
        return []
    if about.has_moved_on(tx, told.last):
        return [joined[::-1]]  # a message may not have room for all of them
    if told.is_in_digest:
        return []  # who wants few messages knows of it, and who carries it is no news by itself
    outlets = {member.outlet for member in about.members if member.article_id in joined}
    outlets -= {member.outlet for member in about.members if member.article_id not in joined}
    if not spec_of(channel).threads or len(outlets) < ENOUGH_OUTLETS:
        return []
    return [joined]


def spec_of(channel: Channel) -> "ChannelSpec":
    """Return what channels of its kind can do."""
    from notifiers.channels.kinds import KINDS  # all of them: dear to import before any is owed

    return KINDS[channel.kind]
