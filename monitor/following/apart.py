"""What is owed once a person has taken a story apart: nobody misses what was part of the whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.following.told import told_of
from monitor.quiet.routing import told
from monitor.quiet.schedule import STORY
from monitor.stories.follower import Finds
from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Rule

NEWS_FOR = timedelta(days=7)
"""What was seen longer ago is no news any more; stories are open for as long."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
    until = {id_: _told_until(tx, rules[id_], alerts, every) for id_, alerts in of_rule.items()}
    told_there = {(each.rule_id, each.story_id) for alerts in of_rule.values() for each in alerts}
    joined = {
        each.article_id: each.joined_at
        for each in tx.stories.members(ids if of_rule else ())
        if any(
            each.joined_at > at and (rule_id, each.story_id) not in told_there
            for rule_id, at in until.items()
        )
    }
    for id_, article in tx.articles.some(joined).items():
        source = tx.sources.get(article.source_id)
        if source is None or article.baseline or article.first_seen_at < now - NEWS_FOR:
            continue
        for match in find(article, source):
            if match.rule_id in until and joined[id_] > until[match.rule_id]:
                yield article, match


def _told_until(
    tx: Transaction, rule: Rule, alerts: Sequence[Alert], every: Sequence[Alert]
) -> datetime:
    """Return what joined until when all channels of a rule were told of; if one was not, long ago.

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
    return min((each.last if each else LONG_AGO for each in heard), default=LONG_AGO)
