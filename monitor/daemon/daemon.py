"""The daemon: APScheduler around the steps, signals, and a clean stop."""

import logging
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from monitor.app import App
from monitor.base import clock
from monitor.base.store_trouble import STORE
from monitor.daemon import clockwatch, starter
from monitor.daemon.clockwatch import ClockWatch
from monitor.daemon.dispatch import Dispatcher
from monitor.daemon.local import ALIVE_EVERY, give_back, local_threads
from monitor.daemon.long_work import LongWork, renew_variants
from monitor.daemon.once import run_once
from monitor.daemon.page import page
from monitor.daemon.polling import poll_until_next
from monitor.daemon.steps import Steps
from monitor.daemon.supervision import Supervision
from monitor.daemon.threads import ChannelWorkers, guarded
from monitor.daemon.waking import Wakeup
from monitor.delivery import waits
from storage.api.errors import StoreLost
from storage.model import DeliveryState

if TYPE_CHECKING:
    from apscheduler.job import Job
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger("monitor.daemon")

STOP_SECONDS = 7.5
"""What is being sent may take so long to end."""

STEPS_SECONDS = 1.0
"""So long a step after that, of the same time."""

LOOK_SECONDS = 0.02
"""So often the main thread looks whether anybody has written, which takes 50 microseconds."""
CLOCKS_EVERY = 10

TICK = timedelta(seconds=1)

CHECKPOINT_EVERY = timedelta(minutes=1)
CHECK_EVERY = timedelta(seconds=2)
TELL_EVERY = timedelta(minutes=1)
WARM_AFTER = timedelta(milliseconds=300)
"""What a former start has left is polled and delivered first."""
WARM_FOR = timedelta(minutes=1)
"""Long work waits so long for it at most."""


