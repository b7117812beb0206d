"""Whether an alert is sent to a channel at once or held back, why, and until when. Pure.

The order in which reasons are asked is the order of `_REASONS`: what somebody has decided about
just now (a silence, a pause) before what is arranged for every day.
"""

from datetime import datetime, timedelta, tzinfo

from common.records import dataclass
from common.words.registry import ENGLISH
from common.words.shape import Words
from common.zones import shown_in
from monitor.base.checkout import command_name
from monitor.base.errors import clipped
from monitor.quiet.schedule import (
    STORY,
    Hours,
    next_day,
    next_due,
    next_hour,
    parse_hours,
    parse_schedule,
    quiet_until,
)
from storage.model import Channel, ChannelState, Rule, RuleState
from storage.quiet import Hold, HoldReason, Priority
from storage.silence import Silence

STORM_LIMIT = 20
"""So many separate messages a channel is sent in one minute at most."""

MINUTE = timedelta(minutes=1)
LONGEST_STORM = timedelta(minutes=10)
"""After so long a roll-up is sent, though it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a channel was sent before this alert.

    Attributes:
        today: Alerts of the rule, this day.
        all_today: Alerts of all rules, this day.
        this_hour: Alerts of all rules, this hour of the clock.
        last_minute: Alerts of all rules.
        in_storm: Whether a roll-up waits for the end of a storm.
        is_told_today: Whether its reader was told that the rule's day is used up: not when the
            limit was set below what had been sent.
        is_told_all_today: As well, of the channel's day.
        is_told_this_hour: As well, of the channel's hour.
    """

    today: int = 0
    all_today: int = 0
    this_hour: int = 0
    last_minute: int = 0
    in_storm: bool = False
    is_told_today: bool = True
    is_told_all_today: bool = True
    is_told_this_hour: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An alert that a channel is to be told of.

    Attributes:
        zone: In which the channel's hours and days are meant; None for this machine's own.
        silence: One that covers it.
        is_old: Whether its article was there before its rule.
        is_beside: Whether a message that is sent now tells of its story, and can tell of it, too.
        words: In which its reader is told that the rest waits.
    """

    rule: Rule
    channel: Channel
    now: datetime
    zone: tzinfo | None
    spent: Spent = Spent()
    silence: Silence | None = None
    is_old: bool = False
    is_beside: bool = False
    words: Words = ENGLISH

    @property
    def is_critical(self) -> bool:
        """Whether it passes what is arranged for every day."""
        return self.rule.priority == Priority.CRITICAL

    def spared(self, at: datetime) -> datetime:
        """Return when a channel is told of what falls due then: not in its quiet hours."""
        end = None if self.is_critical else quiet_until(hours_of(self.channel), at, self.zone)
        return end or at


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is done with it.

    Attributes:
        hold: None: it is sent now.
        why: What holds it back, in words.
        note: That the rest waits, and where to see it: what the message says besides, or what
            its reader is to be told by itself.
    """

    hold: Hold | None = None
    why: str | None = None
    note: str = ""


def hours_of(channel: Channel) -> Hours | None:
    """Return a channel's quiet hours, if it has any."""
    return parse_hours(channel.quiet) if channel.quiet else None


def quiet_hours(channel: Channel, now: datetime, zone: tzinfo | None) -> Decision | None:
    """Return that a channel's quiet hours hold what is not critical; None outside of them."""
    end = quiet_until(hours_of(channel), now, zone)
    if end is None:
        return None
    hold = Hold(reason=HoldReason.QUIET, of=channel.id, due_at=end)
    return Decision(hold=hold, why=f"quiet hours {channel.quiet}")


def decide(case: Case) -> Decision:
    """Return what is done with an alert."""
    for reason in _REASONS:
        held = reason(case)
        if held is not None:
            return held
    return Decision(note=_note(case))


def _held(
    case: Case, reason: HoldReason, of: str, due_at: datetime | None, why: str, note: str = ""
) -> Decision:
    """Return a decision to hold; what falls due in quiet hours is due when they end."""
    due_at = due_at and case.spared(due_at)
    return Decision(hold=Hold(reason=reason, of=of, due_at=due_at), why=why, note=note)


def _silenced(case: Case) -> Decision | None:
    silence = case.silence
    if silence is None:
        return None
    why = f"silenced until {shown_in(silence.until, case.zone)}: {clipped(silence.reason)}"
    return _held(case, HoldReason.SILENCED, silence.id, silence.until, why)


def _paused(case: Case) -> Decision | None:
    if case.rule.state is RuleState.PAUSED:
        return _held(case, HoldReason.PAUSED, case.rule.id, None, "the rule is paused")
    if case.channel.state is ChannelState.PAUSED:
        return _held(case, HoldReason.PAUSED, case.channel.id, None, "the channel is paused")
    return None


