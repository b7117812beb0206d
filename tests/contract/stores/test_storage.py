"""What every store promises about its transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.api.errors import StorageError
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import ChannelState, DeliveryKind, DeliveryState, RuleState
from tests.builders import (
    LEASE,
    NOON,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
    store,
)


def test_what_was_committed_is_there(storage: Storage) -> None:
    given(storage, an_article())
    with storage.reading() as tx:
        assert tx.articles.get(an_article().id) == an_article()


def test_a_transaction_sees_what_it_has_written(storage: Storage) -> None:
    with storage.transaction() as tx:
        store(tx, [an_article()])
        assert tx.articles.get(an_article().id) == an_article()


def test_nothing_is_kept_of_a_transaction_that_failed(storage: Storage) -> None:
    with suppress(InterruptedError), storage.transaction() as tx:
        store(tx, [an_article(), a_delivery()])
        tx.meta.set("a", "b")
        raise InterruptedError
    with storage.reading() as tx:
        assert tx.articles.count() == 0
        assert tx.sources.all() == []
        assert tx.rules.revision() == 0
        assert tx.outbox.recent() == []
        assert tx.meta.get("a") is None


def test_the_error_of_the_block_comes_out_unchanged(storage: Storage) -> None:
    with pytest.raises(InterruptedError, match="mine"), storage.transaction():
        raise InterruptedError("mine")


def test_the_store_works_on_after_a_failed_transaction(storage: Storage) -> None:
    with suppress(InterruptedError), storage.transaction():
        raise InterruptedError
    given(storage, an_article())
    with storage.reading() as tx:
        assert tx.articles.count() == 1


def test_a_reading_transaction_sees_one_moment(storage: Storage) -> None:
    with storage.reading() as tx:
        assert tx.articles.count() == 0
        given(storage, an_article())
        assert tx.articles.count() == 0
    with storage.reading() as tx:
        assert tx.articles.count() == 1


def test_reading_holds_no_writer_up_and_sees_nothing_uncommitted(storage: Storage) -> None:
    with storage.reading() as before, storage.transaction() as tx:
        store(tx, [an_article()])
        assert before.articles.count() == 0
        with storage.reading() as beside:
            assert beside.articles.count() == 0


def test_a_reading_transaction_refuses_to_write(storage: Storage) -> None:
    with pytest.raises(StorageError, match="only reads") as raised, storage.reading() as tx:
        tx.sources.add(a_source())
    assert not raised.value.retry
    with storage.reading() as tx:
        assert tx.sources.all() == []


def test_facts_are_kept_and_replaced(storage: Storage) -> None:
    with storage.transaction() as tx:
        assert tx.meta.get("last_backup") is None
        tx.meta.set("last_backup", "monday")
        tx.meta.set("last_backup", "måndag 日曜 '; --")
    with storage.reading() as tx:
        assert tx.meta.get("last_backup") == "måndag 日曜 '; --"


def test_a_store_that_is_as_it_was_opened_has_nothing_to_tell(storage: Storage) -> None:
    storage.check()
    given(storage, an_article())
    storage.check()


def test_a_fresh_store_has_no_problems(storage: Storage) -> None:
    assert storage.problems() == []


def test_a_delivery_that_was_never_made_is_a_problem(storage: Storage) -> None:
    desk, team = a_channel("desk"), a_channel("team", recipients=("a@x.example", "b@x.example"))
    gone = a_channel("gone")
    rule = a_rule(channel_ids=(desk.id, team.id, gone.id))
    alert = an_alert(rule)
    given(storage, desk, team, gone, rule)
    with storage.transaction() as tx:
        tx.channels.set_state(gone.id, ChannelState.REMOVED, reason=None)
    given(storage, alert, a_delivery(alert, desk), a_delivery(alert, team, recipient="a@x.example"))
    (problem,) = storage.problems()
    assert alert.id in problem
    assert "b@x.example" in problem
    given(storage, a_delivery(alert, team, recipient="b@x.example"))
    assert storage.problems() == []


def test_a_delivery_that_no_attempt_delivered_is_a_problem(storage: Storage) -> None:
    given(storage, a_delivery(state=DeliveryState.DELIVERED))
    (problem,) = storage.problems()
    assert a_delivery().id in problem


def test_a_delivery_that_is_owed_without_bytes_is_a_problem(storage: Storage) -> None:
    given(storage, a_delivery(payload=b""))
    (problem,) = storage.problems()
    assert a_delivery().id in problem


def test_a_whole_life_of_a_delivery_leaves_no_problem(storage: Storage) -> None:
    given(storage, a_delivery())
    with storage.transaction() as tx:
        tx.outbox.claim(a_delivery().id, now=NOON, lease=LEASE, owner="a")
        tx.outbox.reap(now=NOON + LEASE)
    assert storage.problems() == []
    with storage.transaction() as tx:
        claimed = tx.outbox.claim(a_delivery().id, now=NOON, lease=LEASE, owner="a")
        assert claimed is not None
        ok = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=NOON)
        assert tx.outbox.finish(claimed, ok)
    assert storage.problems() == []


def test_updates_beside_their_alert_are_no_problem_but_a_second_alert_is(
    storage: Storage,
) -> None:
    updates = (
        a_delivery(id=f"msg_update{number}", kind=DeliveryKind.UPDATE) for number in range(2)
    )
    given(storage, a_delivery(), *updates)
    assert storage.problems() == []
    given(storage, a_delivery(id="msg_zzz"))
    (problem,) = storage.problems()
    assert problem == "delivery msg_zzz: another one has the same alert, channel and recipient"


def test_threads_that_change_the_same_thing_lose_nothing(storage: Storage) -> None:
    def add_rules(worker: int) -> None:
        for number in range(15):
            with storage.transaction() as tx:
                tx.rules.add(a_rule(f"{worker} {number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_rules, range(4)))
    with storage.reading() as tx:
        assert tx.rules.revision() == 60
        assert len(tx.rules.all()) == 60


def test_the_revision_stands_still_while_it_is_locked(storage: Storage) -> None:
    given(storage, a_rule())
    locked, moved = threading.Event(), threading.Event()

    def move() -> None:
        locked.wait(60)
        with storage.transaction() as tx:
            tx.rules.set_state(a_rule().id, RuleState.PAUSED)
        moved.set()

    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(move)
        with storage.transaction() as tx:
            before = tx.rules.lock_revision()
            locked.set()
            assert not moved.wait(0.15)
            assert tx.rules.revision() == before
        moving.result(60)
    with storage.reading() as tx:
        assert tx.rules.revision() == before + 1


def test_texts_that_no_database_could_keep_are_refused(storage: Storage) -> None:
    for bad in ("a\0b", "a\ud800b"):
        for thing in (
            an_article(title=bad, url="https://a.example/"),
            a_rule(query="q", tags=(bad,)),
            a_source(validators={"etag": bad}),
        ):
            with pytest.raises(ValueError, match="cannot be stored"):
                given(storage, thing)
    with storage.reading() as tx:
        assert tx.articles.count() == 0
        assert tx.rules.all() == []


def test_other_texts_come_back_as_they_were(storage: Storage) -> None:
    odd = "Đà Nẵng 東京 🚂 e\u0301 \u202e \ufffd \x1b[1m \r\n\t '\"\\u0000 %s :x ?"
    given(storage, an_article(title=odd, text=odd, authors=(odd,), url="https://a.example/"))
    with storage.reading() as tx:
        (article,) = tx.articles.recent()
    assert (article.title, article.text, article.authors) == (odd, odd, (odd,))


def test_instants_of_any_zone_come_back_as_the_same_moment_in_utc(storage: Storage) -> None:
    local = datetime(2026, 3, 2, 23, 30, 0, 1, tzinfo=timezone(timedelta(hours=7)))
    given(storage, an_article(first_seen_at=local))
    with storage.reading() as tx:
        (article,) = tx.articles.recent()
    assert article.first_seen_at == local
    assert article.first_seen_at.tzinfo is UTC


@pytest.mark.parametrize("year", [1, 999, 1970, 9999])
def test_instants_of_any_year_are_kept(storage: Storage, year: int) -> None:
    claimed = datetime(year, 6, 15, 1, 2, 3, tzinfo=UTC)
    given(storage, an_article(published_at=claimed))
    with storage.reading() as tx:
        (article,) = tx.articles.recent()
    assert article.published_at == claimed


def test_instants_without_a_zone_are_refused(storage: Storage) -> None:
    naive = NOON.replace(tzinfo=None)
    given(storage, a_channel(), a_delivery())
    with pytest.raises(ValueError, match="time zone"), storage.transaction() as tx:
        tx.channels.set_not_before(a_channel().id, naive)
    with pytest.raises(ValueError, match="time zone"), storage.transaction() as tx:
        tx.outbox.claim(a_delivery().id, now=naive, lease=LEASE, owner="me")


def test_nothing_points_at_what_is_not_there(storage: Storage) -> None:
    with pytest.raises(ValueError, match="refuses"), storage.transaction() as tx:
        tx.articles.add([(an_article(source_id="nowhere"), ())], now=NOON)
    given(storage, an_article())
    with pytest.raises(ValueError, match="refuses"), storage.transaction() as tx:
        tx.alerts.add_new([an_alert(rule_id="nowhere")])
    given(storage, a_rule())
    with pytest.raises(ValueError, match="refuses"), storage.transaction() as tx:
        tx.alerts.add_new([an_alert(article_id="nowhere")])
    with pytest.raises(ValueError, match="refuses"), storage.transaction() as tx:
        tx.outbox.put([a_delivery(subject="x")])
    with storage.reading() as tx:
        assert tx.alerts.count() == 0


def test_it_tells_the_time_in_utc(storage: Storage) -> None:
    assert abs(storage.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert storage.now().tzinfo is UTC


def test_a_living_owner_is_never_called_dead(storage: Storage) -> None:
    with storage.hold_owner("host-1-abc"):
        assert storage.dead_owners(["host-1-abc"]) == []
        assert storage.living_owners() == 1
        with storage.hold_owner("host-2-def"):
            assert storage.living_owners() == 2
        # Whoever sends a test message in the daemon holds its owner, too.
        with storage.hold_owner("host-1-abc"):
            assert storage.living_owners() == 1
        assert storage.living_owners() == 1
    assert storage.living_owners() == 0


def test_tidying_and_closing_twice_do_no_harm(storage: Storage) -> None:
    given(storage, an_article())
    storage.tidy()
    storage.tidy()
    storage.close()
    storage.close()
