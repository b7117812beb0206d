"""One article, matched: which terms it may hold, and which rules it answers exactly."""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from rules.data.tables import primary
from rules.evaluate.compiled_rules import concerns, located, match_of, texts_of
from rules.evaluate.evaluation import Evaluation, View
from rules.evaluate.evidence import Proof, best_at_each_place
from rules.index.scan import Scan
from rules.patterns.pattern import CompiledTerm, Plan
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
        self._rules = len(index.filing)
        self._terms = index.in_language(self._language)
        self._words_of = texts_of(article)
        self._text = _BETWEEN.join(self._words_of.values())
        self._engine = self._terms.table.engine
        self._chunks: dict[int, set[str]] = {}

    def matches(self) -> list[Match]:
        """Return the matches, in the order of the rules."""
        with self._engine.lock:
            return self._matches()

    def _matches(self) -> list[Match]:
        possible = self._terms.met(Scan(self._engine, self._text))
        possible.update(self._index.always_terms)
        plans = self._candidates(possible)
        if not plans:
            return []
        self._gather({term.number for plan in plans for term in plan.compiled.values()} & possible)
        evaluation = _TermEvaluation(self, frozenset(possible))
        found = []
        for plan in plans:
            verdict = evaluation.verdict(plan)
            if verdict is not None:
                found.append(match_of(plan.rule, evaluation.view, verdict))
        return found

    def _candidates(self, possible: Iterable[int]) -> list[Plan]:
        """Return the plans that may hold, given the terms that may."""
        index = self._index
        numbers = set(index.filing.always)
        for term in possible:
            numbers.update(index.filing.rules_of(term))
        return index.plans(
            [
                each
                for each in sorted(numbers, key=index.places.__getitem__)
                if each < self._rules
                and (rule := index.live(each))
                and concerns(rule, self._article, self._source)
            ]
        )

    def _gather(self, terms: Collection[int]) -> None:
        """Note in which chunks of the article the words of terms may stand."""
        text, ordered = self._text, list(terms)
        spans = iter(self._engine.answer(self._engine.tell("gather", ordered)).tolist())
        for number in ordered:
            self._chunks[number] = {text[next(spans) : next(spans)] for _ in range(next(spans))}

    @cached_property
    def _texts(self) -> set[int]:
        """The texts of which all words are in the article."""
        return set(self._engine.answer(self._engine.call("texts_met")).tolist())

    def view_of(self, number: int, view: View) -> tuple[View, CompiledTerm]:
        """Return the article as a term sees it, and the term made ready."""
        indexed = self._index.terms[number]
        chosen = self._terms.chosen(indexed, self._texts) if indexed.variants else ()
        ready = self._index.compiled(indexed, chosen)
        found = ready.words.find(self._chunks[number], self._language)
        hits = {
            name: located(text, ready.words, found, self._language)
            for name, text in view.texts.items()
        }
        return View(view.article, view.source, view.texts, hits), ready.term

    def settled(self, number: int, found: list[Proof]) -> list[Proof]:
        """Return the best proof at each place, if the term has patterns that were left out."""
        best = best_at_each_place(found)
        return best if best != found and self._index.has_several_patterns(number) else found

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
