"""What the terms of all rules need of a text in one language.

A variant counts only in texts of its language, so that a text meets few of each rule's; what is
known of a language is made when its first text comes, of what `rules.index.term_table` knows.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from common.neighbours import neighbours_of
from rules.data.tables import has_tones
from rules.evaluate.counting import may_be_in
from rules.index.anchors import WHOLE_TERM, span_of, text_of_variant
from rules.index.engine import Rows, spelled
from rules.index.language_ways import LanguageWays
from rules.index.scan import Scan
from rules.index.term_table import MANY, TermTable, counts_everywhere, written_as
from rules.languages.compounds import joins, usual_tails
from rules.languages.inflection import paradigms, prefixes
from rules.text.folding import marks_of
from storage.model import Variant, VariantState

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_JOINS, _TONED = 1, 2
_LAST_MARKED = 0x1F00


class TermIndex:
    """What terms of rules need of a text in one language; "" if it is not known.

    Attributes:
        number: The language in native memory.
        ready: How many terms it knows.
    """

    def __init__(self, language: str, table: TermTable, kept: list[Any] | None = None) -> None:
        self.table = table
        self.ways = LanguageWays(language, table.cognates)
        self.ready = 0
        self._language = language
        self._renoted = 0
        self._counting: dict[str, bool] = {}
        self._variants: dict[int, tuple[tuple[int, int], ...]] = {}
        if kept is not None:
            self.number, self.ready, self._renoted, ways = kept
            self.ways.hold(ways)
            return
        with table.engine.lock:
            if has_tones(language):
                table.engine.tell("know_marks", _marked())
            self.number = table.engine.tell("open_tongue", _tongue(language))

    def facts(self) -> list[Any]:
        """Return what it knows, to be kept."""
        return [self.number, self.ready, self._renoted, self.ways.facts()]

    def take(self, *, most: int | None = None) -> None:
        """Learn of the terms that are new in the table, or of so many of their slots.

        It is ready when it knows all of them.
        """
        table, rows = self.table, list[int]()
        end = len(table.renoted) if most is None else self._renoted + most
        for slot in table.renoted[self._renoted : end]:
            is_whole = bool(table.whole[slot])
            texts = [
                table.text(text_of_variant(variant, is_whole=is_whole))
                for variant in self._of_slot(slot)
            ]
            rows += table.answers(slot, dict.fromkeys(texts), self.number)
            if len(rows) > MANY:
                table.hand_over(rows)
                rows = []
        self._renoted = min(end, len(table.renoted))
        if self._renoted < len(table.renoted):
            table.hand_over(rows)
            return
        self.ways.take()
        with table.engine.lock:
            table.hand_over(rows)
            table.engine.call("count_common", self.number)
        self.ready = table.ready

    def _of_slot(self, slot: int) -> Iterator[Variant]:
        """Return the variants of a slot that count in this language, but not in all."""
        languages = neighbours_of(self._language) if self._language else ()
        return self.table.variants.of(slot, languages)

    def met(self, scan: Scan) -> set[int]:
        """Return the terms that a text may hold, and let it be known where."""
        engine = self.table.engine
        engine.call("meet", self.number)
        self.ways.find(scan)
        return set(engine.answer(engine.call("terms_met")).tolist())

    def chosen(self, indexed: "IndexedTerm", texts: set[int]) -> tuple[int, ...]:
        """Return the variants of a term, by number, whose text may be there."""
        everywhere = self.table.everywhere(indexed.number)
        found = [number for number, text in everywhere if text in texts]
        known = self._variants.get(indexed.number)
        if known is None:
            known = self._variants[indexed.number] = tuple(self._texts_of(indexed))
        found += [number for number, text in known if text in texts]
        return tuple(sorted(found))

    def _texts_of(self, indexed: "IndexedTerm") -> Iterator[tuple[int, int]]:
        """Yield the variants of a term that count in this language, but not in all; with texts."""
        written = written_as(indexed.term)
        for number, variant in enumerate(indexed.variants):
            if counts_everywhere(variant) or variant.state is VariantState.REJECTED:
                continue
            if self._counts(variant.language):
                is_whole = span_of(variant, written) == WHOLE_TERM
                text = self.table.known_text(text_of_variant(variant, is_whole=is_whole))
                if text is not None:
                    yield number, text

    def _counts(self, language: str) -> bool:
        """Whether variants of a language may count in a text of this one."""
        known = self._counting.get(language)
        if known is None:
            is_own = language == self._language
            known = is_own or may_be_in(frozenset({language}), self._language)
            self._counting[language] = known
        return known


@cache
def _marked() -> list[int]:
    """Return the letters that have marks, each with these."""
    found = ((code, marks_of(chr(code))) for code in range(128, _LAST_MARKED))
    return [number for pair in found if pair[1] for number in pair]


@cache
def _tongue(language: str) -> Rows:
    """Return what native code is told of a language."""
    every = paradigms(language)
    rows = [_JOINS * joins(language) | _TONED * has_tones(language), len(every)]
    for endings in every:
        rows += [len(endings), *spelled(endings)]
    before = prefixes(language)
    rows += [len(before), *spelled(before), *spelled(sorted(usual_tails(language)))]
    return np.array(rows, np.int32)
