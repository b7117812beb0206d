"""One rule made ready alone, with some of its variants, and asked about some chunks of a text."""

from rules.data.tables import primary
from rules.evaluate.compiled_rules import seen
from rules.evaluate.evaluation import Evaluation, Verdict, View
from rules.evaluate.evidence import Proof
from rules.languages.match_types import Hit
from rules.patterns.pattern import Slot
from rules.patterns.planner import Planner
from rules.patterns.word_index import WordIndex
from rules.query.parsed import ParsedQuery, parsed
from rules.query.tree import TEXT_FIELDS, AnyOf, Exact, Keyword, Phrase, Query
from storage.model import Article, Rule, Source


class CompiledRule:
    """A rule ready to be evaluated.

    Attributes:
        local: Whether it is found inside single chunks only, so that what a chunk proves does
            not depend on the text around it.
    """

    __slots__ = ("_index", "_plan", "local", "rule")

    def __init__(self, rule: Rule, query: ParsedQuery | None = None) -> None:
        self.rule = rule
        self._index = WordIndex()
        self._plan = Planner(self._index).plan(rule, query or parsed(rule.query))
        self.local = _is_of_alternatives(self._plan.query) and all(
            len(pattern.slots) == 1 and _is_local(pattern.slots[0])
            for compiled_term in self._plan.compiled.values()
            for pattern in compiled_term.patterns
        )

    def verdict(
        self, article: Article, source: Source, chunks: set[str]
    ) -> tuple[Verdict | None, View]:
        """Return whether the rule holds, looking only at these chunks for its words."""
        chunk_hits = self._index.find(chunks, primary(article.language))
        view = seen(article, source, self._index, chunk_hits)
        return Evaluation(view, None).verdict(self._plan), view

    def proofs_in(self, chunk: str, article: Article, source: Source) -> tuple[Proof, ...]:
        """Return what a chunk alone proves; places count from its start."""
        chunk_hits = self._index.find({chunk}, primary(article.language))
        what = chunk_hits.get(chunk)
        hits: dict[str, dict[int, list[Hit]]] = {name: {} for name in TEXT_FIELDS}
        if what is None or not what.hits:
            return ()
        for hit in sorted(what.hits):
            hits["text"].setdefault(hit.entry, []).append(hit)
        view = View(article, source, {"title": "", "text": chunk}, hits)
        verdict = Evaluation(view, None).verdict(self._plan)
        return () if verdict is None else verdict.proofs


def _is_of_alternatives(query: Query) -> bool:
    """Whether it is one term, or several of which any will do."""
    parts = query.parts if isinstance(query, AnyOf) else (query,)
    return all(isinstance(part, Keyword | Phrase | Exact) for part in parts)


def _is_local(slot: Slot) -> bool:
    """Whether what answers the slot stands in one chunk, and is judged by it alone."""
    return not slot.multiword_forms and not (slot.cased and slot.derived)
