"""Fetching the pages of one poll's entries: host by host, each asked no more than it bears."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

from common.records import dataclass
from ingester.entry import EndingError, Entry
from ingester.pages.fulltext import LONGEST_DELAY, Enriched, Trouble
from monitor.base import clock
from monitor.completing.retries import RESTING
from monitor.net.politeness import HostRests, HostTurns
from storage.model import Source

log = logging.getLogger("monitor.completing")

MOST_PAGES = 20
"""So many pages are fetched at one poll; what is left over comes at the next, without waiting."""

NONE_OF_SO_MANY = 3
"""When none of so many pages can be had in one poll, that is no matter of each."""

PATIENCE_WITH_SITE = 2
PATIENCE_WITH_PAGES = 5
"""So many failures in a row, and the pages of that host are left alone for a while."""

_MOST_ORIGINS = 10_000
_STEP_S = 0.2


class FullTextSource(Protocol):
    """What is needed of `ingester.pages.fulltext.FullText`."""

    def delay(self, url: str) -> timedelta | None:
        """Return the time that a page's site asks for between two requests, or None."""
        ...

    def enrich(self, entry: Entry, source: Source) -> Enriched:
        """Return an entry with its page's text, or as it was and why."""
        ...


@dataclass(slots=True)
class Round:
    """How far the fetching of one poll's pages has come.

    Attributes:
        left: Places of entries whose pages are still to be fetched, by host.
        done: Entries that need no page any more, enriched or not, by place.
        passing: Why those of them failed whose page may be had another time, by place.
    """

    left: dict[str, deque[int]]
    done: dict[int, Entry] = field(default_factory=dict)
    passing: dict[int, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    of_pages: set[str] = field(default_factory=set)
    pages: int = 0
    enriched: int = 0

    @property
    def routine(self) -> set[str]:
        """Of the troubles, those of single pages, unless no page of the source can be had."""
        return self.of_pages if self.enriched or self.pages < NONE_OF_SO_MANY else set()

    def give_up(
        self, host: str, entries: Sequence[Entry], trouble: str = "", *, passing: str = ""
    ) -> None:
        """Take the entries of a host as they are."""
        for place in self.left.pop(host):
            self.done[place] = entries[place]
            if passing:
                self.passing[place] = passing
        self.troubles += [trouble] if trouble else []

    def take(self, host: str, result: Enriched) -> None:
        """Take the first entry of a host as it has become."""
        place = self.left[host].popleft()
        if not self.left[host]:
            del self.left[host]
        self.done[place] = result.entry
        self.pages += result.trouble is None or result.trouble.asked
        self.enriched += result.trouble is None
        if result.trouble is not None and result.trouble.passes:
            self.passing[place] = result.trouble.text
        elif result.trouble is not None:
            self.troubles.append(result.trouble.text)
            self.of_pages |= {result.trouble.text} if result.trouble.of_page else set()


class PageFetcher:
    """Fetches pages of entries, in turns with whoever else asks their hosts.

    Safe to use from many threads.

    Args:
        pause: Waits so many seconds.
    """

    def __init__(
        self,
        full_text: FullTextSource,
        hosts: HostTurns,
        rests: HostRests,
        *,
        pause: Callable[[float], None] = time.sleep,
        seconds: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._full_text = full_text
        self._hosts = hosts
        self._rests = rests
        self._pause = pause
        self._seconds = seconds
        self._lock = threading.Lock()
        self._delays: dict[str, timedelta] = {}

    def fetched(
        self, source: Source, entries: Sequence[Entry], wanted: Iterable[int], until: float
    ) -> Round:
        round_ = Round(left={})
        for place in wanted:
            host = urlsplit(entries[place].url).hostname or ""
            round_.left.setdefault(host, deque()).append(place)
        while round_.left and round_.pages < MOST_PAGES and self._seconds() < until:
            free = self._free_host(round_, entries)
            if free is None:
                if round_.left:
                    self._pause(_STEP_S)
                continue
            asked = True
            try:
                asked = self._next_of(free, source, entries, round_)
            finally:
                self._hosts.leave(free, asked=asked)
        return round_

    def _free_host(self, round_: Round, entries: Sequence[Entry]) -> str | None:
        """Take the turn of a host and return it, or None if none is free now."""
        for host in list(round_.left):
            if self._rests.is_resting(host):
                round_.give_up(host, entries, passing=RESTING)
            elif self._hosts.enter(host):
                return host
        return None

    def _next_of(self, host: str, source: Source, entries: Sequence[Entry], round_: Round) -> bool:
        """Fetch the next page of a host, or its robots.txt: each is a turn of its own.

        Return whether anything was asked of it.
        """
        entry = entries[round_.left[host][0]]
        parts = urlsplit(entry.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        delay = self._delays.get(origin)
        if delay is None:
            self._note_delay(origin, host, self._full_text.delay(entry.url) or timedelta(0))
            return True
        if delay > LONGEST_DELAY:
            said = f"robots.txt asks for {delay.total_seconds():g} s between two requests"
            round_.give_up(host, entries, f"{said}, too long for news")
            return False
        try:
            result = self._full_text.enrich(entry, source)
        except EndingError:
            raise  # taken in now, an article would never get the text of its page
        except Exception as bug:
            # An article must not be lost because we trip over its page.
            log.exception("bug while reading a page", extra={"source": source.name})
            why = f"internal error: {type(bug).__name__}; please report it"
            result = Enriched(entry=entry, trouble=Trouble(text=why))
        round_.take(host, result)
        self._note(host, result.trouble)
        return result.trouble is None or result.trouble.asked

    def _note_delay(self, origin: str, host: str, delay: timedelta) -> None:
        with self._lock:
            if len(self._delays) >= _MOST_ORIGINS:
                self._delays.clear()
            self._delays[origin] = delay
        if timedelta(0) < delay <= LONGEST_DELAY:
            self._hosts.keep_apart(host, delay)

    def _note(self, host: str, trouble: Trouble | None) -> None:
        if trouble is None:
            self._rests.went_well(host)
        elif trouble.asked and not trouble.is_known:
            patience = PATIENCE_WITH_SITE if trouble.of_site else PATIENCE_WITH_PAGES
            self._rests.failed(host, patience=patience, wait=trouble.wait)
