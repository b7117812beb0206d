"""The stages of an article after a rule has matched: the alert, and what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.base.times import show_instant
from monitor.explain.stages import Case, Stage, absent
from storage.model import ChannelState, Delivery, DeliveryKind, DeliveryState, Match
from storage.quiet import HoldReason


def alert(case: Case, match: Match | None, concerned: Stage) -> Stage:
    """Say whether an alert was raised for the article, and if not, why not."""
    if case.tx is None or case.is_trial:
        return absent("alert", case)
    alert = case.alert
    if alert is None:
        why = _why_no_alert(case, match, concerned)
        return Stage(name="alert", outcome="no", text=why, facts={"alert": None})
    facts = {
        "alert": alert.id,
        "article": alert.article_id,
        "raised_at": show_instant(alert.raised_at),
    }
    if alert.article_id != case.article.id:
        text = "another article of the story raised it first"
        return Stage(name="alert", outcome="no", text=text, facts=facts)
    text = f"raised at {case.shown(alert.raised_at)}"
    if match is None:
        text += "; the rule held then, and has been changed since"
    return Stage(name="alert", outcome="yes", text=text, facts=facts)


def _why_no_alert(case: Case, match: Match | None, concerned: Stage) -> str:
    rule = case.rule
    if match is None:
        return "the rule does not match"
    if concerned.outcome == "no":
        return concerned.text.replace("\n", "; ")
    if waits := _waits(case):
        return waits
    if rule.created_at > case.article.first_seen_at and not rule.caught_up:
        return "the archive is still to be searched for the new rule; the daemon does it"
    if rule.created_at > case.article.first_seen_at and rule.backfill_most is not None:
        most = rule.backfill_most
        return f"of what was stored before it, the rule tells of the newest {most} stories only"
    if rule.revision > 1:
        return "the rule was changed after the article came; what came before raises nothing"
    return "the rule did not match when the article came; its words or the matcher have changed"


def silence(case: Case) -> Stage:
    """Say which silence holds the alert back, and why there is one."""
    if case.tx is None or case.is_trial:
        return absent("silence", case)
    holds = [each.hold for each in _firsts(case) if each.hold and not each.digest_id]
    ids = [hold.of for hold in holds if hold.reason is HoldReason.SILENCED]
    found = case.tx.silences.get(ids[0]) if ids else None
    if found is None:
        return Stage(name="silence", outcome="none", text="no silence")
    end = found.ended_at or found.until
    text = f"silenced until {case.shown(end)}: {found.reason}"
    facts = {"silence": found.id, "reason": found.reason, "until": show_instant(end)}
    return Stage(name="silence", outcome="no", text=text, facts=facts)


def _waits(case: Case) -> str:
    """Return for what of its story the rule waits; "" for nothing."""
    rule, story_id = case.rule, case.article.story_id
    waiting = case.tx.following.waiting([story_id]) if case.tx else []
    if any(each.match.rule_id == rule.id for each in waiting):
        return f"it waits until {rule.min_outlets} independent outlets carry the story"
    if rule.spike == "yes":
        return "a mention: the rule alerts on a burst of them"
    return ""


def limit(case: Case) -> Stage:
    """Say whether something held the alert back, the rule's limit a day or another wish."""
    if case.tx is None or case.is_trial:
        return absent("limit", case)
    most = case.rule.max_per_day
    due = _firsts(case)
    held = [each for each in due if (each.hold and not each.digest_id) or _is_suppressed(each)]
    reasons = [delivery.state_reason or delivery.state.value for delivery in held]
    facts = {
        "max_per_day": most,
        "suppressed": any(map(_is_suppressed, held)),
        "held": [delivery.hold.reason.value for delivery in held if delivery.hold],
    }
    if reasons:
        text = f"{'held back' if held[0].hold else 'not sent'}: {reasons[0]}"
        return Stage(name="limit", outcome="no", text=text, facts=facts)
    if told := [each.state_reason for each in due if each.digest_id and each.hold]:
        text = f"it was held back, and is told: {told[0]}"
        return Stage(name="limit", outcome="yes", text=text, facts=facts)
    if most is None:
        return Stage(name="limit", outcome="none", text="nothing holds the rule's alerts back")
    text = f"within {most} alerts a day"
    return Stage(name="limit", outcome="yes", text=text, facts=facts)


