"""New entries that are only summaries get the whole text of their page."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ingester.baseline import marks_that_may_alert
from ingester.entry import Polled
from ingester.fingerprints import Sighting, pieces
from ingester.kinds import FULL_TEXT, spec_of
from ingester.pages.fulltext import gives_summaries, is_summary
from ingester.recognition import Found, recognise
from monitor.base import clock
from monitor.base.errors import Remedy, RemedyKind
from monitor.base.remedies import remedy_words
from monitor.completing.enrichment import Enrichment
from monitor.completing.fetching import FullTextSource, PageFetcher, Round
from monitor.completing.retries import (
    KEPT,
    Line,
    PageRetries,
    lines_of,
    to_read_again,
    with_hope,
    with_kept,
    with_tries,
)
from monitor.net.politeness import HostRests, HostTurns
from storage.api.storage import Storage
from storage.model import Source

log = logging.getLogger("monitor.completing")

LONGEST = timedelta(minutes=2)
"""After so long no further page is begun."""

LATEST = timedelta(minutes=3, seconds=30)
"""Nor so long after the poll began, which must end before its lease does."""

FULL = timedelta(minutes=2)
"""When as many polls fetch pages as may, another comes again after this."""

LONGEST_WAIT = timedelta(minutes=5)
"""A source that was put off for so long is taken in without its pages: to ask it again and again
would be impolite, and its news late.
"""


class Enricher:
    """Fetches the pages of new entries. Safe to use from many threads.

    Args:
        slots: So many polls may fetch pages at once; the other threads are for other sources.
            None: all, of who asks each source once and cannot put one off.
        pause: Waits so many seconds.
    """

    def __init__(
        self,
        full_text: FullTextSource,
        storage: Storage,
        hosts: HostTurns,
        rests: HostRests,
        *,
        now: Callable[[], datetime],
        slots: int | None,
        pause: Callable[[float], None] = time.sleep,
        seconds: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._pages = PageFetcher(full_text, hosts, rests, pause=pause, seconds=seconds)
        self._storage = storage
        self._now = now
        self._slots = threading.Semaphore(sys.maxsize if slots is None else slots)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: dict[str, float] = {}
        self._retries = PageRetries(storage, seconds)

    def enrich(self, source: Source, polled: Polled, *, began_s: float) -> Enrichment:
        """Return what a poll found with the whole text of new articles, where it can be had.

        Args:
            began_s: When the poll began, on the clock of `seconds`.
        """
        if not may_want_pages(source, polled):
            return Enrichment(polled=polled)
        polled, batch = lines_of(source, polled, seen_at=self._now())
        tries = self._retries.so_far(batch)
        enrichment = self._enriched(source, with_tries(polled, tries), batch, tries, began_s)
        again = to_read_again(enrichment.polled, tries)
        sightings = {line.entry: line.sighting for line in batch}
        return replace(enrichment, polled=with_kept(again, batch, tries), sightings=sightings)

    def _enriched(
        self,
        source: Source,
        polled: Polled,
        batch: Sequence[Line],
        tries: dict[int, int],
        began_s: float,
    ) -> Enrichment:
        """Return the result with what pages could be had; `tries` is brought up to date."""
        may_alert = None
        if not source.baseline_done and source.backfill is not None:
            may_alert = marks_that_may_alert(
                source, [line.sighting for line in batch], seen_at=self._now()
            )
        wanted = self._wanted(source, batch, may_alert, tries)
        if not wanted:
            again_after = self._retries.again_after(polled, batch, tries)
            return Enrichment(polled=polled, again_after=again_after)
        if not self._slots.acquire(blocking=False):
            return self._without_slot(source, polled, wanted, may_alert)
        try:
            until = min(self._seconds() + LONGEST.total_seconds(), began_s + LATEST.total_seconds())
            round_ = self._pages.fetched(source, polled.entries, wanted, until)
        finally:
            self._slots.release()
        said = {line.place: line.sighting.said for line in batch}
        round_.done = {n: replace(done, said=said[n]) for n, done in round_.done.items()}
        self._note_tries(round_, batch, tries)
        with self._lock:
            self._waiting.pop(source.id, None)
        enrichment = self._result(source, polled, round_, may_alert)
        again_after = self._retries.again_after(polled, batch, tries)
        return replace(enrichment, again_after=again_after)

    def _note_tries(self, round_: Round, batch: Sequence[Line], tries: dict[int, int]) -> None:
        """Note on entries, and in `tries`, which pages are to be asked for again."""
        for line in batch:
            if line.place in round_.done:
                trouble = round_.passing.get(line.place, "")
                given_up = self._retries.note(line, trouble, tries)
                round_.troubles += [given_up] if given_up else []
        for place, entry in round_.done.items():
            round_.done[place] = replace(entry, tries=tries.get(place, 0))

    # --- which entries ---

    def _wanted(
        self,
        source: Source,
        batch: Sequence[Line],
        may_alert: frozenset[str] | None,
        tries: Mapping[int, int],
    ) -> list[int]:
        """Return the places of the entries whose pages are to be fetched, newest first."""
        again = [line for line in batch if line.place in tries]
        wanted = [line for line in again if self._retries.is_time(line.sighting)]
        wanted += self._wanted_first(source, batch, may_alert, tries)
        wanted.sort(key=lambda line: line.sighting.dated_at, reverse=True)
        return [line.place for line in wanted]

    def _wanted_first(
        self,
        source: Source,
        batch: Sequence[Line],
        may_alert: frozenset[str] | None,
        tries: Mapping[int, int],
    ) -> list[Line]:
        """Return those of the new and edited entries whose pages are to be fetched."""
        always = source.options.get(FULL_TEXT) == "yes"
        texts = (line.sighting.article.text for line in batch)
        if not always and spec_of(source.kind).gives_text and not gives_summaries(texts):
            return []
        with self._storage.reading() as tx:
            fresh = recognise([line.sighting for line in batch], tx.articles)
        edited = [found for found in fresh.edited if _says_more_than_numbers(found)]
        new = {found.sighting.mark for found in (*fresh.new, *edited)}
        if may_alert is not None:
            new &= may_alert
        wanted: list[Line] = []
        titles = _titles_by_url(line.sighting for line in batch)
        for line in batch:
            sighting = line.sighting
            if line.place in tries:
                continue
            # Of a page that several entries link, nobody knows about which of them it is.
            url = sighting.article.url
            if sighting.mark in new and url and len(titles[url]) == 1:
                new.discard(sighting.mark)
                titles[url].clear()
                if always or is_summary(sighting.article.text):
                    wanted.append(line)
        return wanted

    # --- what comes of it ---

    def _without_slot(
        self,
        source: Source,
        polled: Polled,
        wanted: Sequence[int],
        may_alert: frozenset[str] | None,
    ) -> Enrichment:
        """Leave the entries to a later poll, but not for ever."""
        now = self._seconds()
        with self._lock:
            since = self._waiting.setdefault(source.id, now)
            if waited := now - since > LONGEST_WAIT.total_seconds():
                del self._waiting[source.id]
        if waited:
            text = "too many sources have new pages at once; raise poll_threads"
            return Enrichment(polled=with_notices(source, polled, [text]), may_alert=may_alert)
        return Enrichment(
            polled=replace(without(polled, frozenset(wanted)), more=False),
            may_alert=may_alert,
            again_after=FULL,
        )

    def _result(
        self, source: Source, polled: Polled, round_: Round, may_alert: frozenset[str] | None
    ) -> Enrichment:
        left = frozenset(place for places in round_.left.values() for place in places)
        troubles = round_.troubles
        if left and not round_.done:
            # Polling again would come to the same: better without their pages than never.
            left, troubles = frozenset(), [*troubles, "no turn to fetch the pages came in time"]
        log.info(
            "fetched pages of articles",
            extra={
                "source": source.name,
                "pages": round_.pages,
                "with_text": round_.enriched,
                "left": len(left),
            },
        )
        entries = tuple(round_.done.get(n, entry) for n, entry in enumerate(polled.entries))
        whole = without(replace(polled, entries=entries), left)
        whole = with_notices(source, whole, troubles, routine=round_.routine)
        return Enrichment(polled=with_hope(whole, round_.passing.values()), may_alert=may_alert)


def may_want_pages(source: Source, polled: Polled) -> bool:
    """Whether entries of this poll may have to be enriched: not of documents and articles."""
    if source.options.get(FULL_TEXT) == "no" or polled.unchanged:
        return False
    if not polled.entries and KEPT not in source.validators:
        return False
    return spec_of(source.kind).reads_pages and not polled.complete


def _titles_by_url(sightings: Iterable[Sighting]) -> dict[str, set[str]]:
    titles: dict[str, set[str]] = {}
    for sighting in sightings:
        titles.setdefault(sighting.article.url, set()).add(sighting.article.title)
    return titles


def _says_more_than_numbers(edited: Found) -> bool:
    """Whether an edited entry says other words; of counters its page need not be read again."""
    before, new = edited.before, edited.sighting.article
    if before is None or new.title != before.title:
        return True
    words = [
        [piece for piece in pieces(text) if not piece.isdecimal()]
        for text in (new.text, before.text, before.summary)
    ]
    return words[0] not in words[1:]


def without(polled: Polled, places: frozenset[int]) -> Polled:
    """Return a poll's result without some entries, which the next poll must find again."""
    if not places:
        return polled
    entries = (entry for place, entry in enumerate(polled.entries) if place not in places)
    left_out = replace(polled, entries=tuple(entries), more=True)
    return to_read_again(left_out, dict.fromkeys(places, 0))


def with_notices(
    source: Source, polled: Polled, troubles: Iterable[str], *, routine: Collection[str] = ()
) -> Polled:
    """Return a poll's result that says why articles are without their page's text."""
    gives_text = spec_of(source.kind).gives_text
    instead = "the summary that the source gives" if gives_text else "what the source itself lists"
    to_end_it = remedy_words(Remedy(RemedyKind.STOP_FULL_TEXT, source.name))
    notices = {
        trouble: f"no full text: {trouble}; of such articles {instead} is searched{to_end_it}"
        for trouble in dict.fromkeys(troubles)
    }
    of_nobody = {notices[trouble] for trouble in routine if trouble in notices}
    return replace(
        polled,
        notices=(*polled.notices, *notices.values()),
        routine=polled.routine | of_nobody,
    )
