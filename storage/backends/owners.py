"""Owners that this process holds: each once, however many threads ask for it at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import TracebackType

from common.records import dataclass

_Ended = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


@dataclass(slots=True)
class _Held:
    """What frees an owner, and how many hold it."""

    free: ExitStack
    holders: int = 0


class Owners:
    """Holds owners. Safe to use from many threads.

    The daemon holds its own for as long as it runs, and so does whoever sends a test message in
    it: he would wait for the daemon to let go, and have it counted as dead when he does.

    Args:
        hold: Proves that an owner is alive for as long as its block runs.
    """

    def __init__(self, hold: Callable[[str], AbstractContextManager[None]]) -> None:
        self._hold = hold
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    @contextmanager
    def hold(self, owner: str) -> Iterator[None]:
        """Have an owner held for as long as the block runs, by whom else it may be held, too."""
        with self._lock:
            held = self._held.get(owner)
            if held is None:
                with ExitStack() as stack:
                    stack.enter_context(self._hold(owner))
                    held = self._held[owner] = _Held(stack.pop_all())
            held.holders += 1
        ended: _Ended = (None, None, None)
        try:
            yield
        except BaseException as error:
            ended = (type(error), error, error.__traceback__)
            raise
        finally:
            with self._lock:
                held.holders -= 1
                if not held.holders:
                    del self._held[owner]
                    held.free.__exit__(*ended)
