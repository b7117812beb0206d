"""A process of its own for parsers: what hangs, crashes or eats memory costs one document.

Parsers of other people's documents cannot be stopped from outside while they run in a thread.
So they run in a child that limits itself (processor time, memory, files) and that is started anew
when it has died. Parent and child speak over two pipes, JSON and raw bytes, never pickles: what
comes back from a process that has read the document is text from outside, too.
"""

import contextlib
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import IO, Any

from common.records import dataclass
from ingester.entry import EndingError

LONGEST_REPLY = 64 << 20
_START = (
    "import sys; sys.path[:] = {path!r}; "
    "from ingester.sandbox.child import main; main({tasks!r}, {seconds!r}, {memory!r})"
)
_KEPT_OF_THE_ENVIRONMENT = ("LANG", "LC_ALL", "LC_CTYPE", "PATH", "SYSTEMROOT", "TZ")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""numpy, which a language detector brings along, would reserve memory for each core there is."""

_PIECE = 1 << 16
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one document may cost.

    Attributes:
        processor: Time on the processor; the child is killed by the kernel after it.
        wall: Time on the clock, for what waits instead of working.
        memory_bytes: Of the child as a whole. Not kept on macOS, whose kernel does not.
    """

    processor: timedelta = timedelta(seconds=10)
    wall: timedelta = timedelta(seconds=40)
    memory_bytes: int = 512 << 20


class WorkFailedError(Exception):
    """The work could not be done; the text says why, in a few words without a full stop."""


class BoundedWork:
    """Does work in one child process, one piece at a time. Safe to use from many threads.

    The child is started at the first piece of work and ends with this process, however that ends:
    it reads to the end of a pipe that only this process holds.
    """

    def __init__(
        self, bounds: Bounds | None = None, *, tasks: str = "ingester.sandbox.tasks"
    ) -> None:
        """Start nothing yet.

        Args:
            tasks: The module whose `TASKS` the child does: name → function of request and body.
        """
        self._bounds = bounds or Bounds()
        self._tasks = tasks
        self._turn = threading.Lock()
        self._ending = threading.Lock()  # a child is begun before the end or not at all
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    def do(self, task: str, request: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """Have a task done; return what it answers.

        Raises:
            WorkFailedError: It went over a bound or crashed, or the child cannot be started.
            EndingError: `close` came before, or meanwhile.
        """
        head = json.dumps({"task": task, **request}).encode()
        message = struct.pack(">II", len(head), len(body)) + head + body
        with self._turn:
            # A child that has ended by itself between two pieces of work is no failure.
            for _ in range(2):
                child = self._running()
                reply = self._exchange(child, message)
                if reply:
                    return self._answer(reply)
                if self._closed:
                    self._give_up(child)
                    raise EndingError
                if (ended := self._end_of(child)) != 0:
                    break
            raise WorkFailedError(self._why(ended))

    def close(self) -> None:
        """End the child, whatever it does; work that is under way comes to nothing."""
        with self._ending:
            self._closed = True
            child = self._child
        if child is None:
            return
        with contextlib.suppress(OSError):
            child.kill()
        # Whoever waits for it sees its end and tidies up; its pipes must not close under them.
        if self._turn.acquire(timeout=_PATIENCE_S):
            try:
                self._give_up(child)
            finally:
                self._turn.release()

    def _running(self) -> "subprocess.Popen[bytes]":
        child = self._child
        if child is not None and child.poll() is None:
            return child
        if child is not None:
            self._give_up(child)
        with self._ending:
            # Asked while nobody can end it: a child that is begun after the end is never ended.
            if self._closed:
                raise EndingError
            self._child = self._started()
            return self._child

    def _started(self) -> "subprocess.Popen[bytes]":
        code = _START.format(
            path=[os.path.abspath(folder) for folder in sys.path],
            tasks=self._tasks,
            seconds=int(self._bounds.processor.total_seconds()),
            memory=self._bounds.memory_bytes,
        )
        environment = {
            name: os.environ[name] for name in _KEPT_OF_THE_ENVIRONMENT if name in os.environ
        }
        try:
            # Not a fork of this process, whose threads may hold any lock; and no secrets go along.
            child = subprocess.Popen(  # noqa: S603  # our own interpreter and our own code
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment | _ONE_THREAD,
                cwd="/",
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for the parent
            )
        except (OSError, ValueError) as error:
            raise WorkFailedError(f"the parser's process cannot be started: {error}") from None
        for pipe in (child.stdin, child.stdout):
            os.set_blocking(_fd(pipe), False)
        return child

    def _exchange(self, child: "subprocess.Popen[bytes]", message: bytes) -> bytes:
        """Send all, and return the whole reply, or b"" if the child has ended.

        Raises:
            WorkFailedError: It took too long, or answers without end; the child is gone then.
        """
        until = time.monotonic() + self._bounds.wall.total_seconds()
        left, reply, wanted = memoryview(message), bytearray(), 4
        with selectors.DefaultSelector() as ready:
            ready.register(_fd(child.stdout), selectors.EVENT_READ)
            ready.register(_fd(child.stdin), selectors.EVENT_WRITE)
            while len(reply) < wanted:
                events = ready.select(max(0.0, until - time.monotonic()))
                if not events and time.monotonic() >= until:
                    self._give_up(child)
                    raise WorkFailedError(f"parse time over {_shown(self._bounds.wall)}")
                for key, _ in events:
                    if key.fd == _fd(child.stdout):
                        piece = _read(key.fd)
                        if piece == b"":
                            return b""
                        reply += piece or b""
                    else:
                        left = left[_write(key.fd, left) :]
                        if not left:
                            ready.unregister(key.fd)
                if len(reply) >= 4:
                    wanted = 4 + struct.unpack_from(">I", reply)[0]
                    if wanted > LONGEST_REPLY:
                        self._give_up(child)
                        raise WorkFailedError(f"the answer is over {LONGEST_REPLY >> 20} MiB")
        return bytes(reply[4:wanted])

    def _answer(self, reply: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(reply)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise WorkFailedError("the parser's process answers nonsense")
        if "failed" in answer:
            raise WorkFailedError(str(answer["failed"])[:200])
        return answer

    def _give_up(self, child: "subprocess.Popen[bytes]") -> None:
        if self._child is child:
            self._child = None
        _kill(child)

    def _end_of(self, child: "subprocess.Popen[bytes]") -> int:
        """Return the exit code of a child that has closed its end; a signal is negative."""
        try:
            code = child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self._give_up(child)
        return code

    def _why(self, code: int) -> str:
        if code == -signal.SIGXCPU:
            return f"parse time over {_shown(self._bounds.processor)}"
        if code == -signal.SIGKILL:
            return "the parser was killed; it may have needed too much memory"
        if code < 0:
            return f"the parser crashed ({signal.Signals(-code).name})"
        return f"the parser's process ended with code {code}"


def _fd(pipe: IO[bytes] | None) -> int:
    assert pipe is not None
    return pipe.fileno()


def _read(fd: int) -> bytes | None:
    """Return what is there, b"" at the end, None if there is nothing yet."""
    try:
        return os.read(fd, _PIECE)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _write(fd: int, data: memoryview) -> int:
    """Return how much of it went; all of it is given up when nobody reads any more."""
    try:
        return os.write(fd, data[:_PIECE])
    except BlockingIOError:
        return 0
    except OSError:
        return len(data)


def _kill(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(OSError):
        child.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_PATIENCE_S)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _shown(time_: timedelta) -> str:
    return f"{time_.total_seconds():g} s"
