"""The dictionaries of this machine together, and what is made of them."""

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from monitor.lexicons.dictd import Dictionary
from monitor.lexicons.dictzip import DictionaryError
from monitor.lexicons.reverse import ReverseIndex

log = logging.getLogger("monitor.library")


class Library:
    """Dictionaries by language; those that cannot be read are told of once, and left out."""

    def __init__(
        self, dictionaries: Sequence[Dictionary], cache: Path, *, tell: Callable[[str], None]
    ) -> None:
        """Keep the dictionaries.

        Args:
            cache: A folder for what is made of them.
            tell: Gets a sentence before something that takes long.
        """
        self._by_source: dict[str, list[Dictionary]] = {}
        for dictionary in dictionaries:
            self._by_source.setdefault(dictionary.source, []).append(dictionary)
        self._reverse = ReverseIndex(dictionaries, cache)
        self._tell = tell
        self._can_reverse = True
        self._broken: set[str] = set()

    def of(self, source: str) -> Sequence[Dictionary]:
        """Return the dictionaries of a language."""
        return self._by_source.get(source, ())

    def sources(self) -> Iterable[str]:
        """Return the languages that dictionaries translate from, English first."""
        return ["en", *sorted(self._by_source.keys() - {"en"})]

    @property
    def is_ready(self) -> bool:
        """Whether nothing remains to be made that takes long."""
        return self._reverse.is_ready or not self._can_reverse

    def reverse(self) -> ReverseIndex | None:
        """Return the dictionaries read backwards, made when it is first needed; None if not."""
        if self._can_reverse and not self._reverse.is_ready:
            log.info("reading the installed dictionaries backwards, once")
            self._tell("Reading the installed dictionaries, once; this takes half a minute.")
            try:
                self._reverse.make(self.leave_out)
            except OSError as error:
                self._can_reverse = False
                log.warning(
                    "dictionaries are not read backwards: the data folder cannot be written to",
                    extra={"reason": error.strerror},
                )
        return self._reverse if self._can_reverse else None

    def leave_out(self, error: DictionaryError) -> None:
        """Tell of a dictionary that cannot be read, once."""
        if str(error) not in self._broken:
            self._broken.add(str(error))
            log.warning("a dictionary is left out", extra={"reason": str(error)})
