"""How the nouns' files ask: the same methods over texts, and over SQLAlchemy's statements."""

import sqlite3
from collections.abc import Callable
from functools import cached_property
from typing import Any

from storage.said.texts import Answered, Given, ask, texts

NOTHING: Given = {}
"""For a statement without values."""


class Asking:
    """Asks one noun's statements by their names, in an open transaction."""

    def ask(self, name: str, given: Given = NOTHING) -> Answered:
        """Return what the statement of this name returns."""
        raise NotImplementedError


class Said(Asking):
    """Asks with texts; whatever else a noun can do, its other file does, in the same transaction.

    Args:
        connection: Of SQLite.
        noun: The first half of the texts' names.
        whole: Returns what implements all of the noun, which takes long to load.
    """

    def __init__(self, connection: sqlite3.Connection, noun: str, whole: Callable[[], Any]) -> None:
        self._driver = connection
        self._noun = noun
        self._make_whole = whole

    @cached_property
    def whole(self) -> Any:
        """What implements all of the noun."""
        return self._make_whole()

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        text = texts().get(f"{self._noun}.{name}")
        return self.whole.ask(name, given) if text is None else ask(self._driver, text, given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)
