"""Hand-written stand-ins; each passes the contract tests of what it stands in for."""

from storage.admin.engine import SqlStorage
from storage.api.articles import Analysis
from storage.api.storage import Storage
from tests.memory.storage import MemoryStorage

__all__ = ["MemoryStorage", "opened_with"]


def opened_with(storage: Storage, analysis: Analysis | None) -> Storage:
    """The same store as it is now, opened by a program that has another analysis."""
    if isinstance(storage, MemoryStorage):
        other = MemoryStorage(analysis=analysis)
        other._committed = storage._committed
        return other
    assert isinstance(storage, SqlStorage)
    return SqlStorage(storage._backend, analysis)
