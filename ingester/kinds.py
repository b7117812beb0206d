"""The kinds of source, and the one seam between them and everything else."""

from collections.abc import Callable, Mapping
from typing import Protocol

from ingester.entry import Polled
from storage.model import Source

Memory = Callable[[], Mapping[str, str]]
"""Reads a source's memory; called only by kinds that need it."""


class SourceKind(Protocol):
    """Looks at one source once."""

    def poll(self, source: Source, memory: Memory) -> Polled:
        """Return what the source lists now.

        Nothing is written: what must be kept for the next poll goes into `validators` and
        `remember`, which are stored in the same transaction as the entries. Polling twice
        therefore finds the same again. Safe to call from many threads for different sources.

        Raises:
            FetchError: It could not be fetched.
            ParseError: It is not what this kind reads.
        """
        ...
