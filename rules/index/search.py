"""One article, matched: which terms it may hold, and which rules it answers exactly."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from rules.data.tables import primary
from rules.evaluate.compiled_rules import concerns, located, match_of, texts_of
from rules.evaluate.evaluation import Evaluation, View
from rules.evaluate.evidence import Proof, best_at_each_place
from rules.index.scan import Scan
from rules.patterns.pattern import CompiledTerm
from rules.text.chunks import chunk_spans
from storage.model import Article, Match, Source

if TYPE_CHECKING:
    from rules.index.rule_index import RuleIndex

_BETWEEN = "\n"


class ArticleSearch:
    """Finds the rules that an article answers."""

    def __init__(self, index: "RuleIndex", article: Article, source: Source) -> None:
        self._index = index
        self._article = article
        self._source = source
        self._language = primary(article.language)
        self._rules = len(index.plans)
        self._terms = index.in_language(self._language)
        self._words_of = texts_of(article)
        self._engine = self._terms.table.engine
        self._spelled: dict[int, set[int]] = {}

    def matches(self) -> list[Match]:
        """Return the matches, in the order of the rules."""
        with self._engine.lock:
            return self._matches()

    def _matches(self) -> list[Match]:
        index = self._index
        possible = self._possible()
        numbers = set(index.always)
        for term in possible:
            numbers.update(index.terms[term].rules)
        if not numbers:
            return []
        evaluation = _TermEvaluation(self, frozenset(possible))
        found = []
        for number in sorted(each for each in numbers if each < self._rules):
            plan = index.plans[number]
            if index.is_live(number) and concerns(plan.rule, self._article, self._source):
                verdict = evaluation.verdict(plan)
                if verdict is not None:
                    found.append(match_of(plan.rule, evaluation.view, verdict))
        return found

    def _possible(self) -> set[int]:
        """Return the terms that the article may hold."""
        self._scan = Scan(self._engine, _BETWEEN.join(self._words_of.values()))
        possible, self._spelled = self._terms.met(self._scan)
        possible.update(self._index.always_terms)
        return possible

    @cached_property
    def _texts(self) -> set[int]:
        """The texts of which all words are in the article."""
        return set(self._engine.answer(self._engine.call("texts_met")).tolist())

    def view_of(self, number: int, view: View) -> tuple[View, CompiledTerm]:
        """Return the article as a term sees it, and the term made ready."""
        indexed = self._index.terms[number]
        count = self._engine.tell("gather", list(self._spelled.get(number, ())), of=(number,))
        places: list[int] = self._engine.answer(count).tolist()
        ready = self._index.compiled(indexed, self._terms.chosen(indexed, self._texts))
        found = ready.index.find(self._chunks_at(places), self._language)
        hits = {
            name: located(text, ready.index, found, self._language)
            for name, text in view.texts.items()
        }
        return View(view.article, view.source, view.texts, hits), ready.term

    def settled(self, number: int, found: list[Proof]) -> list[Proof]:
        """Return the best proof at each place, if the term has patterns that were left out."""
        best = best_at_each_place(found)
        return best if best != found and self._index.has_several_patterns(number) else found

    def _chunks_at(self, places: Iterable[int]) -> set[str]:
        """Return the chunks in which some words stand."""
        text, (starts, ends) = self._scan.text, self._chunks
        froms, tos = self._scan.froms, self._scan.tos
        spans = {
            (starts[bisect_right(starts, froms[place]) - 1], ends[bisect_left(ends, tos[place])])
            for place in places
        }
        return {text[start:end] for start, end in spans}

    @cached_property
    def _chunks(self) -> tuple[list[int], list[int]]:
        """Where the chunks of the article begin and end."""
        spans = chunk_spans(self._scan.text)
        return [start for start, _ in spans], [end for _, end in spans]

    @property
    def base(self) -> View:
        """The article without any finds."""
        texts = self._words_of
        return View(self._article, self._source, texts, {name: {} for name in texts})


class _TermEvaluation(Evaluation):
    """Evaluates plans whose terms are made ready one by one, as they are asked for."""

    def __init__(self, search: ArticleSearch, possible: frozenset[int]) -> None:
        super().__init__(search.base, possible)
        self._search_for = search
        self.view = self._view
        self._ready: dict[int, tuple[View, CompiledTerm]] = {}

    def _found(self, compiled_term: CompiledTerm, field: str) -> list[Proof]:
        key = (compiled_term.number, field)
        found = self._proofs.get(key)
        if found is None:
            known = self._ready.get(compiled_term.number)
            if known is None:
                known = self._search_for.view_of(compiled_term.number, self.view)
                self._ready[compiled_term.number] = known
            self._view, term = known
            found = self._search(term, field)
            self._view = self.view
            if len(term.patterns) == 1 and len(found) > 1:
                found = self._search_for.settled(compiled_term.number, found)
            self._proofs[key] = found
        return found
