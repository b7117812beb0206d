"""What is counted and timed while it happens: for `/metrics`, and for nobody when nobody asks."""

import threading
from bisect import bisect_left
from dataclasses import field

from common.records import dataclass
from monitor.base import clock

BOUNDS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper ends of what is timed, counted together."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """What is counted, or timed; each is itself and equal to no other.

    Attributes:
        labels: By what it is told apart: each has few values, however much is followed.
    """

    name: str
    purpose: str
    labels: tuple[str, ...] = ()
    is_timed: bool = False


POLLS = Measure("polls_total", "Polls that ended, by how.", ("kind", "result"))
POLL = Measure("poll_seconds", "One look at a source, asking and reading.", ("kind",), True)
FETCH = Measure("fetch_seconds", "One answer of a site, robots.txt and pages included.", (), True)
PARSE = Measure("parse_seconds", "Reading what a source has answered.", ("kind",), True)
TAKEN_IN = Measure("articles_taken_in_total", "Articles that are new, or were revised.", ("what",))
MATCH = Measure("match_seconds", "Matching what one poll has brought with all rules.", (), True)
RAISED = Measure("alerts_raised_total", "Alerts that were raised.")
STORE = Measure("store_seconds", "One transaction that takes polls in, to its commit.", (), True)
SEND = Measure("send_seconds", "One attempt to send a delivery.", ("kind",), True)
SENT = Measure(
    "attempts_total", "Attempts to send a delivery, by how they ended.", ("kind", "outcome")
)
ON_ITS_WAY = Measure(
    "delivery_seconds", "From an alert or a message to its arrival.", ("kind",), True
)
CANARY = Measure(
    "canary_total", "Made-up articles that were sent all the way, by how.", ("result",)
)

ALL = (
    *(POLLS, POLL, FETCH, PARSE, TAKEN_IN, MATCH, RAISED, STORE),
    *(SEND, SENT, ON_ITS_WAY, CANARY),
)


@dataclass(slots=True)
class Timed:
    """How often something took how long; `counts` are for `BOUNDS_S`, and one for what is over."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    total_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds


Values = tuple[str, ...]
"""A value for each label, in their order."""


class Span:
    """One thing that is being timed; `inner_s` was timed within it by itself."""

    __slots__ = ("_began_s", "_measure", "_measures", "_outer", "_values", "elapsed_s", "inner_s")

    def __init__(self, measures: "Measures", measure: Measure, values: Values) -> None:
        self._measures = measures
        self._measure = measure
        self._values = values
        self.elapsed_s = 0.0
        self.inner_s = 0.0

    def __enter__(self) -> "Span":
        within = self._measures.within
        self._outer: Span | None = getattr(within, "span", None)
        within.span = self
        self._began_s = clock.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.elapsed_s = clock.monotonic() - self._began_s
        self._measures.within.span = outer = self._outer
        if outer is not None:
            outer.inner_s += self.elapsed_s
        self._measures.observe(self._measure, self.elapsed_s, *self._values)

    @property
    def own_s(self) -> float:
        """What is left of it without that."""
        return max(0.0, self.elapsed_s - self.inner_s)


class Measures:
    """Counts and times. Safe to use from many threads.

    Attributes:
        within: What each thread is timing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[Measure, dict[Values, int]] = {}
        self._timed: dict[Measure, dict[Values, Timed]] = {}
        self.within = threading.local()

    def count(self, measure: Measure, *values: str, by: int = 1) -> None:
        """Count something that happened.

        Args:
            values: One for each label.
        """
        with self._lock:
            counted = self._counted.setdefault(measure, {})
            counted[values] = counted.get(values, 0) + by

    def observe(self, measure: Measure, seconds: float, *values: str) -> None:
        """Note how long something took."""
        with self._lock:
            timed = self._timed.setdefault(measure, {})
            if (of_values := timed.get(values)) is None:
                timed[values] = of_values = Timed()
            of_values.add(seconds)

    def timing(self, measure: Measure, *values: str) -> Span:
        """Return what notes how long a block takes, also when it raises."""
        return Span(self, measure, values)

    def counted(self, measure: Measure) -> dict[Values, int]:
        """Return what was counted, by its labels' values."""
        with self._lock:
            return dict(self._counted.get(measure, {}))

    def timed(self, measure: Measure) -> dict[Values, Timed]:
        """Return what was timed, by its labels' values."""
        with self._lock:
            found = self._timed.get(measure, {})
            return {key: Timed(list(one.counts), one.total_s) for key, one in found.items()}
