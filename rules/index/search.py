"""One article, matched: which terms it may hold, and which rules it answers exactly."""

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from rules.data.tables import primary
from rules.evaluate.compiled_rules import (
    concerns,
    hits_at,
    located,
    match_of,
    texts_of,
)
from rules.evaluate.evaluation import Evaluation, Finds, View
from rules.evaluate.evidence import MOST_EVIDENCE, Proof, best_at_each_place
from rules.evaluate.remembered import Kind, OfChunk, Remembered, chunks_of
from rules.index.memory.scan import Scan
from rules.index.term_index import Met
from rules.languages.match_types import MOST_PLACES
from rules.patterns.pattern import CompiledTerm, Plan
from rules.patterns.word_index import ChunkHits
from rules.text.chunks import chunk_around
from rules.text.sentences import begins_sentence
from storage.model import Article, Match, Source

if TYPE_CHECKING:
    from rules.evaluate.ready_terms import ReadyTerm
    from rules.index.rule_index import RuleIndex

_BETWEEN = "\n"
_BEGUN = "\n"
"""Before what is remembered of a word with a capital where a sentence begins."""


class ArticleSearch:
    """Finds the rules that an article answers."""

    def __init__(self, index: "RuleIndex", article: Article, source: Source) -> None:
        self._index = index
        self._article = article
        self._source = source
        self._language = primary(article.language)
        self._rules = len(index.filing)
        self._terms = index.in_language(self._language)
        self._words_of = texts_of(article)
        self._text = _BETWEEN.join(self._words_of.values())
        self._engine = self._terms.table.engine
        self._met = Met(frozenset(), frozenset())
        self._bounds: dict[int, list[int]] = {}

    def matches(self) -> list[Match]:
        """Return the matches, in the order of the rules."""
        with self._engine.lock:
            return self._matches()

    def _matches(self) -> list[Match]:
        self._met = self._terms.met(Scan(self._engine, self._text))
        possible = self._met.terms.union(self._index.always_terms)
        plans = self._candidates(possible) if possible or self._index.filing.always else ()
        if not plans:
            return []
        self._gather(plans, possible)
        evaluation = _TermEvaluation(self, possible)
        found = []
        for plan in plans:
            verdict = evaluation.verdict(plan)
            if verdict is not None:
                texts = [text for proof in verdict.proofs for text in proof.variants]
                variants = self._index.variants(plan.rule, texts) if texts else ()
                found.append(match_of(plan.rule, evaluation.view, verdict, variants))
        return found

    def _candidates(self, possible: Set[int]) -> list[Plan]:
        """Return the plans that may hold, given the terms that may."""
        index, filing = self._index, self._index.filing
        candidates = [
            each
            for each in filing.rules_of(possible)
            if each < self._rules
            and filing.may_hold(each, possible)
            and (rule := index.live(each))
            and concerns(rule, self._article, self._source)
        ]
        return index.plans(sorted(candidates, key=index.places.__getitem__))

    def _gather(self, plans: Sequence[Plan], possible: Set[int]) -> None:
        """Note in which pieces of the article the words of terms may stand."""
        asked = {term.number for plan in plans for term in plan.compiled.values()}
        terms = list(asked & possible)
        spans = self._engine.answer(self._engine.tell("gather", terms)).tolist()
        at = 0
        for number in terms:
            first, at = at + 1, at + 1 + 2 * spans[at]
            self._bounds[number] = spans[first:at]

    def ready(self, number: int) -> "ReadyTerm":
        """Return a term made ready with the variants that may be there."""
        indexed = self._index.terms[number]
        chosen = self._terms.chosen(indexed, self._met.texts) if indexed.variants else frozenset()
        return self._index.compiled(indexed, chosen, self._language)

    def pieces(self, number: int) -> list[tuple[int, str]]:
        """Return the pieces of chunks where the words of a term may stand, with their places.

        Runs, and what lies between them, as no word of one term goes on from one into the other.
        Places count from where the title begins; one sign behind it the text does.
        """
        text, bounds = self._text, self._bounds[number]
        return [(at, text[at:end]) for at, end in zip(bounds[::2], bounds[1::2], strict=True)]

    def chunks(self, number: int) -> set[str]:
        """Return the chunks where the words of a term may stand."""
        pieces = self.pieces(number)
        return {chunk_around(self._text, at, at + len(piece)) for at, piece in pieces}

    def settled(self, number: int, found: list[Proof]) -> list[Proof]:
        """Return the best proof at each place, if the term has patterns that were left out."""
        best = best_at_each_place(found)
        return best if best != found and self._index.has_several_patterns(number) else found

    @property
    def base(self) -> View:
        """The article without any finds."""
        texts = self._words_of
        return View(self._article, self._source, texts, {name: {} for name in texts})


