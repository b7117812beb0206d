"""What the terms of all rules need of a text, in any language: what all languages share.

Words stand for texts, texts for slots, slots for alternatives of a term; what terms share is kept
once. All of it lies in native memory; here is what a new term is compared with. Of variants only
names and those of no language are here; what a language adds is looked up when its first text comes
(`rules.index.term_index`).
"""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from rules.index.anchors import WHOLE_TERM, Alternative, Slot, Span, span_of
from rules.index.cognates import CognateIndex
from rules.index.memory.engine import Engine
from rules.index.memory.kept import Lasting
from rules.index.texts import Counting, Texts, Written
from rules.languages.compounds import may_end_compounds
from rules.patterns.fuzzy_patterns import read_names
from rules.patterns.kept_variants import How
from rules.patterns.variants import Outlined
from rules.patterns.variants_in import know_languages
from rules.query.tree import Keyword, Phrase, Term
from storage.model import VariantState

if TYPE_CHECKING:
    from rules.index.indexed_term import IndexedTerm

_LANGUAGES = 20
"""So many languages share the variants of a slot, roughly."""

_AT_ONCE, _READ_AT_ONCE = 100, 500
"""Of so many terms is told at once, so that what is told needs no room for long; and of so many the
names are read, which need little."""

_ANSWERS, _ALTERNATIVE, _TERM, _SLOT = range(4)
_IN_A_ROW = 2  # rules/index/native/meeting.h
_ALONE, _BESIDE, _ENDS_NOTHING = 1, 2, 4
"""How a slot stands: as all of a term, beside others, or as all of one whose own word ends no
compound: that counts in languages of the rule only."""

_SOMEWHERE = 1 << 32
"""What stands above the number of a group that counts in some languages only."""

_BySpan = dict[Span, tuple[int, ...]]
"""Of variants of each words their groups, in order, with `_SOMEWHERE`."""


