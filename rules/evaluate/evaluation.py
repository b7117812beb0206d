"""Does a rule hold for an article, and which words prove it: exact evaluation after presearch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, assert_never

from common.neighbours import may_be_in
from common.records import dataclass
from rules.data.tables import articles, conjunctions, primary
from rules.evaluate.brief_names import are_by_chance, is_brief_name
from rules.evaluate.counting import counts, may_be_borrowed, verbs_of
from rules.evaluate.evidence import (
    MOST_EVIDENCE,
    Proof,
    best_at_each_place,
    in_order,
    proof_of,
    proven,
)
from rules.evaluate.heard_together import told_apart
from rules.evaluate.one_language import languages_of, of_one_language
from rules.evaluate.proximity import Occurrence, Span, beside, distance_gap, keyword_gap, spans
from rules.evaluate.surroundings import surroundings_of
from rules.evaluate.turns import best_for_slots, in_turns
from rules.evaluate.versions import with_versions
from rules.evaluate.what_is_done import WhatIsDone
from rules.languages.match_types import ALONE, BESIDE, MOST_PLACES, TAIL, Hit, MatchType
from rules.patterns.multiword import sequences
from rules.patterns.pattern import MANY, CompiledTerm, Pattern, Plan, Slot
from rules.patterns.rejections import NONE, Rejections
from rules.query.fields import field_values, holds_in_values
from rules.query.tree import (
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Exact,
    Field,
    Keyword,
    Near,
    Not,
    Phrase,
    Query,
    Regex,
    Scored,
    Term,
    Weighted,
    Wildcard,
    Within,
    is_loss,
)
from rules.text.folding import fold
from storage.model import Article, Source

_NAME_ALONE, _WORD_ALONE = frozenset({ALONE}), frozenset({ALONE, TAIL})
_IN_A_NAME, _AMONG_WORDS = frozenset({BESIDE}), frozenset({BESIDE, TAIL})
_LEAST_OF_BORROWED = 0.86
"""So like must words be on average that a text borrows one behind the other."""


class Verdict(NamedTuple):
    """That a part of a query holds, how surely, and the words that prove it."""

    score: float
    proofs: tuple[Proof, ...] = ()


@dataclass(slots=True)
class View:
    """An article as the rules see it.

    Attributes:
        texts: The text of each text field.
        hits: For each text field and entry of the index, where it was found.
    """

    article: Article
    source: Source
    texts: dict[str, str]
    hits: dict[str, dict[int, list[Hit]]]


class Finds(NamedTuple):
    """Where words of a term stand in a field, by their entries in the index."""

    field: str
    text: str
    hits: Mapping[int, list[Hit]]


class Evaluation:
    """Evaluates plans on one article; what terms share is found once."""

    def __init__(self, view: View, possible: frozenset[int] | None) -> None:
        """Begin; `possible` are the compiled terms that may hold, None for all."""
        self._view = view
        self._possible = possible
        self._proofs: dict[tuple[int, str], list[Proof]] = {}
        language = primary(view.article.language)
        self._around = surroundings_of(language, view.texts.values())

    def verdict(self, plan: Plan) -> Verdict | None:
        """Return whether the plan's query holds, or None."""
        return self._holds(plan.query, plan, TEXT_FIELDS)

    def _holds(self, query: Query, plan: Plan, fields: Sequence[str]) -> Verdict | None:
        match query:
            case Keyword() | Phrase() | Exact() | Wildcard() | Regex():
                return self._term(query, plan, fields)
            case AllOf(parts):
                return self._all(parts, plan, fields)
            case AnyOf(parts):
                return self._any(parts, plan, fields)
            case Not(part):
                return Verdict(1.0) if self._holds(part, plan, fields) is None else None
            case Near():
                return self._near(query, plan, fields)
            case Field(name, part):
                return self._field(name, part, plan)
            case _:
                return self._rest(query, plan, fields)

    def _rest(
        self, query: Weighted | Scored | Within, plan: Plan, fields: Sequence[str]
    ) -> Verdict | None:
        match query:
            case Weighted(part, _):
                return self._holds(part, plan, fields)
            case Scored(part, at_least):
                verdict = self._holds(part, plan, fields)
                enough = verdict is not None and self.points(part, plan, fields) >= at_least
                return verdict if enough else None
            case Within(age):
                article = self._view.article
                if article.published_at is None:
                    return Verdict(1.0)
                fresh = article.first_seen_at - article.published_at <= age
                return Verdict(1.0) if fresh else None
            case _:
                assert_never(query)

    def _term(self, term: Term, plan: Plan, fields: Sequence[str]) -> Verdict | None:
        compiled_term = plan.compiled[term]
        if self._possible is not None and compiled_term.number not in self._possible:
            return None
        proofs = [proof for field in fields for proof in self._found(compiled_term, field)]
        if not proofs:
            return None
        if len(proofs) == 1:
            return Verdict(proofs[0].strength, (proofs[0],))
        return Verdict(max(proof.strength for proof in proofs), tuple(proofs))

    def _all(self, parts: tuple[Query, ...], plan: Plan, fields: Sequence[str]) -> Verdict | None:
        verdicts = []
        for part in parts:
            verdict = self._holds(part, plan, fields)
            if verdict is None:
                return None
            verdicts.append(verdict)
        return Verdict(min(verdict.score for verdict in verdicts), _proofs(verdicts))

    def _any(self, parts: tuple[Query, ...], plan: Plan, fields: Sequence[str]) -> Verdict | None:
        if len(parts) > MANY and self._possible is not None:
            parts = plan.possible_parts(parts, self._possible)
        verdicts = [
            verdict
            for part in parts
            if not is_loss(part) and (verdict := self._holds(part, plan, fields)) is not None
        ]
        if not verdicts:
            return None
        return Verdict(max(verdict.score for verdict in verdicts), _proofs(verdicts))

    def _field(self, name: str, part: Query, plan: Plan) -> Verdict | None:
        if name in TEXT_FIELDS:
            return self._holds(part, plan, (name,))
        values = field_values(name, self._view.article, self._view.source)
        return Verdict(1.0) if holds_in_values(part, name, values) else None

    def points(self, query: Query, plan: Plan, fields: Sequence[str]) -> float:
        """Return the sum of the weights of the weighted parts that hold."""
        match query:
            case Weighted(part, weight):
                return weight if self._holds(part, plan, fields) is not None else 0.0
            case AllOf(parts) | AnyOf(parts) | Near(parts, _):
                return sum(self.points(part, plan, fields) for part in parts)
            case Scored(part, _):
                return self.points(part, plan, fields)
            case Field(name, part) if name in TEXT_FIELDS:
                return self.points(part, plan, (name,))
            case _:
                return 0.0

    def _near(self, near: Near, plan: Plan, fields: Sequence[str]) -> Verdict | None:
        proofs = [proof for field in fields for proof in self._near_in(near, plan, field)]
        if not proofs:
            return None
        return Verdict(max(proof.strength for proof in proofs), tuple(proofs))

    def _near_in(self, near: Near, plan: Plan, field: str) -> list[Proof]:
        occurrences: list[Occurrence] = []
        via: dict[Occurrence, tuple[str, ...]] = {}
        for number, part in enumerate(near.parts):
            verdict = self._holds(part, plan, (field,))
            if verdict is None:
                return []
            for proof in verdict.proofs[:MOST_PLACES]:
                occurrence = Occurrence(
                    proof.start, proof.end, number, proof.match_type, proof.strength
                )
                occurrences.append(occurrence)
                via[occurrence] = proof.variants
        gap = distance_gap(self._view.texts[field], near.distance)
        together = spans(occurrences, len(near.parts), gap, MOST_EVIDENCE)
        text = self._view.texts[field]
        return [proof_of(span, field, str(near), text, via) for span in together]

    def _found(self, compiled_term: CompiledTerm, field: str) -> list[Proof]:
        key = (compiled_term.number, field)
        proofs = self._proofs.get(key)
        if proofs is None:
            finds = Finds(field, self._view.texts[field], self._view.hits[field])
            proofs = self._proofs[key] = self._search(compiled_term, finds)
        return proofs

    def _search(self, compiled_term: CompiledTerm, finds: Finds) -> list[Proof]:
        field, text, hits = finds
        if compiled_term.regex is not None:
            return [
                Proof(field, start, end, compiled_term.label, MatchType.EXACT, 1.0)
                for start, end in compiled_term.regex.spans(text, MOST_EVIDENCE)
            ]
        if not hits:
            return []
        proofs: list[Proof] = []
        for pattern in compiled_term.patterns:
            if not _may_hold(pattern, hits) or not self._around.has(pattern):
                continue
            proofs.extend(self._by_pattern(pattern, compiled_term, finds))
        return best_at_each_place(proofs) if len(compiled_term.patterns) > 1 else proofs

    def _by_pattern(
        self, pattern: Pattern, compiled_term: CompiledTerm, finds: Finds
    ) -> list[Proof]:
        field, text, _ = finds
        is_one = len(pattern.slots) == 1
        together = (
            self._of_one_word(pattern, finds)
            if is_one
            else self._of_several(pattern, compiled_term, finds)
        )
        rejections = self._rejections(compiled_term, finds)
        language = self._around.language
        found = proven(together, pattern, compiled_term, field, text, rejections, language)
        return best_at_each_place(found) if pattern.ordered or pattern.says_done else found

    def _of_several(
        self, pattern: Pattern, compiled_term: CompiledTerm, finds: Finds
    ) -> list[Span]:
        """Return where all slots of a pattern are answered together."""
        text, of_name = finds.text, any(slot.is_name for slot in pattern.slots)
        own = (_IN_A_NAME if of_name else _AMONG_WORDS).union(*map(self._counting, pattern.slots))
        occurrences: list[Occurrence] = []
        for number, slot in enumerate(pattern.slots):
            count = len(occurrences)
            occurrences.extend(self._occurrences(slot, number, pattern, own, finds))
            if len(occurrences) == count:
                occurrences = []
                break
        said_in = {} if self._around.language else languages_of(occurrences, pattern)
        occurrences = best_for_slots(occurrences)
        if pattern.ordered:
            return in_order(occurrences, pattern, text)
        is_one_word, verbs = self._around.is_one_word(pattern), verbs_of(pattern)
        may_turn, is_own = pattern.via is None, self._around.language in pattern.written_in
        near = keyword_gap(
            text,
            may_turn=may_turn,
            is_own=is_own,
            of_name=of_name,
            parting=self._parting(pattern, compiled_term),
            articles=articles(self._around.language),
            is_of_names=all(slot.written[:1].isupper() for slot in pattern.slots),
            verbs=verbs,
        )
        gaps = [(occurrences, beside(text) if is_one_word else near)]
        done = None
        if pattern.says_done:
            label, language = compiled_term.label, self._around.language
            done = WhatIsDone(text, label, verbs, len(pattern.slots), language, is_own)
            gaps = [(occurrences, beside(text) if is_one_word else done.near(near))]
            apart = done.apart(near)
            gaps.append(([each for each in occurrences if not (each.fuzzy or each.said)], apart))
        together: list[Span] = []
        for every, gap in gaps:
            told = told_apart(gap, pattern, text, self._around.language)
            counted = in_turns(every, told)
            found = spans(counted, len(pattern.slots), told, MOST_EVIDENCE)
            together += of_one_language(found, counted, said_in, told) if said_in else found
        if done is not None:
            together = [span for span in together if not done.is_denied(span)]
        together = self._by_more_than_chance(together, pattern, text)
        said = pattern.via.text if pattern.via else compiled_term.label
        together = with_versions(said, together, occurrences, pattern, text, self._around.language)
        return together or self._borrowed(pattern, finds)

    def _of_one_word(self, pattern: Pattern, finds: Finds) -> list[Span]:
        """Return where the only slot of a pattern is answered."""
        (slot,) = pattern.slots
        own = (_NAME_ALONE if slot.is_name else _WORD_ALONE).union(self._counting(slot))
        occurrences = list(self._occurrences(slot, 0, pattern, own, finds))
        if len(occurrences) > 1:
            occurrences = sorted(best_for_slots(occurrences))
        together = [Span((occurrence,), 0.0) for occurrence in occurrences]
        return self._by_more_than_chance(together, pattern, finds.text)

    def _by_more_than_chance(self, together: list[Span], pattern: Pattern, text: str) -> list[Span]:
        """Return the spans without those that only sound like a short name."""
        if not together or not is_brief_name(pattern):
            return together
        language, slots = self._around.language, pattern.slots
        return [span for span in together if not are_by_chance(span, slots, text, language)]

    def _borrowed(self, pattern: Pattern, finds: Finds) -> list[Span]:
        """Return where all words stand in the text's letters, one behind the other: hip hop.

        Each alone may be a common word there; together they are borrowed.
        """
        _, text, hits = finds
        occurrences: list[Occurrence] = []
        for number, slot in enumerate(pattern.slots):
            there = [
                Occurrence(hit.start, hit.end, number, hit.match_type, hit.strength, hit.fuzzy)
                for hit in hits.get(slot.own, ())[:MOST_PLACES]
                if may_be_borrowed(hit, pattern, slot, text, self._around)
            ]
            if not there:
                return []
            occurrences += there
        count = len(pattern.slots)
        gap = told_apart(beside(text), pattern, text, self._around.language)
        together = spans(occurrences, count, gap, MOST_EVIDENCE)
        borrowed = [span for span in together if _are_borrowed(span, count)]
        return self._by_more_than_chance(borrowed, pattern, text)

    def _parting(self, pattern: Pattern, compiled_term: CompiledTerm) -> frozenset[str]:
        """Return the words of the text's language for "and", unless the pattern has one itself."""
        said = pattern.via.text if pattern.via is not None else compiled_term.label
        if not self._around.language or not _folded_conjunctions("").isdisjoint(fold(said).split()):
            return frozenset()
        return _folded_conjunctions(self._around.language)

    def _counting(self, slot: Slot) -> Iterable[int]:
        """Return what answers a slot in a text of this language, be it in a compound."""
        if not slot.via:
            return slot.entries
        language = self._around.language
        return [
            entry
            for entry in slot.entries
            if entry not in slot.via or may_be_in(slot.via[entry].languages, language)
        ]

    def _rejections(self, of: CompiledTerm | Slot, finds: Finds) -> Rejections:
        if not of.rejected:
            return NONE
        return Rejections(of.rejected, finds.hits, finds.text, self._view.article.language)

    def _occurrences(
        self, slot: Slot, number: int, pattern: Pattern, own: frozenset[int], finds: Finds
    ) -> Iterator[Occurrence]:
        """Yield where a slot is answered: by a word, or by several one behind the other."""
        _, text, hits = finds
        around = self._around
        rejections = self._rejections(slot, finds)
        for entry in slot.entries:
            via = slot.via.get(entry)
            for hit in hits.get(entry, ())[:MOST_PLACES]:
                if not counts(hit, pattern, slot, own, text, around):
                    continue
                match_type = hit.match_type if via is None else MatchType.LEXICON
                if rejections.reject(hit.start, hit.end, match_type, fuzzy=hit.fuzzy, via=via):
                    continue
                if via is None:
                    yield Occurrence(
                        hit.start,
                        hit.end,
                        number,
                        hit.match_type,
                        hit.strength,
                        hit.fuzzy,
                        said=entry != slot.own,
                    )
                elif not hit.fuzzy:
                    match_type = (
                        max(hit.match_type, MatchType.LEXICON)
                        if not hit.partners
                        else hit.match_type
                    )
                    strength = min(hit.strength, via.score)
                    yield Occurrence(
                        hit.start, hit.end, number, match_type, strength, False, via.text
                    )
        yield from self._several_words(slot, number, finds, rejections)

    def _several_words(
        self, slot: Slot, number: int, finds: Finds, rejections: Rejections
    ) -> Iterator[Occurrence]:
        """Yield where a slot is answered by several words, one behind the other."""
        _, text, hits = finds
        around = self._around
        for form in slot.multiword_forms:
            if not may_be_in(form.via.languages, around.language):
                continue
            places = sequences(form.entries, form.before, hits, text, may_part=form.is_separable)
            for start, end, strength in places:
                if form.via.toned and not around.is_same(text[start:end], form.via.text):
                    continue
                strength = min(strength, form.via.score)
                match_type = MatchType.LEXICON
                if not rejections.reject(start, end, match_type, fuzzy=False, via=form.via):
                    yield Occurrence(start, end, number, match_type, strength, False, form.via.text)


def _may_hold(pattern: Pattern, hits: Mapping[int, list[Hit]]) -> bool:
    """Whether for each slot a word was found that may answer it."""
    found = hits.keys()
    return not any(
        found.isdisjoint(slot.entries) and not slot.multiword_forms for slot in pattern.slots
    )


def _are_borrowed(span: Span, count: int) -> bool:
    """Whether so many words of a text, each another one, are like enough together."""
    places = {occurrence.start for occurrence in span.occurrences}
    likeness = sum(occurrence.strength for occurrence in span.occurrences)
    return len(places) == len(span.occurrences) == count and likeness >= count * _LEAST_OF_BORROWED


def _proofs(verdicts: list[Verdict]) -> tuple[Proof, ...]:
    return tuple(dict.fromkeys(proof for verdict in verdicts for proof in verdict.proofs))


@cache
def _folded_conjunctions(language: str) -> frozenset[str]:
    return frozenset(map(fold, conjunctions(language)))
