"""How the time that something takes grows with the size of its input, without a limit in seconds.

Hostile input is found out by growth: eight times as much takes eight times as long where work is
linear, sixty-four times where it is quadratic. A busy or slow machine stretches both alike; what
noise is left is met by looking again.
"""

import time
from collections.abc import Callable

_TRIES = 8
_MOST = 24.0
"""Between 8 and 64."""
_LEAST_S = 0.004
"""Below it the clock is too coarse to compare with."""


def grows_no_faster_than_its_input(run: Callable[[int], object], size: int) -> bool:
    """Whether eight times `size` takes about eight times as long, in one of a few tries."""

    def seconds(size: int) -> float:
        begun = time.process_time()
        run(size)
        return time.process_time() - begun

    run(size // 8)  # what is imported or read once is no part of it
    return any(seconds(8 * size) < _MOST * max(seconds(size), _LEAST_S) for _ in range(_TRIES))
