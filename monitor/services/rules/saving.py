"""What saving rules needs of the program, and whom it tells what goes on. Quick to import."""

from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from common.records import dataclass

if TYPE_CHECKING:
    from monitor.backtest.documents import Document
    from monitor.lexicons.registry import Lexicons
    from monitor.translation.translate import Translation
    from storage.api.storage import Storage


class Progress:
    """Is told what goes on while somebody waits. This one does nothing about it."""

    def asking(self) -> None:
        """The translator is being asked, which may take long."""

    def untranslated(self, problem: str, rule_name: str, *, others: int = 0) -> None:
        """The translator did not do all that it was asked; the rule is saved all the same.

        Args:
            others: How many further rules it is so with.
        """

    def reading(self, documents: "Iterator[Document]", count: int) -> "Iterator[Document]":
        """Pass documents through; there are at most `count`."""
        yield from documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What saving rules needs of the program.

    Attributes:
        lexicons: Returns what variants are made of.
        translation: Returns the translator; None when nobody is configured.
        catch_up: Searches what is stored for new rules; returns how many alerts that raised.
        watched_languages: Of which it is told what a rule has; none for the newest articles'.
    """

    storage: "Storage"
    now: Callable[[], datetime]
    lexicons: "Callable[[], Lexicons]"
    translation: "Callable[[], Translation | None]"
    catch_up: Callable[[], int]
    watched_languages: tuple[str, ...] = ()
    progress: Progress = field(default_factory=Progress)
