"""What the terms of all rules need of a text in one language.

A variant counts only in texts of its language, so that a text meets few of each rule's; what is
known of a language is made when its first text comes, of what `rules.index.term_table` knows.
"""

from array import array
from functools import cache
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from common.neighbours import neighbours_of
from rules.data.tables import has_tones
from rules.index.language_ways import LanguageWays
from rules.index.memory.engine import spelled
from rules.index.memory.kept import Lasting
from rules.index.memory.scan import Scan
from rules.index.term_table import TermTable, counts_everywhere, written_as, written_of
from rules.index.texts import Counting
from rules.languages.compounds import joins, usual_tails
from rules.languages.inflection import paradigms, prefixes
from storage.model import VariantState

if TYPE_CHECKING:
    from rules.index.indexed_term import IndexedTerm

_JOINS, _TONED = 1, 2
_AT_ONCE = 300
"""What answers so many slots is read at once."""


class Met(NamedTuple):
    """What a text may hold.

    Attributes:
        terms: The terms.
        texts: The texts of which all words are there.
    """

    terms: frozenset[int]
    texts: frozenset[int]


class TermIndex(Lasting):
    """What terms of rules need of a text in one language; "" if it is not known.

    Attributes:
        number: The language in native memory.
        ready: How many terms it knows.
    """

    LASTING = ("number", "ready", "_noted", "ways")

    def __init__(self, language: str, table: TermTable, kept: list[Any] | None = None) -> None:
        self.table = table
        self.ways = LanguageWays(language, table.cognates)
        self.number = self.ready = self._noted = 0
        self._language = language
        self._counting = Counting.in_texts_of(language)
        self._variants: dict[int, array[int]] = {}  # of each term met numbers and texts of some
        if kept is not None:
            self.restore(kept)
            return
        self.number = table.engine.tell("open_tongue", _tongue(language))

    def take(self, *, most: int | None = None) -> None:
        """Learn of the terms that are new in the table, or of so many of their slots.

        It is ready when it knows all of them.
        """
        table = self.table
        end = table.noted if most is None else min(table.noted, self._noted + most)
        while self._noted < end:
            first, self._noted = self._noted, min(end, self._noted + _AT_ONCE)
            table.texts.file_slots(first, self._noted, self._counting, self.number)
        if self._noted < table.noted:
            return
        self.ways.take()
        with table.engine.lock:
            table.engine.call("count_common", self.number)
        self.ready = table.ready

    def met(self, scan: Scan) -> Met:
        """Return what a text may hold."""
        count = self.ways.meet(self.number, scan)
        terms, *numbers = self.table.engine.answer(count).tolist()
        return Met(frozenset(numbers[:terms]), frozenset(numbers[terms:]))

    def chosen(self, indexed: "IndexedTerm", texts: frozenset[int]) -> frozenset[int]:
        """Return the variants of a term, by number, whose text may be there."""
        known = self._variants.get(indexed.number)
        if known is None:
            known = self._variants[indexed.number] = self._texts_of(indexed)
        there = map(texts.__contains__, known[1::2])
        return frozenset(compress(known[::2], there))

    def _texts_of(self, indexed: "IndexedTerm") -> "array[int]":
        """Return the variants of a term that count in this language, each behind it its text."""
        term = written_as(indexed.term)
        counting = {self._language, *neighbours_of(self._language)} if self._language else None
        found = [
            *indexed.variants.outlines(
                lambda how: (
                    how.state is not VariantState.REJECTED
                    and (counting is None or how.language in counting or counts_everywhere(how))
                )
            )
        ]
        known = self.table.texts.known([written_of(each, term) for each in found])
        rows = array("I")
        for variant, text in zip(found, known, strict=True):
            if text is not None:
                rows.extend((variant.number, text))
        return rows


@cache
def _tongue(language: str) -> bytes:
    """Return what native code is told of a language."""
    paradigms_of: dict[str, list[int]] = {}
    for number, endings in enumerate(paradigms(language)):
        for ending in endings:
            paradigms_of.setdefault(ending, []).append(number)
    rows = [_JOINS * joins(language) | _TONED * has_tones(language), len(paradigms_of)]
    for ending, numbers in paradigms_of.items():
        rows += (len(ending), *map(ord, ending), len(numbers), *numbers)
    before = prefixes(language)
    rows += [len(before), *spelled(before), *spelled(sorted(usual_tails(language)))]
    return array("i", rows).tobytes()
