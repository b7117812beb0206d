"""What runs in the process of its own: limits first, then one document after the other."""

import contextlib
import importlib
import json
import math
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any

from ingester.entry import ParseError

MOST_DOCUMENTS = 2_000
"""After so many it ends by itself: what parsers have not given back is given back then."""

MOST_KEPT_SHARE = 0.6
"""Of the memory that it may use; a child that holds more between two documents ends."""


def main(tasks: str, seconds: int, memory: int) -> None:
    """Read requests and write answers until the pipe is closed.

    Args:
        tasks: The module whose `TASKS` are done.
        seconds: On the processor, for each document.
        memory: In bytes, for all of this process.
    """
    source, target = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(nowhere, fd)  # what a parser prints is no answer
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_AS, memory)
    for _ in range(MOST_DOCUMENTS):
        sizes = _exactly(source, 8)
        if not sizes:
            return
        head, body = struct.unpack(">II", sizes)
        request = json.loads(_exactly(source, head))
        document = _exactly(source, body)
        _limit_processor(seconds)
        answer = _answer(tasks, request, document, memory)
        data = json.dumps(answer).encode()
        _write(target, struct.pack(">I", len(data)) + data)
        if "failed" in answer or _held() > memory * MOST_KEPT_SHARE:
            return


def _answer(tasks: str, request: dict[str, Any], body: bytes, memory: int) -> dict[str, Any]:
    try:
        task = importlib.import_module(tasks).TASKS[request.pop("task")]
        answer: dict[str, Any] = task(request, body)
        return answer
    except ParseError as error:
        return {"refused": str(error), "kind": error.kind, "to": error.to}
    except MemoryError:
        return {"failed": f"memory over {memory >> 20} MiB"}
    except Exception as bug:
        # Whatever it is, it is the document's and not the next one's.
        return {"failed": f"internal error: {type(bug).__name__}"}


def _limit(what: int, most: int) -> None:
    """Set a limit as far as this system keeps it: macOS refuses one on memory."""
    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(what)
        top = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (top, hard))


def _limit_processor(seconds: int) -> None:
    """Let this process work so much longer; the signal that then comes kills it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + seconds)


def _held() -> int:
    """Return the most memory that was ever in use, in bytes.

    Where there is /proc: what the process accounting says counts what the parent held when it
    started this one, and a large parent would have a new child for each document.
    """
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/self/status").read_bytes().splitlines()
        return next(int(e.split()[1]) * 1024 for e in lines if e.startswith(b"VmHWM:"))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def _exactly(fd: int, count: int) -> bytes:
    """Return so many bytes, or b"" when the other side has gone."""
    parts = []
    while count:
        piece = os.read(fd, min(count, 1 << 20))
        if not piece:
            return b""
        parts.append(piece)
        count -= len(piece)
    return b"".join(parts)


def _write(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]
