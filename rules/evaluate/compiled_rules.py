"""Rules made ready at once: their plans, what they see of an article, exact evaluation."""

from collections.abc import Iterable, Mapping, Sequence

from rules.data.tables import primary
from rules.evaluate.evaluation import Evaluation, Verdict, View
from rules.evaluate.evidence import MOST_EVIDENCE, evidence_of, in_text_order
from rules.languages.match_types import MOST_PLACES, Hit
from rules.patterns.pattern import Pattern, Plan
from rules.patterns.planner import Planner
from rules.patterns.word_index import ChunkHits, WordIndex
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import parsed
from rules.query.tree import Term, anchors
from storage.model import Article, Match, Rule, Source


class CompiledRules:
    """Rules made ready at once, all of them.

    For the oracle of the tests, for whoever asks about parts of a rule, and for the few rules that
    no word is needed for. Never changed afterwards.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.broken: dict[str, str] = {}
        self._index = WordIndex()
        self._plans: list[Plan] = []
        planner = Planner(self._index)
        for rule in self.rules:
            try:
                query = parsed(rule.query)
            except QuerySyntaxError as error:
                self.broken[rule.id] = why_broken(rule, error)
                continue
            self._plans.append(planner.plan(rule, query))
        self._compiled = planner.compiled
        self._ways: dict[int, list[tuple[int, tuple[frozenset[int], ...]]]] = {}
        self._by_term: dict[int, list[int]] = {}
        self._always: list[int] = []
        self._regexes = frozenset(
            compiled_term.number
            for compiled_term in self._compiled
            if compiled_term.regex is not None
        )
        self._file()

    @property
    def size(self) -> int:
        """How many rules can match."""
        return len(self._plans)

    def matches(self, article: Article, source: Source, chunks: set[str]) -> list[Match]:
        """Return the matches of these rules; `chunks` are the article's, split at white space."""
        chunk_hits = self._index.find(chunks, primary(article.language))
        present = frozenset().union(*(of_chunk.entries for of_chunk in chunk_hits.values()))
        view: View | None = None
        if any(of_chunk.heads for of_chunk in chunk_hits.values()):
            view = self._view(article, source, chunk_hits)
            present = frozenset(entry for hits in view.hits.values() for entry in hits)
        possible = self._possible(present)
        candidates = self._candidates(possible)
        if not candidates:
            return []
        if view is None:
            view = self._view(article, source, chunk_hits)
        evaluation = Evaluation(view, possible)
        return self._decided(candidates, evaluation, view)

    def brute_force(self, article: Article, source: Source) -> list[Match]:
        """Return the same as `matches` without presearch: the oracle of its tests."""
        chunks = {*article.title.split(), *article.text.split()}
        chunk_hits = self._index.find(chunks, primary(article.language))
        view = self._view(article, source, chunk_hits)
        return self._decided(range(len(self._plans)), Evaluation(view, None), view)

    def plans_and_view(self, article: Article, source: Source) -> tuple[Sequence[Plan], View]:
        """Return the plans, and the article as they see it."""
        chunks = {*article.title.split(), *article.text.split()}
        chunk_hits = self._index.find(chunks, primary(article.language))
        return self._plans, self._view(article, source, chunk_hits)

    def _decided(
        self, candidates: Iterable[int], evaluation: Evaluation, view: View
    ) -> list[Match]:
        decided = []
        for number in candidates:
            plan = self._plans[number]
            if not concerns(plan.rule, view.article, view.source):
                continue
            verdict = evaluation.verdict(plan)
            if verdict is not None:
                decided.append(match_of(plan.rule, view, verdict))
        return decided

    def _possible(self, present: frozenset[int]) -> frozenset[int]:
        """Return the compiled terms all of whose words are there."""
        possible = set(self._regexes)
        for entry in present & self._ways.keys():
            for compiled_term, slots in self._ways[entry]:
                if compiled_term not in possible and all(map(present.intersection, slots)):
                    possible.add(compiled_term)
        return frozenset(possible)

    def _candidates(self, possible: frozenset[int]) -> list[int]:
        numbers = set(self._always)
        for compiled_term in possible & self._by_term.keys():
            numbers.update(self._by_term[compiled_term])
        return sorted(numbers)

    def _view(self, article: Article, source: Source, chunk_hits: Mapping[str, ChunkHits]) -> View:
        return seen(article, source, self._index, chunk_hits)

    def _file(self) -> None:
        """File each pattern under its rarest slot, and each rule under its rarest terms."""
        uses: dict[int, int] = {}
        for compiled_term in self._compiled:
            for pattern in compiled_term.patterns:
                for slot in pattern.slots:
                    for entry in slot.needed:
                        uses[entry] = uses.get(entry, 0) + 1
        for compiled_term in self._compiled:
            for pattern in compiled_term.patterns:
                rarest = min(pattern.slots, key=lambda s: sum(uses[e] for e in s.needed))
                needed = tuple(s.needed for s in pattern.slots if s is not rarest)
                for entry in rarest.needed:
                    self._ways.setdefault(entry, []).append((compiled_term.number, needed))
        for number, plan in enumerate(self._plans):
            self._file_rule(number, plan, uses)

    def _file_rule(self, number: int, plan: Plan, uses: Mapping[int, int]) -> None:
        def cost(term: Term) -> int:
            return sum(_uses(pattern, uses) for pattern in plan.compiled[term].patterns) + 1

        chosen = anchors(plan.query, cost)
        if chosen is None:
            self._always.append(number)
            return
        for term in chosen:
            self._by_term.setdefault(plan.compiled[term].number, []).append(number)


