"""Which rules an article may answer: one automaton over the letters that their words need.

Words stand for texts, texts for slots, slots for alternatives of a term, terms for rules. What
rules share is kept once. A rule may be added at any time, while others read: what is above is in
place before what leads to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rules.index.anchors import Alternative, Anchor, Slot, Text, needs, said
from rules.index.cognates import CognateIndex
from rules.index.forms import WordForms
from rules.patterns.fuzzy_patterns import spelled_out
from rules.patterns.pattern import CompiledTerm, Plan
from rules.patterns.planner import MOST_SPELLED_OUT, Planner
from rules.patterns.variants import Variants, concerning, counts
from rules.patterns.variants_in import Known, Languages, known_of, tonal
from rules.patterns.word_index import WordIndex
from rules.query.parse import QuerySyntaxError
from rules.query.parsed import parsed
from rules.query.tree import Keyword, Term, anchors
from storage.model import Rule, Variant, VariantState

_MOST_READY = 2_000
_COST = 1_000_000
_MOST_GONE = 100


@dataclass(slots=True, eq=False)
class IndexedTerm:
    """A term of one or more rules.

    Attributes:
        variants: Those that concern it.
        texts: For each variant, the number of its text; -1 for a rejected one.
        slots: All of its slots.
        is_always: Whether no word is needed for it.
        is_wide: Whether its words count wherever they stand, since slots take turns.
        cost: How often its words stand in texts, roughly.
        known: As `variants_in.known_of`; None until it is asked for.
    """

    number: int
    term: Term
    strictness: str
    variants: Variants
    written_in: Languages
    texts: list[int]
    slots: tuple[int, ...] = ()
    is_always: bool = False
    is_wide: bool = False
    cost: float = 0.0
    rules: list[int] = field(default_factory=list)
    known: Known | None = None


@dataclass(slots=True, eq=False)
class ReadyTerm:
    """A term with some of its variants, ready to be evaluated exactly."""

    term: CompiledTerm
    index: WordIndex


def _ready(indexed: IndexedTerm, chosen: tuple[int, ...]) -> ReadyTerm:
    kept = set(chosen)
    names: set[str] = set()
    for number, variant in enumerate(indexed.variants):
        if variant.kind == "name" and indexed.texts[number] >= 0 and variant.of not in names:
            names.add(variant.of)
            kept.add(number)
    if names and isinstance(indexed.term, Keyword):
        places = {id(variant): number for number, variant in enumerate(indexed.variants)}
        counting = [each for each in indexed.variants if each.state is not VariantState.REJECTED]
        for variant in islice(spelled_out(indexed.term.text, counting), MOST_SPELLED_OUT):
            kept.add(places[id(variant)])
    variants = tuple(indexed.variants[number] for number in sorted(kept))
    index = WordIndex()
    return ReadyTerm(_planned(index, indexed, variants), index)


def _planned(index: WordIndex, indexed: IndexedTerm, variants: Variants) -> CompiledTerm:
    if indexed.known is None:
        indexed.known = known_of(indexed.term, indexed.variants)
    return Planner(index).term(
        indexed.term, indexed.strictness, variants, indexed.written_in, indexed.known
    )


class RuleIndex:
    """Rules and what their texts must hold."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: list[Rule] = []
        self.plans: list[Plan] = []
        self.terms: list[IndexedTerm] = []
        self.always: list[int] = []
        self.broken: dict[str, str] = {}
        self.cognates = CognateIndex()
        self.words = WordForms()
        self.filed: list[list[tuple[int, tuple[int, ...]]]] = []
        self.slots_of: list[list[int]] = []
        self.alternatives_of: list[list[tuple[int, tuple[int, ...], int]]] = []
        self._word_ids: dict[Anchor, int] = {}
        self._texts: dict[Text, int] = {}
        self._slots: dict[frozenset[int], int] = {}
        self._noted: set[tuple[frozenset[int], bool]] = set()
        self._shared: dict[tuple[Term, str, Languages], IndexedTerm] = {}
        self.wide: dict[int, int] = {}
        self._weights: list[float] = []
        self._text_weights: list[float] = []
        self._texts_of_slot: list[frozenset[int]] = []
        self._numbers: dict[str, int] = {}
        self._ready: dict[tuple[int, tuple[int, ...]], ReadyTerm] = {}
        for rule in rules:
            self.remove(rule.id)
            self._add(rule)
        self.words.build()

    def add(self, rule: Rule) -> int:
        """Add a rule and return its number; the next article sees it."""
        number = self._add(rule)
        self.words.build_side()
        return number

    def remove(self, rule_id: str) -> None:
        """Let a rule count no more."""
        if self._numbers.pop(rule_id, None) is not None:
            self.broken.pop(rule_id, None)

    def is_live(self, number: int) -> bool:
        """Whether a rule still counts."""
        return self._numbers.get(self.rules[number].id) == number

    @property
    def is_mostly_gone(self) -> bool:
        """Whether so many rules were removed that an index of the others is due."""
        gone = len(self.rules) - len(self._numbers)
        return gone > _MOST_GONE and gone > len(self._numbers)

    def live_rules(self) -> list[Rule]:
        """Return the rules that count, in their order."""
        return [self.rules[number] for number in sorted(self._numbers.values())]

    def _add(self, rule: Rule) -> int:
        number = len(self.rules)
        self.rules.append(rule)
        self._numbers[rule.id] = number
        try:
            query = parsed(rule.query)
        except QuerySyntaxError as error:
            self.broken[rule.id] = f"{rule.name}: {error} (at character {error.position + 1})"
            self.plans.append(Plan(rule, Keyword(""), {}))
            return number
        counted = [each for each in rule.variants if counts(each, rule.strictness)]
        indexed = {
            term: self._term(term, rule, _of_term(counted, term, term is query.first))
            for term in query.terms
        }
        compiled = {term: CompiledTerm(each.number, "", ()) for term, each in indexed.items()}
        self.plans.append(Plan(rule, query.tree, compiled))
        chosen = anchors(query.tree, lambda term: int(indexed[term].cost * _COST))
        if chosen is None or any(indexed[term].is_always for term in chosen):
            self.always.append(number)
        else:
            for term in chosen:
                indexed[term].rules.append(number)
        return number

    def _term(self, term: Term, rule: Rule, variants: Variants) -> IndexedTerm:
        key = (term, rule.strictness, rule.written_in)
        known = None if variants else self._shared.get(key)
        if known is not None:
            return known
        indexed = IndexedTerm(len(self.terms), term, rule.strictness, variants, rule.written_in, [])
        self.terms.append(indexed)
        if not variants:
            self._shared[key] = indexed
        kept = [each for each in variants if each.state is not VariantState.REJECTED]
        need = needs(term, rule.strictness, kept, tonal(rule.written_in))
        if need.alternatives is None:
            indexed.is_always = True
            indexed.cost = 1e9
            return indexed
        texts = {text: self._text(each) for text, each in need.by_variant.items()}
        rejected = VariantState.REJECTED
        indexed.texts = [
            -1 if each.state is rejected else texts.get(said(each), -1) for each in variants
        ]
        slots: list[int] = []
        for alternative in need.alternatives:
            slots += self._alternative(indexed, alternative)
        if not isinstance(term, Keyword):
            indexed.is_wide = True
        indexed.slots = tuple(dict.fromkeys(slots))
        return indexed

    def _alternative(self, indexed: IndexedTerm, alternative: Alternative) -> list[int]:
        numbers = [self._slot(slot, len(alternative.slots) == 1) for slot in alternative.slots]
        if len(numbers) > 1:
            texts = [text for number in set(numbers) for text in self._texts_of_slot[number]]
            if len(set(numbers)) < len(numbers) or len(set(texts)) < len(texts):
                indexed.is_wide = True
        if alternative.fuzzy or any(slot.signs for slot in alternative.slots):
            self.cognates.add(indexed.number, numbers, alternative)
        if all(slot.texts for slot in alternative.slots):
            rarest = min(numbers, key=self._commonness)
            others = tuple(number for number in dict.fromkeys(numbers) if number != rarest)
            indexed.cost += self._commonness(rarest)
            self.alternatives_of[rarest].append((indexed.number, others, alternative.longest))
        return numbers

    def _weight_of(self, text: int) -> float:
        return self._text_weights[text]

    def compiled(self, indexed: IndexedTerm, texts: set[int]) -> ReadyTerm:
        """Return a term made ready with those variants whose text may be there.

        And with those that say how others are meant: rejected ones; of each span a name, since
        then the term is a name itself; and names of which only the first ones are spelled out.
        """
        chosen = tuple(
            [number for number, text in enumerate(indexed.texts) if text < 0 or text in texts]
        )
        key = (indexed.number, chosen)
        ready = self._ready.get(key)
        if ready is None:
            if len(self._ready) >= _MOST_READY:
                self._ready = {}
            ready = self._ready[key] = _ready(indexed, chosen)
        return ready

    def has_several_patterns(self, number: int) -> bool:
        """Whether a term has several patterns when all of its variants count."""
        indexed = self.terms[number]
        return len(_ready(indexed, tuple(range(len(indexed.variants)))).term.patterns) > 1

    def _commonness(self, slot: int) -> float:
        return self._weights[slot]

    def _slot(self, slot: Slot, alone: bool) -> int:
        texts = frozenset(map(self._text, slot.texts))
        if not texts:
            return self._new_slot(texts)
        if (texts, alone) not in self._noted:
            self._noted.add((texts, alone))
            for text in slot.texts:
                self.words.note(map(self._word, text.words), alone=alone)
                if text.joined is not None:
                    self.words.note((self._word(text.joined),), alone=True)
        number = self._slots.get(texts)
        if number is None:
            number = self._slots[texts] = self._new_slot(texts)
        return number

    def _new_slot(self, texts: frozenset[int]) -> int:
        number = len(self.alternatives_of)
        self.alternatives_of.append([])
        self._texts_of_slot.append(texts)
        self._weights.append(sum(map(self._weight_of, texts)))
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
        self._text_weights.append(min((2.0 ** -len(a.letters) for a in text.words), default=1.0))
        words = [self._word(anchor) for anchor in text.words]
        if words:
            rarest = max(words, key=lambda each: len(self.words.anchors[each].letters))
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


def _of_term(variants: Sequence[Variant], term: Term, is_first: bool) -> Variants:
    if not variants:
        return ()
    one_each = tuple({variant.of: variant for variant in variants}.values())
    kept = {variant.of for variant in concerning(one_each, term, is_first=is_first)}
    return tuple(variant for variant in variants if variant.of in kept)
