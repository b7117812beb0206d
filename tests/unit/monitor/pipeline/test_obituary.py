"""What is said when no source can be reached from here."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.pipeline.notices import Notices
from monitor.pipeline.obituary import cut_off, cut_off_as_told, tell_if_cut_off
from storage.api.storage import Storage
from storage.model import DeliveryKind, Source, SourceState
from tests.builders import NOON, a_channel, a_source, given
from tests.fakes import MemoryStorage

HOUR = timedelta(hours=1)
WHY = "the host name news.example cannot be looked up"


def source(name: str, *, ok: datetime | None = NOON, error: str | None = WHY) -> Source:
    url = f"https://{name.lower()}.example/rss"
    made = a_source(name, url=url, added_at=NOON - 99 * HOUR)
    return replace(made, last_ok_at=ok, last_error=error)


FOLDER = replace(
    a_source("Seeds", kind="folder", url="/seeds", added_at=NOON), last_ok_at=NOON + 40 * HOUR
)


def told(storage: Storage, at: datetime, by: Source) -> list[bytes]:
    notices = Notices(render=lambda channel, id_, recipient, text: text.encode())
    with storage.transaction() as tx:
        tell_if_cut_off(notices, tx, by, now=at)
    with storage.reading() as tx:
        recent = tx.outbox.recent(limit=9)
    return [each.payload for each in recent if each.kind is DeliveryKind.NOTICE]


def test_that_no_source_can_be_reached_for_a_day_is_told_once_a_day() -> None:
    storage = MemoryStorage()
    one, two = source("One", ok=NOON - HOUR), source("Two")
    given(storage, one, two, FOLDER, a_channel())
    assert told(storage, NOON + 23 * HOUR, one) == []
    said = told(storage, NOON + 24 * HOUR, one)
    assert len(said) == 1
    assert said[0].decode().startswith("No source could be read from here since 2026-03-02T12:00")
    assert WHY in said[0].decode()
    assert len(told(storage, NOON + 47 * HOUR, two)) == 1
    assert len(told(storage, NOON + 49 * HOUR, two)) == 2


@pytest.mark.parametrize(
    "other",
    [
        source("Two", ok=NOON + 9 * HOUR),
        source("Two", error=None),
        replace(source("Two", ok=None), added_at=NOON + 9 * HOUR),
    ],
)
def test_while_another_source_is_read_or_new_nothing_is_said(other: Source) -> None:
    storage = MemoryStorage()
    one = source("One")
    given(storage, one, other, a_channel())
    assert told(storage, NOON + 30 * HOUR, one) == []


def test_what_was_told_is_so_until_a_source_is_read_or_nobody_says_it_any_more() -> None:
    storage = MemoryStorage()
    one, at = source("One"), NOON + 30 * HOUR
    given(storage, one, a_channel())
    with storage.reading() as tx:
        assert cut_off_as_told(tx, [one], now=at) == ""
    told(storage, at, one)
    with storage.reading() as tx:
        assert cut_off_as_told(tx, [one], now=at + 24 * HOUR)
        assert cut_off_as_told(tx, [one], now=at + 26 * HOUR) == ""
        assert cut_off_as_told(tx, [one, source("Two", ok=at)], now=at) == ""


def test_what_is_paused_or_lies_here_says_nothing_of_the_network() -> None:
    at = NOON + 30 * HOUR
    resting = replace(source("Two", ok=NOON + 29 * HOUR), state=SourceState.PAUSED)
    assert cut_off([source("One"), resting, FOLDER], now=at)
    assert cut_off([FOLDER], now=at + 90 * HOUR) == ""
    assert cut_off([], now=at) == ""
