"""What was made of entries is kept as long as the same would be made of them, within bounds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ingester import seen_before
from ingester.articles import sighting_of
from ingester.entry import Entry
from ingester.fingerprints import Sighting
from ingester.seen_before import SeenBefore
from storage.model import Source
from tests.builders import NOON, a_source

FEED = a_source("Feed", baseline_done=True)
OTHER = a_source("Other", baseline_done=True)


def made(source: Source, *entries: Entry) -> list[tuple[Entry, Sighting]]:
    return [(entry, sighting_of(entry, source, seen_at=NOON)) for entry in entries]


def kept(seen: SeenBefore, source: Source, entry: Entry) -> Sighting | None:
    return seen.of(source).get(hash(entry))


def an_entry(number: int, **changes: object) -> Entry:
    return Entry(id=str(number), title=f"Title {number}", content="words " * 100, **changes)  # type: ignore[arg-type]


def test_of_the_same_entry_the_same_is_made() -> None:
    seen, [(entry, sighting)] = SeenBefore(), made(FEED, an_entry(1, published_at=NOON))
    seen.keep(FEED, [(entry, sighting)])
    assert kept(seen, FEED, an_entry(1, published_at=NOON)) is sighting
    assert kept(seen, FEED, an_entry(1, published_at=NOON, language="sv")) is None
    assert kept(seen, OTHER, entry) is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"name": "Renamed"}, id="its name may be a title"),
        pytest.param({"url": "https://moved.example/feed"}, id="its site is a scope"),
        pytest.param({"baseline_done": False}, id="what is there at first is judged by its dates"),
    ],
)
def test_what_depends_on_the_source_is_made_anew_when_that_changes(
    changes: dict[str, object],
) -> None:
    seen, entry = SeenBefore(), an_entry(1)
    seen.keep(FEED, made(FEED, entry))
    assert kept(seen, replace(FEED, **changes), entry) is None  # type: ignore[arg-type]


def test_a_date_that_is_not_believed_yet_may_be_later() -> None:
    seen, entry = SeenBefore(), an_entry(1, published_at=NOON + timedelta(days=3))
    seen.keep(FEED, made(FEED, entry))
    assert kept(seen, FEED, entry) is None


def test_only_what_a_source_lists_now_is_kept() -> None:
    seen = SeenBefore()
    seen.keep(FEED, made(FEED, an_entry(1)))
    seen.keep(FEED, made(FEED, an_entry(2)))
    assert kept(seen, FEED, an_entry(1)) is None
    assert kept(seen, FEED, an_entry(2)) is not None


def test_what_was_polled_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen_before, "MOST_CHARS", 3_000)
    monkeypatch.setattr(seen_before, "MOST_OF_A_SOURCE", 2_500)
    seen, third = SeenBefore(), a_source("Third", baseline_done=True)
    for source in (FEED, OTHER, FEED, third):
        seen.keep(source, made(source, an_entry(1)))
    assert [kept(seen, each, an_entry(1)) is None for each in (FEED, OTHER, third)] == [
        False,
        True,
        False,
    ]
    seen.keep(third, made(third, an_entry(1), an_entry(2), an_entry(3)))
    assert not seen.of(third)
