"""Hand-written stand-ins; each passes the contract tests of what it stands in for."""

from tests.memory_storage import MemoryStorage

__all__ = ["MemoryStorage"]
