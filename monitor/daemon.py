"""The daemon: APScheduler around the steps, signals, and a clean stop."""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

from apscheduler.schedulers.background import BackgroundScheduler

from monitor import clock, starter
from monitor.wiring import House
from monitor.workers import Crew, Lanes, guarded
from storage.model import DeliveryState

log = logging.getLogger(__name__)

STOP_SECONDS = 9.0
"""What is under way may take so long to end; a stop takes at most 10 s."""

CHECKPOINT_EVERY = timedelta(minutes=1)
ALIVE_EVERY = timedelta(seconds=15)

ANOTHER_DAEMON = 3
"""Exit code of a daemon whose home is taken."""


class HomeTaken(Exception):
    """Another daemon runs on this home."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for this daemon; the kernel frees it when the process dies, however.

    Raises:
        HomeTaken: Another daemon holds it.
    """
    path = home / "daemon.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "?"
            raise HomeTaken(f"a daemon already runs on {home} (process {pid})") from None
        _write_pid(file)
        yield


def _write_pid(file: IO[str]) -> None:
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


class Daemon:
    """Polls and delivers until it is told to stop.

    One tick a second asks the store which sources and channels are due; the store, not the
    scheduler, remembers when. So a restart, a long sleep or a jump of the clock costs at
    most one tick.
    """

    def __init__(self, house: House, *, starter_added: bool) -> None:
        self._house = house
        self._starter_added = starter_added
        self._stop = threading.Event()
        self._polls = Crew("poll", size=house.config.poll_threads)
        self._lanes = Lanes(house.courier.deliver_next, house.lane_width)
        self._dispatching = threading.Lock()
        house.when_owed(self._dispatch)

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; return the exit code."""
        self._on_signals()
        guarded(self._house.courier.reap)
        guarded(self._house.pipeline.catch_up)
        scheduler = self._scheduler()
        scheduler.start()
        log.info("started", extra={"home": self._house.config.home, "pid": os.getpid()})
        try:
            self._wait()
        finally:
            scheduler.shutdown(wait=False)
            self._finish()
        return 0

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC,
            # A late job always runs, once: the default would drop it after one second.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        jobs: list[tuple[Callable[[], object], timedelta]] = [
            (self._poll_due, timedelta(seconds=1)),
            (self._dispatch, timedelta(seconds=1)),
            (self._house.courier.reap, timedelta(seconds=1)),
            (self._house.pipeline.catch_up, timedelta(seconds=1)),
            (self._house.courier.keep_alive, ALIVE_EVERY),
            (self._house.storage.tidy, CHECKPOINT_EVERY),
        ]
        for step, every in jobs:
            scheduler.add_job(
                partial(guarded, step),
                "interval",
                seconds=every.total_seconds(),
                # At once, not after the first interval: a restart must not cost a second.
                next_run_time=clock.now(),
            )
        return scheduler

    def _poll_due(self) -> None:
        if self._stop.is_set() or not self._polls.free:
            return
        for source in self._house.poller.claim(limit=self._polls.free):
            self._polls.run(partial(self._house.poller.poll_claimed, source))

    def _dispatch(self) -> None:
        """Give every channel that owes something its threads; called each second and at once."""
        if self._stop.is_set() or not self._dispatching.acquire(blocking=False):
            return
        try:
            with self._house.storage.reading() as tx:
                due = tx.outbox.due_channels(now=self._house.now())
            for channel_id in due:
                self._lanes.serve(channel_id)
        finally:
            self._dispatching.release()

    def _wait(self) -> None:
        while not self._stop.wait(0.2):
            if self._starter_added and self._first_alert_is_out():
                self._starter_added = False
                starter.say_what_next(self._house)

    def _first_alert_is_out(self) -> bool:
        with self._house.storage.reading() as tx:
            counts = tx.outbox.counts()
        busy = counts[DeliveryState.PENDING] + counts[DeliveryState.LEASED]
        return counts[DeliveryState.DELIVERED] > 0 and busy == 0

    def _on_signals(self) -> None:
        def stop(number: int, _: FrameType | None) -> None:
            if self._stop.is_set():
                # Asked twice: go at once. Nothing is lost; claims are taken back at the next start.
                os._exit(128 + number)
            self._stop.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _finish(self) -> None:
        """End what is under way, within bounds, and give leases back."""
        until = time.monotonic() + STOP_SECONDS
        delivered = self._lanes.close(seconds=STOP_SECONDS)
        polled = self._polls.wait(seconds=max(0.0, min(2.0, until - time.monotonic())))
        guarded(self._give_back)
        log.info("stopped", extra={"clean": delivered and polled})

    def _give_back(self) -> None:
        house = self._house
        with house.storage.transaction() as tx:
            tx.sources.release([house.owner], now=house.now())


def run_once(house: House, *, starter_added: bool) -> int:
    """Poll what is due, the seed folder first, deliver what is due, and return the exit code."""
    house.courier.reap()
    house.pipeline.catch_up()
    lanes = Lanes(house.courier.deliver_next, house.lane_width)
    crew = Crew("poll", size=house.config.poll_threads)
    while True:
        claimed = house.poller.claim(limit=house.config.poll_threads)
        for source in claimed:
            crew.run(partial(house.poller.poll_claimed, source))
        crew.wait(seconds=600)
        if not claimed:
            break
    while True:
        with house.storage.reading() as tx:
            due = tx.outbox.due_channels(now=house.now())
        if not due:
            break
        for channel_id in due:
            lanes.serve(channel_id)
        lanes.drain(seconds=600)
    if starter_added:
        starter.say_what_next(house)
    return 0


def run(house: House, *, once: bool, starter_wanted: bool) -> int:
    """Run the daemon on this house, or one round of it; return the exit code.

    Raises:
        HomeTaken: Another daemon runs on this home.
    """
    with home_lock(house.config.home), house.storage.hold_owner(house.owner):
        added = starter.prepare(house, starter=starter_wanted)
        if once:
            return run_once(house, starter_added=added)
        return Daemon(house, starter_added=added).run()
