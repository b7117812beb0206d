"""Evidence is made in one place: matcher and trace name the same words and the same variants."""

import pytest

from rules.explain.trace import leaves, trace
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Evidence, Rule, Variant
from tests.builders import a_rule, a_source, an_article

SWEDISH = Variant(language="sv", text="konvention")
GERMAN = Variant(language="de", text="Konvention")


def by_all(rule: Rule, title: str, language: str) -> list[tuple[Evidence, ...]]:
    """Return the evidence as alerts, as rules read together, and as an explanation have it."""
    article, source = an_article(title, text="x", language=language), a_source()
    many = [rule, *(a_rule(f"word{number}") for number in range(60))]
    clauses = leaves(trace(rule, article, source))
    return [
        *(match.evidence for match in RuleMatcher([rule]).matches(article, source)),
        *(match.evidence for match in RuleMatcher(many).matches(article, source)),
        *(match.evidence for match in by_brute_force([rule], article, source)),
        tuple(proof.evidence for clause in clauses for proof in clause.proofs),
    ]


@pytest.mark.parametrize(
    ("title", "language", "variant"),
    [
        pytest.param("Beide Konventionen", "de", "Konvention", id="in the article's language"),
        pytest.param("KONVENTIONEN GÄLLER", "sv", "konvention", id="in the other language"),
        pytest.param("KONVENTIONEN", "", "konvention", id="in neither: the first one"),
        pytest.param("Die Genfkonventionen", "de", "Konvention", id="inside a compound"),
    ],
)
def test_who_tells_of_a_match_names_the_variant_of_the_articles_language(
    title: str, language: str, variant: str
) -> None:
    told = by_all(a_rule("convention", variants=(SWEDISH, GERMAN)), title, language)
    assert len(told) == 4
    assert len(set(told)) == 1
    assert [evidence.variants for evidence in told[0]] == [(variant,)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("CVE-2026-*", "CVE-2026-41234", id="behind the last hyphen"),
        pytest.param("CVE-2026-4*", "CVE-2026-41234", id="in a word"),
        pytest.param("CVE-*", "CVE-2026", id="no more than one word"),
        pytest.param('"CVE-2026"', "CVE-2026", id="without a star"),
    ],
)
def test_what_stands_for_a_star_is_told(query: str, found: str) -> None:
    told = by_all(a_rule(query), "Patch for CVE-2026-41234, now", "en")
    assert {evidence.text for evidences in told for evidence in evidences} == {found}


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        pytest.param("7.4.*", "FortiOS 7.4.3, now", "7.4.3", id="behind a point"),
        pytest.param("7.4.*", "FortiOS 7.4 ends. Now", "7.4", id="nothing"),
        pytest.param("7.4.*", "FortiOS 17.4.3, now", None, id="within a number"),
        pytest.param("7.4", "FortiOS 7.4.3, now", None, id="without a star"),
    ],
)
def test_a_star_behind_a_point_stands_for_the_rest_of_a_version(
    query: str, text: str, found: str | None
) -> None:
    told = by_all(a_rule(query), text, "en")
    assert {evidence.text for evidences in told for evidence in evidences} == {found} - {None}


@pytest.mark.parametrize(("length", "found"), [(80, 89), (81, 8), (1_000_000, 8)])
def test_what_is_too_long_for_a_word_does_not_stand_for_a_star(length: int, found: int) -> None:
    told = by_all(a_rule("CVE-2026-*"), f"Patch for CVE-2026-{'1' * length}, now", "en")
    assert {len(evidence.text) for evidences in told for evidence in evidences} == {found}


@pytest.mark.parametrize(("length", "cut"), [(1_000, False), (1_001, True), (300_000, True)])
def test_of_what_goes_on_and_on_the_beginning_is_kept_and_said_to_be_cut(
    length: int, cut: bool
) -> None:
    told = by_all(a_rule("/1+/"), f"Patch for {'1' * length}, now", "en")
    [[evidence]] = set(told)
    assert (evidence.start, evidence.end, evidence.cut) == (10, 1_010, cut)
    assert evidence.text == "1" * 1_000
