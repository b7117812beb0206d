"""The victims of `bench.kills`: a daemon, and workers beside it, in processes that are killed."""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from bench.base import sink
from monitor.app import App
from monitor.archive import pruning
from monitor.base import clock
from monitor.config.home_lock import home_lock
from monitor.config.load import Config
from monitor.daemon import start
from monitor.daemon.logs import start_logging
from monitor.delivery.courier import Courier
from monitor.net.politeness import SharedTurns
from storage.api.outbox import Finish
from storage.model import Delivery, DeliveryState

FORK = multiprocessing.get_context("fork")

BUSY_SHARE, LONGER = 0.5, 5.0
"""A life goes on until it has had this share of its time of a processor, at most so much longer."""

STORIES_AT_ONCE = 5
"""So few are pruned in one transaction that a life's pruning takes about as long as the life."""


class Forgetful(Courier):
    """A control: marks a delivery as sent, then sends it."""

    def _send(self, delivery: Delivery, *ready: Any, thread: str) -> Any:
        with self.storage.transaction() as tx:
            done = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=self.now())
            tx.outbox.finish(delivery, done)
        return super()._send(delivery, *ready, thread=thread)


class RandomId(Courier):
    """A control: every attempt has an id of its own."""

    def _send(self, delivery: Delivery, *ready: Any, thread: str) -> Any:
        renamed = replace(delivery, id=f"msg_{random.random()}")
        return super()._send(renamed, *ready, thread=thread)


class Rude(Courier):
    """A control: asks hosts as if no other process did."""


DESIGNS: dict[str, type[Courier]] = {
    "rude": Rude,
    "ours": Courier,
    "forgetful": Forgetful,
    "random-id": RandomId,
}


def live(config: Config, design: type[Courier], shift: timedelta, *, is_worker: bool) -> None:
    """Be the daemon, or a worker beside it, until killed."""
    log_file = open(config.home / "daemon.log", "a")  # noqa: SIM115
    sys.stdout = sys.stderr = log_file
    start_logging(level="info", form="text")
    pruning.STORIES_AT_ONCE = STORIES_AT_ONCE

    def now() -> datetime:
        return clock.now() + shift

    if is_worker:  # as `monitor worker` does
        config = replace(config, canary_every=timedelta(0), keep_articles=None, keep_size=None)
        with App.open(config, now=now, daemon=True) as app:
            start.work(of_design(app, design))
        return
    with home_lock(config.home), App.open(config, now=now, daemon=True) as app:
        start.run(of_design(app, design), once=False, starter_wanted=False)


def of_design(app: App, design: type[Courier]) -> App:
    """Return the app, which delivers in this design from now on."""
    if design is Rude:
        SharedTurns.enter = lambda self, host: self._own.enter(host)  # type: ignore[method-assign]
        SharedTurns.leave = (  # type: ignore[method-assign]
            lambda self, host, *, asked=True: self._own.leave(host, asked=asked) if host else None
        )
    if design is not Courier:
        ours = app.sending.courier
        given = {each.name: getattr(ours, each.name) for each in fields(ours) if each.init}
        app.sending.__dict__["courier"] = design(**given)
    return app


def with_app(
    config: Config, task: Callable[[App], object], *, shift: timedelta = timedelta(0)
) -> None:
    """Run a task on the store in a process of its own, so that the parent never opens it."""
    child = FORK.Process(target=_do, args=(config, task, shift))
    child.start()
    try:
        child.join()
    finally:
        _end(child)  # whoever is told to end removes the folder that it works in
    if child.exitcode != 0:
        raise SystemExit(f"the harness could not use the store: exit code {child.exitcode}")


def _do(config: Config, task: Callable[[App], object], shift: timedelta) -> None:
    with App.open(config, now=lambda: clock.now() + shift) as app:
        task(app)


@contextmanager
def meanwhile(config: Config, task: Callable[[App], object]) -> Iterator[None]:
    """Do something with the store, in a process of its own, for as long as the block takes."""
    child = FORK.Process(target=_do, args=(config, task, timedelta(0)))
    child.start()
    try:
        yield
    finally:
        _end(child)


def _end(child: Any) -> None:
    """Let a child be no more, whatever it does; one that has ended stays as it is."""
    child.kill()
    child.join()


def asked(config: Config, question: Callable[[App], Any]) -> Any:
    """Return what a function says of the store, asked in a process of its own."""
    here, there = FORK.Pipe()

    def answer(app: App) -> None:
        there.send(question(app))

    child = FORK.Process(target=_do, args=(config, answer, timedelta(0)))
    child.start()
    there.close()
    try:
        said = here.recv()  # before it has ended: a long answer waits for whoever takes it
        child.join()
        return said
    except EOFError:
        raise SystemExit("the harness could not ask the store") from None
    finally:
        _end(child)


@dataclass(slots=True)
class Victims:
    """The processes that are alive: the first is the daemon, the others are workers."""

    config: Config
    design: type[Courier]
    count: int
    alive: dict[int, Any] = field(default_factory=dict)

    def start(self, shift: timedelta) -> None:
        """Start those that are not there."""
        for place in range(self.count):
            if place not in self.alive:
                process = FORK.Process(
                    target=live,
                    args=(self.config, self.design, shift),
                    kwargs={"is_worker": place > 0},
                )
                process.start()
                self.alive[place] = process

    def kill(self, place: int, seconds: float) -> None:
        """Kill one when it has lived for so long more, and worked for its share of that."""
        victim = self.alive.pop(place)
        began, worked = time.monotonic(), sink.tree_cpu(victim.pid)
        while (lived := time.monotonic() - began) < seconds or (
            # On a busy machine it has not come as far by then; of several, some find no work.
            self.count == 1
            and lived < LONGER * seconds
            and sink.tree_cpu(victim.pid) - worked < BUSY_SHARE * seconds
        ):
            time.sleep(0.005)
        if victim.exitcode is not None:
            raise SystemExit(f"one ended by itself with {victim.exitcode}: see daemon.log (--home)")
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()

    def kill_all(self) -> None:
        """Kill all at the same time."""
        for victim in self.alive.values():
            os.kill(victim.pid, signal.SIGKILL)
        for victim in self.alive.values():
            victim.join()
        self.alive.clear()

    def stop(self) -> None:
        """Let all end in peace."""
        for victim in self.alive.values():
            os.kill(victim.pid, signal.SIGTERM)
        for victim in self.alive.values():
            victim.join(15)
        self.alive.clear()
