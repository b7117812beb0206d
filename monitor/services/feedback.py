"""A match that was wrong: what to reject so that the article matches no more, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.services.variant_edits import decided, first_term
from rules.data.tables import primary
from rules.expand.variants import rejected
from rules.explain.trace import Clause, trace
from rules.languages.match_types import MatchType
from rules.matcher import match_of
from rules.patterns.rejections import comparable
from rules.text.tokenizer import words
from storage.model import Article, Evidence, Match, Rule, Source, Variant, VariantState

_MOST_ROUNDS = 20
_AS_WRITTEN = (MatchType.EXACT.label, MatchType.FOLDED.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to be done about a wrong match.

    Attributes:
        rule: As it is then.
        rejected: What counts no more, as it is in the rule then.
        was: The match as it is now; None when the article matches no more anyway.
        still: The match as it is then; None when the article matches no more.
    """

    rule: Rule
    rejected: tuple[Variant, ...]
    was: Match | None
    still: Match | None


def correct(rule: Rule, article: Article, source: Source, only: Sequence[str] = ()) -> Correction:
    """Return what to reject so that the rule no longer finds the article.

    The variants through which it was found. Where likeness had a part in it, where there is no
    variant, or several of which nobody can say which one is wrong, the text that was found.
    What the rule has in its own words as written cannot be rejected: the article still matches.

    Args:
        only: Of what was found, only these texts or variants are wrong; empty for all.
    """
    now = rule
    taken: dict[str, Variant] = {}
    was = still = match_of(rule, article, source)
    wrong = frozenset(map(comparable, only))
    for _ in range(_MOST_ROUNDS):
        if still is None:
            break
        found = _found_in(trace(now, article, source))
        fresh = {
            each.key: each
            for evidence in found
            for each in _to_reject(now, evidence, article.language, wrong)
        }
        if not fresh.keys() - taken.keys():
            break
        taken.update(fresh)
        now = decided(rule, taken.values())
        still = match_of(now, article, source)
    return Correction(rule=now, rejected=tuple(taken.values()), was=was, still=still)


def _found_in(clause: Clause) -> Iterator[Evidence]:
    """Yield what was found for the terms of a query that are wanted, and hold."""
    if clause.kind == "not" or not clause.holds:
        return
    if not clause.parts:
        yield from (each.evidence for each in clause.found)
    for part in clause.parts:
        yield from _found_in(part)


def _to_reject(
    rule: Rule, evidence: Evidence, language: str, wrong: frozenset[str]
) -> tuple[Variant, ...]:
    if evidence.layer in _AS_WRITTEN:
        return ()
    through = [variant for variant in rule.variants if _answers(variant, evidence)]
    if wrong:
        through = [each for each in through if comparable(each.text) in wrong]
        if not through and comparable(evidence.text) not in wrong:
            return ()
    if evidence.layer == MatchType.COGNATE.label and not wrong:
        through = []  # of what was found, likeness is what is least sure
    return tuple(_guilty(through, language)) or (_text_of(rule, evidence),)


def _answers(variant: Variant, evidence: Evidence) -> bool:
    """Whether a variant may be the one through which something was found."""
    if variant.text not in evidence.variants or variant.state is VariantState.REJECTED:
        return False
    held = [word.folded for word in words(evidence.term)]
    return all(word.folded in held for word in words(variant.of))


def _guilty(through: Sequence[Variant], language: str) -> Iterable[Variant]:
    """Yield the variants to reject: those of one text, in the article's language if there are.

    A name beside another word is not to blame: it says which place is meant, rightly.
    """
    texts = {each.text for each in through}
    others = {each.text for each in through if each.kind != "name"}
    if len(texts) > 1 and len(others) == 1:
        texts = others
    if len(texts) != 1:
        return ()
    same = [each for each in through if each.text in texts]
    own = [each for each in same if primary(each.language) in ("", primary(language))]
    return map(rejected, own or same)


def _text_of(rule: Rule, evidence: Evidence) -> Variant:
    """Return the text that was found as something that was rejected."""
    return Variant(
        language="",
        text=" ".join(evidence.text.split()),
        of="" if evidence.term == first_term(rule.query) else evidence.term,
        state=VariantState.REJECTED,
    )