class TermTable(Lasting):
    """Terms of rules, and what they need of a text.

    Attributes:
        engine: Where the words of rules are found in texts.
        texts: What stands for parts of terms.
        noted: How often a slot that variants answer came to stand alone, or beside others.
        ready: How many terms it knows.
    """

    LASTING = (
        *("cognates", "texts", "noted", "ready"),
        *("_commonness", "_stands", "_weights"),
    )

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.cognates = CognateIndex(engine)
        self.noted = self.ready = 0
        self.texts = Texts(engine)
        self._new_rows: list[int] = []
        self._slots: dict[int, int] = {}  # by hashes; what later rules share with those of a file
        self._groups: dict[int, int] = {}  # is new
        self._new_groups: list[tuple[str, bool]] = []
        self._commonness = array("d")  # of each group
        self._stands = bytearray()
        self._weights = array("d")

    def take(self, terms: Sequence["IndexedTerm"], *, most: int | None = None) -> None:
        """Learn of the terms that are new, or of so many of them."""
        end = len(terms) if most is None else min(len(terms), self.ready + most)
        read = self.ready
        while self.ready < end:
            some = terms[self.ready : min(end, self.ready + _AT_ONCE)]
            if self.ready == read and end > read + 1:  # of one all names may be known
                read = min(end, read + _READ_AT_ONCE)
                read_names(indexed.term for indexed in terms[self.ready : read])
            needed = [indexed.alternatives() for indexed in some]
            alternatives = chain.from_iterable(needed)
            slots = chain.from_iterable([each.slots for each in alternatives])
            own = self.texts.of_terms(chain.from_iterable([slot.texts for slot in slots]))
            by_spans = [self._by_span(indexed) for indexed in some]
            common, languages = self.texts.learn_groups(self._new_groups)
            self._commonness.extend(common)
            know_languages(zip((said for said, _ in self._new_groups), languages, strict=True))
            self._new_groups = []
            noted = self.noted
            for indexed, every, by_span in zip(some, needed, by_spans, strict=True):
                self._take(indexed, every, by_span, own)
                self.ready += 1
            with self.engine.lock:
                self.cognates.listen()
                self.engine.tell("learn_terms", self._new_rows)
                self.texts.file_slots(noted, self.noted, Counting.in_texts_of(""))
            self._new_rows = []

    def _by_span(self, indexed: "IndexedTerm") -> _BySpan:
        by_span: dict[Span, set[int]] = {}
        written = written_as(indexed.term)
        for group in indexed.groups:
            if group.state == VariantState.REJECTED:
                continue
            span = span_of(group.of, written, indexed.written_in)
            number = self._group(group.said, span == WHOLE_TERM and group.kind == "acronym")
            by_span.setdefault(span, set()).add(number + _SOMEWHERE * (not group.is_everywhere))
        return {span: tuple(sorted(groups)) for span, groups in by_span.items()}

    def _take(
        self,
        indexed: "IndexedTerm",
        every: Sequence[Alternative],
        by_span: _BySpan,
        own: Mapping[int, int],
    ) -> None:
        slots: dict[int, None] = {}
        is_everywhere = not isinstance(indexed.term, Keyword)
        for place, alternative in enumerate(every):
            numbers = self._alternative(indexed, place, alternative, by_span, own)
            slots.update(dict.fromkeys(numbers))
        self._new_rows += [_TERM, int(is_everywhere), len(slots), *slots]

    def _alternative(
        self,
        indexed: "IndexedTerm",
        place: int,
        alternative: Alternative,
        by_span: _BySpan,
        own: Mapping[int, int],
    ) -> list[int]:
        stands = _ALONE if len(alternative.slots) == 1 else _BESIDE
        if stands == _ALONE and not place and isinstance(indexed.term, Keyword):
            stands = _ALONE if may_end_compounds(frozenset(indexed.written_in)) else _ENDS_NOTHING
        numbers = [self._slot(slot, by_span, own, stands) for slot in alternative.slots]
        self.cognates.add(indexed, place, alternative, numbers)
        weights = self._weights
        if len(numbers) == 1 and weights[numbers[0]]:
            self._new_rows += (_ALTERNATIVE, numbers[0], indexed.number, 0, 0)
        elif all(map(weights.__getitem__, numbers)):
            rarest = min(numbers, key=weights.__getitem__)
            others = [number for number in dict.fromkeys(numbers) if number != rarest]
            what = _IN_A_ROW if alternative.in_a_row else int(alternative.says_done)
            head = (_ALTERNATIVE, rarest, indexed.number, what)
            self._new_rows += [*head, len(others), *others]
        return numbers

    def _group(self, said: str, as_written: bool) -> int:
        """Return the number of variants that say something."""
        key = hash((said, as_written))
        number = self._groups.get(key)
        if number is None:
            number = self._groups[key] = len(self._commonness) + len(self._new_groups)
            self._new_groups.append((said, as_written))
        return number

    def _slot(self, slot: Slot, by_span: _BySpan, own: Mapping[int, int], stands: int) -> int:
        texts = frozenset([own[hash(text)] for text in slot.texts])
        groups = _groups_of(slot.spans, by_span)
        if stands == _ENDS_NOTHING and groups and groups[0] < _SOMEWHERE:
            stands = _ALONE  # what variants say ends some
        key = hash((texts, groups))
        number = self._slots.get(key)
        if number is None:
            number = self._slots[key] = len(self._stands)
            weight = sum([self._commonness[each % _SOMEWHERE] for each in groups]) / _LANGUAGES
            self._weights.append(weight + sum([2.0 ** -self.texts.letters[text] for text in texts]))
            self._stands.append(0)
        if not self._stands[number] & stands:
            self._stands[number] |= stands
            now = self._stands[number]
            if texts:
                self._new_rows += (_ANSWERS, number, now, len(texts), *texts)
            if groups:
                everywhere = bisect_left(groups, _SOMEWHERE)
                self._new_rows += (_SLOT, number, now, everywhere, len(groups) - everywhere)
                self._new_rows += [each % _SOMEWHERE for each in groups]
                self.noted += 1
        return number


def _groups_of(spans: Sequence[Span], by_span: _BySpan) -> tuple[int, ...]:
    """Return the groups of variants of any of these words, in order."""
    found = [by_span[span] for span in spans if span in by_span]
    return found[0] if len(found) == 1 else tuple(sorted({*chain.from_iterable(found)}))


def written_as(term: Term) -> str:
    """Return the text of a term for which, or for parts of which, variants may stand."""
    return term.text if isinstance(term, Keyword | Phrase) else ""


def written_of(variant: Outlined, written: str) -> Written:
    """Return the text of a variant of a term, as it is numbered; `written` as `written_as`."""
    as_written = variant.kind == "acronym" and span_of(variant.of, written) == WHOLE_TERM
    return Written(variant.language, variant.text, as_written)


def counts_everywhere(variant: How) -> bool:
    """Whether a variant counts in texts of any language."""
    return not variant.language or variant.kind == "name"
