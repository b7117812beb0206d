from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage.admin.engine import open_storage
from storage.model import DeliveryState
from tests.builders import NOON, a_channel, a_delivery, a_source, given

HOUR = timedelta(hours=1)


def test_what_lies_ahead_moves_with_the_clock_and_what_is_over_stays(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    storage = open_storage(migrated_sqlite_url, home=tmp_path)
    source = a_source(next_poll_at=NOON + HOUR)
    owed = a_delivery(next_at=NOON + HOUR)
    over = replace(a_delivery(id="msg_over", next_at=NOON + HOUR), state=DeliveryState.SUPPRESSED)
    given(storage, a_channel(), source, owed, over)

    storage.clock_jumped(-HOUR)

    with storage.reading() as tx:
        moved, kept = tx.outbox.get(owed.id), tx.outbox.get(over.id)
        source_ = tx.sources.get(source.id)
    assert source_ is not None
    assert source_.next_poll_at == NOON
    assert moved is not None
    assert moved.next_at == NOON
    assert moved.give_up_at == owed.give_up_at - HOUR
    assert kept is not None
    assert kept.next_at == over.next_at
    storage.close()


def test_a_clock_that_is_not_this_hosts_is_left_alone(migrated_postgres_url: str) -> None:
    storage = open_storage(migrated_postgres_url)
    source = a_source(next_poll_at=NOON + HOUR)
    given(storage, source)
    storage.clock_jumped(-HOUR)
    with storage.reading() as tx:
        source_ = tx.sources.get(source.id)
    storage.close()
    assert source_ is not None
    assert source_.next_poll_at == NOON + HOUR
