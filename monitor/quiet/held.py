"""What is held back for digests: who lets go of it when, and what waits for what."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from monitor.quiet.policy import quiet_hours
from monitor.quiet.schedule import zone_of
from storage.api.storage import Transaction
from storage.model import Channel, ChannelState, Delivery, DeliveryKind, Rule, RuleState
from storage.quiet import HoldReason

_OF_RULES = {"digest": HoldReason.DIGEST, "max_per_day": HoldReason.BUDGET}
_OF_CHANNELS = {
    "digest": HoldReason.DIGEST,
    "quiet": HoldReason.QUIET,
    "zone": HoldReason.QUIET,
    "max_per_hour": HoldReason.BUDGET,
    "max_per_day": HoldReason.BUDGET,
}
"""What lets go of what it has held when somebody chooses it anew, by the name of the field."""


def let_go_by_rule(tx: Transaction, old: Rule, new: Rule, *, now: datetime) -> int:
    """Let the next digest tell what a rule has held back as it was; return of how many alerts."""
    reasons = [why for name, why in _OF_RULES.items() if getattr(old, name) != getattr(new, name)]
    if old.state is RuleState.PAUSED and new.state is not RuleState.PAUSED:
        reasons.append(HoldReason.PAUSED)
    if new.state is RuleState.REMOVED or (new.caught_up and not old.caught_up):
        reasons.append(HoldReason.BACKFILL)  # nobody searches on
    _note_limit(tx, old.id, old.max_per_day, new.max_per_day, now)
    return _let_go(tx, old.id, reasons, now)


def let_go_by_channel(tx: Transaction, old: Channel, new: Channel, *, now: datetime) -> int:
    """As `let_go_by_rule`, of a channel that was changed."""
    changed = [
        why for name, why in _OF_CHANNELS.items() if getattr(old, name) != getattr(new, name)
    ]
    if HoldReason.QUIET in changed:
        changed.append(HoldReason.BACKFILL)  # what is old and alone waits for their end, too
    _note_limit(tx, old.id, old.max_per_hour, new.max_per_hour, now)
    _note_limit(tx, day_of(old), old.max_per_day, new.max_per_day, now)
    return _let_go(tx, old.id, changed, now)


def day_of(channel: Channel) -> str:
    """Return as what a channel's limit a day is noted, beside that of an hour."""
    return f"{channel.id} a day"


def limited_since(tx: Transaction, of: str) -> datetime | None:
    """Return when the limit of a rule, a channel or its day was changed, if it was."""
    noted = tx.meta.get(_limit_key(of))
    return datetime.fromisoformat(noted) if noted else None


def _note_limit(
    tx: Transaction, of: str, before: int | None, after: int | None, now: datetime
) -> None:
    if after is not None and after != before:
        tx.meta.set(_limit_key(of), now.isoformat())


def _limit_key(of: str) -> str:
    return f"limit of {of}"


def resume_channel(tx: Transaction, channel: Channel, *, now: datetime) -> int:
    """Let a digest tell what came while a channel was paused; return of how many alerts."""
    return _let_go(tx, channel.id, [HoldReason.PAUSED], now)


def end_silence(tx: Transaction, silence_id: str, *, now: datetime) -> int:
    """Let a digest tell what a silence has held back; return of how many alerts."""
    return _let_go(tx, silence_id, [HoldReason.SILENCED], now)


def _let_go(tx: Transaction, of: str, reasons: Iterable[HoldReason], now: datetime) -> int:
    alerts: set[str | None] = set()
    for reason in dict.fromkeys(reasons):
        waiting = tx.held.waiting(of=of, reason=reason)
        alerts.update(each.alert_id for each in waiting if each.kind is DeliveryKind.ALERT)
        tx.held.reschedule(of, due_at=now, reason=reason)
    return len(alerts)


def late_since(
    tx: Transaction, channels: Iterable[Channel], *, now: datetime, zone: tzinfo | None
) -> datetime | None:
    """Return since when something is due that nothing holds any longer; None if nothing is.

    A channel that is not active and one in its quiet hours hold all that is theirs.

    Args:
        zone: Of channels that name none; None for this machine's own.
    """
    dues = []
    for channel in channels:
        is_quiet = quiet_hours(channel, now, zone_of(channel.zone, zone)) is not None
        if channel.state is ChannelState.ACTIVE and not is_quiet:
            dues.append(tx.held.due_since(channel.id, now=now))
    return min((due for due in dues if due is not None), default=None)


def why_waits(kind: DeliveryKind, why: str | None) -> str:
    """Return why a delivery is held back; where lists have it, an update's alert may be sent."""
    return f"an update waits: {why}" if kind is DeliveryKind.UPDATE else why or ""


def held_by_alert(tx: Transaction, alert_ids: Iterable[str]) -> dict[str, list[Delivery]]:
    """Return what of these alerts is held back, by the alert's id."""
    held: dict[str, list[Delivery]] = {}
    for delivery in tx.held.waiting(alert_ids=alert_ids):
        if delivery.alert_id is not None:
            held.setdefault(delivery.alert_id, []).append(delivery)
    return held