class _FieldOf(NamedTuple):
    """A field of an article: where it begins in all of its text, and what it is."""

    name: str
    begins: int
    kind: Kind


class _TermEvaluation(Evaluation):
    """Evaluates plans whose terms are made ready one by one, as they are asked for."""

    def __init__(self, search: ArticleSearch, possible: frozenset[int]) -> None:
        super().__init__(search.base, possible)
        self._search_for = search
        self.view = self._view
        self._ready: dict[int, ReadyTerm] = {}
        self._found_in: dict[int, dict[str, ChunkHits]] = {}
        self._fields: list[_FieldOf] = []
        at = 0
        for field, text in self.view.texts.items():
            self._fields.append(_FieldOf(field, at, (self._around, text.islower())))
            at += len(text) + len(_BETWEEN)

    def _found(self, compiled_term: CompiledTerm, field: str) -> list[Proof]:
        number = compiled_term.number
        found = self._proofs.get((number, field))
        if found is None:
            ready = self._ready.get(number)
            if ready is None:
                ready = self._ready[number] = self._search_for.ready(number)
                if ready.remembered is not None:
                    self._remember(ready.remembered, ready, number)
                    found = self._proofs.get((number, field))
            if found is None:
                found = self._search(ready.term, self._finds(ready, number, field))
                found = self._proofs[number, field] = self._settled(found, ready, number)
        return found

    def _settled(self, found: list[Proof], ready: "ReadyTerm", number: int) -> list[Proof]:
        is_sure = len(found) < 2 or ready.name or not ready.has_one_pattern
        return found if is_sure else self._search_for.settled(number, found)

    def _finds(self, ready: "ReadyTerm", number: int, field: str) -> Finds:
        chunks = self._found_in.get(number)
        if chunks is None:
            every = self._search_for.chunks(number)
            chunks = ready.words.find(every, self._around.language)
            self._found_in[number] = chunks
        text = self.view.texts[field]
        return Finds(field, text, located(text, ready.words, chunks, self._around.language))

    def _remember(self, remembered: Remembered, ready: "ReadyTerm", number: int) -> None:
        """Note the proofs in a field if each chunk alone says which these are, and few do."""
        behind_title = self._fields[1].begins
        found: tuple[list[Proof], list[Proof]] = ([], [])
        hits, proving = [0, 0], [0, 0]
        for place, chunk in self._search_for.pieces(number):
            is_text = place >= behind_title
            field = self._fields[is_text]
            at, known = place - field.begins, chunks_of(remembered, field.kind)
            begins = chunk[:1].isupper() and begins_sentence(self.view.texts[field.name], at)
            key = f"{_BEGUN}{chunk}" if begins else chunk
            what = known.get(key)
            if what is None:
                what = known[key] = self._of_chunk(ready, field.name, chunk, at)
            hits[is_text] += MOST_PLACES + 1 if what.goes_on else what.hits
            if what.proofs:
                proving[is_text] += what.hits
                for proof in what.proofs:
                    start, end = proof.start + at, proof.end + at
                    found[is_text].append(Proof(field.name, start, end, *proof[3:]))
        for at, field in enumerate(self._fields):
            # So few that looking at all of the field at once would leave none of them out.
            if hits[at] <= MOST_PLACES and proving[at] <= MOST_EVIDENCE:
                proofs = found[at]
                self._proofs[number, field.name] = self._settled(proofs, ready, number)

    def _of_chunk(self, ready: "ReadyTerm", field: str, chunk: str, at: int) -> OfChunk:
        """Return what a chunk says of a term, looking at it where it stands."""
        text, language = self.view.texts[field], self._around.language
        plain = ready.plainly_in(chunk, field, language, text, at)
        if plain is not None:
            return plain
        term, words = ready.ways_in(chunk, language)
        what = words.analysed(chunk, language)
        proofs = self._search(term, Finds(field, text, hits_at(at, what.hits)))
        moved = (proof._replace(start=proof.start - at, end=proof.end - at) for proof in proofs)
        return OfChunk(len(what.hits), tuple(moved), bool(what.heads))
