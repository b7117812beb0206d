"""A match that was wrong: what to reject so that the article matches no more, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, escaped
from monitor.base.names import one_named
from monitor.services.rules import unmoved
from monitor.services.variant_edits import decided, first_term
from rules.data.tables import primary
from rules.expand.variants import rejected
from rules.explain.sharper import sharper
from rules.explain.trace import Clause, trace
from rules.languages.match_types import MatchType
from rules.matcher import make_matcher, match_of
from rules.patterns.rejections import comparable
from rules.text.tokenizer import words
from storage.api import Storage, Transaction
from storage.model import (
    Alert,
    Article,
    Evidence,
    Match,
    Rule,
    RuleState,
    Source,
    Variant,
    VariantState,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What saying that an alert was wrong has come to.

    Attributes:
        gone: Other alerts of the rule that would not have been raised, with their articles;
            looked for among the newest.
    """

    alert: Alert
    article: Article
    correction: Correction
    gone: tuple[tuple[Alert, Article], ...]


_RECENT = 100
"""So many of a rule's alerts are looked at to say what else no longer matches."""


def reject_match(storage: Storage, word: str, texts: Sequence[str] = ()) -> Feedback:
    """Reject what the alert that is named so was raised for, so that it is found no more.

    Args:
        word: The id of an alert, or its beginning.
        texts: Of what was found, only these texts or variants are wrong; empty for all.

    Raises:
        Refusal: There is no such alert, nothing can be rejected for it, or somebody else has
            changed the rule meanwhile.
    """
    with storage.reading() as tx:
        alert, rule, article, source = _about(tx, word)
    correction = correct(rule, article, source, texts)
    with storage.reading() as tx:
        others = _others(tx, rule, alert)
    if correction.still is not None:
        _refuse_own_words(correction, texts, (article, source), others)
    gone = _no_longer(rule, correction.rule, others)
    if correction.rejected:
        with storage.transaction() as tx:
            unmoved(tx, rule)
            tx.rules.update(correction.rule)
    return Feedback(alert=alert, article=article, correction=correction, gone=tuple(gone))


def _about(tx: Transaction, word: str) -> tuple[Alert, Rule, Article, Source]:
    alert = one_named("alert", word.removeprefix("#"), tx.alerts.find, lambda: ())
    rule = tx.rules.get(alert.rule_id)
    article = tx.articles.get(alert.article_id)
    source = tx.sources.get(article.source_id) if article else None
    if rule is None or rule.state is RuleState.REMOVED:
        raise Refusal("the rule of this alert was removed; there is nothing to reject in it")
    if article is None or source is None:
        remedy = Remedy(RemedyKind.REJECT_VARIANT)
        raise Refusal("the article of this alert is no longer stored", remedy=remedy)
    return alert, rule, article, source


def _refuse_own_words(
    correction: Correction,
    texts: Sequence[str],
    about: tuple[Article, Source],
    others: Sequence[tuple[Alert, Article, Source]],
) -> None:
    """Refuse what rejecting cannot mend, with a query that can."""
    rule, still = correction.rule, correction.still
    evidence = still.evidence if still is not None else ()
    if texts:
        if correction.rejected:
            return
        quoted = ", ".join(f'"{clipped(text)}"' for text in texts)
        raise Refusal(f"{quoted} is not what was found, or stands there as the rule has it")
    own = next((proof for proof in evidence if proof.layer in _AS_WRITTEN), None)
    better = sharper(rule, about, [(article, source) for _, article, source in others])
    remedy = Remedy(RemedyKind.LIMIT_RULE, escaped(rule.name))
    if better:
        changes = (("query", escaped(better.query)),)
        remedy = Remedy(RemedyKind.NARROW_RULE, escaped(rule.name), changes)
    kept = f" {better.kept} of its {better.of} other alerts stay." if better and better.of else ""
    raise Refusal(
        f'"{clipped(own.text if own else rule.query)}" stands in it as the rule has it, so no '
        f"variant is to blame and nothing was changed.{kept}",
        misuse=False,
        remedy=remedy,
    )


def _others(tx: Transaction, rule: Rule, about: Alert) -> list[tuple[Alert, Article, Source]]:
    """Return the rule's newest other alerts, with what they were about."""
    sources: dict[str, Source | None] = {}
    others = []
    for alert in tx.alerts.recent(rule_id=rule.id, limit=_RECENT):
        article = tx.articles.get(alert.article_id)
        if article is None or alert.id == about.id:
            continue
        if article.source_id not in sources:
            sources[article.source_id] = tx.sources.get(article.source_id)
        source = sources[article.source_id]
        if source is not None:
            others.append((alert, article, source))
    return others


def _no_longer(
    old: Rule, new: Rule, others: Iterable[tuple[Alert, Article, Source]]
) -> list[tuple[Alert, Article]]:
    """Return those that matched with the rule as it was and do not as it is now."""
    before, after = make_matcher([old]), make_matcher([new])
    return [
        (alert, article)
        for alert, article, source in others
        if before.matches(article, source) and not after.matches(article, source)
    ]


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
        proofs = _found_in(trace(now, article, source))
        fresh = {
            variant.key: variant
            for evidence in proofs
            for variant in _to_reject(now, evidence, article.language, wrong)
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
        yield from (proof.evidence for proof in clause.proofs)
    for part in clause.parts:
        yield from _found_in(part)


def _to_reject(
    rule: Rule, evidence: Evidence, language: str, wrong: frozenset[str]
) -> tuple[Variant, ...]:
    if evidence.layer in _AS_WRITTEN:
        return ()
    through = [variant for variant in rule.variants if _answers(variant, evidence)]
    if wrong:
        through = [variant for variant in through if comparable(variant.text) in wrong]
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
    texts = {variant.text for variant in through}
    others = {variant.text for variant in through if variant.kind != "name"}
    if len(texts) > 1 and len(others) == 1:
        texts = others
    if len(texts) != 1:
        return ()
    same = [variant for variant in through if variant.text in texts]
    own = [variant for variant in same if primary(variant.language) in ("", primary(language))]
    return map(rejected, own or same)


def _text_of(rule: Rule, evidence: Evidence) -> Variant:
    """Return the text that was found as something that was rejected."""
    return Variant(
        language="",
        text=" ".join(evidence.text.split()),
        of="" if evidence.term == first_term(rule.query) else evidence.term,
        state=VariantState.REJECTED,
    )
