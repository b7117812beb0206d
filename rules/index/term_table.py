"""What the terms of all rules need of a text, in any language: what all languages share.

Words stand for texts, texts for slots, slots for alternatives of a term; what terms share is kept
once. All of it lies in native memory; here is what a new term is compared with. Of variants only
names and those of no language are here; what a language adds is looked up when its first text comes
(`rules.index.term_index`).
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from re import Pattern
from typing import TYPE_CHECKING, Any

from rules.index.anchors import (
    WHOLE_TERM,
    Alternative,
    Anchor,
    Slot,
    Span,
    Text,
    span_of,
    text_of,
)
from rules.index.cognates import CognateIndex
from rules.index.engine import Engine
from rules.index.kept import Lasting
from rules.index.numbers import Numbers
from rules.languages.inflection import shortest_stem
from rules.query.tree import Keyword, Phrase, Term
from storage.model import Variant, VariantState

if TYPE_CHECKING:
    from rules.index.rule_index import IndexedTerm

_LANGUAGES = 20
"""So many languages share the variants of a slot, roughly."""

MANY = 4_000
"""So many numbers are handed over at once, roughly, so that they need no room for long."""

_EVERY_LANGUAGE = -1
_NO_WORD = -1
_TEXT, _ANSWER, _ALTERNATIVE, _TERM = range(4)
_ALONE, _BESIDE = 1, 2
_WIDE, _TONED = 1, 2
_AS_WRITTEN = "\v"

_BySpan = dict[Span, tuple[list[int], list[str]]]
"""Of variants of each words: the texts of those that count everywhere, and the others, packed."""


class TermTable(Lasting):
    """Terms of rules, and what they need of a text.

    Attributes:
        engine: Where the words of rules are found in texts.
        renoted: Slots that came to stand alone, or beside others, one after the other.
        ready: How many terms it knows.
    """

    LASTING = (
        *("cognates", "renoted", "ready", "_words", "_texts", "_letters", "_has_several"),
        *("_variants", "_variants_to", "_stands", "_weights"),
    )

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.cognates = CognateIndex(engine)
        self.renoted = array("I")
        self.ready = 0
        self._new_words: list[int] = []
        self._new_rows: list[int] = []
        self._words = Numbers()  # by hash, as native code knows words of texts
        self._texts = Numbers()
        self._letters = bytearray()
        self._has_several = bytearray()
        self._slots = Numbers()
        self._variants = bytearray()  # of each slot those that count in some languages only
        self._variants_to = array("Q", [0])
        self._stands = bytearray()
        self._weights = array("d")

    def restore(self, state: list[Any]) -> None:
        super().restore(state)
        self._slots = Numbers(len(self._stands))  # what a later rule shares with these is new

    def take(self, terms: Sequence["IndexedTerm"], *, most: int | None = None) -> None:
        """Learn of the terms that are new, or of so many of them."""
        end = len(terms) if most is None else min(len(terms), self.ready + most)
        for number in range(self.ready, end):
            self._take(terms[number])
            self.ready = number + 1
            if len(self._new_rows) > MANY:
                self._tell()
        self._tell()

    def _tell(self) -> None:
        with self.engine.lock:
            self.cognates.listen()
            self.hand_over()

    def _take(self, indexed: "IndexedTerm") -> None:
        by_span: _BySpan = {}
        written = written_as(indexed.term)
        for variant in indexed.variants:
            if variant.state is not VariantState.REJECTED:
                span = span_of(variant, written)
                texts, of_languages = by_span.setdefault(span, ([], []))
                is_whole = span == WHOLE_TERM
                if counts_everywhere(variant):
                    texts.append(self.text(text_of_variant(variant, is_whole=is_whole)))
                else:
                    mark = _AS_WRITTEN if _is_cased(variant, is_whole) else ""
                    of_languages.append(f"{variant.language}\t{mark}{variant.text}")
        slots: dict[int, None] = {}
        is_everywhere = not isinstance(indexed.term, Keyword)
        for place, alternative in enumerate(indexed.alternatives()):
            numbers = self._alternative(indexed, place, alternative, by_span)
            slots.update(dict.fromkeys(numbers))
        self._new_rows += [_TERM, int(is_everywhere), len(slots), *slots]

    def _alternative(
        self,
        indexed: "IndexedTerm",
        place: int,
        alternative: Alternative,
        by_span: _BySpan,
    ) -> list[int]:
        stands = _ALONE if len(alternative.slots) == 1 else _BESIDE
        numbers = [self._slot(slot, by_span, stands) for slot in alternative.slots]
        self.cognates.add(indexed, place, alternative, numbers)
        if all(self._weights[number] for number in numbers):
            rarest = min(numbers, key=self._weights.__getitem__)
            others = [number for number in dict.fromkeys(numbers) if number != rarest]
            self._new_rows += [_ALTERNATIVE, rarest, indexed.number, len(others), *others]
        return numbers

    def _slot(self, slot: Slot, by_span: _BySpan, stands: int) -> int:
        every = [self.text(text) for text in slot.texts]
        of_languages: list[str] = []
        for span in slot.spans:
            if span in by_span:
                every += by_span[span][0]
                of_languages += by_span[span][1]
        texts = frozenset(every)
        variants = "\0".join(["", *sorted(set(of_languages)), ""])
        key = hash((texts, variants))
        number = self._slots.get(key)
        if number is None:
            number = self._slots.add(key)
            self._new_slot(texts, of_languages, variants)
        if not self._stands[number] & stands:
            self._stands[number] |= stands
            self._new_rows += self.answers(number, texts)
            if of_languages:
                self.renoted.append(number)
        return number

    def _new_slot(self, texts: Iterable[int], of_languages: Sequence[str], packed: str) -> None:
        self._variants += packed.encode("utf-8", "surrogatepass")
        self._variants_to.append(len(self._variants))
        self._stands.append(0)
        letters = [max(map(len, each.split())) for each in of_languages]
        weight = sum([2.0**-length for length in letters]) / _LANGUAGES
        self._weights.append(weight + sum([2.0 ** -self._letters[text] for text in texts]))

    def texts_in(self, slot: int, of: Pattern[bytes]) -> Iterator[int]:
        """Yield the texts that answer a slot in some languages: those of variants like this."""
        packed = self._variants[self._variants_to[slot] : self._variants_to[slot + 1]]
        for each in of.findall(packed):
            language, text = (part.decode("utf-8", "surrogatepass") for part in each)
            as_written = text.startswith(_AS_WRITTEN)
            text = text.removeprefix(_AS_WRITTEN)
            yield self.text(text_of(text, language, as_written=as_written))

    def answers(
        self, slot: int, texts: Iterable[int], language: int = _EVERY_LANGUAGE
    ) -> list[int]:
        """Return what native code is told of the texts that answer a slot in a language."""
        rows: list[int] = []
        for text in texts:
            stands = _BESIDE if self._has_several[text] else self._stands[slot]
            rows += (_ANSWER, language, text, slot, stands)
        return rows

    def known_text(self, variant: Variant, written: str) -> int | None:
        """Return the number of the text of a variant of a term, if it has one."""
        text = text_of_variant(variant, is_whole=span_of(variant, written) == WHOLE_TERM)
        every = (text.joined, *text.words)
        words = [self._words.get(_sum_of(each)) if each else _NO_WORD for each in every]
        return self._texts.get(hash((text.length, text.is_wide, text.marks, *words)))

    def text(self, text: Text) -> int:
        """Return the number of a text."""
        every = (text.joined, *text.words)
        joined, *words = [self._word(each) if each else _NO_WORD for each in every]
        key = hash((text.length, text.is_wide, text.marks, joined, *words))
        number = self._texts.get(key)
        if number is None:
            number = self._texts.add(key)
            letters = [len(anchor.folded) for anchor in text.words]
            self._letters.append(min(255, max(letters, default=0)))
            self._has_several.append(len(words) > 1)
            marks = dict(zip(words, text.marks, strict=False))
            if words:
                rarest = words[letters.index(max(letters))]
                words = [rarest, *(word for word in dict.fromkeys(words) if word != rarest)]
            flags = _WIDE * text.is_wide | _TONED * bool(marks)
            row = (_TEXT, text.length, flags, joined, len(words))
            self._new_rows += (*row, *words, *(marks[word] for word in words if marks))
        return number

    def _word(self, anchor: Anchor) -> int:
        key = _sum_of(anchor)
        number = self._words.get(key)
        if number is None:
            number = self._words.add(key)
            folded, kind, named = anchor
            self._new_words += [kind, shortest_stem(folded, named=named), len(folded)]
            self._new_words += map(ord, folded)
        return number

    def hand_over(self, rows: Sequence[int] = ()) -> None:
        """Let native code know what is new, and what a language adds."""
        words, self._new_words = self._new_words, []
        known, self._new_rows = self._new_rows, []
        with self.engine.lock:
            if words:
                self.engine.tell("know_words", words)
            if known or rows:
                self.engine.tell("learn_terms", [*known, *rows])


def _sum_of(anchor: Anchor) -> int:
    """Return a hash that is the same in each process, as that of whole numbers is."""
    letters = anchor.folded.encode("utf-8", "surrogatepass")
    return hash((anchor.kind, anchor.named, *letters))


def _is_cased(variant: Variant, is_whole: bool) -> bool:
    """Whether a variant counts as it is written only."""
    return is_whole and variant.kind == "acronym"


def text_of_variant(variant: Variant, *, is_whole: bool) -> Text:
    """Return what a variant needs, if it stands for a whole term, or for a part of one."""
    cased = _is_cased(variant, is_whole)
    return text_of(variant.text, variant.language, as_written=cased)


def written_as(term: Term) -> str:
    """Return the text of a term for which, or for parts of which, variants may stand."""
    return term.text if isinstance(term, Keyword | Phrase) else ""


def counts_everywhere(variant: Variant) -> bool:
    """Whether a variant counts in texts of any language."""
    return not variant.language or variant.kind == "name"
