"""What the terms of all rules need of a text in one language.

A variant counts only in texts of its language, so that a text meets few of each rule's; what is
known of a language is made when its first text comes, of what `rules.index.term_table` knows.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

from common.neighbours import neighbours_of
from rules.evaluate.counting import may_be_in
from rules.index.anchors import text_of_variant
from rules.index.forms import WordForms
from rules.index.language_ways import LanguageWays
from rules.index.term_table import TermTable, counts_everywhere
from storage.model import Variant, VariantState

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_language = attrgetter("language")

_ByText = dict[int, list[int]]
"""The numbers of variants by that of their text."""


class TermIndex:
    """What terms of rules need of a text in one language; "" if it is not known.

    Attributes:
        words: The words that are looked for.
        taking_turns: Terms whose words count wherever they stand, for variants of the language.
        ready: How many terms it knows.
    """

    def __init__(self, language: str, table: TermTable) -> None:
        self.table = table
        self.words = WordForms(language, table)
        self.ways = LanguageWays(language, table.cognates)
        self.taking_turns: set[int] = set()
        self.ready = 0
        self._language = language
        self._common = self._renoted = 0
        self._slots_of: dict[int, tuple[int, ...]] = {}
        self._slots_of_word: dict[int, frozenset[int]] = {}
        self._variants: dict[int, _ByText] = {}

    def take(self) -> None:
        """Learn of the terms that are new in the table."""
        table = self.table
        for word in table.common[self._common :]:
            self.words.add(word)
        self._common = len(table.common)
        for slot in table.renoted[self._renoted :]:
            self._take(slot)
        self._renoted = len(table.renoted)
        self.ways.take()
        self.words.build()
        self._slots_of_word = {}
        self.ready = table.ready

    def _take(self, slot: int) -> None:
        """Learn what else answers a slot in this language."""
        table = self.table
        every = [text_of_variant(variant) for variant in self._of_slot(slot)]
        for text in every:
            number = table.text(text, common=False)
            known = self.slots_of(number)
            if slot not in known:
                for other in known:
                    both = set(table.terms_of[slot]).intersection(table.terms_of[other])
                    self.taking_turns.update(both)
                self._slots_of[number] = (*self._slots_of.get(number, ()), slot)
        for word in table.note(every, slot):
            self.words.add(word)

    def _of_slot(self, slot: int) -> Iterator[Variant]:
        """Yield the variants of a slot that count in this language, but not in all."""
        every = self.table.variants[slot]
        if not self._language:
            yield from every
            return
        for language in neighbours_of(self._language):
            start = bisect_left(every, language, key=_language)
            yield from takewhile(partial(_is_in, language), every[start:])

    def slots_of(self, text: int) -> tuple[int, ...]:
        """Return the slots that a text answers."""
        more = self._slots_of.get(text)
        common = self.table.slots_of[text]
        return common if more is None else common + more

    def slots_of_word(self, word: int) -> frozenset[int]:
        """Return the slots that a word answers alone: of the rule's own, or of a variant."""
        memory = self._slots_of_word  # another one when another thread has added rules
        found = memory.get(word)
        if found is None:
            alone = (text for text, others in self.table.filed[word] if not others)
            found = frozenset(slot for text in alone for slot in self.slots_of(text))
            memory[word] = found
        return found

    def takes_turns(self, term: int) -> bool:
        """Whether the words of a term count wherever they stand, since slots take turns."""
        return term in self.table.taking_turns or term in self.taking_turns

    def chosen(self, indexed: "IndexedTerm", texts: set[int]) -> tuple[int, ...]:
        """Return the variants of a term, by number, whose text may be there."""
        by_text = self._variants.get(indexed.number)
        if by_text is None:
            by_text = self._variants[indexed.number] = self._by_text(indexed)
        found = [number for text in by_text.keys() & texts for number in by_text[text]]
        return tuple(sorted(found))

    def _by_text(self, indexed: "IndexedTerm") -> _ByText:
        by_text: _ByText = {}
        for number, variant in enumerate(indexed.variants):
            if variant.state is not VariantState.REJECTED and self._counts(variant):
                text = self.table.texts.get(text_of_variant(variant))
                if text is not None:
                    by_text.setdefault(text, []).append(number)
        return by_text

    def _counts(self, variant: Variant) -> bool:
        """Whether a variant may count in a text of this language."""
        if counts_everywhere(variant) or variant.language == self._language:
            return True
        return may_be_in(frozenset({variant.language}), self._language)


def _is_in(language: str, variant: Variant) -> bool:
    return variant.language == language
