"""One step: look at a source that is due, and take in what it lists."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from ingester.entry import FetchError, ParseError, Polled
from ingester.kinds import SourceKind
from ingester.schedule import next_poll_at
from monitor import clock
from monitor.pipeline import Pipeline
from storage.api import FencedOut, Storage, StorageError
from storage.model import Source, SourceState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than the slowest poll: 60 s to fetch, 10 s to parse, and the wait for the writer."""

SPACING = timedelta(seconds=1)
"""Between the end of one request to a host and the beginning of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What came of looking at one source.

    Attributes:
        error: Why it failed, in a sentence; None when it did not.
        notices: Only those that are new.
    """

    source: Source
    new_articles: int = 0
    alerts: int = 0
    error: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Sources taken, and ids of those that are due but whose host is busy."""

    taken: tuple[Source, ...]
    waiting: frozenset[str]


class Hosts:
    """Keeps requests to one host apart: one at a time, and never one right after another."""

    def __init__(self, seconds: Callable[[], float] = clock.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}

    def enter(self, host: str) -> bool:
        """Take the host's turn; False while it is taken or has just been. "" is always free."""
        if not host:
            return True
        with self._lock:
            now = self._seconds()
            if host in self._busy or self._free_at.get(host, now) > now:
                return False
            self._busy.add(host)
            return True

    def leave(self, host: str) -> None:
        """Give the turn back."""
        if host:
            with self._lock:
                now = self._seconds()
                self._busy.discard(host)
                self._free_at = {key: at for key, at in self._free_at.items() if at > now}
                self._free_at[host] = now + SPACING.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """Looks at sources. Run as many as you like: a lease keeps each source to one of them."""

    storage: Storage
    pipeline: Pipeline
    kinds: Mapping[str, SourceKind]
    hosts: Hosts
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]

    def claim(self, *, limit: int) -> Claimed:
        """Take sources that are due and whose host is free; put the others off by seconds.

        Every source taken must be handed to `poll_claimed`, or back to `put_back`.
        """
        with self.storage.transaction() as tx:
            due = tx.sources.claim_due(now=self.now(), limit=limit, lease=LEASE, owner=self.owner)
        taken: list[Source] = []
        waiting: list[Source] = []
        for source in due:
            (taken if self.hosts.enter(host_of(source)) else waiting).append(source)
        if waiting:
            try:
                self._put_off(waiting)
            except StorageError as trouble:
                # Their leases run out by themselves; what was taken must not wait for that.
                log.warning("cannot put sources off", extra={"why": str(trouble)})
        return Claimed(taken=tuple(taken), waiting=frozenset(each.id for each in waiting))

    def _put_off(self, sources: Sequence[Source]) -> None:
        """Let sources of a busy host wait their turn, each a little longer than the last."""
        for place, source in enumerate(sources, start=1):
            later = replace(source, next_poll_at=self.now() + SPACING * (1 + place))
            with suppress(FencedOut), self.storage.transaction() as tx:
                tx.sources.record_poll(later, remember={})

    def put_back(self, source: Source) -> None:
        """Give back a source that was taken and cannot be polled now."""
        self.hosts.leave(host_of(source))
        self._put_off([source])

    def poll(self, source_ids: Sequence[str]) -> list[PollResult]:
        """Poll these sources now, due or not, one after the other."""
        results = []
        for id_ in source_ids:
            with self.storage.transaction() as tx:
                claimed = tx.sources.claim_due(
                    now=self.now(), limit=1, lease=LEASE, owner=self.owner, ids=[id_]
                )
                source = tx.sources.get(id_)
            if claimed:
                results.append(self._poll(claimed[0]))
            elif source is not None:
                text = f'source "{source.name}" is being polled by someone else right now'
                results.append(PollResult(source=source, error=text))
        return results

    def poll_claimed(self, source: Source) -> PollResult:
        """Poll a source that `claim` returned."""
        try:
            return self._poll(source)
        finally:
            self.hosts.leave(host_of(source))

    def _poll(self, source: Source) -> PollResult:
        began_at = self.now()
        try:
            polled = self.kinds[source.kind].poll(source, partial(self._memory, source.id))
            return self._take_in(source, polled, began_at)
        except (FetchError, ParseError) as error:
            return self._fail(source, str(error), error, began_at)
        except (FencedOut, StorageError):
            raise
        except Exception as bug:
            # A source that trips over our own mistake must not stop the others.
            log.exception("bug while polling", extra={"source": source.name})
            return self._fail(source, f"internal error: {type(bug).__name__}", bug, began_at)

    def _take_in(self, source: Source, polled: Polled, began_at: datetime) -> PollResult:
        due_at = next_poll_at(
            now=began_at,
            interval=source.every,
            server_asks=polled.server_asks,
            failures=0,
            jitter=self.chance(),
            kind=source.kind,
        )
        taken = self.pipeline.take_in(source, polled, next_poll_at=due_at)
        for text in taken.notices:
            log.warning(text, extra={"source": source.name})
        if taken.articles or taken.alerts:
            log.info(
                "took in articles",
                extra={"source": source.name, "new": taken.articles, "alerts": taken.alerts},
            )
        return PollResult(
            source=source,
            new_articles=taken.articles,
            alerts=taken.alerts,
            notices=taken.notices,
        )

    def _fail(self, source: Source, text: str, error: Exception, began_at: datetime) -> PollResult:
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        gone = isinstance(error, FetchError) and error.kind == "gone"
        again = next_poll_at(
            now=began_at,
            interval=source.every,
            server_asks=retry_after,
            failures=source.failures + 1,
            jitter=self.chance(),
            kind=source.kind,
        )
        with self.storage.transaction() as tx:
            tx.sources.record_poll(
                replace(
                    source,
                    state=SourceState.GONE if gone else source.state,
                    next_poll_at=again,
                    last_error=text,
                    failures=source.failures + 1,
                ),
                remember={},
            )
        log.warning(
            "a poll failed",
            extra={"source": source.name, "why": text, "again": None if gone else again},
        )
        return PollResult(source=source, error=text)

    def _memory(self, source_id: str) -> Mapping[str, str]:
        with self.storage.reading() as tx:
            return tx.sources.memory(source_id)


def host_of(source: Source) -> str:
    """Return the host that a poll of this source asks, or "" for a folder."""
    return "" if source.kind == "folder" else (urlsplit(source.url).hostname or "")
