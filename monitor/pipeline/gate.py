"""Decides for each alert and channel whether it is sent now, with what the channel was sent so far.

The decision itself is `monitor.quiet.policy`'s; here stands what it has to know.
"""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from common.records import dataclass
from common.words.registry import words_of
from monitor.quiet import policy
from monitor.quiet.held import day_of, limited_since
from monitor.quiet.policy import Case, Decision, Spent
from monitor.quiet.schedule import start_of_day, start_of_hour, zone_of
from storage.api.storage import Transaction
from storage.model import Alert, Article, Channel, Rule, Source
from storage.quiet import HoldReason
from storage.silence import Silence

if TYPE_CHECKING:  # dear to import, and few silences have a query
    from rules.matcher import RuleMatcher


@dataclass(slots=True)
class Silencer:
    """Tells which silence covers an alert; queries of silences are compiled once.

    Safe to use from many threads: the worst is that a query is compiled twice.
    """

    _matchers: dict[str, "RuleMatcher"] = field(default_factory=dict)

    def covering(
        self, silences: Sequence[Silence], alert: Alert, article: Article, source: Source
    ) -> Silence | None:
        """Return the silence that covers the alert and lasts longest, or None."""
        covering = [s for s in silences if self._covers(s, alert, article, source)]
        return max(covering, key=lambda silence: (silence.until, silence.id), default=None)

    def _covers(self, silence: Silence, alert: Alert, article: Article, source: Source) -> bool:
        return (
            silence.rule_id in (None, alert.rule_id)
            and silence.source_id in (None, source.id)
            and silence.story_id in (None, alert.story_id)
            and (not silence.query or self._matches(silence, article, source))
        )

    def _matches(self, silence: Silence, article: Article, source: Source) -> bool:
        matcher = self._matchers.get(silence.id)
        if matcher is None:
            from rules.matcher import make_matcher

            rule = Rule(
                id=silence.id,
                name=silence.reason,
                query=silence.query,
                created_at=silence.created_at,
                variants=silence.variants,
            )
            matcher = self._matchers[silence.id] = make_matcher([rule])
        return bool(matcher.matches(article, source))


class Gate:
    """Decides for the alerts of one transaction; what it lets through counts for the next.

    Args:
        zone: Of channels that name none; None for this machine's own.
        language: Of the readers of channels that name none.
        are_old: Whether these alerts are about what was stored before their rule.
    """

    def __init__(
        self,
        tx: Transaction,
        silencer: Silencer,
        *,
        now: datetime,
        zone: tzinfo | None,
        language: str = "en",
        are_old: bool = False,
    ) -> None:
        self._tx = tx
        self._silencer = silencer
        self._silences = tx.silences.lock(now=now)
        self._now = now
        self._zone = zone
        self._language = language
        self._are_old = are_old
        self._sent: dict[tuple[str, str, datetime], int] = {}
        self._in_storm: dict[str, bool] = {}

    def decide(
        self,
        alert: Alert,
        rule: Rule,
        article: Article,
        source: Source,
        channel: Channel,
        *,
        is_beside: bool = False,
    ) -> Decision:
        """Return what is done with an alert for a channel.

        Args:
            is_beside: Whether a message that is sent now can tell of it, too.
        """
        zone = zone_of(channel.zone, self._zone)
        # Of a rule without a limit nobody asks what it has sent.
        day = start_of_day(self._now, zone) if rule.max_per_day is not None else None
        all_day = start_of_day(self._now, zone) if channel.max_per_day is not None else None
        hour = start_of_hour(self._now, zone) if channel.max_per_hour is not None else None
        minute = self._now - timedelta(minutes=1)
        spent = Spent(
            today=self._count(channel, rule.id, day),
            all_today=self._count(channel, "", all_day),
            this_hour=self._count(channel, "", hour),
            last_minute=self._count(channel, "", minute),
            in_storm=self._storms(channel),
            is_told_today=self._is_told(channel, rule.id, rule.max_per_day, day),
            is_told_all_today=self._is_told(
                channel, "", channel.max_per_day, all_day, of=day_of(channel)
            ),
            is_told_this_hour=self._is_told(channel, "", channel.max_per_hour, hour),
        )
        decision = policy.decide(
            Case(
                rule=rule,
                channel=channel,
                now=self._now,
                zone=zone,
                spent=spent,
                silence=self._silencer.covering(self._silences, alert, article, source),
                is_old=self._are_old,
                is_beside=is_beside,
                words=words_of(channel.language or self._language),
            )
        )
        if decision.hold is None:
            # In a set: a day and its first hour begin at once, and are one count.
            for rule_id, since in {(rule.id, day), ("", all_day), ("", hour), ("", minute)}:
                if since is not None and not (is_beside and not rule_id):
                    self._sent[channel.id, rule_id, since] += 1
        elif decision.hold.reason is HoldReason.STORM:
            self._in_storm[channel.id] = True
        return decision

    def _count(self, channel: Channel, rule_id: str, since: datetime | None) -> int:
        if since is None:
            return 0
        key = (channel.id, rule_id, since)
        if key not in self._sent:
            self._sent[key] = self._tx.held.sent(
                channel.id, since=since, until=self._now, rule_id=rule_id or None
            )
        return self._sent[key]

    def _is_told(
        self,
        channel: Channel,
        rule_id: str,
        most: int | None,
        since: datetime | None,
        *,
        of: str = "",
    ) -> bool:
        """Whether the last message of a day or an hour has said, or will say, that it is that.

        Args:
            of: Whose limit it is; else the rule's, or the channel's.
        """
        if since is None or most is None or self._count(channel, rule_id, since) < most:
            return True
        limited = limited_since(self._tx, of or rule_id or channel.id)
        if limited is None or limited < since:
            return True
        sent, of_rule = self._tx.held.sent, rule_id or None
        before = sent(channel.id, since=since, rule_id=of_rule)
        return before - sent(channel.id, since=limited, rule_id=of_rule) < most

    def _storms(self, channel: Channel) -> bool:
        if channel.id not in self._in_storm:
            waiting = self._tx.held.waiting(of=channel.id, reason=HoldReason.STORM, limit=1)
            self._in_storm[channel.id] = bool(waiting)
        return self._in_storm[channel.id]
