"""What is owed once a person has taken a story apart: nobody misses what was part of the whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.following.told import told_of
from monitor.quiet.routing import told
from monitor.quiet.schedule import STORY
from monitor.stories.follower import Finds
from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Rule
from storage.story import Membership

NEWS_FOR = timedelta(days=7)
"""What was seen longer ago is no news any more; stories are open for as long."""


def untold(
    tx: Transaction,
    ids: Sequence[str],
    rules: Mapping[str, Rule],
    find: Finds,
    *,
    now: datetime,
) -> Iterator[tuple[Article, Match]]:
    """Yield matches of what no message has told a rule's readers of, in stories it has not told.

    Args:
        ids: The stories that one became: rules that had told of that one are to tell of each.
    """
    of_rule: dict[str, list[Alert]] = {}
    every = tx.alerts.of_stories(ids)
    for alert in every:
        if alert.rule_id in rules:
            of_rule.setdefault(alert.rule_id, []).append(alert)
    told_there = {(each.rule_id, each.story_id) for alerts in of_rule.values() for each in alerts}
    members = {
        each.article_id: each
        for each in tx.stories.members(ids if of_rule else ())
        if any((rule_id, each.story_id) not in told_there for rule_id in of_rule)
    }
    for id_, article in tx.articles.some(members).items():
        source = tx.sources.get(article.source_id)
        if source is None or article.baseline or article.first_seen_at < now - NEWS_FOR:
            continue
        for match in find(article, source):
            about = of_rule.get(match.rule_id)
            if about and _is_untold(tx, rules[match.rule_id], about, every, members[id_]):
                yield article, match


def _is_untold(
    tx: Transaction, rule: Rule, alerts: Sequence[Alert], every: Sequence[Alert], member: Membership
) -> bool:
    """Whether a channel of a rule was told nothing since this article joined, or nothing at all.

    One that was added after the alerts never was to be told of them.

    Args:
        alerts: Those of the rule.
        every: Those of all rules, of which each may tell a channel that is told of stories once.
    """
    heard = []
    for channel in told(tx.channels.all(), rule):
        about = every if channel.digest == STORY else alerts
        if any(tx.outbox.recent(alert_id=a.id, channel_id=channel.id, limit=1) for a in about):
            heard.append(told_of(tx, about, channel))
    return not heard or any(each is None or member.joined_at > each.last for each in heard)