def _old(case: Case) -> Decision | None:
    if not case.is_old:
        return None
    why = "it was stored before the rule was there"
    return _held(case, HoldReason.BACKFILL, case.rule.id, None, why)


def _digest_of_rule(case: Case) -> Decision | None:
    return _digest(case, case.rule.digest, case.rule.id, "the rule's")


def _storm(case: Case) -> Decision | None:
    if case.is_beside:
        return None
    if case.spent.last_minute < STORM_LIMIT and not case.spent.in_storm:
        return None
    why = f"more than {STORM_LIMIT} messages in a minute: the rest is one"
    # In quiet hours, too: they take it over when the storm is past, and are no storm themselves.
    hold = Hold(reason=HoldReason.STORM, of=case.channel.id, due_at=case.now + MINUTE)
    return Decision(hold=hold, why=why)


def _quiet_hours(case: Case) -> Decision | None:
    if case.is_critical or case.is_beside:
        return None
    return quiet_hours(case.channel, case.now, case.zone)


def _digest_of_channel(case: Case) -> Decision | None:
    if case.is_critical or case.channel.digest == STORY:
        return None
    return _digest(case, case.channel.digest, case.channel.id, "the channel's")


def _digest(case: Case, schedule: str, of: str, whose: str) -> Decision | None:
    if not schedule:
        return None
    due_at = next_due(parse_schedule(schedule), case.now, case.zone)
    return _held(case, HoldReason.DIGEST, of, due_at, f"waits for {whose} digest, {schedule}")


def _budget_of_day(case: Case) -> Decision | None:
    most = case.rule.max_per_day
    if most is None or case.spent.today < most:
        return None
    why = f"more than {most} {_alerts(most)} of this rule today"
    note = "" if case.spent.is_told_today else _rest_waits(case, "day", sent=case.spent.today)
    return _held(case, HoldReason.BUDGET, case.rule.id, next_day(case.now, case.zone), why, note)


def _budget_of_channels_day(case: Case) -> Decision | None:
    spent = case.spent
    return _budget_of_channel(case, "all_day", spent.all_today, is_told=spent.is_told_all_today)


def _budget_of_hour(case: Case) -> Decision | None:
    spent = case.spent
    return _budget_of_channel(case, "hour", spent.this_hour, is_told=spent.is_told_this_hour)


def _budget_of_channel(case: Case, of: str, sent: int, *, is_told: bool) -> Decision | None:
    most, end = _limit(case, of)
    if most is None or sent < most or case.is_critical or case.is_beside:
        return None
    when = "today" if of == "all_day" else "this hour"
    why = f"more than {most} {_alerts(most)} to this channel {when}"
    note = "" if is_told else _rest_waits(case, of, sent=sent)
    return _held(case, HoldReason.BUDGET, case.channel.id, end, why, note)


def _alerts(count: int) -> str:
    return "alert" if count == 1 else "alerts"


_REASONS = (
    _silenced,
    _paused,
    _old,
    _digest_of_rule,
    _storm,
    _digest_of_channel,
    _quiet_hours,
    _budget_of_day,
    _budget_of_channels_day,
    _budget_of_hour,
)


def _note(case: Case) -> str:
    """Return what the last message of a budget says besides."""
    spent = case.spent
    if spent.today + 1 == case.rule.max_per_day:
        return _rest_waits(case, "day")
    if case.is_beside:
        return ""
    for of, sent in (("all_day", spent.all_today), ("hour", spent.this_hour)):
        if sent + 1 == _limit(case, of)[0]:
            return _rest_waits(case, of)
    return _rest_waits(case, "minute") if spent.last_minute + 1 == STORM_LIMIT else ""


def _limit(case: Case, of: str) -> tuple[int | None, datetime]:
    """Return how many alerts a share has, if it is limited, and when the next one begins."""
    day = next_day(case.now, case.zone)
    return {
        "day": (case.rule.max_per_day, day),
        "all_day": (case.channel.max_per_day, day),
        "hour": (case.channel.max_per_hour, next_hour(case.now, case.zone)),
        "minute": (STORM_LIMIT, case.now + MINUTE),
    }[of]


def _rest_waits(case: Case, of: str, *, sent: int | None = None) -> str:
    """Return that a message is the last of a "day" of its rule, "all_day", an "hour" or a "minute".

    Args:
        sent: Where no message was the last, because the limit was set later: how many there were.
    """
    most, until = _limit(case, of)
    words = case.words
    wording = words.last_of[of] if sent is None else words.used_up[of]
    return words.rest_waits.format(
        what=wording.format(n=most, rule=case.rule.name, sent=sent),
        time=shown_in(case.spared(until), case.zone),
        look_up=words.look_up.format(command=f"{command_name()} list-alerts --held"),
    )
