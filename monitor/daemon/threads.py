"""Threads that run the steps: a fixed crew for polls, and a few a channel for deliveries."""

import logging
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from monitor.base import clock
from monitor.base.memory import let_memory_go
from monitor.base.store_trouble import STORE
from storage.api.errors import FencedOut, StorageError

log = logging.getLogger("monitor.workers")

STACK_BYTES = 2 * 1024 * 1024


SLOW_S = 1.0
"""What runs for longer is slow: others of the crew no longer wait for it."""

_QUICKEST = 4
_SHORT_S = 0.1

SIDE_BY_SIDE = 64
"""Below so many threads for deliveries a channel may have several; above, one."""

MOST_DELIVERING = 200
"""So many threads deliver at most; each has a connection. Who finds none waits for a second."""


class _Task(NamedTuple):
    run: Callable[[], object]
    key: str


class ThreadCrew:
    """Runs tasks in threads that do not keep the process alive.

    `concurrent.futures` joins its threads at exit; a poll that hangs in the network would
    then hold up a clean stop for a minute.

    Args:
        size: How many tasks may run at once.
        spare: How many more, as long as so many of them are slow: who is quick does not wait for
            them.
        ahead: How many more may wait for a thread, so that none has to look for its next task;
            while tasks are quick as many as end in a second, up to four times as many.
    """

    def __init__(
        self,
        name: str,
        *,
        size: int,
        spare: int = 0,
        ahead: int = 0,
        seconds: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._name = name
        self._size = size
        self._spare = spare
        self._ahead = ahead
        self._seconds = seconds
        self._lock = threading.RLock()
        # Two: who waits until all is done is not to be woken by each that ends.
        self._room = threading.Condition(self._lock)
        self._idle = threading.Condition(self._lock)
        self._slow_from: dict[str, float] = {}
        self._waiting: dict[str, _Task] = {}
        self._going_on: dict[int, str] = {}
        self._busy_from_s = 0.0
        self._ended = 0

    @property
    def free(self) -> int:
        """How many tasks may be given now: to begin, or to wait for a thread."""
        with self._lock:
            self._begin_waiting()
            return self._free() + max(0, self._most_ahead() - len(self._waiting))

    @property
    def free_for_slow(self) -> int:
        """How many tasks that are known to be slow could begin now."""
        with self._lock:
            return max(0, self._spare - self._slow())

    def _free(self) -> int:
        slow = min(self._slow(), self._spare)
        return max(0, self._size - (len(self._slow_from) - slow))

    def _slow(self) -> int:
        now = self._seconds()
        return sum(at <= now for at in self._slow_from.values())

    def _most_ahead(self) -> int:
        """Return how many may wait now: what waits is begun in about a second, if it is many."""
        if self._is_idle():
            return self._ahead
        busy_s = max(_SHORT_S, self._seconds() - self._busy_from_s)
        return max(self._ahead, min(_QUICKEST * self._ahead, int(self._ended / busy_s)))

    def run(self, task: Callable[[], object], *, key: str, is_slow: bool = False) -> bool:
        """Begin a task in a thread, or have it wait for one; the caller has asked for room before.

        Args:
            key: While a task runs or waits, no other is taken under the same key; False then.
            is_slow: It is known to be so, and does not wait.

        Raises:
            RuntimeError: The system gives no more threads; the task has not begun.
        """
        with self._lock:
            if key in self._slow_from or key in self._waiting:
                return False
            if self._is_idle():
                self._busy_from_s, self._ended = self._seconds(), 0
            if not is_slow and self._ahead and not self._free():
                self._waiting[key] = _Task(task, key)
                return True
            self._slow_from[key] = self._seconds() + (0.0 if is_slow else SLOW_S)
        self._start(_Task(task, key))
        return True

    def _start(self, task: _Task) -> None:
        try:
            work = threading.Thread(target=self._work, args=(task,), name=self._name, daemon=True)
            work.start()
        except RuntimeError:  # no more threads to be had
            with self._lock:
                # No more than that: what waits is taken up only by who has a thread for it.
                del self._slow_from[task.key]
                self._tell()
            raise

    def _work(self, task: _Task) -> None:
        following: _Task | None = task
        while following is not None:
            try:
                guarded(following.run)
            finally:
                following = self._end(following.key)

    def let_go(self, key: str) -> None:
        """Take others under the key of the task that calls this: it goes on with other work."""
        thread = threading.get_ident()
        with self._lock:
            slow_from = self._slow_from.pop(key, None)
            if slow_from is not None:
                self._going_on[thread] = f"{key} goes on in {thread}"
                self._slow_from[self._going_on[thread]] = slow_from
                self._room.notify_all()

    def _end(self, key: str) -> _Task | None:
        """End a task; return the next one, which its thread must run, if one may begin."""
        with self._lock:
            self._slow_from.pop(self._going_on.pop(threading.get_ident(), key), None)
            self._ended += 1
            following = self._next()
            self._tell()
            return following

    def _tell(self) -> None:
        """Tell those who wait for it that there is room, or nothing under way."""
        if self._has_room():
            self._room.notify_all()
        if self._is_idle():
            self._idle.notify_all()

    def _next(self) -> _Task | None:
        if not self._waiting or not self._free():
            return None
        task = self._waiting.pop(next(iter(self._waiting)))
        self._slow_from[task.key] = self._seconds() + SLOW_S
        return task

    def _begin_waiting(self) -> None:
        """Begin what waits behind tasks that have turned out to be slow."""
        while (task := self._next()) is not None:
            try:
                self._start(task)
            except RuntimeError:
                self._waiting = {task.key: task, **self._waiting}
                return

    def wait_for_room(self, *, seconds: float) -> bool:
        """Wait until there is room for several tasks; False if there was none within `seconds`."""
        with self._room:
            return self._room.wait_for(self._has_room, timeout=seconds)

    def _has_room(self) -> bool:
        if not self._ahead:
            return self._free() > 0
        return len(self._waiting) <= self._most_ahead() // 2

    def wait(self, *, seconds: float) -> bool:
        """Wait until nothing runs or waits; False if something still does after `seconds`."""
        with self._idle:
            return self._idle.wait_for(self._is_idle, timeout=seconds)

    def _is_idle(self) -> bool:
        return not self._slow_from and not self._waiting

    def close(self, *, seconds: float) -> bool:
        """Drop what has not begun, and wait until nothing runs; False if something still does."""
        with self._lock:
            self._waiting.clear()
            self._ahead = 0
        return self.wait(seconds=seconds)


class ChannelWorkers:
    """Delivers each channel in threads of its own, so that none waits for another.

    Args:
        step: Delivers for a while; tells whether more may be due (`Courier.deliver_due`).
        width: How many of a channel may be under way now; may ask the store (`Courier.width`).
    """

    def __init__(self, step: Callable[[str], bool], width: Callable[[str], int]) -> None:
        self._step = step
        self._width = width
        self._lock = threading.Condition()
        self._open: dict[str, int] = {}
        self._asked_again: set[str] = set()
        self._closing = False

    def serve(self, channel_id: str) -> None:
        """Make sure that as many threads work on the channel as it may have."""
        # Asked before the lock is taken: it may ask the store, and who ends needs the lock.
        width = self._width(channel_id)
        with self._lock:
            room = self._room(channel_id, width)
            if self._closing or room <= 0:
                # Its threads may have looked for the last time before this became due.
                self._asked_again.add(channel_id)
                return
            self._open[channel_id] = self._open.get(channel_id, 0) + room
        for begun in range(room):
            try:
                threading.Thread(
                    target=self._work, args=(channel_id,), name="deliver", daemon=True
                ).start()
            except RuntimeError as error:  # no more threads to be had: the next tick tries again
                log.warning("cannot deliver side by side", extra={"why": str(error)})
                self._leave(channel_id, room - begun)
                return

    def _room(self, channel_id: str, width: int) -> int:
        """Return how many more threads a channel may have: one before any has several."""
        mine, all_ = self._open.get(channel_id, 0), sum(self._open.values())
        first = int(not mine and all_ < MOST_DELIVERING)
        return min(width - mine, max(first, SIDE_BY_SIDE - all_))

    def _work(self, channel_id: str) -> None:
        guarded(lambda: self._until_empty(channel_id))
        while not self._leave(channel_id, 1, unless_asked=True):
            guarded(lambda: self._until_empty(channel_id))

    def _leave(self, channel_id: str, count: int, *, unless_asked: bool = False) -> bool:
        with self._lock:
            if unless_asked and channel_id in self._asked_again and not self._closing:
                self._asked_again.discard(channel_id)
                return False
            self._open[channel_id] -= count
            if not self._open[channel_id]:
                del self._open[channel_id]
                self._asked_again.discard(channel_id)
            self._lock.notify_all()
            return True

    def _until_empty(self, channel_id: str) -> None:
        while not self._closing and self._step(channel_id):
            pass

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        with self._lock:
            return not self._open

    def close(self, *, seconds: float) -> bool:
        """Begin nothing new; wait for what is under way. False if something still is."""
        with self._lock:
            self._closing = True
            return self._lock.wait_for(lambda: not self._open, timeout=seconds)

    def drain(self, *, seconds: float) -> bool:
        """Wait until nothing is under way; False if something still is after `seconds`."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._open, timeout=seconds)


def reserve_little() -> None:
    """Have threads and the allocator reserve little; call it before the first thread begins.

    By default each thread reserves 8 MiB for its stack and 64 MiB or more to allocate from, of
    which it uses little: with 20 channels more than a process may have where that is bounded.
    """
    threading.stack_size(STACK_BYTES)
    let_memory_go()


def guarded(task: Callable[[], object]) -> None:
    """Run a step of the daemon; whatever goes wrong is logged and the daemon goes on."""
    try:
        task()
    except FencedOut as late:
        log.warning("too late", extra={"why": str(late)})  # the store is well
    except StorageError as trouble:
        if STORE.failed(str(trouble)):
            log.error("the store cannot be used now", extra={"why": str(trouble)})
        time.sleep(1)  # so that a broken store does not make a busy loop
    except MemoryError:
        log.error("there is not enough memory; give this process more")  # no bug
        time.sleep(1)
    except Exception:
        # The loops of the daemon outlive our own mistakes; each is logged whole.
        log.exception("bug in a step of the daemon")
