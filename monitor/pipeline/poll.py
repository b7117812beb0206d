"""One step: look at a source that is due, and take in what it lists."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from common.records import dataclass
from ingester.baseline import as_read
from ingester.entry import EndingError, FetchError, ParseError, Polled
from ingester.kinds import LOCAL, SourceKind, spec_of
from ingester.schedule import next_poll_at
from monitor.base import clock, measures
from monitor.base.errors import quoted
from monitor.base.measures import Measures
from monitor.base.memory import give_back
from monitor.base.right_of_way import RightOfWay
from monitor.completing.enrichment import Enrichment
from monitor.net.politeness import SPACING, HostTurns
from monitor.pipeline.faults import Fault, Reach
from monitor.pipeline.hosts import host_of
from monitor.pipeline.intake import LEASE, Brought, Home, Intake, TakenIn
from monitor.pipeline.obituary import tell_if_lasting
from storage.api.errors import FencedOut, StorageError
from storage.api.storage import Storage
from storage.model import Source, SourceState

if TYPE_CHECKING:
    from monitor.completing.enrich import Enricher
    from monitor.pipeline.ingest import Pipeline
    from monitor.pipeline.notices import Notices

log = logging.getLogger("monitor.poll")

SLOW = timedelta(seconds=2)
"""A source that took longer to answer is polled beside the others from then on."""

MUCH = 100
"""Of so many entries taken in together, what they leave of memory is given back."""

AGAIN_SOON = timedelta(seconds=45)
"""After a failure of ours: within a minute of its end all is polled again."""


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
        notices: Tells when a source dies.
        enricher: Returns what fetches the pages of new articles, which is dear to load; None:
            what sources list is all there is.
        seconds: The clock that `enricher` measures by, and that nobody can set.
        reach: Knows whether it is the network that is away.
        slow: Ids of sources that took long to answer, or did not, when they were last polled.
        to_return: Claimed sources of which the store took no word; the next `claim` gives them
            back.
        intake: Where polls of several threads come together.
        without: Kinds of source that are left to others.
        right_of_way: Told of each poll.
        titled: Given a source as its first poll begins to be taken in, and what it calls itself;
            returns it by its name from then on.
    """

    storage: Storage
    pipeline: "Pipeline"
    kinds: Mapping[str, SourceKind]
    hosts: HostTurns
    owner: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    notices: "Notices"
    enricher: "Callable[[], Enricher] | None" = None
    seconds: Callable[[], float] = clock.monotonic
    reach: Reach = field(default_factory=Reach)
    slow: set[str] = field(default_factory=set)
    to_return: deque[Source] = field(default_factory=deque)
    intake: Intake = field(default_factory=Intake)
    without: frozenset[str] = frozenset()
    measures: Measures = field(default_factory=Measures)
    right_of_way: RightOfWay = field(default_factory=RightOfWay)
    titled: Callable[[Source, str], Source] = lambda source, _: source

    def claim(self, *, limit: int, slow_limit: int | None = None) -> Claimed:
        """Take sources that are due and whose host is free; put the others off by seconds.

        Every source taken must be handed to `poll_claimed`, or back to `put_back`.

        Args:
            slow_limit: How many more may be taken of those that are slow, which `limit` is not
                for then; None: they are like all others.
        """
        self._return_all()
        self.hosts.let_others()
        if self._is_nothing_due():
            return Claimed(taken=(), waiting=frozenset())
        slow = set() if slow_limit is None else self.slow.copy()
        due = self._claimed(limit, slow, slow_limit)
        taken: list[Source] = []
        waiting: list[Source] = []
        for source in due:
            (taken if self.hosts.enter(host_of(source)) else waiting).append(source)
        # All at once: what the first brings can then wait for the last of them.
        self.intake.coming(len(taken))
        if waiting:
            try:
                self._put_off(waiting)
            except StorageError as trouble:
                # What was taken must not wait for that.
                log.warning("cannot put sources off", extra={"why": str(trouble)})
        return Claimed(taken=tuple(taken), waiting=frozenset(source.id for source in waiting))

    def _claimed(self, limit: int, slow: set[str], slow_limit: int | None) -> list[Source]:
        due: list[Source] = []
        try:
            with self.storage.transaction() as tx:
                claim = partial(
                    tx.sources.claim_due,
                    now=self.now(),
                    lease=LEASE,
                    owner=self.owner,
                    first=LOCAL,
                    without=self.without,
                )
                if limit:
                    due += claim(limit=limit, besides=slow)
                if slow and slow_limit:
                    due += claim(limit=slow_limit, among=slow)
        except StorageError:
            # The answer to the commit may have been lost: then they are ours, and nobody else's
            # until the lease ends. Those that are not are fenced; whoever has claimed one with
            # this very number meanwhile polls it once more.
            self.to_return.extend(due)
            raise
        return due

    def _return_all(self) -> None:
        """Give back the leases of polls whose end the store did not take."""
        while self.to_return:
            source = self.to_return[0]
            with suppress(FencedOut), self.storage.transaction() as tx:
                again = replace(source, next_poll_at=self.now() + AGAIN_SOON)
                tx.sources.record_polls([(again, {})])
            self.to_return.popleft()

    def wake(self) -> None:
        """Take in polls that wait for others, which take too long; let others have their turns."""
        self.hosts.let_others()
        self.take_in_what_waited()

    def take_in_what_waited(self) -> None:
        """Take in polls that wait for others, which take too long."""
        self.intake.wake(self._take_in)

    def end(self) -> None:
        """Take in what was polled and waits for polls that will not come home any more."""
        self.intake.wake(self._take_in, at_once=True)

    def next_due_in(self) -> timedelta | None:
        """Return how long until the next source is due that nobody polls; None if there is none.

        Not over 0 when one is due that could not be claimed.
        """
        now = self.now()
        with self.storage.reading() as tx:
            next_due_at = tx.sources.next_due(now=now, without=self.without)
        return None if next_due_at is None else next_due_at - now

    def _is_nothing_due(self) -> bool:
        """Look without claiming anything: nobody who writes is kept waiting."""
        wait = self.next_due_in()
        return wait is None or wait > timedelta(0)

    def look_again(self) -> int:
        """Make due what failed through us before: a new start may have mended it."""
        with self.storage.transaction() as tx:
            failed = tx.sources.failed()
            if not failed:
                return 0
            self._suspect(failed, tx.sources.all())
            ours = [source.id for source in failed if not source.failures]
            return tx.sources.excuse(ours, until=self.now())

    def _suspect(self, failed: Iterable[Source], sources: Iterable[Source]) -> None:
        """Tell which hosts were silent before this start, and whether others answered since."""
        read = (source.last_ok_at for source in sources if host_of(source))
        newest = max((at for at in read if at is not None), default=None)
        for source in failed:
            host, again = host_of(source), source.next_poll_at
            # What was ours was to be tried again soon after it was tried.
            since = newest and again and newest > again - AGAIN_SOON
            if host:
                self.reach.suspect(host, others_answered=bool(source.failures or since))

    def _put_off(self, sources: Sequence[Source]) -> None:
        """Let sources of a busy host wait their turn, each a little longer than the last."""
        try:
            with self.storage.transaction() as tx:
                wait = (SPACING * (1 + place) for place in range(1, len(sources) + 1))
                now = self.now()
                tx.sources.record_polls(
                    (replace(source, next_poll_at=now + each), {})
                    for source, each in zip(sources, wait, strict=True)
                )
        except FencedOut:
            # Somebody else has one of them by now; the others are put off all the same.
            if len(sources) > 1:
                for source in sources:
                    self._put_off([source])
        except StorageError:
            self.to_return.extend(sources)
            raise

    def put_back(self, source: Source) -> None:
        """Give back a source that was taken and cannot be polled now."""
        self.hosts.leave(host_of(source))
        try:
            self.intake.bring_nothing(self._take_in)
        finally:
            self._put_off([source])  # though what others bring cannot be taken in

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
                came = self._come_home(claimed[0])
                results.append(self._take_in([came])[0] if isinstance(came, Home) else came)
            elif source is not None:
                text = f"source {quoted(source.name)} is being polled by someone else right now"
                results.append(PollResult(source=source, error=text))
        return results

    def poll_claimed(self, source: Source, *, taken: Callable[[], None] = lambda: None) -> None:
        """Poll a source that `claim` returned, once.

        What it lists may be taken in by another thread, together with what others list.

        Args:
            taken: Called when it is polled, and this goes on with what others list.
        """
        with self.right_of_way.news():
            came: Home | PollResult | None = None
            try:
                came = self._come_home(source)
            finally:
                if not isinstance(came, Home):
                    self.intake.bring_nothing(self._take_in)
            if isinstance(came, Home):
                self.intake.bring(came, self._take_in, taken)

    def _come_home(self, source: Source) -> Home | PollResult:
        """Look at a source; return what it lists, or how that failed."""
        try:
            return self._polled(source, began_s=self.seconds())
        except StorageError:
            self.to_return.append(source)
            raise
        except EndingError as ending:
            # Nothing is written: after the next start it is polled as if it had not been.
            return PollResult(source=source, error=str(ending))

    def _polled(self, source: Source, *, began_s: float) -> Home | PollResult:
        host = host_of(source)
        try:
            try:
                polled = self._looked_at(source)
            finally:
                self.hosts.leave(host)
                self._note_pace(source, began_s)
            self.reach.answered(host)
            # Where a source was cut off before its first entry came whole, its title may be cut.
            if not source.baseline_done and (polled.entries or not polled.partial):
                source = self.titled(source, polled.title)
            enrichment = Enrichment(polled=polled)
            if self.enricher is not None and not polled.unchanged:
                read = as_read(source, polled)
                enrichment = self.enricher().enrich(read, polled, began_s=began_s)
            return Home(self._brought(source, enrichment, began_s), began_s)
        except (FetchError, ParseError) as error:
            return self._fail(source, str(error), error, began_s)
        except (StorageError, EndingError):
            raise
        except Exception as bug:
            return self._fail_by_bug(source, bug, began_s)

    def _looked_at(self, source: Source) -> Polled:
        with self.measures.timing(measures.POLL, source.kind) as span:
            polled = self.kinds[source.kind].poll(source, partial(self._memory, source.id))
        self.measures.observe(measures.PARSE, span.own_s, source.kind)
        return polled

    def _note_pace(self, source: Source, began_s: float) -> None:
        is_slow = self.seconds() - began_s > SLOW.total_seconds()
        (self.slow.add if is_slow else self.slow.discard)(source.id)

    def _began_at(self, began_s: float, *, now: datetime) -> datetime:
        """Return when a poll began, by the clock as it is now: it may have been set meanwhile."""
        return now - timedelta(seconds=self.seconds() - began_s)

    def _brought(self, source: Source, enrichment: Enrichment, began_s: float) -> Brought:
        polled = enrichment.polled
        tells_all = spec_of(source.kind).tells_all and not polled.unchanged
        chance = self.chance()

        def due_at(now: datetime) -> datetime:
            usual = next_poll_at(
                now=self._began_at(began_s, now=now),
                interval=source.every,
                server_asks=polled.server_asks,
                failures=0,
                jitter=chance,
                shortest=spec_of(source.kind).shortest,
            )
            if enrichment.again_after is None:
                return usual
            return min(usual, now + enrichment.again_after)

        return Brought(
            source=source,
            polled=polled,
            next_poll_at=due_at,
            may_alert=enrichment.may_alert,
            sightings=enrichment.sightings,
            lasting=frozenset(polled.notices) if tells_all else None,
        )

    def _take_in(self, homes: Sequence[Home]) -> list[PollResult]:
        """Take in polls, and tell of each what came of it.

        Raises:
            StorageError: The store did not take some of them; the others are taken in.
        """
        results: list[PollResult] = []
        trouble: StorageError | None = None
        taken = self.pipeline.take_in_all([home.brought for home in homes])
        for home, result in zip(homes, taken, strict=True):
            try:
                results.append(self._ended(home, result))
            except StorageError as error:
                self.to_return.append(home.brought.source)
                trouble = trouble or error
        if sum(home.brought.to_read for home in homes) >= MUCH:
            give_back()
        if trouble is not None:
            raise trouble
        return results

    def _ended(self, home: Home, taken: TakenIn | Exception) -> PollResult:
        source = home.brought.source
        if isinstance(taken, StorageError):
            raise taken
        if isinstance(taken, Exception):
            return self._fail_by_bug(source, taken, home.began_s)
        self.measures.count(measures.POLLS, source.kind, "ok")
        for text in taken.notices:
            log.info("noticed", extra={"source": source.name, "what": text})
        if taken.articles or taken.alerts:
            log.info(
                "took in articles",
                extra={"source": source.name, "new": taken.articles, "alerts": taken.alerts},
            )
        news, alerts = taken.articles, taken.alerts
        return PollResult(source=source, new_articles=news, alerts=alerts, notices=taken.notices)

    def _fail_by_bug(self, source: Source, bug: Exception, began_s: float) -> PollResult:
        """Fail a poll that trips over our own mistake, which must not stop the others."""
        log.error("bug while polling", extra={"source": source.name}, exc_info=bug)
        return self._fail(source, f"internal error: {type(bug).__name__}", bug, began_s)

    def _fail(self, source: Source, text: str, error: Exception, began_s: float) -> PollResult:
        judgement = self.reach.judge(error, host=host_of(source), source_id=source.id)
        with self.storage.transaction() as tx:
            failed = self._failed(source, text, error, judgement.fault, began_s)
            tx.sources.record_polls([(failed, {})])
            tx.sources.excuse(judgement.excused, until=self.now() + AGAIN_SOON)
            tell_if_lasting(self.notices, tx, failed, judgement.fault, now=self.now())
        gone = failed.state is SourceState.GONE
        self.measures.count(measures.POLLS, source.kind, judgement.fault.value)
        fault = None if judgement.fault is Fault.THEIRS else judgement.fault.value
        again = None if gone else failed.next_poll_at
        extra = {"source": source.name, "why": text, "fault": fault, "again": again}
        log.warning("a poll failed", extra=extra)
        return PollResult(source=source, error=text)

    def _failed(
        self, source: Source, text: str, error: Exception, fault: Fault, began_s: float
    ) -> Source:
        """Return the source as it stands after a failed poll: what was ours is not counted."""
        spec = spec_of(source.kind)
        failures = source.failures + (fault is Fault.THEIRS)
        is_backed_off = spec.is_remote and fault is Fault.THEIRS
        again = next_poll_at(
            now=self._began_at(began_s, now=self.now()),
            interval=source.every,
            server_asks=error.retry_after if isinstance(error, FetchError) else None,
            # Nobody is spared by looking less often at what lies on this machine.
            failures=failures if is_backed_off else 0,
            jitter=self.chance(),
            shortest=spec.shortest,
        )
        if fault is Fault.OUR_NETWORK:
            again = self.now() + AGAIN_SOON
        gone = isinstance(error, FetchError) and error.kind == "gone"
        return replace(
            source,
            state=SourceState.GONE if gone else source.state,
            next_poll_at=again,
            last_error=text,
            failures=failures,
        )

    def _memory(self, source_id: str) -> Mapping[str, str]:
        with self.storage.reading() as tx:
            return tx.sources.memory(source_id)
