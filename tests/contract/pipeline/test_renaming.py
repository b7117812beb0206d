"""Feeds that call what they list otherwise at each fetch: said, kept once, nothing told twice."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from ingester.articles import sighting_of
from ingester.entry import Entry, Polled
from ingester.fingerprints import print_of_url
from ingester.renaming import OTHERWISE
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.intake import Brought, TakenIn
from monitor.pipeline.outbox import OutboxWriter
from storage.api.storage import Storage
from storage.model import Fingerprint, Source
from tests.builders import LEASE, MINUTE, NOON, a_source, given

FEED = a_source("Feed", url="https://feed.example/rss", added_at=NOON)
OTHER = a_source("Other", url="https://feed.example/other", added_at=NOON)


class Desk:
    """A pipeline over a store, by a clock that goes on a minute at each poll."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._at = NOON
        self._pipeline = Pipeline(storage, OutboxWriter(lambda *_: b"{}"), now=lambda: self._at)

    def poll(self, entries: Sequence[Entry], source: Source = FEED) -> TakenIn:
        self._at += MINUTE
        with self._storage.transaction() as tx:
            (claimed,) = tx.sources.claim_due(
                now=self._at, limit=1, lease=LEASE, owner="me", ids=[source.id]
            )
        polled = Polled(entries=tuple(entries))
        brought = Brought(
            source=claimed,
            polled=polled,
            next_poll_at=lambda now: now,
            lasting=frozenset(polled.notices),
        )
        (taken,) = self._pipeline.take_in_all([brought])
        assert isinstance(taken, TakenIn)
        return taken

    def notices(self, source: Source = FEED) -> list[str]:
        with self._storage.reading() as tx:
            return [notice.text for notice in tx.sources.notices(source.id)]

    def is_known(self, entries: Sequence[Entry], source: Source = FEED) -> bool:
        """Whether all of these are known by what this source calls them."""
        return self._are_all_known(sighting_of(each, source, seen_at=NOON).own for each in entries)

    def is_read_at(self, entries: Iterable[Entry]) -> bool:
        """Whether all of these are known by their addresses."""
        return self._are_all_known(print_of_url(each.url) for each in entries)

    def _are_all_known(self, prints: Iterable[Fingerprint]) -> bool:
        keys = {print_.key for print_ in prints}
        with self._storage.reading() as tx:
            return tx.articles.known(keys).keys() == keys


@pytest.fixture
def desk(storage: Storage) -> Desk:
    given(storage, FEED, OTHER)
    return Desk(storage)


def called(name: str, *, first: int = 1, count: int = 5) -> list[Entry]:
    """Return entries under ids that begin so."""
    return [
        Entry(
            id=f"{name}/{number}",
            url=f"https://feed.example/{number}",
            title=f"Ferries stay in port, part {number}",
            content=f"Text of item {number}, as it came.",
            published_at=NOON - timedelta(hours=number),
        )
        for number in range(first, first + count)
    ]


def test_ids_that_change_at_each_fetch_are_said_once_and_kept_no_more(desk: Desk) -> None:
    said = [desk.poll(called(f"fetch {n}")).notices for n in range(6)]
    assert said == [(), (), (OTHERWISE,), (), (), ()]
    assert [desk.is_known(called(f"fetch {n}")) for n in range(6)] == [True, True, *[False] * 4]


def test_links_that_change_as_well_are_kept_no_more(desk: Desk) -> None:
    def linked(n: int) -> list[Entry]:
        links = (f"https://feed.example/s{n}/{at}" for at in range(5))
        return [replace(entry, url=url) for entry, url in zip(called(""), links, strict=True)]

    for n in range(5):
        desk.poll([replace(entry, id=f"{n} {entry.id}") for entry in linked(n)])
    assert desk.notices() == [OTHERWISE]
    assert [desk.is_read_at(linked(n)) for n in range(5)] == [True, True, *[False] * 3]
    for n in range(5):  # no ids at all
        desk.poll([replace(entry, id="") for entry in linked(n)], OTHER)
    assert desk.notices(OTHER) == [OTHERWISE]
    assert [desk.is_read_at(linked(n)) for n in range(5)] == [True, True, *[False] * 3]


def test_a_site_that_renames_all_once_is_known_by_its_new_names(desk: Desk) -> None:
    desk.poll(called("old"))
    for _ in range(3):
        assert desk.poll(called("new")) == TakenIn()
    assert desk.is_known(called("new"))
    assert desk.notices() == []


def test_two_servers_that_take_turns_are_known_by_the_names_of_both(desk: Desk) -> None:
    for name in ("left", "right", "left", "right", "left"):
        assert desk.poll(called(name)).notices == ()
    assert desk.is_known(called("left"))
    assert desk.is_known(called("right"))


def test_a_feed_that_is_mended_is_known_by_its_ids_again_and_nothing_is_said(desk: Desk) -> None:
    for n in range(4):
        desk.poll(called(f"fetch {n}"))
    assert desk.notices() == [OTHERWISE]
    for first in (1, 2, 3):  # while it goes on
        desk.poll(called("lasting", first=first))
    assert desk.notices() == []
    assert desk.is_known(called("lasting", first=3))


def test_what_came_first_from_another_source_is_kept_no_more_either(desk: Desk) -> None:
    desk.poll(called("steady"))
    said = [desk.poll(called(f"fetch {n}"), OTHER).notices for n in range(5)]
    assert said == [(), (), (OTHERWISE,), (), ()]
    assert not desk.is_known(called("fetch 4"), OTHER)
    assert desk.notices() == []
