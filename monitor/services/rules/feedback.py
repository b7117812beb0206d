"""What readers think of alerts: what to reject of a wrong match, and which query is sharper."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common.records import dataclass
from monitor.base.counts import counted
from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, escaped
from monitor.base.names import one_named
from monitor.services.rules.rules import unmoved
from monitor.services.rules.variant_edits import decided, first_term
from rules.data.tables import primary
from rules.expand.variants import rejected
from rules.explain.sharper import sharper
from rules.explain.trace import Clause, trace
from rules.languages.match_types import MatchType
from rules.matcher import make_matcher, match_of
from rules.patterns.rejections import comparable
from rules.text.tokenizer import words
from storage.api.storage import Storage, Transaction
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


_MOST_NOISE = 5
"""From so many of the newest alerts called noise a sharper query is made."""

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
        with storage.changing() as tx:
            unmoved(tx, rule)
            tx.rules.update(correction.rule)
    return Feedback(alert=alert, article=article, correction=correction, gone=tuple(gone))


VERDICTS = ("useful", "noise", "wrong", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change of a rule that would leave out what its reader calls noise; nobody has made it.

    Attributes:
        rule: As it would be.
        left_out, noise: How many of the alerts called noise it leaves out, and how many there are.
        kept, others: How many of the rule's other newest alerts it keeps, and how many there are.
        lost_useful: How many of those called useful it would lose.
    """

    rule: Rule
    left_out: int
    noise: int
    kept: int
    others: int
    lost_useful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What somebody thinks of an alert, and what could be done about it.

    Attributes:
        words: Of a wrong match, what is to blame and could be rejected.
        proposal: A sharper query; None when none helps, or there is no noise.
    """

    alert: Alert
    rule: Rule
    verdict: str
    words: tuple[Variant, ...] = ()
    proposal: Proposal | None = None


def rate(storage: Storage, word: str, verdict: str, *, now: datetime) -> Rated:
    """Note what somebody thinks of an alert; return what could be done. No rule is changed.

    Args:
        verdict: Of `VERDICTS`; what is wrong is noise of which words are to blame, and "none"
            takes back what was said.

    Raises:
        Refusal: There is no such alert, or its rule or article is gone.
    """
    with storage.changing() as tx:
        alert, rule, article, source = _about(tx, word)
        if verdict == "none":
            tx.feedback.take_back(alert.id)
        else:
            tx.feedback.give(alert.id, "useful" if verdict == "useful" else "noise", at=now)
        verdicts = tx.feedback.of_rule(rule.id)
    rated = Rated(alert=alert, rule=rule, verdict=verdict)
    if verdict in ("useful", "none"):
        return rated
    words = correct(rule, article, source).rejected if verdict == "wrong" else ()
    with storage.reading() as tx:
        others = [(alert, article, source), *_others(tx, rule, alert)]
    return replace(rated, words=words, proposal=_proposal(rule, others, verdicts))


def _proposal(
    rule: Rule, alerts: Sequence[tuple[Alert, Article, Source]], verdicts: Mapping[str, str]
) -> Proposal | None:
    """Return the query that leaves out most noise, of those that lose nothing useful if any."""
    noise = [about for about in alerts if verdicts.get(about[0].id) == "noise"]
    others = [about for about in alerts if verdicts.get(about[0].id) != "noise"]
    around = [(article, source) for _, article, source in others]
    queries = {
        found.query
        for _, article, source in noise[:_MOST_NOISE]
        if (found := sharper(rule, (article, source), around)) is not None
    }
    proposals = [_weighed(rule, query, noise, others, verdicts) for query in sorted(queries)]
    best = max(
        proposals,
        key=lambda each: (-each.lost_useful, each.left_out + each.kept),
        default=None,
    )
    return best if best is not None and best.left_out else None


def _weighed(
    rule: Rule,
    query: str,
    noise: Sequence[tuple[Alert, Article, Source]],
    others: Sequence[tuple[Alert, Article, Source]],
    verdicts: Mapping[str, str],
) -> Proposal:
    changed = replace(rule, query=query)
    gone = {alert.id for alert, _ in _no_longer(rule, changed, (*noise, *others))}
    lost = [alert.id for alert, _, _ in others if alert.id in gone]
    return Proposal(
        rule=changed,
        left_out=len(gone) - len(lost),
        noise=len(noise),
        kept=len(others) - len(lost),
        others=len(others),
        lost_useful=sum(verdicts.get(id_) == "useful" for id_ in lost),
    )


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
    kept = _kept(better.kept, better.of) if better else ""
    raise Refusal(
        f'"{clipped(own.text if own else rule.query)}" stands in it as the rule has it, so no '
        f"variant is to blame and nothing was changed.{kept}",
        misuse=False,
        remedy=remedy,
    )


def _kept(count: int, of: int) -> str:
    """Return how many other alerts a sharper rule keeps, as a sentence; "" where there are none."""
    if count < of:
        return f" {count} of its {counted(of, 'other alert')} stay."
    return {0: "", 1: " Its other alert stays."}.get(of, f" All its {of} other alerts stay.")


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
