"""Polls that come home at the same time are taken in together, by one of the threads that poll.

One transaction for all of them costs little more than one for each. Nobody waits: who finds
another thread taking in leaves what was brought to it, unless so much waits already that it would
grow old. A poll that comes home alone is taken in at once, and what lies on this machine first.

Polls that found nothing new wait for others that are under way: nobody misses what they bring, and
the end of many is written at the cost of one. Killed meanwhile, their sources are asked again.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from common.records import dataclass
from ingester.entry import Entry, Polled
from ingester.kinds import LOCAL
from monitor.base import clock
from storage.model import Source

if TYPE_CHECKING:
    from ingester.fingerprints import Sighting

LEASE = timedelta(minutes=5)
"""Longer than the slowest poll: the fetching (`monitor.completing.enrich.LATEST` bounds that of
articles' pages), 10 s to parse, and the wait for the writer."""

MOST_POLLS = 64
MOST_ENTRIES = 300
"""So much is taken in together: others want to write, too, and news shall not wait for much."""

MOST_RESTING = 4 * MOST_POLLS
"""So many polls that found nothing new are written together: that is soon done."""

LONGEST_REST_S = 0.5
"""So long polls that found nothing new wait for others."""

MOST_WAITING = 4 * MOST_POLLS
MOST_ENTRIES_WAITING = MOST_ENTRIES * 3 // 2
"""Where more wait, sites are asked faster than is taken in: who brings the next one waits. Entries
wait with all their text, so it is these that would fill the memory: half as many again as are
taken in next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a poll added. `revised` are known articles of which it brought a new version."""

    articles: int = 0
    revised: int = 0
    alerts: int = 0
    updates: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a poll has brought home, to be taken in.

    Attributes:
        next_poll_at: Returns it, given what time it is when the poll is recorded.
        may_alert: Marks of the entries about which rules may speak; None: as the source says.
        sightings: What was already made of some of the entries.
        lasting: Those of the poll's notices that tell of how the source is now: no others do.
            None: it tells nothing of that.
    """

    source: Source
    polled: Polled
    next_poll_at: Callable[[datetime], datetime]
    may_alert: frozenset[str] | None = None
    sightings: "Mapping[Entry, Sighting]" = field(default_factory=dict)
    lasting: frozenset[str] | None = None

    @property
    def again(self) -> frozenset[Entry]:
        """The entries that need not be looked at: they were taken in as they are.

        None before all is known that was there when the source was added.
        """
        return self.polled.again if self.source.baseline_done else frozenset()

    @property
    def to_read(self) -> int:
        """How many of the entries are to be looked at, about: some may be listed twice."""
        return len(self.polled.entries) - len(self.again)


class Home(NamedTuple):
    """A poll that has come home, and when it began, on a clock that nobody can set."""

    brought: Brought
    began_s: float


TakeIn = Callable[[Sequence[Home]], object]


class Intake:
    """Collects polls until somebody takes them in. Safe to use from many threads.

    Who is about to have sources polled says so (`coming`); who polls one brings what came of it,
    or says that nothing did.

    Attributes:
        patience_s: So long what has news waits for others that are under way, to be stored at
            the cost of one; 0 where somebody waits for it.
    """

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self.patience_s = 0.0
        self._seconds = seconds
        self._waiting: deque[Home] = deque()
        self._resting: deque[Home] = deque()
        self._waiting_from_s = 0.0
        self._resting_from_s = 0.0
        self._to_read = 0
        self._under_way = 0
        self._counting = threading.Lock()
        self._taking = threading.Lock()

    def coming(self, polls: int = 1) -> None:
        """Note that so many polls will begin; the end of each is told to `bring...`."""
        with self._counting:
            self._under_way += polls

    def bring(self, home: Home, take_in: TakeIn, taken: Callable[[], None] = lambda: None) -> None:
        """Have a poll taken in; when this returns it is, or another thread is about to.

        Args:
            taken: Called when this thread has taken it in and goes on with those of others.

        Raises:
            Exception: What `take_in` raised of this poll or of others; all that waits was tried.
        """
        polled, is_local = home.brought.polled, home.brought.source.kind in LOCAL
        with self._counting:
            self._under_way -= 1
            if is_local:
                self._waiting.appendleft(home)
                self._waiting_from_s = 0.0
            elif not polled.unchanged or polled.notices:
                if not self._waiting:
                    self._waiting_from_s = self._seconds()
                self._waiting.append(home)
            if is_local or not polled.unchanged or polled.notices:
                self._to_read += home.brought.to_read
            else:
                if not self._resting:
                    self._resting_from_s = self._seconds()
                self._resting.append(home)
        self._take_in_what_waits(take_in, home, taken)

    def bring_nothing(self, take_in: TakeIn) -> None:
        """End a poll that brings nothing; take in what waits, if it waited for this one."""
        with self._counting:
            self._under_way -= 1
        self._take_in_what_waits(take_in)

    def wake(self, take_in: TakeIn, *, at_once: bool = False) -> None:
        """Take in what has waited long enough for polls that do not come home.

        Args:
            at_once: Take in all that waits: nobody else will.
        """
        if at_once:
            with self._counting:
                self._under_way = 0
        if self._resting or (self._waiting and self.patience_s):
            self._take_in_what_waits(take_in)

    def _take_in_what_waits(
        self, take_in: TakeIn, own: Home | None = None, taken: Callable[[], None] = lambda: None
    ) -> None:
        is_local = own is not None and own.brought.source.kind in LOCAL
        trouble: Exception | None = None
        # Looked at again after the lock is free: who came in between has relied on us.
        while self._has_some() and self._taking.acquire(blocking=self._is_late() and not is_local):
            some: Sequence[Home] = ()
            try:
                if some := self._some():
                    take_in(some)
            except Exception as error:
                trouble = trouble or error
            finally:
                self._taking.release()
                if any(each is own for each in some):
                    taken()
        if trouble is not None:
            raise trouble

    def _has_some(self) -> bool:
        """Whether anything is to be taken in now."""
        if self._waiting and self._news_is_due():
            return True
        if not self._resting:
            return False
        is_over = self._seconds() - self._resting_from_s >= LONGEST_REST_S
        return is_over or self._under_way <= 0 or len(self._resting) >= MOST_RESTING

    def _news_is_due(self) -> bool:
        if not self.patience_s or self._under_way <= 0:
            return True
        is_over = self._seconds() - self._waiting_from_s >= self.patience_s
        return is_over or len(self._waiting) >= MOST_POLLS or self._to_read >= MOST_ENTRIES

    def _is_late(self) -> bool:
        return len(self._waiting) > MOST_WAITING or self._to_read > MOST_ENTRIES_WAITING

    def _some(self) -> list[Home]:
        some: list[Home] = []
        entries = 0
        with self._counting:
            while self._waiting and len(some) < MOST_POLLS:
                entries += self._waiting[0].brought.to_read
                if some and entries > MOST_ENTRIES:
                    break
                some.append(self._waiting.popleft())
                self._to_read -= some[-1].brought.to_read
            most = MOST_POLLS if some else MOST_RESTING
            while self._resting and len(some) < most:
                some.append(self._resting.popleft())
        return some
