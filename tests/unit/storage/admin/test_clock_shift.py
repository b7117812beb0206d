from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.admin.engine import open_storage
from storage.api.storage import Storage
from storage.model import DeliveryState
from storage.quiet import Hold, HoldReason
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


@pytest.mark.parametrize(
    ("reason", "by", "moved"),
    [
        (HoldReason.QUIET, 1 * HOUR, timedelta(0)),
        (HoldReason.QUIET, 24 * HOUR, timedelta(0)),
        (HoldReason.QUIET, -1 * HOUR, timedelta(0)),
        (HoldReason.DIGEST, -23 * HOUR, -24 * HOUR),
        (HoldReason.BUDGET, -(49 * HOUR), -48 * HOUR),
        (HoldReason.SILENCED, -48 * HOUR, timedelta(0)),
        (HoldReason.STORM, -1 * HOUR, -1 * HOUR),
        (HoldReason.STORM, 1 * HOUR, 1 * HOUR),
    ],
)
def test_what_waits_for_a_time_on_the_wall_waits_for_it_on_the_day_that_is_nearest(
    migrated_sqlite_url: str, tmp_path: Path, reason: HoldReason, by: timedelta, moved: timedelta
) -> None:
    storage = open_storage(migrated_sqlite_url, home=tmp_path)
    hold = Hold(reason=reason, of="desk", due_at=NOON + 2 * HOUR)
    held = replace(a_delivery(id="msg_held"), state=DeliveryState.HELD, hold=hold)
    endless = Hold(reason=HoldReason.PAUSED, of="desk")
    paused = replace(held, id="msg_paused", recipient="b", hold=endless)
    given(storage, a_channel(), held, paused)

    storage.clock_jumped(by)

    with storage.reading() as tx:
        waiting = {each.id: each.hold for each in tx.held.waiting()}
    assert waiting == {
        held.id: replace(hold, due_at=NOON + 2 * HOUR + moved),
        paused.id: endless,
    }
    storage.close()


def test_a_clock_that_is_not_this_hosts_is_left_alone(migrated_postgres_url: str) -> None:
    storage = open_storage(migrated_postgres_url)
    source = a_source(next_poll_at=NOON + HOUR)
    given(storage, source)
    storage.clock_jumped(-HOUR)
    assert due_at(storage) == NOON + HOUR
    storage.close()


def test_of_several_hosts_that_see_a_step_of_the_servers_clock_one_moves_what_is_stored(
    migrated_postgres_url: str,
) -> None:
    hosts = [open_storage(migrated_postgres_url) for _ in range(3)]
    given(hosts[0], a_source(next_poll_at=NOON + HOUR))
    steps = [-HOUR, -HOUR + timedelta(seconds=1), -HOUR]
    moved = [host.shared_clock_jumped(step) for host, step in zip(hosts, steps, strict=True)]
    assert moved == [True, False, False]
    assert due_at(hosts[0]) == NOON
    assert [host.shared_clock_jumped(2 * HOUR) for host in hosts] == [True, False, False]
    assert due_at(hosts[0]) == NOON + 2 * HOUR
    for host in hosts:
        host.close()


def due_at(storage: Storage) -> datetime | None:
    with storage.reading() as tx:
        source = tx.sources.get(a_source().id)
    assert source is not None
    return source.next_poll_at