class Daemon:
    """Polls and delivers until it is told to stop.

    One tick a second asks the store which sources and channels are due, and sources are asked for
    when the next one is; the store, not the scheduler, remembers when. So a restart or a long
    sleep costs at most one tick; what a jump of the clock does is in `monitor.daemon.clockwatch`.
    """

    def __init__(
        self,
        app: App,
        dispatcher: Dispatcher,
        *,
        stop: threading.Event,
        starter_added: bool,
        page_url: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._app = app
        self._page_url = page_url
        self._starter_added = starter_added
        self._stop = stop
        self._steps = Steps()
        self._lost: StoreLost | None = None
        self._polling: Wakeup | None = None
        self._mark: object = None
        self._dispatcher = dispatcher
        self._dispatching = threading.Lock()
        self._owing = threading.Event()
        self._claiming = threading.Lock()
        self._due = threading.Event()
        self._clockwatch = ClockWatch()
        self._supervision = Supervision(os.environ)
        self._storewatch = ClockWatch(app.now)
        app.when_owed(self._dispatch)

    def run(self) -> int:
        """Run until told to stop; return the exit code.

        Raises:
            StoreLost: Another store lies where ours was, or a newer program has migrated it.
        """
        guarded(partial(clockwatch.check, self._app))
        # Before anybody looks for what is due: a restart must not cost a second.
        guarded(self._app.sending.courier.reap)
        guarded(self._app.looking.poller.look_again)
        scheduler = self._scheduler()
        scheduler.start()
        self._supervision.ready()
        log.info("started", extra={"home": self._app.config.home, "pid": os.getpid()})
        try:
            for look in count():
                if self._stop.wait(LOOK_SECONDS):
                    break
                guarded(self._look_for_writes)
                self._supervision.watch()
                if look % CLOCKS_EVERY == 0:
                    guarded(partial(self._look_at_clocks, scheduler))
        finally:
            scheduler.shutdown(wait=False)
            self._finish()
        if self._lost is not None:
            raise self._lost
        return 0

    def _scheduler(self) -> "BackgroundScheduler":
        from apscheduler.schedulers.background import BackgroundScheduler  # one round needs none

        scheduler = BackgroundScheduler(
            timezone=UTC,
            # A late job always runs, once: the default would drop it after one second.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        jobs: list[tuple[Callable[[], object], timedelta]] = [
            (self._take_back, TICK),
            (self._poll_due, TICK),
            (self._dispatch, TICK),
            (self._catch_up, TICK),
            (self._make_digests, TICK),
            (self._app.sending.expiry.tell, TELL_EVERY),
            # So soon that the next article seldom waits until new rules are compiled.
            (self._app.rulesets.prepare, TICK),
            (self._app.sending.courier.keep_alive, ALIVE_EVERY),
            (self._app.storage.tidy, CHECKPOINT_EVERY),
            (self._check_store, CHECK_EVERY),
            (self._app.end_idle, CHECK_EVERY),
            (partial(clockwatch.note, self._app), CHECKPOINT_EVERY),
        ]
        if self._starter_added:
            jobs.append((self._greet, TICK))
        if every_canary := self._app.config.canary_every:
            jobs.append((self._app.sending.canary.sing, every_canary))
        for step, every in jobs:
            job = scheduler.add_job(
                partial(self._steps.take, step),
                "interval",
                seconds=every.total_seconds(),
                # At once, not after the first interval: a restart must not cost a second.
                next_run_time=clock.now(),
            )
            if step == self._poll_due:
                # Two: one that is about to end must not swallow the call for what is due now.
                self._polling = Wakeup(job.modify(max_instances=2))
        waiting = [
            scheduler.add_job(
                partial(self._steps.take, step),
                "interval",
                seconds=every.total_seconds(),
                next_run_time=clock.now() + WARM_FOR,
            )
            for step, every in LongWork(self._app, self._stop).steps()
        ]
        warming = partial(self._warm_up, waiting)
        scheduler.add_job(warming, "date", run_date=clock.now() + WARM_AFTER)
        return scheduler

    def _warm_up(self, waiting: "Iterable[Job]") -> None:
        """Have ready what the next article needs; what takes long, and nobody waits for, begins
        after it."""
        from apscheduler.jobstores.base import JobLookupError

        from monitor.daemon.warming import warm_up

        self._steps.take(partial(warm_up, self._app))
        for job in waiting:
            with suppress(JobLookupError):  # we are stopping
                job.modify(next_run_time=clock.now())

    def _check_store(self) -> None:
        """End when the store is not ours any more: nobody would see what is written to it.

        Of one that failed say that it can be used again.
        """
        try:
            self._app.storage.check()
        except StoreLost as lost:
            log.error("stopping", extra={"why": str(lost)})
            self._lost = lost
            self._stop.set()
        if (seconds := STORE.recovered()) is not None:
            log.info("the store can be used again", extra={"after_s": round(seconds)})

    def _look_at_clocks(self, scheduler: "BackgroundScheduler") -> None:
        """Let no stored instant, and no job, wait for a time that a clock has left."""
        jump, of_store = self._clockwatch.jump(), self._storewatch.jump()
        shared = self._app.storage.shared_clock_step()
        if jump:
            log.warning("the clock has jumped", extra={"seconds": round(jump.total_seconds())})
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock.now())
            self._app.storage.clock_jumped(jump)
            self._storewatch.jump()
            clockwatch.note(self._app)
        if shared is not None:
            seconds = round(shared.total_seconds())
            log.warning("the clock of the store has jumped", extra={"seconds": seconds})
            if not self._app.storage.shared_clock_jumped(shared) and shared < timedelta(0):
                # Another host has moved what was stored then, not what we have stored since.
                clockwatch.mend(self._app, waits.OWN)
            self._storewatch.jump()
            clockwatch.note(self._app)
        elif not jump and of_store is not None and of_store < timedelta(0):
            # It could not be followed in time.
            seconds = round(of_store.total_seconds())
            log.warning("the clock of the store has jumped", extra={"seconds": seconds})
            clockwatch.mend(self._app, waits.OWN)

    def _take_back(self) -> None:
        """Take back what the dead had claimed, and go on with it at once."""
        if self._app.sending.courier.reap():
            self._dispatch()
            self._poll_in(timedelta(0))

    def _poll_due(self) -> None:
        """Begin polls as threads become free, until nothing more is due that may be polled.

        Called each second, because others may make sources due, and when the next one is.
        """
        self._due.set()
        # Looked at again after the lock is free: who came in between has relied on us.
        while self._due.is_set() and self._claiming.acquire(blocking=False):
            try:
                self._due.clear()
                wait = poll_until_next(
                    self._app.looking.poller, self._dispatcher, self._stop.is_set
                )
            finally:
                self._claiming.release()
            if wait is not None and wait > timedelta(0):
                self._poll_in(wait)

    def _poll_in(self, wait: timedelta) -> None:
        if self._polling is not None:
            self._polling.within(wait)

    def _look_for_writes(self) -> None:
        """Poll at once what somebody else, or a poll of ours, has made due."""
        mark = self._app.storage.mark()
        if mark != self._mark:
            self._mark = mark
            wait = self._app.looking.poller.next_due_in()
            if wait is not None:
                self._poll_in(wait)

    def _dispatch(self) -> None:
        """Give every channel that owes something its threads; called each second and at once."""
        self._supervision.beat()
        self._owing.set()
        # Looked at again after the lock is free: who came in between has relied on us.
        while self._owing.is_set() and self._dispatching.acquire(blocking=False):
            try:
                self._owing.clear()
                if not self._stop.is_set():
                    with self._app.right_of_way.news():
                        for channel_id in self._app.sending.courier.due():
                            self._dispatcher.deliver(channel_id)
            finally:
                self._dispatching.release()

    def _catch_up(self) -> None:
        if not self._stop.is_set():
            self._app.pipeline.catch_up(self._stop.is_set)

    def _make_digests(self) -> None:
        """Tell what was held back and is due now."""
        if not self._stop.is_set() and self._app.sending.digests.make_due():
            self._dispatch()

    def _greet(self) -> None:
        """Say how to go on, once the first alerts are out or there is nothing to alert about."""
        if not self._starter_added:
            return
        with self._app.storage.reading() as tx:
            counts = tx.outbox.counts()
            looked = all(source.last_ok_at or source.last_error for source in tx.sources.all())
        busy = counts[DeliveryState.PENDING] + counts[DeliveryState.LEASED]
        if looked and not busy:
            self._starter_added = False
            has_alerts = counts[DeliveryState.DELIVERED] > 0
            starter.say_what_next(self._app, has_alerts=has_alerts, page=self._page_url())

    def _finish(self) -> None:
        """End what is under way, within bounds, and give leases back."""
        self._supervision.stopping()
        until = clock.monotonic() + STOP_SECONDS
        clean = self._dispatcher.close(seconds=STOP_SECONDS, seconds_for_polls=2.0)
        # A step would claim anew what is given back, and miss the store once it is closed.
        left = max(0.0, min(STEPS_SECONDS, until - clock.monotonic()))
        clean = self._steps.close(seconds=left) and clean
        guarded(partial(give_back, self._app))
        log.info("stopped", extra={"clean": clean})


def run(
    app: App,
    *,
    stop: threading.Event | None,
    starter_wanted: bool,
    workers: ChannelWorkers | None,
) -> int:
    """Run the daemon on this app, or one round of it; return the exit code.

    Args:
        stop: Set when it is to end; None for one round.
        workers: What delivers already.
    """
    added = starter.prepare(app, starter=starter_wanted)
    guarded(app.sending.collect_secrets)
    if added or stop is None:
        renew_variants(app, at_once=True)
    if stop is None:
        code = run_once(app, starter_added=added)
        # After the alerts, which must not wait for it: installed dictionaries take a while.
        renew_variants(app)
        return code
    with page(app) as page_url:
        threads = local_threads(app, workers=workers)
        daemon = Daemon(app, threads, stop=stop, starter_added=added, page_url=page_url)
        return daemon.run()


def work(app: App, workers: ChannelWorkers, *, stop: threading.Event) -> int:
    """Poll and deliver until told to stop, and leave to the daemon what one alone does."""
    threads = local_threads(app, workers=workers)
    return Daemon(app, threads, stop=stop, starter_added=False).run()