def _is_suppressed(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SUPPRESSED


def deliveries(case: Case) -> Stage:
    """Say for each channel what became of the alert's delivery."""
    if case.tx is None or case.is_trial:
        return absent("deliveries", case)
    due = owed(case)
    if not due:
        text = _why_none(case)
        return Stage(name="deliveries", outcome="none", text=text, facts={"deliveries": []})
    shown = [_delivery(case, delivery) for delivery in due]
    all_there = all(delivery.state is DeliveryState.DELIVERED for delivery in due)
    return Stage(
        name="deliveries",
        outcome="yes" if all_there else "no",
        text="\n".join(text for text, _ in shown),
        facts={"deliveries": [facts for _, facts in shown]},
    )


def _why_none(case: Case) -> str:
    if case.alert is None:
        return "none"
    if case.alert.article_id != case.article.id:
        return "none of its own: the alert that another article of the story raised has them"
    if case.rule.channel_ids:
        return "none: when the alert was raised, the rule told no channel"
    return "none: the rule tells no channel"


def _firsts(case: Case) -> Sequence[Delivery]:
    """Return the deliveries that tell of the alert first: what holds updates back is no matter."""
    return [each for each in owed(case) if each.kind is not DeliveryKind.UPDATE]


def owed(case: Case) -> Sequence[Delivery]:
    """Return the deliveries of the alert, if this article raised it.

    One that a digest carries is shown as that: its state, attempts and error are the digest's.
    """
    alert = case.alert
    if alert is None or case.tx is None or alert.article_id != case.article.id:
        return ()
    outbox = case.tx.outbox
    shown = []
    for delivery in outbox.recent(alert_id=alert.id, limit=None):
        if delivery.digest_id and delivery.kind is DeliveryKind.UPDATE:
            continue  # the update that tells it is one of them
        digest = outbox.get(delivery.digest_id) if delivery.digest_id else None
        if digest is None:
            shown.append(delivery)
            continue
        as_told = replace(digest, id=delivery.id, hold=delivery.hold, digest_id=digest.id)
        shown.append(replace(as_told, state_reason=delivery.state_reason))
    return shown


def _delivery(case: Case, delivery: Delivery) -> tuple[str, Mapping[str, object]]:
    channel = case.tx.channels.get(delivery.channel_id) if case.tx else None
    name = channel.name if channel else delivery.channel_id
    to = f"{name} ({delivery.recipient})" if delivery.recipient else name
    # What is held, and what a channel owes that is not active, waits for somebody, not for a time.
    is_active = channel is not None and channel.state is ChannelState.ACTIVE
    is_timed = delivery.state.is_open and delivery.state is not DeliveryState.HELD and is_active
    tries = f"{delivery.attempts} {'attempt' if delivery.attempts == 1 else 'attempts'}"
    text = f"{to}: {delivery.state.value}"
    if delivery.delivered_at is not None:
        text += f" at {case.shown(delivery.delivered_at)}, {tries}"
    elif delivery.state.is_open:
        text += f", {tries} so far"
        text += f", next at {case.shown(delivery.next_at)}" if is_timed else ""
    why = delivery.last_error or delivery.state_reason
    facts = {
        "id": delivery.id,
        "channel": name,
        "recipient": delivery.recipient or None,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "delivered_at": show_instant(delivery.delivered_at),
        "next_at": show_instant(delivery.next_at) if is_timed else None,
        "last_error": delivery.last_error,
        "state_reason": delivery.state_reason,
    }
    return (f"{text}: {why}" if why else text), facts
