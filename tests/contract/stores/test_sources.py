"""What every store promises about sources."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage.api.errors import Ambiguous, FencedOut
from storage.api.storage import Storage
from storage.model import Source, SourceState
from tests.builders import LEASE, MINUTE, NOON, a_notice, a_source, an_article, given


def claim(storage: Storage, **changes: object) -> list[Source]:
    wanted = {"now": NOON, "limit": 10, "lease": LEASE, "owner": "me", **changes}
    with storage.transaction() as tx:
        return tx.sources.claim_due(**wanted)  # type: ignore[arg-type]


def record(storage: Storage, source: Source, **remember: str) -> None:
    with storage.transaction() as tx:
        tx.sources.record_polls([(source, remember)])


def stored(storage: Storage, source: Source) -> Source:
    with storage.reading() as tx:
        stored_ = tx.sources.get(source.id)
    assert stored_ is not None
    return stored_


def test_a_source_comes_back_as_it_was_added(storage: Storage) -> None:
    source = a_source(
        every=timedelta(minutes=7, microseconds=1),
        tags=("a", "ä"),
        backfill=None,
        baseline_done=True,
        quiet_before=NOON,
        validators={"etag": '"x"', "hash": "ö"},
        next_poll_at=NOON,
        last_ok_at=NOON - MINUTE,
        last_entry_at=NOON - 2 * MINUTE,
        last_error="HTTP 500",
        failures=3,
    )
    with storage.transaction() as tx:
        assert tx.sources.add(source)
    assert stored(storage, source) == source


def test_adding_a_known_source_changes_nothing(storage: Storage) -> None:
    given(storage, a_source(tags=("a",)))
    with storage.transaction() as tx:
        assert not tx.sources.add(a_source(tags=("b",)))
    assert stored(storage, a_source()).tags == ("a",)


def test_a_removed_source_is_revived_and_its_old_poll_is_fenced_out(storage: Storage) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    with storage.transaction() as tx:
        tx.sources.update(replace(claimed, state=SourceState.REMOVED))
        assert tx.sources.add(a_source(name="Harbour News", tags=("new",)))
    revived = stored(storage, a_source())
    assert revived.state is SourceState.ACTIVE
    assert revived.tags == ("new",)
    with pytest.raises(FencedOut):
        record(storage, claimed)
    assert [source.id for source in claim(storage)] == [a_source().id]


def test_an_update_writes_only_what_the_owner_may_change(storage: Storage) -> None:
    given(storage, a_source(validators={"etag": "x"}, failures=2))
    changed = a_source(
        name="Harbour News",
        every=MINUTE,
        tags=("t",),
        options={"selector": "main a"},
        state=SourceState.PAUSED,
        backfill=5,
        next_poll_at=NOON,
        kind="feed",
        failures=9,
        validators={},
        last_error="no",
    )
    with storage.transaction() as tx:
        tx.sources.update(replace(changed, name="Harbour"))
        tx.sources.update(a_source("Unknown"))
    source = stored(storage, a_source())
    assert (source.name, source.every, source.tags) == ("Harbour", MINUTE, ("t",))
    assert source.options == {"selector": "main a"}
    assert (source.state, source.backfill, source.next_poll_at) == (SourceState.PAUSED, 5, NOON)
    assert (source.failures, source.validators, source.last_error) == (2, {"etag": "x"}, None)


def test_a_source_is_found_by_name_url_or_beginning_of_its_id(storage: Storage) -> None:
    one, two = a_source("One"), a_source("Two")
    given(storage, one, two)
    with storage.reading() as tx:
        for typed in (one.id, one.id[:8], "One", one.url):
            assert tx.sources.find(typed) == one
        for typed in ("", "Three", "one", one.id + "x", "O%", "_ne", "\0", "\ud800", "zzzzzzzz"):
            assert tx.sources.find(typed) is None


def test_a_beginning_that_fits_several_ids_is_ambiguous(storage: Storage) -> None:
    given(
        storage,
        a_source("One", id="abcde1"),
        a_source("Two", id="abcde2"),
        a_source("T", id="abcde"),
    )
    with storage.reading() as tx:
        with pytest.raises(Ambiguous, match="abcde1"):
            tx.sources.find("abcd")
        assert tx.sources.find("abcde") == a_source("T", id="abcde")  # exactly so


def test_a_name_comes_before_a_beginning_of_an_id(storage: Storage) -> None:
    named = replace(a_source("One", id="zzz"), name="abcd")
    given(storage, named, a_source("Two", id="abcd1"))
    with storage.reading() as tx:
        assert tx.sources.find("abcd") == named


def test_a_name_that_two_sources_have_is_ambiguous(storage: Storage) -> None:
    given(storage, a_source("One"), a_source("One", url="https://two.example/"))
    with storage.reading() as tx, pytest.raises(Ambiguous):
        tx.sources.find("One")


def test_removed_sources_are_kept_but_not_listed(storage: Storage) -> None:
    given(storage, a_source("B"), a_source("A"), a_source("a", kind="page"), a_source("Ä"))
    with storage.transaction() as tx:
        tx.sources.update(a_source("A", state=SourceState.REMOVED))
    with storage.reading() as tx:
        assert [source.name for source in tx.sources.all()] == ["B", "a", "Ä"]
        assert tx.sources.find("A") is None
        assert tx.sources.get(a_source("A").id) is not None
    assert a_source("A").id not in [source.id for source in claim(storage)]


def test_those_are_listed_whose_last_poll_has_failed(storage: Storage) -> None:
    well, ill, gone = (a_source(name) for name in ("Well", "Ill", "Gone"))
    given(storage, well, ill, gone)
    with storage.transaction() as tx:
        for source in tx.sources.claim_due(now=NOON, limit=3, lease=MINUTE, owner="one"):
            error = None if source.id == well.id else "timed out"
            tx.sources.record_polls([(replace(source, last_error=error), {})])
        tx.sources.update(replace(gone, state=SourceState.REMOVED))
    with storage.reading() as tx:
        assert [source.name for source in tx.sources.failed()] == ["Ill"]


def test_due_sources_are_claimed_some_kinds_first_then_oldest(storage: Storage) -> None:
    given(
        storage,
        a_source("late", next_poll_at=NOON),
        a_source("early", next_poll_at=NOON - MINUTE),
        a_source("never polled"),
        a_source("seeds", kind="folder", next_poll_at=NOON),
        a_source("not yet", next_poll_at=NOON + timedelta(microseconds=1)),
        a_source("paused", state=SourceState.PAUSED),
        a_source("gone", state=SourceState.GONE),
    )
    first = claim(storage, limit=2, first=("folder",))
    assert [source.name for source in first] == ["seeds", "never polled"]
    assert [source.name for source in claim(storage)] == ["early", "late"]
    assert claim(storage) == []


def test_kinds_that_are_left_to_others_are_neither_due_nor_taken(storage: Storage) -> None:
    folder = a_source("Dropped here", kind="folder", url="/srv/dropped", next_poll_at=NOON)
    given(storage, folder, a_source(next_poll_at=NOON + MINUTE))
    with storage.reading() as tx:
        assert tx.sources.next_due(now=NOON) == NOON
        assert tx.sources.next_due(now=NOON, without={"folder"}) == NOON + MINUTE
    taken = claim(storage, now=NOON + MINUTE, without={"folder", "page"})
    assert [source.name for source in taken] == ["Harbour News"]
    assert claim(storage, ids=[folder.id], without={"folder"}) == []
    assert [source.name for source in claim(storage)] == ["Dropped here"]


def test_the_next_due_time_is_that_of_active_sources_that_nobody_holds(storage: Storage) -> None:
    def next_due() -> datetime | None:
        with storage.reading() as tx:
            return tx.sources.next_due(now=NOON)

    assert next_due() is None
    given(
        storage,
        a_source("later", next_poll_at=NOON + 2 * MINUTE),
        a_source("paused", state=SourceState.PAUSED),
        a_source("gone", state=SourceState.GONE, next_poll_at=NOON),
    )
    assert next_due() == NOON + 2 * MINUTE
    given(storage, a_source("overdue", next_poll_at=NOON - MINUTE))
    assert next_due() == NOON
    given(storage, a_source("never polled"))
    assert next_due() == NOON
    claim(storage)
    assert next_due() == NOON + 2 * MINUTE


def test_a_claim_excludes_others_until_its_lease_ends(storage: Storage) -> None:
    given(storage, a_source())
    (first,) = claim(storage)
    assert claim(storage, now=NOON + LEASE - timedelta(microseconds=1)) == []
    (second,) = claim(storage, now=NOON + LEASE)
    assert second.lease_token == first.lease_token + 1
    assert stored(storage, first).lease_token == second.lease_token


def test_named_sources_are_claimed_due_or_not_unless_somebody_holds_them(storage: Storage) -> None:
    later = a_source("later", next_poll_at=NOON + MINUTE)
    paused = a_source("paused", state=SourceState.PAUSED, next_poll_at=NOON)
    gone = a_source("gone", state=SourceState.GONE, next_poll_at=NOON)
    removed = a_source("removed", state=SourceState.REMOVED, next_poll_at=NOON)
    given(storage, later, paused, gone, removed, a_source("other"))
    ids = [source.id for source in (later, paused, gone, removed)]
    claimed = claim(storage, ids=ids)
    assert {source.name for source in claimed} == {"later", "paused", "gone"}
    assert claim(storage, ids=ids) == []


def test_a_poll_is_recorded_and_the_lease_given_back(storage: Storage) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    polled = replace(
        claimed,
        baseline_done=True,
        quiet_before=NOON,
        validators={"etag": "2"},
        next_poll_at=NOON + MINUTE,
        last_ok_at=NOON,
        last_entry_at=NOON,
        last_error="half",
        failures=1,
        name="not mine to change",
    )
    record(storage, polled, a="1", b="2")
    (again,) = claim(storage, now=NOON + MINUTE)
    record(storage, replace(again, last_error=None), b="3")
    assert stored(storage, polled) == replace(again, last_error=None)
    assert again == replace(polled, name=claimed.name, lease_token=2)
    with storage.reading() as tx:
        assert tx.sources.memory(claimed.id) == {"a": "1", "b": "3"}
        assert tx.outbox.lease_owners() == []
    assert len(claim(storage, now=NOON + MINUTE)) == 1


def test_of_a_poll_that_changed_nothing_only_its_time_and_the_next_are_recorded(
    storage: Storage,
) -> None:
    given(storage, *(a_source(name, validators={"etag": name}) for name in ("A", "B")))
    claimed = claim(storage)
    polls = [(source, NOON + number * MINUTE) for number, source in enumerate(claimed, 1)]
    with storage.transaction() as tx:
        tx.sources.record_unchanged(polls, now=NOON)
        tx.sources.record_unchanged([], now=NOON)
    for source, due_at in polls:
        assert stored(storage, source) == replace(source, last_ok_at=NOON, next_poll_at=due_at)
    assert len(claim(storage, now=NOON + MINUTE)) == 1


@pytest.mark.parametrize("meanwhile", [SourceState.PAUSED, SourceState.REMOVED])
def test_what_the_owner_decides_during_a_poll_that_changes_nothing_stays_decided(
    storage: Storage, meanwhile: SourceState
) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    with storage.transaction() as tx:
        tx.sources.update(replace(claimed, state=meanwhile))
        tx.sources.record_unchanged([(claimed, NOON + MINUTE)], now=NOON)
    assert stored(storage, claimed).state is meanwhile


def test_who_lost_one_of_the_leases_records_no_poll_that_changed_nothing(storage: Storage) -> None:
    given(storage, a_source("A"), a_source("B"))
    stale = claim(storage)
    (fresh,) = claim(storage, now=NOON + LEASE, limit=1)
    with pytest.raises(FencedOut), storage.transaction() as tx:
        tx.sources.record_unchanged([(source, NOON + MINUTE) for source in stale], now=NOON)
    assert all(stored(storage, source).last_ok_at is None for source in stale)
    record(storage, fresh)
    with pytest.raises(FencedOut), storage.transaction() as tx:  # given back already
        tx.sources.record_unchanged([(fresh, NOON + MINUTE)], now=NOON)


def test_long_keys_are_remembered(storage: Storage) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    keys = {"ä" * 20_000 + end: "v" for end in "xy"}
    record(storage, claimed, **keys)
    with storage.reading() as tx:
        assert tx.sources.memory(claimed.id) == keys
        assert tx.sources.memory("other") == {}


def test_who_lost_the_lease_writes_nothing(storage: Storage) -> None:
    given(storage, a_source())
    (stale,) = claim(storage)
    (fresh,) = claim(storage, now=NOON + LEASE)
    with pytest.raises(FencedOut) as raised:
        record(storage, replace(stale, failures=7), a="1")
    assert not raised.value.retry
    assert stored(storage, fresh).failures == 0
    with storage.reading() as tx:
        assert tx.sources.memory(fresh.id) == {}
        assert tx.outbox.lease_owners() == ["me"]
    record(storage, fresh)


@pytest.mark.parametrize(
    ("meanwhile", "polled", "then"),
    [
        (SourceState.PAUSED, SourceState.ACTIVE, SourceState.PAUSED),
        (SourceState.PAUSED, SourceState.GONE, SourceState.GONE),
        (SourceState.REMOVED, SourceState.ACTIVE, SourceState.REMOVED),
        (SourceState.REMOVED, SourceState.GONE, SourceState.REMOVED),
        (SourceState.GONE, SourceState.ACTIVE, SourceState.ACTIVE),
        (SourceState.ACTIVE, SourceState.GONE, SourceState.GONE),
    ],
)
def test_what_the_owner_decides_during_a_poll_stays_decided(
    storage: Storage, meanwhile: SourceState, polled: SourceState, then: SourceState
) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    with storage.transaction() as tx:
        tx.sources.update(replace(claimed, state=meanwhile))
    record(storage, replace(claimed, state=polled))
    assert stored(storage, claimed).state is then


def test_leases_of_the_dead_and_ended_ones_are_given_back(storage: Storage) -> None:
    given(storage, a_source("A"), a_source("B"), a_source("C"))
    claim(storage, limit=1, owner="dead")
    claim(storage, limit=1, owner="slow", lease=MINUTE)
    claim(storage, limit=1, owner="ended", lease=timedelta(seconds=1))
    with storage.transaction() as tx:
        assert tx.outbox.lease_owners() == ["dead", "ended", "slow"]
        assert tx.sources.release(["dead", "nobody"], now=NOON + timedelta(seconds=1)) == 2
        assert tx.sources.release([], now=NOON) == 0
        assert tx.outbox.lease_owners() == ["slow"]
    assert len(claim(storage)) == 2


def test_articles_are_counted_by_source(storage: Storage) -> None:
    given(storage, an_article("One"), an_article("Two"), a_source("Empty"))
    given(storage, an_article("Three", source_id="other"))
    with storage.reading() as tx:
        assert tx.sources.article_counts() == {a_source().id: 2, "other": 1}


def test_the_same_notice_is_one_notice(storage: Storage) -> None:
    given(storage, a_source())
    with storage.transaction() as tx:
        assert tx.sources.add_notice(a_notice())
        later = NOON + MINUTE
        again = a_notice(raised_at=later, seen_at=later, lasts=True)
        assert not tx.sources.add_notice(again)
        assert not tx.sources.add_notice(a_notice())
    with storage.reading() as tx:
        assert tx.sources.notices() == [a_notice(seen_at=later, lasts=True)]


def test_what_was_routine_is_so_until_the_same_is_told_as_more(storage: Storage) -> None:
    given(storage, a_source())
    for routine, kept in ((True, True), (True, True), (False, False), (True, False)):
        with storage.transaction() as tx:
            tx.sources.add_notice(a_notice(routine=routine))
            assert [each.routine for each in tx.sources.notices()] == [kept]


def test_what_lasts_is_over_when_it_is_not_told_any_more(storage: Storage) -> None:
    lasting = [a_notice(text, lasts=True) for text in ("cut off", "encoding guessed")]
    other = a_notice("of another", source_id="other", lasts=True)
    given(storage, *lasting, other, a_notice("happened"), a_notice("new", seen_at=NOON + MINUTE))
    with storage.transaction() as tx:
        tx.sources.end_notices([a_source().id], besides=[lasting[1].id], before=NOON)
    with storage.reading() as tx:
        texts = {notice.text for notice in tx.sources.notices()}
    assert texts == {"encoding guessed", "of another", "happened", "new"}
    with storage.transaction() as tx:
        tx.sources.end_notices([a_source().id, "other"], besides=[], before=NOON + MINUTE)
    with storage.reading() as tx:
        assert [notice.text for notice in tx.sources.notices()] == ["new"]


def test_notices_are_listed_newest_first(storage: Storage) -> None:
    old = replace(a_notice("old"), raised_at=NOON - MINUTE)
    new = replace(a_notice("new", source_id="other"), raised_at=NOON + MINUTE)
    given(storage, old, new, a_notice("now"))
    with storage.reading() as tx:
        assert [notice.text for notice in tx.sources.notices()] == ["new", "now", "old"]
        assert [notice.text for notice in tx.sources.notices(limit=1)] == ["new"]
        assert [notice.text for notice in tx.sources.notices("other")] == ["new"]
        assert [notice.text for notice in tx.sources.notices(a_source().id, limit=1)] == ["now"]


def test_the_end_of_a_poll_is_written_once(storage: Storage) -> None:
    given(storage, a_source())
    (claimed,) = claim(storage)
    record(storage, replace(claimed, last_ok_at=NOON))
    with pytest.raises(FencedOut):
        record(storage, replace(claimed, failures=1, last_error="afterwards"))
    assert stored(storage, a_source()).last_error is None
