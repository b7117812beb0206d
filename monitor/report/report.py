"""What a rule, or the rules with a tag, found in some days: what a printed report says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from common.records import dataclass
from monitor.base.counts import most_first
from monitor.base.errors import Refusal, clipped
from monitor.services.alerts import Raised, raised
from monitor.services.rules.rules import rule_with_alerts
from monitor.stories.carried import Carried, carried, members_of, outlet_names
from storage.api.storage import Transaction
from storage.model import Rule
from storage.story import Membership

MOST_ALERTS = 2_000
"""So many of the newest alerts of each rule are looked at."""

MOST_STORIES = 25
SHOWN_GROUPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story of the report.

    Attributes:
        source_name: Who published the article that raised the alert.
        began_at: When its first article appeared.
        rules: The names of the rules that found it.
    """

    id: str
    title: str
    url: str
    language: str
    source_name: str
    began_at: datetime
    carried: Carried
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found.

    Attributes:
        name: Of the rule, or the tag.
        rules: Whose alerts these are: their names and queries.
        until: What was raised then or later is not in it.
        days: How many stories a day, oldest first.
        stories: How many, of which `top` has those that are told most, the most told first.
        articles: How many articles tell them.
        before: How many stories there were in the same time before.
        by_outlet, by_language: How many stories each told, most first.
        is_whole: Whether all alerts of the time were looked at.
    """

    name: str
    rules: tuple[tuple[str, str], ...]
    since: datetime
    until: datetime
    days: tuple[tuple[date, int], ...]
    stories: int
    articles: int
    before: int
    top: tuple[Told, ...]
    by_outlet: tuple[tuple[str, int], ...]
    by_language: tuple[tuple[str, int], ...]
    useful: int
    noise: int
    is_whole: bool

    @property
    def outlets(self) -> int:
        """How many outlets told of it, as far as they are listed."""
        return len(self.by_outlet)


def rules_of(tx: Transaction, word: str) -> tuple[str, list[Rule]]:
    """Return the rule that is named so, or the rules with this tag, and what to call them.

    Raises:
        Refusal: There is neither.
    """
    tagged = [rule for rule in tx.rules.outlines() if word in rule.tags]
    try:
        rule = rule_with_alerts(tx, word)
    except Refusal:
        if not tagged:
            raise
        return word, tagged
    return (word, tagged) if tagged and rule.name != word else (rule.name, [rule])


def report_of(
    tx: Transaction, word: str, *, since: datetime, until: datetime, zone: tzinfo | None
) -> Report:
    """Return what a rule, or the rules with a tag, found.

    Args:
        zone: By whose calendar days are counted; None for this machine's own.

    Raises:
        Refusal: There is no such rule or tag, or the time has no end after its beginning.
    """
    if since >= until:
        raise Refusal(f"nothing lies between {clipped(str(since))} and {clipped(str(until))}")
    name, rules = rules_of(tx, word)
    found = {
        rule.id: tx.alerts.recent(rule_id=rule.id, since=since, until=until, limit=MOST_ALERTS)
        for rule in rules
    }
    earlier = {
        alert.story_id
        for rule in rules
        for alert in tx.alerts.recent(
            rule_id=rule.id, since=since - (until - since), until=since, limit=MOST_ALERTS
        )
    }
    shown = raised(tx, [alert for alerts in found.values() for alert in alerts])
    by_story: dict[str, list[Raised]] = {}
    for each in sorted(shown, key=lambda each: each.alert.seq):
        by_story.setdefault(each.alert.story_id, []).append(each)
    members = members_of(tx, by_story)
    every = [member for of_story in members.values() for member in of_story]
    names = outlet_names(tx, every)
    carrying = {id_: carried(of_story, names) for id_, of_story in members.items()}
    verdicts = Counter(tx.feedback.some(each.alert.id for each in shown).values())
    return Report(
        name=name,
        rules=tuple((rule.name, rule.query) for rule in rules),
        since=since,
        until=until,
        days=_by_day(by_story, since, until, zone),
        stories=len(by_story),
        articles=sum(told.articles for told in carrying.values()),
        before=len(earlier),
        top=_top(by_story, carrying, members),
        by_outlet=most_first(Counter(o for told in carrying.values() for o in told.outlets)),
        by_language=most_first(Counter(c for told in carrying.values() for c in told.languages)),
        useful=verdicts["useful"],
        noise=verdicts["noise"],
        is_whole=all(len(alerts) < MOST_ALERTS for alerts in found.values()),
    )


def _by_day(
    by_story: Mapping[str, Sequence[Raised]],
    since: datetime,
    until: datetime,
    zone: tzinfo | None,
) -> tuple[tuple[date, int], ...]:
    """Return how many stories a day there were, each on the day of its first alert."""
    counts = Counter(told[0].alert.raised_at.astimezone(zone).date() for told in by_story.values())
    first = since.astimezone(zone).date()
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple((day, counts[day]) for day in days)


def _top(
    by_story: Mapping[str, Sequence[Raised]],
    carrying: Mapping[str, Carried],
    members: Mapping[str, Sequence[Membership]],
) -> tuple[Told, ...]:
    most = sorted(
        (id_ for id_, told in by_story.items() if told[0].article is not None),
        key=lambda id_: (len(carrying[id_].outlets), carrying[id_].articles),
        reverse=True,
    )
    top = []
    for id_ in most[:MOST_STORIES]:
        lead, article = by_story[id_][0], by_story[id_][0].article
        assert article is not None  # others were left out
        appeared = [member.appeared_at for member in members[id_]]
        top.append(
            Told(
                id=id_,
                title=article.title,
                url=article.url,
                language=article.language,
                source_name=lead.source_name,
                began_at=min(appeared, default=article.first_seen_at),
                carried=carrying[id_],
                rules=tuple(dict.fromkeys(told.rule_name for told in by_story[id_])),
            )
        )
    return tuple(top)
