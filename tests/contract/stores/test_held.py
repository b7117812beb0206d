"""What every store promises about what is held back, about silences and about feedback."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.api.errors import Ambiguous
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import ChannelState, Delivery, DeliveryState, Variant
from storage.quiet import Hold, HoldReason
from storage.silence import Silence
from tests.builders import (
    MINUTE,
    NOON,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)

DESK = a_channel()


def a_held(title: str, hold: Hold | None = None, **changes: object) -> Delivery:
    """A delivery of an alert about an article of this title, held for a digest at noon."""
    alert = an_alert(article=an_article(title))
    held = a_delivery(alert, DESK, state=DeliveryState.HELD, payload=b"", **changes)
    hold = hold or Hold(reason=HoldReason.DIGEST, of=DESK.id, due_at=NOON)
    return replace(held, hold=hold)


def store(storage: Storage, *held: Delivery) -> None:
    for delivery in held:
        given(storage, delivery)


def ids(deliveries: list[Delivery]) -> list[str]:
    return [delivery.id for delivery in deliveries]


def test_what_is_held_comes_back_as_it_was_put(storage: Storage) -> None:
    held = a_held("one", Hold(reason=HoldReason.PAUSED, of=a_rule().id))
    store(storage, held)
    with storage.reading() as tx:
        assert tx.held.waiting() == [held]
        assert tx.outbox.get(held.id) == held
        assert tx.held.count() == {HoldReason.PAUSED: 1}


def test_what_is_old_and_waits_for_quiet_hours_counts_as_waiting_for_them(storage: Storage) -> None:
    by_its_rule = Hold(reason=HoldReason.BACKFILL, of=a_rule().id)
    by_its_channel = Hold(reason=HoldReason.BACKFILL, of=DESK.id, due_at=NOON)
    quiet = Hold(reason=HoldReason.QUIET, of=DESK.id, due_at=NOON)
    store(storage, a_held("one", by_its_rule), a_held("two", by_its_channel), a_held("3", quiet))
    with storage.reading() as tx:
        assert tx.held.count() == {HoldReason.QUIET: 2, HoldReason.BACKFILL: 1}


def test_what_waits_is_told_oldest_first_and_by_whose_doing_it_is(storage: Storage) -> None:
    paused = Hold(reason=HoldReason.PAUSED, of="somebody")
    late, early = a_held("late", created_at=NOON + MINUTE), a_held("early")
    other = a_held("other", paused, created_at=NOON + 2 * MINUTE)
    store(storage, late, early, other)
    with storage.reading() as tx:
        assert ids(tx.held.waiting()) == [early.id, late.id, other.id]
        assert ids(tx.held.waiting(limit=1)) == [early.id]
        assert ids(tx.held.waiting(of="somebody")) == [other.id]
        assert ids(tx.held.waiting(reason=HoldReason.DIGEST)) == [early.id, late.id]
        assert ids(tx.held.waiting(channel_id="none")) == []
        wanted = [str(late.alert_id), "unknown"]
        assert ids(tx.held.waiting(alert_ids=wanted)) == [late.id]


def test_only_active_channels_have_something_due(storage: Storage) -> None:
    store(storage, a_held("one"))
    with storage.reading() as tx:
        assert tx.held.due_channels(now=NOON - MINUTE) == []
        assert tx.held.due_channels(now=NOON) == [DESK.id]
    with storage.transaction() as tx:
        tx.channels.set_state(DESK.id, ChannelState.PAUSED, reason=None)
        assert tx.held.due_channels(now=NOON) == []


def test_a_digest_takes_what_is_due_once(storage: Storage) -> None:
    due = a_held("due")
    later = a_held("later", Hold(reason=HoldReason.DIGEST, of=DESK.id, due_at=NOON + MINUTE))
    endless = a_held("endless", Hold(reason=HoldReason.PAUSED, of=DESK.id))
    theirs = a_held("theirs", recipient="b@x.example", created_at=NOON + MINUTE)
    store(storage, due, later, endless, theirs)
    with storage.transaction() as tx:
        taken = tx.held.take_due(DESK.id, now=NOON)
        assert taken == [due, theirs]
        assert tx.held.bundle([due.id], digest_id="msg_digest", reason="in a digest") == 1
    with storage.transaction() as tx:
        assert tx.held.take_due(DESK.id, now=NOON) == [theirs]
        assert tx.held.bundle([due.id], digest_id="msg_other", reason="again") == 0
        [member] = tx.held.members("msg_digest")
        assert (member.id, member.state) == (due.id, DeliveryState.BUNDLED)
        assert (member.state_reason, member.digest_id) == ("in a digest", "msg_digest")
        assert member.hold == Hold(reason=HoldReason.DIGEST, of=DESK.id)
        assert not tx.outbox.requeue(due.id, now=NOON)


def test_what_is_held_has_no_bytes_and_so_is_nobodys_yet(storage: Storage) -> None:
    held = a_held("one", recipient="a@x.example")
    store(storage, held)
    with storage.transaction() as tx:
        assert tx.outbox.suppress(DESK.id, but_for=(), reason="elsewhere") == 0
        assert tx.outbox.unhold(DESK.id, now=NOON) == 0
        assert tx.held.waiting() == [held]


def test_what_is_held_can_go_out_alone(storage: Storage) -> None:
    held = a_held("one")
    store(storage, held)
    now = NOON + timedelta(days=3)
    with storage.transaction() as tx:
        made_at = now + MINUTE
        assert tx.held.send_alone(held, b"bytes", now=now, made_at=made_at)
        assert not tx.held.send_alone(held, b"others", now=now, made_at=now)
    with storage.reading() as tx:
        sent = tx.outbox.get(held.id)
    assert sent is not None
    assert (sent.state, sent.payload, sent.hold) == (DeliveryState.PENDING, b"bytes", None)
    assert (sent.next_at, sent.created_at) == (now, made_at)
    assert sent.give_up_at == made_at + timedelta(hours=77)


def test_what_holds_can_say_another_time(storage: Storage) -> None:
    held = a_held("one", Hold(reason=HoldReason.PAUSED, of="rule"))
    store(storage, held, a_held("two"))
    with storage.transaction() as tx:
        paused = HoldReason.PAUSED
        assert tx.held.reschedule("rule", due_at=NOON, reason=HoldReason.QUIET) == 0
        assert tx.held.reschedule("rule", due_at=NOON, reason=paused) == 1
        assert len(tx.held.take_due(DESK.id, now=NOON)) == 2


def test_what_was_sent_is_counted_by_channel_and_rule_and_not_what_was_held(
    storage: Storage,
) -> None:
    one, two = an_article("one"), an_article("two")
    of_rule, other_rule = an_alert(article=one), an_alert(a_rule("other"), two)
    given(storage, a_rule("other"), of_rule, other_rule)
    store(
        storage,
        a_delivery(of_rule, DESK, recipient="a@x.example"),
        a_delivery(of_rule, DESK, recipient="b@x.example"),
        a_delivery(other_rule, DESK, created_at=NOON + MINUTE),
        a_delivery(of_rule, a_channel("elsewhere")),
        a_delivery(None, DESK, subject="a test"),
        a_held("held"),
    )
    with storage.reading() as tx:
        assert tx.held.sent(DESK.id, since=NOON) == 2
        assert tx.held.sent(DESK.id, since=NOON + MINUTE) == 1
        assert tx.held.sent(DESK.id, since=NOON, until=NOON) == 1
        assert tx.held.sent(DESK.id, since=NOON, rule_id=a_rule().id) == 1


def a_silence(id: str = "s1", **changes: object) -> Silence:
    silence = Silence(
        id=id, reason="maintenance", created_at=NOON, until=NOON + MINUTE, query="rail strike"
    )
    return replace(silence, **changes)  # type: ignore[arg-type]  # the test names its fields


def test_a_silence_comes_back_as_it_was_added(storage: Storage) -> None:
    given(storage, a_rule(), a_source())
    silence = a_silence(
        rule_id=a_rule().id,
        source_id=a_source().id,
        story_id="story",
        variants=(Variant(language="sv", text="tågstrejk"),),
    )
    with storage.transaction() as tx:
        assert tx.silences.add(silence)
        assert not tx.silences.add(replace(silence, reason="another"))
    with storage.reading() as tx:
        assert tx.silences.get("s1") == silence
        assert tx.silences.get("s2") is None


def test_who_ends_a_silence_lets_go_what_others_were_about_to_hold(storage: Storage) -> None:
    held = a_held("one", Hold(reason=HoldReason.SILENCED, of="s1", due_at=NOON + MINUTE))
    given(storage, an_alert(article=an_article("one")), DESK)
    with storage.transaction() as tx:
        tx.silences.add(a_silence())

    def end() -> int:
        with storage.transaction() as tx:
            assert tx.silences.end("s1", at=NOON)
            return tx.held.reschedule("s1", due_at=NOON, reason=HoldReason.SILENCED)

    with ThreadPoolExecutor(1) as pool:
        with storage.transaction() as tx:
            assert tx.silences.lock(now=NOON) == [a_silence()]
            ending = pool.submit(end)
            with suppress(TimeoutError):
                ending.result(timeout=1)  # as far as it comes
            tx.outbox.put([held])
        assert ending.result() == 1
    with storage.transaction() as tx:
        assert tx.silences.lock(now=NOON) == []
        assert ids(tx.held.take_due(DESK.id, now=NOON)) == [held.id]


def test_a_silence_that_is_over_holds_nothing_back(storage: Storage) -> None:
    with storage.transaction() as tx:
        for id_ in ("abcd2", "abcd1"):
            tx.silences.add(a_silence(id_))
        tx.silences.add(a_silence("b", created_at=NOON - MINUTE))
        assert tx.silences.end("abcd2", at=NOON)
        assert not tx.silences.end("abcd2", at=NOON + MINUTE)
        assert not tx.silences.end("unknown", at=NOON)
    with storage.reading() as tx:
        assert [silence.id for silence in tx.silences.all()] == ["b", "abcd1", "abcd2"]
        assert [silence.id for silence in tx.silences.all(now=NOON)] == ["b", "abcd1"]
        assert tx.silences.all(now=NOON + MINUTE) == []
        assert tx.silences.find("b") is not None
        with pytest.raises(Ambiguous):
            tx.silences.find("abcd")


def test_a_silence_must_name_something() -> None:
    with pytest.raises(ValueError, match="names a rule"):
        a_silence(query="")


def test_the_last_word_about_an_alert_counts(storage: Storage) -> None:
    alert, other = an_alert(), an_alert(a_rule("other"))
    given(storage, alert, other)
    with storage.transaction() as tx:
        tx.feedback.give(alert.id, "noise", at=NOON)
        tx.feedback.give(other.id, "noise", at=NOON)
        tx.feedback.give(alert.id, "useful", at=NOON + MINUTE)
    with storage.reading() as tx:
        assert tx.feedback.of_rule(alert.rule_id) == {alert.id: "useful"}


def test_what_was_said_of_an_alert_is_taken_back(storage: Storage) -> None:
    alert, other = an_alert(), an_alert(a_rule("other"))
    given(storage, alert, other)
    with storage.transaction() as tx:
        tx.feedback.give(alert.id, "noise", at=NOON)
        tx.feedback.give(other.id, "noise", at=NOON)
        tx.feedback.take_back(alert.id)
        tx.feedback.take_back(alert.id)
    with storage.reading() as tx:
        assert tx.feedback.some([alert.id, other.id]) == {other.id: "noise"}


def test_an_alert_remembers_what_it_was_told_to_be_owed(storage: Storage) -> None:
    alert = an_alert()
    given(storage, a_rule(), DESK, an_article())
    with storage.transaction() as tx:
        tx.alerts.add_new([alert], owed={alert.rule_id: [(DESK.id, "a@x.example")]})
    assert storage.problems() == [
        f"alert {alert.id}: its delivery to a@x.example of channel {DESK.id} was never made"
    ]


def shut(storage: Storage, count: int) -> list[Delivery]:
    """Store so many alerts for a channel that is switched off; the first was tried before."""
    desk, rule = a_channel("desk"), a_rule("strike")
    given(storage, a_source(), desk, rule)
    owed = []
    for number in range(count):
        article = an_article(f"Article {number}")
        alert = an_alert(rule, article)
        owed.append(a_delivery(alert, desk, created_at=NOON + number * MINUTE, next_at=NOON))
        given(storage, article, alert, owed[-1])
    with storage.transaction() as tx:
        tried = tx.outbox.claim(owed[0].id, now=NOON, lease=MINUTE, owner="me")
        assert tried is not None
        refused = Finish(state=DeliveryState.HELD, outcome="disabled", ended_at=NOON)
        tx.outbox.finish(tried, refused)
        tx.outbox.hold(desk.id, reason="HTTP 410")
    return owed


def test_one_digest_tells_what_a_channel_was_shut_for(storage: Storage) -> None:
    first, *others = shut(storage, 5)
    with storage.transaction() as tx:
        assert tx.held.gather(first.channel_id, more_than=3, now=NOON) == 4
        assert tx.outbox.unhold(first.channel_id, now=NOON) == 1
    with storage.reading() as tx:
        assert tx.held.due_channels(now=NOON) == [first.channel_id]
        waiting = tx.held.waiting(of=first.channel_id, reason=HoldReason.PAUSED)
    assert [each.id for each in waiting] == [each.id for each in others]
    assert {each.payload for each in waiting} == {b""}


def test_a_few_that_a_channel_was_shut_for_stay_as_they_are(storage: Storage) -> None:
    owed = shut(storage, 4)
    with storage.transaction() as tx:
        assert tx.held.gather(owed[0].channel_id, more_than=3, now=NOON) == 0
        assert tx.outbox.unhold(owed[0].channel_id, now=NOON) == 4


def test_what_was_made_for_another_target_is_not_gathered(storage: Storage) -> None:
    owed = shut(storage, 5)
    later = replace(a_channel("desk"), added_at=NOON + MINUTE * 10)
    with storage.transaction() as tx:
        tx.channels.update(later)
        assert tx.held.gather(owed[0].channel_id, more_than=0, now=NOON) == 0
