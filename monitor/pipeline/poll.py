"""One step: look at a source that is due, and take in what it lists."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from ingester.entry import FetchError, ParseError
from ingester.kinds import LOCAL, SourceKind, spec_of
from ingester.schedule import next_poll_at
from monitor.base import clock
from monitor.pipeline.enrich import Enricher, Enrichment
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.politeness import SPACING, HostTurns
from storage.api import FencedOut, Storage, StorageError
from storage.model import Source, SourceState

log = logging.getLogger("monitor.poll")

LEASE = timedelta(minutes=5)
"""Longer than the slowest poll: the fetching (`monitor.pipeline.enrich.LATEST` bounds that of
articles' pages), 10 s to parse, and the wait for the writer."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """Looks at sources. Run as many as you like: a lease keeps each source to one of them.

    Attributes:
        enricher: Fetches the pages of new articles; None: what sources list is all there is.
        seconds: The clock that `enricher` measures by.
    """

    storage: Storage
    pipeline: Pipeline
    kinds: Mapping[str, SourceKind]
    hosts: HostTurns
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    enricher: Enricher | None = None
    seconds: Callable[[], float] = clock.monotonic

    def claim(self, *, limit: int) -> Claimed:
        """Take sources that are due and whose host is free; put the others off by seconds.

        Every source taken must be handed to `poll_claimed`, or back to `put_back`.
        """
        with self.storage.transaction() as tx:
            due = tx.sources.claim_due(
                now=self.now(), limit=limit, lease=LEASE, owner=self.owner, first=LOCAL
            )
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
        return Claimed(taken=tuple(taken), waiting=frozenset(source.id for source in waiting))

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
                # Nobody's turn is taken here, but its pages shall not follow it at once.
                results.append(
                    self._poll(claimed[0], partial(self.hosts.leave, host_of(claimed[0])))
                )
            elif source is not None:
                text = f'source "{source.name}" is being polled by someone else right now'
                results.append(PollResult(source=source, error=text))
        return results

    def poll_claimed(self, source: Source) -> PollResult:
        """Poll a source that `claim` returned."""
        return self._poll(source, partial(self.hosts.leave, host_of(source)))

    def _poll(self, source: Source, leave: Callable[[], None]) -> PollResult:
        """Poll a source; `leave` gives its host's turn back once what it lists is there."""
        began_at, began_s = self.now(), self.seconds()
        try:
            try:
                polled = self.kinds[source.kind].poll(source, partial(self._memory, source.id))
            finally:
                leave()
            enrichment = (
                self.enricher.enrich(source, polled, began_s=began_s)
                if self.enricher
                else Enrichment(polled=polled)
            )
            return self._take_in(source, enrichment, began_at)
        except (FetchError, ParseError) as error:
            return self._fail(source, str(error), error, began_at)
        except (FencedOut, StorageError):
            raise
        except Exception as bug:
            # A source that trips over our own mistake must not stop the others.
            log.exception("bug while polling", extra={"source": source.name})
            return self._fail(source, f"internal error: {type(bug).__name__}", bug, began_at)

    def _take_in(self, source: Source, enrichment: Enrichment, began_at: datetime) -> PollResult:
        polled = enrichment.polled
        due_at = next_poll_at(
            now=began_at,
            interval=source.every,
            server_asks=polled.server_asks,
            failures=0,
            jitter=self.chance(),
            shortest=spec_of(source.kind).shortest,
        )
        if enrichment.again_after is not None:
            due_at = self.now() + enrichment.again_after
        taken = self.pipeline.take_in(
            source, polled, next_poll_at=due_at, may_alert=enrichment.may_alert
        )
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
            shortest=spec_of(source.kind).shortest,
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
    """Return the host that a poll of this source asks, or "" if it asks none."""
    return (urlsplit(source.url).hostname or "") if spec_of(source.kind).is_remote else ""
