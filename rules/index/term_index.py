"""What the terms of all rules need of a text in one language.

Words stand for texts, texts for slots, slots for alternatives of a term. What terms share is kept
once. A variant counts only in texts of its language, so that a text meets few of each rule's; what
is known of a language is made when its first text comes.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.evaluate.counting import may_be_in
from rules.index.anchors import Alternative, Anchor, Slot, Span, Text, span_of, text_of_variant
from rules.index.cognates import CognateIndex
from rules.index.forms import WordForms
from rules.index.language_ways import LanguageWays
from rules.query.tree import Keyword, Phrase
from storage.model import Variant, VariantState

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_ByText = dict[int, list[int]]
"""The numbers of variants by that of their text."""


class TermIndex:
    """Terms of rules, and what they need of a text in one language; "" if it is not known.

    Attributes:
        words: The words of rules, by number.
        filed: For each word, the texts that are looked at when it is seen, and their other words.
        slots_of: For each text, the slots that it answers.
        alternatives_of: For each slot, the alternatives that are filed under it: the term, its
            other slots, and how many words may answer one.
        wide: How long a text is that begins or ends with a stop word.
        taking_turns: Terms whose words count wherever they stand, since slots take turns.
        slots_by_term: All slots of each term.
        ready: How many terms it knows.
    """

    def __init__(self, language: str, cognates: CognateIndex) -> None:
        self.words = WordForms(language)
        self.filed: list[list[tuple[int, tuple[int, ...]]]] = []
        self.slots_of: list[list[int]] = []
        self.alternatives_of: list[list[tuple[int, tuple[int, ...], int]]] = []
        self.wide: dict[int, int] = {}
        self.taking_turns: set[int] = set()
        self.slots_by_term: list[tuple[int, ...]] = []
        self.ways = LanguageWays(language, cognates)
        self.ready = 0
        self._language = language
        self._word_ids: dict[Anchor, int] = {}
        self._texts: dict[Text, int] = {}
        self._slots: dict[tuple[frozenset[int], bool], int] = {}
        self._lengths: list[int] = []
        self._texts_of_slot: list[frozenset[int]] = []
        self._weights: list[float] = []
        self._slots_by_texts: dict[frozenset[int], int] = {}
        self._variants: dict[int, _ByText] = {}

    def take(self, terms: Sequence["IndexedTerm"]) -> None:
        """Learn of the terms that are new."""
        first = self.ready == 0
        for number in range(self.ready, len(terms)):
            self._take(terms[number])
            self.ready = number + 1
        if first:
            self.words.build()
        else:
            self.words.build_side()

    def slots_of_word(self, word: int) -> set[int]:
        """Return the slots that a word answers alone: of the rule's own, or of a variant."""
        alone = (text for text, others in self.filed[word] if not others)
        return {slot for text in alone for slot in self.slots_of[text]}

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
            if self._counts(variant):
                text = self._texts.get(text_of_variant(variant))
                if text is not None:
                    by_text.setdefault(text, []).append(number)
        return by_text

    def _counts(self, variant: Variant) -> bool:
        """Whether a variant may count in a text of this language."""
        if variant.state is VariantState.REJECTED:
            return False
        language = variant.language
        if not language or variant.kind == "name" or language == self._language:
            return True
        return may_be_in(frozenset({language}), self._language)

    def _take(self, indexed: "IndexedTerm") -> None:
        by_span: dict[Span, list[Text]] = {}
        written = indexed.term.text if isinstance(indexed.term, Keyword | Phrase) else ""
        for variant in indexed.variants:
            if self._counts(variant):
                span = span_of(variant, written)
                by_span.setdefault(span, []).append(text_of_variant(variant))
        slots: list[int] = []
        for place, alternative in enumerate(indexed.alternatives):
            slots += self._alternative(indexed, place, alternative, by_span)
        if not isinstance(indexed.term, Keyword):
            self.taking_turns.add(indexed.number)
        self.slots_by_term.append(tuple(dict.fromkeys(slots)))

    def _alternative(
        self,
        indexed: "IndexedTerm",
        place: int,
        alternative: Alternative,
        by_span: dict[Span, list[Text]],
    ) -> list[int]:
        alone = len(alternative.slots) == 1
        every = [_texts_of(slot, by_span) for slot in alternative.slots]
        is_heard = self.ways.counts(indexed, place, alternative)
        is_written = all(every)
        if not is_written and not is_heard:
            return []
        numbers = [self._slot(texts, alone) for texts in every]
        if len(numbers) > 1:
            texts = [text for number in set(numbers) for text in self._texts_of_slot[number]]
            if len(set(numbers)) < len(numbers) or len(set(texts)) < len(texts):
                self.taking_turns.add(indexed.number)
        if is_heard:
            self.ways.add(indexed, place, alternative, numbers)
        if is_written:
            rarest = min(numbers, key=self._weights.__getitem__)
            others = tuple(number for number in dict.fromkeys(numbers) if number != rarest)
            longest = max(text.length for texts in every for text in texts)
            self.alternatives_of[rarest].append((indexed.number, others, longest))
        return numbers

    def _slot(self, every: Sequence[Text], alone: bool) -> int:
        texts = frozenset(map(self._text, every))
        if not texts:
            return self._new_slot(texts)
        number = self._slots.get((texts, alone))
        if number is not None:
            return number
        for text in every:
            self.words.note(map(self._word, text.words), alone=alone)
            if text.joined is not None:
                self.words.note((self._word(text.joined),), alone=True)
        number = self._slots.get((texts, not alone))
        if number is None:
            number = self._new_slot(texts)
        self._slots[texts, alone] = number
        return number

    def _new_slot(self, texts: frozenset[int]) -> int:
        number = len(self.alternatives_of)
        self.alternatives_of.append([])
        self._texts_of_slot.append(texts)
        self._weights.append(sum(2.0 ** -self._lengths[text] for text in texts))
        for text in texts:
            self.slots_of[text].append(number)
        return number

    def _text(self, text: Text) -> int:
        number = self._texts.get(text)
        if number is not None:
            return number
        number = self._texts[text] = len(self.slots_of)
        if text.is_wide:
            self.wide[number] = text.length
        self.slots_of.append([])
        words = [self._word(anchor) for anchor in text.words]
        letters = [len(self.words.letters[word]) for word in words]
        self._lengths.append(max(letters, default=0))
        if words:
            rarest = words[letters.index(max(letters))]
            others = tuple(word for word in dict.fromkeys(words) if word != rarest)
            self.filed[rarest].append((number, others))
        if text.joined is not None:
            self.filed[self._word(text.joined)].append((number, ()))
        return number

    def _word(self, anchor: Anchor) -> int:
        number = self._word_ids.get(anchor)
        if number is None:
            number = len(self.filed)
            self.filed.append([])
            self.words.add(anchor)
            self._word_ids[anchor] = number
        return number


def _texts_of(slot: Slot, by_span: dict[Span, list[Text]]) -> list[Text]:
    """Return what answers a slot in texts of this language."""
    texts = list(slot.texts)
    for span in slot.spans:
        texts += by_span.get(span, ())
    return texts
