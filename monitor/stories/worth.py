"""Which alerts are raised now: not those of stories that were told, nor those that shall wait."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.stories.carried import Carried, carried_by
from monitor.stories.spikes import KEPT_HOURS, Burst, burst
from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Rule, stable_id
from storage.quiet import Priority
from storage.story import Waiting

WAITS_FOR = timedelta(days=21)
"""What waits for outlets longer is forgotten."""
SILENT_AFTER_A_BURST = timedelta(hours=6)

About = Mapping[str, tuple[Alert, Article]]


def not_told(tx: Transaction, about: About) -> About:
    """Return the alerts of rules that have not told of their stories yet."""
    stories = {alert.story_id for alert, _ in about.values()}
    told = tx.alerts.told(stories)
    return {
        id_: (alert, article)
        for id_, (alert, article) in about.items()
        if (alert.rule_id, alert.story_id) not in told
    }


def carried_enough(
    tx: Transaction, about: About, rules: Mapping[str, Rule], *, now: datetime
) -> About:
    """Return the alerts whose stories enough outlets carry; let the others wait for more."""
    enough, waiting = {}, []
    told = carried_by(
        tx, {alert.story_id for alert, _ in about.values() if _bound(alert, rules) > 1}
    )
    for id_, (alert, article) in about.items():
        bound = _bound(alert, rules)
        if bound < 2:
            enough[id_] = (alert, article)
        elif len(told[alert.story_id].outlets) >= bound:
            enough[id_] = (alert, article)
            tx.following.end_wait(alert.rule_id, alert.story_id)
        else:
            match = Match(
                rule_id=alert.rule_id,
                article_id=article.id,
                score=alert.score,
                evidence=alert.evidence,
            )
            waiting.append(Waiting(match=match, story_id=alert.story_id, found_at=now))
    if waiting:
        tx.following.wait(waiting, forget_before=now - WAITS_FOR)
    return enough


def added(
    tx: Transaction,
    about: About,
    owed: Mapping[str, Sequence[tuple[str, str]]],
) -> tuple[dict[str, Article], list[Alert]]:
    """Store alerts; return what they are about, by id, and those that are new.

    One that went along with its article to another story keeps its id: the next one that is about
    the story it was of has an id of its own.
    """
    raised = tx.alerts.add_new([alert for alert, _ in about.values()], owed=owed)
    articles = {id_: article for id_, (_, article) in about.items()}
    if len(raised) < len(about):
        known = tx.alerts.some(about.keys() - {alert.id for alert in raised})
        again: list[Alert] = []
        for moved in known:
            alert, article = about[moved.id]
            if moved.story_id != alert.story_id:
                again.append(replace(alert, id=stable_id(moved.id, article.id)))
                articles[again[-1].id] = article
        raised += tx.alerts.add_new(again, owed=owed)
    return articles, raised


def _bound(alert: Alert, rules: Mapping[str, Rule]) -> int:
    """Return how many outlets must carry a story before its alert is raised."""
    return rules[alert.rule_id].min_outlets or 1


def bursts(
    tx: Transaction, matches: Iterable[Match], rules: Mapping[str, Rule], *, now: datetime
) -> dict[str, Burst]:
    """Count the mentions of rules that look for bursts, and return the bursts by rule."""
    counted = Counter(each.rule_id for each in matches if rules[each.rule_id].spike == "yes")
    hour = _hour(now)
    found: dict[str, Burst] = {}
    for rule_id, count in sorted(counted.items()):
        tx.following.mention(rule_id, hour, count)
        mentions = tx.following.mentions(rule_id, since=hour - KEPT_HOURS)
        followed = hour - _hour(rules[rule_id].created_at)
        is_one = burst(mentions, hour=hour, followed=followed)
        if is_one and not tx.alerts.count(rule_id=rule_id, since=now - SILENT_AFTER_A_BURST):
            found[rule_id] = is_one
    return found


def without_mentions(about: About, rules: Mapping[str, Rule], found: Mapping[str, Burst]) -> About:
    """Return the alerts without those that are mere mentions: of a burst, the newest stays."""
    newest = {alert.rule_id: id_ for id_, (alert, _) in about.items()}
    return {
        id_: (alert, article)
        for id_, (alert, article) in about.items()
        if rules[alert.rule_id].spike != "yes"
        or (alert.rule_id in found and newest[alert.rule_id] == id_)
    }


def escalated(rule: Rule, told: Carried) -> Rule:
    """Return the rule as it is for a story: it matters more when enough outlets carry it."""
    if rule.escalate is None or len(told.outlets) < rule.escalate:
        return rule
    order = list(Priority)
    higher = min(order.index(Priority(rule.priority)) + 1, len(order) - 1)
    return replace(rule, priority=order[higher].value)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3_600
