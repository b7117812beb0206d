"""What else could be asked of an article in place of a rule, made ready together.

A near miss is found by asking less than the rule does: with all its variants, with further
strictness, word by word. Reading an article anew is what costs, so all that is read once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from common.records import dataclass
from rules.data.tables import primary
from rules.evaluate.compiled_rules import CompiledRules
from rules.evaluate.evaluation import Evaluation, Verdict, View
from rules.evaluate.evidence import evidence_of, in_text_order
from rules.explain.similar_word import PhoneticWord, phonetic_words
from rules.languages.match_types import FARTHEST
from rules.patterns.pattern import Plan
from rules.query.terms import content
from rules.query.tree import Exact, Field, Keyword, Phrase, Query, Term
from rules.text.folding import fold
from rules.text.tokenizer import Word, words
from storage.model import Article, Evidence, Rule, Source, Variant, VariantState

MOST_TEXT = 20_000
"""So many characters of an article's text are looked at for a near miss."""

_MOST_LEAVES = 500
"""Of a rule with more terms no other strictness is tried: making it ready takes too long."""

_MOST_TERMS = 20
_MOST_WORDS = 8
_MOST_VARIANTS = 10
_MOST_AT_ONCE = 150


@dataclass(frozen=True, slots=True)
class EvaluatedRule:
    """A rule made ready, and an article as it sees it."""

    plan: Plan
    evaluation: Evaluation
    view: View

    def verdict(self, query: Query, fields: Sequence[str]) -> Verdict | None:
        """Return what the matcher says of a part of the rule's query in these fields."""
        if len(fields) == 1:
            query = Field(fields[0], query)
        return self.evaluation.verdict(replace(self.plan, query=query))

    def evidence(self, verdict: Verdict) -> list[tuple[Evidence, float]]:
        """Return the words that prove a verdict, with their scores, in the order of the text."""
        texts, language = self.view.texts, self.view.article.language
        return [
            (
                evidence_of(proof, texts[proof.field], language, self.plan.rule.variants),
                proof.strength,
            )
            for proof in in_text_order(verdict.proofs)
        ]


def evaluated(rules: Iterable[Rule], article: Article, source: Source) -> list[EvaluatedRule]:
    """Return what each of the rules sees of an article; those that cannot be read see nothing."""
    plans, view = CompiledRules(rules).plans_and_view(article, source)
    evaluation = Evaluation(view, None)
    return [EvaluatedRule(plan, evaluation, view) for plan in plans]


def telling_words(text: str) -> list[Word]:
    """Return the different words of a term that count."""
    return list({word.folded: word for word in content(text)}.values())[:_MOST_WORDS]


class RelaxedQueries:
    """Other questions about one article, instead of one rule's.

    Args:
        own: The rule as it is, and what it sees of the article.
    """

    def __init__(self, own: EvaluatedRule) -> None:
        self.own = own
        self.rule = own.plan.rule
        view = own.view
        self._article = replace(view.article, text=view.article.text[:MOST_TEXT])
        self._source = view.source

    @property
    def language(self) -> str:
        """The article's."""
        return self._article.language

    @cached_property
    def other_rules(self) -> list[tuple[str, EvaluatedRule]]:
        """The rule with all its variants (""), and with each further strictness, by its name."""
        return [(name, self._together[rule]) for name, rule in self._other_rules()]

    def instead(self, query: Phrase | Keyword) -> EvaluatedRule:
        """Return what a rule of this query alone would see, without variants."""
        return self._asked(self._instead(query))

    def word(self, text: str, *, plain: bool) -> tuple[Keyword, EvaluatedRule]:
        """Return what a rule of one word would see.

        Its variants count, those that are proposed too, and other spellings if the rule allows
        any; of a `plain` one, which is part of a variant, neither.
        """
        return Keyword(text), self._asked(self._word(text, plain=plain))

    def whole_variants(self, term: Keyword) -> list[Variant]:
        """Return the variants that stand for all of a term, in the article's language."""
        of = (term.text, "") if term == self._first else (term.text,)
        language = primary(self._article.language)
        whole = (
            variant
            for variant in self.rule.variants
            if variant.of in of
            and variant.state is VariantState.ACTIVE
            and (not variant.language or primary(variant.language) == language)
        )
        return list(islice(whole, _MOST_VARIANTS))

    @cached_property
    def written(self) -> dict[str, dict[str, str]]:
        """The words of each field as they stand there first, by how they are folded."""
        by_field: dict[str, dict[str, str]] = {}
        for name, text in (("title", self._article.title), ("text", self._article.text)):
            by_field[name] = {}
            for word in words(text):
                by_field[name].setdefault(word.folded, word.text)
        return by_field

    @cached_property
    def phonetic_words(self) -> dict[str, list[PhoneticWord]]:
        """The words of each field as they sound."""
        return {
            name: phonetic_words(folded, self.language) for name, folded in self.written.items()
        }

    # --- made ready together ---

    def _asked(self, rule: Rule) -> EvaluatedRule:
        if rule not in self._together:  # of a term far behind in the query
            self._together[rule] = evaluated([rule], self._article, self._source)[0]
        return self._together[rule]

    @cached_property
    def _together(self) -> dict[Rule, EvaluatedRule]:
        rules = [rule for _, rule in self._other_rules()]
        for term in islice(self.own.plan.compiled, _MOST_TERMS):
            rules.extend(self._about(term))
        rules = list(dict.fromkeys(rules))[:_MOST_AT_ONCE]
        seen = evaluated(rules, self._article, self._source)
        return dict(zip(rules, seen, strict=True))

    def _about(self, term: Term) -> Iterable[Rule]:
        if not isinstance(term, Keyword | Phrase | Exact):
            return
        if not isinstance(term, Keyword):
            yield self._instead(Phrase(term.text))
            yield self._instead(Keyword(term.text))
        for word in telling_words(term.text):
            yield self._word(word.text, plain=False)
        for variant in self.whole_variants(term) if isinstance(term, Keyword) else ():
            for word in telling_words(variant.text):
                yield self._word(word.text, plain=True)

    def _other_rules(self) -> Iterable[tuple[str, Rule]]:
        rule = self.rule
        if len(self.own.plan.compiled) > _MOST_LEAVES:
            return
        if any(variant.state is not VariantState.ACTIVE for variant in rule.variants):
            active = tuple(replace(variant, state=VariantState.ACTIVE) for variant in rule.variants)
            yield "", replace(rule, variants=active)
        levels = list(FARTHEST)
        for level in levels[levels.index(rule.strictness) + 1 :]:
            yield level, replace(rule, strictness=level)

    def _instead(self, query: Phrase | Keyword) -> Rule:
        return replace(self.rule, query=str(query), variants=())

    def _word(self, text: str, *, plain: bool) -> Rule:
        query, strictness = str(Keyword(text)), self.rule.strictness
        if plain:
            strictness = "exact" if strictness == "exact" else "forms"
            return replace(self.rule, query=query, strictness=strictness, variants=())
        folded = fold(text)
        variants = tuple(
            replace(variant, of="")
            for variant in self.rule.variants
            if fold(variant.of) == folded and variant.state is not VariantState.REJECTED
        )
        return replace(
            self.rule,
            query=query,
            strictness="broad" if strictness in ("all", "broad") else strictness,
            variants=variants,
        )

    @cached_property
    def _first(self) -> Term | None:
        return next(iter(self.own.plan.compiled), None)
