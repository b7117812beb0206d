"""Whose fault it is that a source could not be read: its own, or ours."""

import threading
from enum import Enum

from common.records import dataclass
from ingester.entry import FetchError

MANY = 3
"""So many hosts that do not answer, and none that does, and it is the network that is away."""

_SILENT = frozenset({"dns", "timeout", "offline"})


class Fault(Enum):
    """Whose it is."""

    THEIRS = "theirs"
    OUR_NETWORK = "our network"
    """There is no way out, or nothing looks names up: the next moment may be better."""
    OUR_RULES = "our rules"
    """The guard does not let us go there, whatever the other side does."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whose fault a failure is, and ids of sources that were blamed for the like wrongly."""

    fault: Fault
    excused: frozenset[str] = frozenset()


class Reach:
    """Knows which hosts have answered lately. Safe to use from many threads.

    A failure that may be our network's (no route, no resolver) counts as ours, any other silence
    (a name that nobody knows, no answer in time) as theirs, until so many hosts in a row are
    silent that it cannot be. A host that stays silent while another answers is to blame, and tells
    nothing about the network from then on: many dead hosts look like one that is away.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers = 0
        self._suspected: dict[str, int] = {}
        self._silent: set[str] = set()
        self._blamed: set[str] = set()

    def answered(self, host: str) -> None:
        """Note that a host gave an answer, whichever."""
        if host:
            with self._lock:
                self._answers += 1
                self._suspected.pop(host, None)
                self._silent.clear()
                self._blamed.clear()

    def suspect(self, host: str, *, others_answered: bool) -> None:
        """Note that a host was silent before this start, and whether another answered since."""
        with self._lock:
            self._suspected[host] = self._answers - others_answered

    def judge(self, error: Exception, *, host: str, source_id: str) -> Judgement:
        """Return whose fault it is that a poll of this source failed."""
        kind = error.kind if isinstance(error, FetchError) else ""
        if kind == "address":
            return Judgement(Fault.OUR_RULES)
        if kind not in _SILENT or not host:
            if host and not _is_unheard(kind):
                self.answered(host)
            return Judgement(Fault.THEIRS)
        with self._lock:
            if self._suspected.setdefault(host, self._answers) != self._answers:
                self._blamed.add(source_id)
                return Judgement(Fault.THEIRS)
            self._silent.add(host)
            if len(self._silent) >= MANY:
                excused, self._blamed = frozenset(self._blamed), set()
                return Judgement(Fault.OUR_NETWORK, excused)
            if kind == "offline":
                return Judgement(Fault.OUR_NETWORK)
            self._blamed.add(source_id)
            return Judgement(Fault.THEIRS)


def _is_unheard(kind: str) -> bool:
    """Whether such a failure says nothing about whether the network works."""
    return kind in ("connect", "file")