def seen(
    article: Article, source: Source, index: WordIndex, chunk_hits: Mapping[str, ChunkHits]
) -> View:
    """Return the article as rules see it whose words are in the index, given what it found."""
    texts = {"title": article.title, "text": article.text}
    language = primary(article.language)
    hits = {name: _located(text, index, chunk_hits, language) for name, text in texts.items()}
    return View(article, source, texts, hits)


def _located(
    text: str, index: WordIndex, chunk_hits: Mapping[str, ChunkHits], language: str
) -> dict[int, list[Hit]]:
    """Return the hits of each entry, by place, in one text."""
    located: dict[int, list[Hit]] = {}
    for chunk, what in chunk_hits.items():
        at = next_place(text, chunk, 0)
        left = MOST_PLACES
        while at >= 0 and left:
            left -= 1
            for number, start, end, match_type, strength, fuzzy, partners in what.hits:
                hit = Hit(number, start + at, end + at, match_type, strength, fuzzy, partners)
                located.setdefault(number, []).append(hit)
            if what.heads:
                for hit in index.joined_hits(text, at + len(chunk), chunk, what, language):
                    located.setdefault(hit.entry, []).append(hit)
            at = next_place(text, chunk, at + len(chunk))
    for hits in located.values():
        hits.sort()
    return located


def why_broken(rule: Rule, error: QuerySyntaxError) -> str:
    """Return the sentence for people about a query that cannot be read."""
    return f"{rule.name}: {error} (at character {error.position + 1})"


def _uses(pattern: Pattern, uses: Mapping[int, int]) -> int:
    return min(sum(uses[entry] for entry in slot.needed) for slot in pattern.slots)


def next_place(text: str, chunk: str, at: int) -> int:
    """Return where the chunk stands next between white space, -1 if nowhere."""
    while True:
        at = text.find(chunk, at)
        if at < 0:
            return -1
        end = at + len(chunk)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            return at
        at += 1


def concerns(rule: Rule, article: Article, source: Source) -> bool:
    """Whether the rule wants articles of this language and source.

    An article whose language is not known passes: better a needless alert than a lost one.
    """
    if rule.sources and source.name.casefold() not in (s.casefold() for s in rule.sources):
        return False
    if not rule.languages or not article.language:
        return True
    return primary(article.language) in map(primary, rule.languages)


def match_of(rule: Rule, view: View, verdict: Verdict) -> Match:
    language = view.article.language
    return Match(
        rule_id=rule.id,
        article_id=view.article.id,
        score=min(1.0, round(verdict.score, 3)),
        evidence=tuple(
            evidence_of(proof, view.texts[proof.field], language, rule.variants)
            for proof in in_text_order(verdict.proofs)[:MOST_EVIDENCE]
        ),
    )
