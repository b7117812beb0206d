"""Pages that failed in a way that may pass: they are asked for again, up to a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ingester.entry import Polled
from ingester.fingerprints import Sighting, tries_of
from storage.api import Storage

RESTING = "the pages of that site failed several times in a row, and it is left alone for a while"

TRIES = 5
"""So often a page is asked for; after that what its source gives is all there is."""

WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
"""Between two tries."""

_MOST_WAITING = 10_000
OF_WHAT_WAS_READ = ("etag", "last_modified", "body", "read_at", "entries")
"""Validators that must not be kept while entries of that body have still to be taken in."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, by its place in the poll, and the article that it would be."""

    place: int
    sighting: Sighting


class PageRetries:
    """Knows which pages are to be asked for again, and when. Safe to use from many threads.

    How often a page was asked for is kept with its article, so that a new start forgets nothing
    but the wait.
    """

    def __init__(self, storage: Storage, seconds: Callable[[], float]) -> None:
        self._storage = storage
        self._seconds = seconds
        self._lock = threading.Lock()
        self._due: OrderedDict[str, float] = OrderedDict()

    def so_far(self, batch: Sequence[Line]) -> dict[int, int]:
        """Return how often the pages were asked for that are to be asked for again, by place."""
        with self._storage.reading() as tx:
            known = tx.articles.known([line.sighting.own.key for line in batch])
        noted = {line.place: known.get(line.sighting.own.key) for line in batch}
        tries = {place: tries_of(each.said) for place, each in noted.items() if each is not None}
        return {place: count for place, count in tries.items() if count}

    def is_time(self, sighting: Sighting) -> bool:
        """Whether a page may be asked for again now."""
        with self._lock:
            return self._due.get(sighting.mark, 0.0) <= self._seconds()

    def note(self, line: Line, trouble: str, tries: dict[int, int]) -> str:
        """Note in `tries` how a page was asked for; return why it is given up, or "".

        Args:
            trouble: Why it failed in a way that may pass; "" when it did not.
        """
        count, mark = tries.pop(line.place, 0) + 1, line.sighting.mark
        with self._lock:
            self._due.pop(mark, None)
            if trouble and count < TRIES:
                tries[line.place] = count
                self._due[mark] = self._seconds() + WAITS[count - 1].total_seconds()
                while len(self._due) > _MOST_WAITING:
                    self._due.popitem(last=False)
                return ""
        return f"{trouble}, {TRIES} times" if trouble else ""

    def again_after(
        self, polled: Polled, batch: Sequence[Line], tries: Mapping[int, int]
    ) -> timedelta | None:
        """Return when the source is to be polled for the pages that are asked for again."""
        with self._lock:
            now = self._seconds()
            marks = [line.sighting.mark for line in batch if line.place in tries]
            waits = [self._due.get(mark, now) - now for mark in marks]
        if not waits:
            return None
        soonest = timedelta(seconds=max(0.0, min(waits)))
        return max(soonest, polled.server_asks or timedelta(0))


def with_tries(polled: Polled, tries: Mapping[int, int]) -> Polled:
    """Return a poll's result that says of its entries which pages are to be asked for again."""
    if not tries:
        return polled
    entries = enumerate(polled.entries)
    noted = tuple(replace(entry, tries=tries.get(place, 0)) for place, entry in entries)
    return replace(polled, entries=noted)


def to_read_again(polled: Polled, tries: Mapping[int, int]) -> Polled:
    """Return a poll's result after which the next poll finds the same entries again."""
    if not tries:
        return polled
    kept = {key: value for key, value in polled.validators.items() if key not in OF_WHAT_WAS_READ}
    return replace(polled, validators=kept, remember={})


def with_hope(polled: Polled, troubles: Iterable[str]) -> Polled:
    """Return a poll's result that says which pages are asked for again."""
    hours = sum(WAITS, timedelta(0)).total_seconds() / 3600
    notices = (
        f"no full text yet: {trouble}; it is asked for {TRIES} times in all, within {hours:.2g} h"
        for trouble in dict.fromkeys(troubles)
    )
    return replace(polled, notices=(*polled.notices, *notices))
