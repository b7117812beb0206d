"""What the terms of all rules need of a text, in any language: what all languages share.

Words stand for texts, texts for slots, slots for alternatives of a term; what terms share is kept
once. Of variants only names and those of no language are here; what a language adds is looked up
when its first text comes (`rules.index.term_index`).
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from rules.index.anchors import Alternative, Anchor, Slot, Span, Text, span_of, text_of_variant
from rules.index.cognates import CognateIndex
from rules.index.engine import Engine
from rules.languages.inflection import shortest_stem
from rules.query.tree import Keyword, Phrase
from storage.model import Variant, VariantState

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_LANGUAGES = 20
"""So many languages share the variants of a slot, roughly."""


class TermTable:
    """Terms of rules, and what they need of a text.

    Attributes:
        engine: Where the words of rules are found in texts.
        anchors: The words of rules and of the variants of languages that came, by number.
        alone, beside: Whether a word stands alone for a term, or beside others.
        common: The words that are looked for in all languages; again when they come to stand alone.
        filed: For each word, the texts that are looked at when it is seen, and their other words.
        texts: The numbers of texts.
        lengths: How many words each text has.
        wide: The texts that begin or end with a stop word.
        slots_of: For each text, the slots that it answers in all languages.
        variants: Of slots, those that count in some languages only; by these.
        renoted: Slots that came to stand alone, or beside others, one after the other.
        alternatives_of: For each slot, the alternatives that are filed under it: the term, and its
            other slots.
        terms_of: For each slot, the terms that have it beside others.
        taking_turns: Terms whose words count wherever they stand, since slots take turns.
        slots_by_term: All slots of each term.
        ready: How many terms it knows.
    """

    def __init__(self) -> None:
        self.engine = Engine()
        self.cognates = CognateIndex(self.engine)
        self._word_rows: list[int] = []
        self._stands_anew = False
        self.anchors: list[Anchor] = []
        self.alone = bytearray()
        self.beside = bytearray()
        self.common: list[int] = []
        self.filed: list[list[tuple[int, tuple[int, ...]]]] = []
        self.texts: dict[Text, int] = {}
        self.lengths: list[int] = []
        self.wide: set[int] = set()
        self.slots_of: list[tuple[int, ...]] = []
        self.variants: list[tuple[Variant, ...]] = []
        self.renoted: list[int] = []
        self.alternatives_of: list[list[tuple[int, tuple[int, ...]]]] = []
        self.terms_of: list[list[int]] = []
        self.taking_turns: set[int] = set()
        self.slots_by_term: list[tuple[int, ...]] = []
        self.ready = 0
        self._word_ids: dict[Anchor, int] = {}
        self._is_common = bytearray()
        self._slots: dict[tuple[frozenset[int], int], int] = {}
        self._noted: list[int] = []
        self._letters: list[int] = []
        self._texts_of_slot: list[frozenset[int]] = []
        self._weights: list[float] = []

    def take(self, terms: Sequence["IndexedTerm"]) -> None:
        """Learn of the terms that are new."""
        for number in range(self.ready, len(terms)):
            self._take(terms[number])
            self.ready = number + 1
        with self.engine.lock:
            self.cognates.listen()

    def _take(self, indexed: "IndexedTerm") -> None:
        by_span: dict[Span, list[Variant]] = {}
        written = indexed.term.text if isinstance(indexed.term, Keyword | Phrase) else ""
        for variant in indexed.variants:
            if variant.state is not VariantState.REJECTED:
                by_span.setdefault(span_of(variant, written), []).append(variant)
        slots: list[int] = []
        for place, alternative in enumerate(indexed.alternatives):
            slots += self._alternative(indexed, place, alternative, by_span)
        if not isinstance(indexed.term, Keyword):
            self.taking_turns.add(indexed.number)
        self.slots_by_term.append(tuple(dict.fromkeys(slots)))
        indexed.forget_alternatives()

    def _alternative(
        self,
        indexed: "IndexedTerm",
        place: int,
        alternative: Alternative,
        by_span: dict[Span, list[Variant]],
    ) -> list[int]:
        alone = len(alternative.slots) == 1
        numbers = [self._slot(slot, by_span, alone=alone) for slot in alternative.slots]
        if len(numbers) > 1:
            texts = [text for number in set(numbers) for text in self._texts_of_slot[number]]
            if len(set(numbers)) < len(numbers) or len(set(texts)) < len(texts):
                self.taking_turns.add(indexed.number)
            for number in set(numbers):
                self.terms_of[number].append(indexed.number)
        self.cognates.add(indexed, place, alternative, numbers)
        if all(self._weights[number] for number in numbers):
            rarest = min(numbers, key=self._weights.__getitem__)
            others = tuple(number for number in dict.fromkeys(numbers) if number != rarest)
            self.alternatives_of[rarest].append((indexed.number, others))
        return numbers

    def _slot(self, slot: Slot, by_span: dict[Span, list[Variant]], *, alone: bool) -> int:
        every = list(slot.texts)
        of_languages: list[Variant] = []
        for span in slot.spans:
            for variant in by_span.get(span, ()):
                if counts_everywhere(variant):
                    every.append(text_of_variant(variant))
                else:
                    of_languages.append(variant)
        texts = frozenset([self.text(text, common=True) for text in every])
        known = frozenset([(v.text, v.language, v.kind == "acronym") for v in of_languages])
        number = self._slots.get((texts, hash(known)))
        if number is None:
            number = self._new_slot(texts, of_languages)
            self._slots[texts, hash(known)] = number
        flag = 1 if alone else 2
        if not self._noted[number] & flag:
            self._noted[number] |= flag
            self.note(every, number)
            if of_languages:
                self.renoted.append(number)
        return number

    def _new_slot(self, texts: frozenset[int], variants: Sequence[Variant]) -> int:
        number = len(self.alternatives_of)
        self.alternatives_of.append([])
        self.terms_of.append([])
        self.variants.append(tuple(sorted(variants, key=attrgetter("language"))))
        self._noted.append(0)
        self._texts_of_slot.append(texts)
        letters = [max(map(len, variant.text.split())) for variant in variants]
        weight = sum([2.0**-length for length in letters]) / _LANGUAGES
        self._weights.append(weight + sum([2.0 ** -self._letters[text] for text in texts]))
        for text in texts:
            self.slots_of[text] = (*self.slots_of[text], number)
        return number

    def note(self, texts: Iterable[Text], slot: int) -> list[int]:
        """Note how the words of texts stand for a slot: alone, or beside others; return them."""
        alone, beside = self._noted[slot] & 1, self._noted[slot] & 2
        noted: list[int] = []
        for text in texts:
            words = [self.word(anchor) for anchor in text.words]
            for word in words:
                if alone and len(words) == 1:
                    self._note_alone(word)
                if (beside or len(words) > 1) and not self.beside[word]:
                    self.beside[word] = 1
                    self._stands_anew = True
            noted += words
            if text.joined is not None:
                word = self.word(text.joined)
                self._note_alone(word)
                noted.append(word)
        return noted

    def _note_alone(self, word: int) -> None:
        if not self.alone[word]:
            self.alone[word] = 1
            self._stands_anew = True
            if self._is_common[word]:
                self.common.append(word)

    def text(self, text: Text, *, common: bool) -> int:
        """Return the number of a text; `common` if it is looked for in all languages."""
        number = self.texts.get(text)
        if number is None:
            number = self._new_text(text)
        if common:
            for anchor in (*text.words, *filter(None, (text.joined,))):
                word = self.word(anchor)
                if not self._is_common[word]:
                    self._is_common[word] = 1
                    self.common.append(word)
        return number

    def _new_text(self, text: Text) -> int:
        number = self.texts[text] = len(self.slots_of)
        self.slots_of.append(())
        self.lengths.append(text.length)
        if text.is_wide:
            self.wide.add(number)
        words = [self.word(anchor) for anchor in text.words]
        letters = [len(anchor.folded) for anchor in text.words]
        self._letters.append(max(letters, default=0))
        if words:
            rarest = words[letters.index(max(letters))]
            others = tuple(word for word in dict.fromkeys(words) if word != rarest)
            self.filed[rarest].append((number, others))
        if text.joined is not None:
            self.filed[self.word(text.joined)].append((number, ()))
        return number

    def word(self, anchor: Anchor) -> int:
        """Return the number of a word."""
        number = self._word_ids.get(anchor)
        if number is None:
            number = self._word_ids[anchor] = len(self.filed)
            self.filed.append([])
            self.anchors.append(anchor)
            folded, kind, named = anchor
            self._word_rows += [kind, shortest_stem(folded, named=named), len(folded)]
            self._word_rows += map(ord, folded)
            for flags in (self.alone, self.beside, self._is_common):
                flags.append(0)
        return number

    def hand_over(self) -> None:
        """Let native code know the words, and how they stand in terms."""
        rows, self._word_rows = self._word_rows, []
        with self.engine.lock:
            if rows:
                self.engine.tell("know_words", rows)
            if rows or self._stands_anew:
                self._stands_anew = False
                each = (
                    np.frombuffer(bytes(flags), np.uint8) for flags in (self.alone, self.beside)
                )
                alone, beside = each
                self.engine.give_bytes(alone + 2 * beside)
                self.engine.call("know_standing", len(alone))


def counts_everywhere(variant: Variant) -> bool:
    """Whether a variant counts in texts of any language."""
    return not variant.language or variant.kind == "name"
