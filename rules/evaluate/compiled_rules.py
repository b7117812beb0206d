"""Rules made ready at once: their plans, what they see of an article, exact evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from rules.data.tables import primary
from rules.evaluate.evaluation import Evaluation, Verdict, View
from rules.evaluate.evidence import MOST_EVIDENCE, evidence_of, in_text_order
from rules.languages.match_types import MOST_PLACES, Hit
from rules.patterns.pattern import Plan
from rules.patterns.planner import Planner
from rules.patterns.word_index import ChunkHits, WordIndex
from rules.query.lexer import QuerySyntaxError
from rules.query.parsed import parsed
from rules.text.chunks import chunks, is_between_chunks
from rules.text.lookalikes import in_one_script
from storage.model import Article, Match, Rule, Source, Variant

_MOSTLY = ("", " ", "\n")
"""What stands between chunks mostly, or at the ends of a text."""


class CompiledRules:
    """Rules made ready at once, all of them.

    For the oracle of the tests, and for whoever asks about parts of a rule. Never changed
    afterwards.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._index = WordIndex()
        self._plans: list[Plan] = []
        planner = Planner(self._index)
        for rule in rules:
            with suppress(QuerySyntaxError):
                self._plans.append(planner.plan(rule, parsed(rule.query)))

    def brute_force(self, article: Article, source: Source) -> list[Match]:
        """Return the matches of the rules, trying every one: the oracle of the tests."""
        plans, view = self.plans_and_view(article, source)
        evaluation = Evaluation(view, None)
        return [
            match_of(plan.rule, view, verdict, plan.rule.variants)
            for plan in plans
            if concerns(plan.rule, article, source) and (verdict := evaluation.verdict(plan))
        ]

    def plans_and_view(self, article: Article, source: Source) -> tuple[Sequence[Plan], View]:
        """Return the plans, and the article as they see it."""
        language, texts = primary(article.language), texts_of(article)
        every = {chunk for text in texts.values() for chunk in chunks(text)}
        found = self._index.find(every, language)
        hits = {name: located(text, self._index, found, language) for name, text in texts.items()}
        return self._plans, View(article, source, texts, hits)


def texts_of(article: Article) -> dict[str, str]:
    """Return the texts of an article as they are matched, letter by letter as long as they are."""
    return {"title": in_one_script(article.title), "text": in_one_script(article.text)}


def located(
    text: str, index: WordIndex, chunk_hits: Mapping[str, ChunkHits], language: str
) -> dict[int, list[Hit]]:
    """Return the hits of each entry, by place, in one text."""
    located: dict[int, list[Hit]] = {}
    for chunk, what in chunk_hits.items():
        at = next_place(text, chunk, 0)
        left = MOST_PLACES
        while at >= 0 and left:
            left -= 1
            for number, hits in hits_at(at, what.hits).items():
                located.setdefault(number, []).extend(hits)
            if what.heads:
                for hit in index.joined_hits(text, at + len(chunk), chunk, what, language):
                    located.setdefault(hit.entry, []).append(hit)
            at = next_place(text, chunk, at + len(chunk))
    for hits in located.values():
        hits.sort()
    return located


def hits_at(at: int, hits: Iterable[Hit]) -> dict[int, list[Hit]]:
    """Return the hits of each entry in a chunk that stands at a place."""
    located: dict[int, list[Hit]] = {}
    for number, start, end, match_type, strength, fuzzy, partners in hits:
        hit = Hit(number, start + at, end + at, match_type, strength, fuzzy, partners)
        located.setdefault(number, []).append(hit)
    for some in located.values():
        some.sort()
    return located


def next_place(text: str, chunk: str, at: int) -> int:
    """Return where the chunk stands next between others, -1 if nowhere."""
    while (at := text.find(chunk, at)) >= 0:
        before, behind = text[at - 1 : at], text[at + len(chunk) : at + len(chunk) + 1]
        # Mostly a space, which is known without asking.
        begins = before in _MOSTLY or is_between_chunks(before)
        if begins and (behind in _MOSTLY or is_between_chunks(behind)):
            return at
        at += 1
    return -1


def concerns(rule: Rule, article: Article, source: Source) -> bool:
    """Whether the rule wants articles of this language and source.

    An article whose language is not known passes: better a needless alert than a lost one.
    """
    if rule.sources and source.name.casefold() not in (s.casefold() for s in rule.sources):
        return False
    if not rule.languages or not article.language:
        return True
    return primary(article.language) in map(primary, rule.languages)


def match_of(rule: Rule, view: View, verdict: Verdict, variants: Sequence[Variant]) -> Match:
    """Return the match of a rule that holds, with the evidence that counts most."""
    article, proofs = view.article, verdict.proofs
    if len(proofs) > 1:
        proofs = in_text_order(proofs)[:MOST_EVIDENCE]
    return Match(
        rule_id=rule.id,
        article_id=article.id,
        score=min(1.0, round(verdict.score, 3)),
        evidence=tuple(
            [
                evidence_of(
                    proof,
                    article.title if proof.field == "title" else article.text,
                    article.language,
                    variants,
                )
                for proof in proofs
            ]
        ),
    )
