"""Pages that failed in a way that may pass: they are asked for again, up to a bound."""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from common.clip import clip
from common.records import dataclass
from ingester.articles import sighting_of
from ingester.entry import Entry, Polled
from ingester.fingerprints import Sighting, tries_of
from storage.api.storage import Storage
from storage.model import Source

log = logging.getLogger("monitor.completing")

RESTING = "pages of that site gave none several times in a row, and it is left alone for a while"

TRIES = 5
"""So often a page is asked for; after that what its source gives is all there is."""

WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
"""Between two tries."""

MOST_KEPT = 100
"""So many entries of a source are kept until their pages are had, in case that it lists them no
more by then."""

KEPT = "waiting"
"""The validator that keeps them, with the source and in the transaction that stores the poll."""

_KEPT_LENGTH = 1_000
_MOST_WAITING = 10_000
OF_WHAT_WAS_READ = ("etag", "last_modified", "body", "read_at", "entries")
"""Validators that must not be kept while entries of that body have still to be taken in."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its place in the poll, and the article that it would be."""

    place: int
    entry: Entry
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


def lines_of(source: Source, polled: Polled, *, seen_at: datetime) -> tuple[Polled, list[Line]]:
    """Return what is listed, and behind it what was listed before and waits for its page."""
    batch: list[Line] = []
    listed = len(polled.entries)
    entries, known = list(polled.entries), set[str]()
    for number, entry in enumerate([*entries, *kept_for(source)]):
        try:
            sighting = sighting_of(entry, source, seen_at=seen_at, with_language=False)
        except Exception as bug:
            # The pipeline trips over it, too, and says so; it has no article to complete.
            log.debug("an entry cannot be read", exc_info=bug)
            continue
        if number < listed:
            batch.append(Line(number, entry, sighting))
            known.add(sighting.own.key)
        elif sighting.own.key not in known:
            batch.append(Line(len(entries), entry, sighting))
            entries.append(entry)
    return replace(polled, entries=tuple(entries)), batch


def kept_for(source: Source) -> list[Entry]:
    """Return the entries whose pages are still to be had, as the source gave them."""
    return [_entry(kept) for kept in json.loads(source.validators.get(KEPT, "[]"))]


def with_kept(polled: Polled, batch: Sequence[Line], tries: Mapping[int, int]) -> Polled:
    """Return a poll's result that keeps the newest entries whose pages are still to be had."""
    waiting = [line for line in batch if line.place in tries]
    waiting.sort(key=lambda line: line.sighting.dated_at, reverse=True)
    if not waiting:
        return polled
    kept = json.dumps([_as_kept(line) for line in waiting[:MOST_KEPT]], ensure_ascii=False)
    return replace(polled, validators={**polled.validators, KEPT: kept})


def _as_kept(line: Line) -> dict[str, object]:
    entry = line.entry
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "said": line.sighting.said,
        "summary": clip(entry.summary, _KEPT_LENGTH),
        "content": clip(entry.content, _KEPT_LENGTH),
        "language": entry.language,
        "authors": entry.authors,
        "categories": entry.categories,
        "published_at": entry.published_at and entry.published_at.isoformat(),
        "updated_at": entry.updated_at and entry.updated_at.isoformat(),
    }


def _entry(kept: Mapping[str, Any]) -> Entry:
    instants = {name: kept[name] for name in ("published_at", "updated_at") if kept[name]}
    changed = {name: datetime.fromisoformat(text) for name, text in instants.items()}
    lists = {name: tuple(kept[name]) for name in ("authors", "categories")}
    return Entry(**{**kept, **lists, **changed})


def with_hope(polled: Polled, troubles: Iterable[str]) -> Polled:
    """Return a poll's result that says which pages are asked for again."""
    hours = sum(WAITS, timedelta(0)).total_seconds() / 3600
    notices = (
        f"no full text yet: {trouble}; it is asked for {TRIES} times in all, within {hours:.2g} h"
        for trouble in dict.fromkeys(troubles)
    )
    return replace(polled, notices=(*polled.notices, *notices))
