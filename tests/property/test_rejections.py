"""Whatever was found: once its text is rejected, only the rule's own words find it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.matcher import RuleMatcher, by_brute_force
from rules.patterns.rejections import comparable
from storage.model import Match, Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article

QUERIES = ("Oslo convention", "ferry strike", "convention", "Oslo AND ferry", "ferry NEAR/3 strike")
FORMS = (
    *("konvention", "Konvention", "konvensjon", "konwencja", "конвенция", "συνθήκη", "公约"),
    *("färja", "fähre", "грев", "streik", "Streik", "strejk", "strajk", "grève", "công ước"),
)
TEXTS = (
    *FORMS,
    *("Oslo", "Oslos", "Oslokonvention", "Oslokonventionen", "Осло", "奥斯陆", "Fährstreik"),
    *("conventions", "strikes", "ferry", "ferries", "конвенции", "de", "och", "-", ".", "x"),
)
variants = st.builds(
    Variant,
    language=st.sampled_from(["", "sv", "de", "ru", "zh"]),
    text=st.sampled_from(FORMS),
    of=st.sampled_from(["", "convention", "strike", "Oslo", "ferry"]),
    kind=st.sampled_from(["user", "word", "name"]),
    state=st.sampled_from([VariantState.ACTIVE, VariantState.REJECTED]),
)
rules = st.builds(
    lambda query, some, strictness: a_rule(query, variants=tuple(some), strictness=strictness),
    st.sampled_from(QUERIES),
    st.lists(variants, max_size=5, unique_by=lambda variant: variant.key),
    st.sampled_from(["all", "broad", "forms"]),
)
texts = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8).map(" ".join)


def match_of(rule: Rule, text: str, language: str) -> Match | None:
    article = an_article("Untitled", text=text, language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    return matches[0] if matches else None


@settings(deadline=None)  # the first call reads tables
@given(rules, texts, st.sampled_from(["", "sv", "de", "ru", "zh"]))
def test_a_rejected_text_is_not_found_again(rule: Rule, text: str, language: str) -> None:
    match = match_of(rule, text, language)
    far = [
        evidence
        for evidence in (match.evidence if match else ())
        if evidence.layer not in ("exact", "folded")
        and evidence.term in (rule.query, *rule.query.split())
        and "NEAR" not in evidence.term  # words that stand together are no form of one
    ]
    if not far:
        return
    terms = ("", *dict.fromkeys(evidence.term for evidence in far))
    # As `wrong-match` does: the words, and the variants through which they were found.
    rejected = tuple(
        Variant(language="", text=text, of=of, state=VariantState.REJECTED)
        for evidence in far
        for text in (evidence.text, *evidence.variants)
        for of in terms
    )
    again = match_of(replace(rule, variants=(*rule.variants, *rejected)), text, language)
    gone = {comparable(evidence.text) for evidence in far}
    for evidence in again.evidence if again else ():
        if evidence.layer not in ("exact", "folded") and evidence.term in rule.query.split(" AND "):
            assert comparable(evidence.text) not in gone


@settings(deadline=None)  # the first call reads tables
@given(rules, texts, st.sampled_from(["", "sv", "de", "ru", "zh"]))
def test_rejecting_takes_matches_away_and_brings_none(rule: Rule, text: str, language: str) -> None:
    kept = tuple(variant for variant in rule.variants if variant.state is VariantState.ACTIVE)
    free = match_of(replace(rule, variants=kept), text, language)
    if match_of(rule, text, language):
        assert free
