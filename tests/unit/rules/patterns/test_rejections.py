"""What a rule's owner has refused counts by no layer, and takes nothing else away with it."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Evidence, Rule, Variant, VariantState
from tests.builders import a_rule, a_source, an_article


def found(rule: Rule, text: str, language: str = "") -> Evidence | None:
    article = an_article("Untitled", text=text, language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    assert matches == by_brute_force([rule], article, a_source())
    return matches[0].evidence[0] if matches else None


def a_word(of: str, text: str, language: str = "", state: str = "active") -> Variant:
    return Variant(
        of=of,
        text=text,
        language=language,
        kind="word",
        source="a list",
        score=0.9,
        state=VariantState(state),
    )


def rejected(of: str, text: str, language: str = "") -> Variant:
    return a_word(of, text, language, state="rejected")


TRAKTAT = a_word("convention", "traktat", "no")
FREE = a_rule("Oslo convention", variants=(TRAKTAT,))
REFUSING = a_rule("Oslo convention", variants=(TRAKTAT, rejected("convention", "konvensjon", "no")))


@pytest.mark.parametrize(
    "text",
    [
        "Oslos konvensjon gjelder",
        "Oslo konvensjonen gjelder",
        "Oslokonvensjon gjelder",
        "Oslokonvensjonen gjelder",
        "Oslo-konvensjonen gjelder",
        "konvensjonen i Oslo gjelder",
    ],
)
def test_a_refused_word_counts_neither_inflected_nor_inside_a_compound(text: str) -> None:
    assert found(FREE, text, "no"), "or there is nothing to refuse"
    assert found(REFUSING, text, "no") is None


@pytest.mark.parametrize(
    "text",
    [
        "Oslos traktat gjelder",
        "Oslotraktaten gjelder",
        "Oslo-traktaten gjelder",
        "the Oslo Convention",
        "Oslo conventions are rare",
        "La convención de Oslo",
    ],
)
def test_what_else_answers_the_word_still_counts(text: str) -> None:
    assert found(REFUSING, text, "no")


def test_the_rules_own_words_count_though_they_are_refused() -> None:
    rule = a_rule("Oslo convention", variants=(rejected("", "Oslo Convention"),))
    proof = found(rule, "The Oslo convention", "en")
    assert proof is not None
    assert proof.layer in ("exact", "folded")


def test_a_refused_whole_text_takes_its_inflected_forms_along() -> None:
    free = a_rule("London Convention")
    rule = a_rule("London Convention", variants=(rejected("", "Лондонская конвенция", "ru"),))
    for text in ("Лондонская конвенция", "о Лондонской конвенции", "Лондонскую конвенцию"):
        assert found(free, text, "ru")
        assert found(rule, text, "ru") is None
    assert found(rule, "Конвенция в Лондоне", "ru"), "these are other words"


def test_forms_of_the_rules_own_words_are_refused_one_by_one() -> None:
    rule = a_rule("rail strike", variants=(rejected("", "rail strikes"),))
    assert found(rule, "rail strikes end", "en") is None
    assert found(rule, "strikes on the rail end", "en")
    assert found(rule, "a rail strike", "en")


def test_a_word_that_another_language_has_is_refused_in_its_own_only() -> None:
    words = (rejected("strike", "konflikt", "sv"), a_word("strike", "konflikt", "da"))
    rule = a_rule("ferry strike", variants=(*words, a_word("ferry", "färja", "sv")))
    assert found(rule, "ferry konflikt", "sv") is None
    assert found(rule, "ferry konflikt", "da")
    alone = a_rule("ferry strike", variants=words[:1])
    assert found(alone, "ferry konflikt", "da") is None


def test_what_was_refused_for_one_word_counts_for_another() -> None:
    variants = (rejected("Oslo", "traktat", "no"), TRAKTAT)
    assert found(a_rule("Oslo convention", variants=variants), "Oslotraktaten gjelder", "no")


def test_a_keyword_of_one_word_refuses_compounds_and_likeness_too() -> None:
    free = a_rule("Geneva", strictness="broad")
    rule = a_rule("Geneva", strictness="broad", variants=(rejected("", "Женева", "ru"),))
    for text in ("Женева против", "в Женеве"):
        assert found(free, text, "ru")
        assert found(rule, text, "ru") is None
    assert found(rule, "Genève accueille", "fr")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("treaty", "Die Konvention", id="as written"),
        pytest.param("treaty", "Beide Konventionen", id="another form"),
        pytest.param("treaty", "Ein Konventionsrecht", id="in a compound"),
        pytest.param("Oslo treaty", "Oslo die Konventionen", id="beside another word"),
        pytest.param("Oslo treaty", "Die Oslokonvention", id="in a compound with it"),
    ],
)
def test_a_word_of_one_language_stays_rejected_there_when_another_language_has_it(
    query: str, text: str
) -> None:
    of = "treaty" if " " in query else ""
    swedish, german = (a_word(of, "konvention", "sv"), a_word(of, "Konvention", "de"))
    both = a_rule(query, variants=(swedish, german))
    only = a_rule(query, variants=(swedish, rejected(of, "Konvention", "de")))
    assert found(both, text, "de")
    assert not found(only, text, "de")
    for language in ("sv", "da", ""):
        assert bool(found(only, text, language)) == bool(found(both, text, language))
