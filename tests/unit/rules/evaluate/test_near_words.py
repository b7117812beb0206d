"""Whether words that stand near each other are one thing."""

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant
from tests.builders import a_rule, a_source, an_article


def _found(rule: str, text: str, language: str = "en") -> bool:
    rules = [a_rule(rule, written_in=("en",))]
    article = an_article("x", text=text, language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("data leak", "A leak closed the data centre."),
        ("dam collapse", "The collapse buried a dam."),
        ("bridge toll", "The toll angered the bridge builders."),
    ],
)
def test_what_is_done_to_a_thing_makes_no_kind_of_it(rule: str, text: str) -> None:
    assert not _found(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("data leak", "A leak of the data was found."),
        ("data leak", "A leak exposing all of the data was found."),
        ("dam collapse", "The collapse reported at the dam was small."),
        ("pension reform", "They reform the pension."),
    ],
)
def test_other_small_words_may_stand_before_the_article(rule: str, text: str) -> None:
    assert _found(rule, text)


@pytest.mark.parametrize("other", ["The Neill report is out.", "The O report is out."])
def test_the_o_of_a_name_counts(other: str) -> None:
    assert not _found("O'Neill report", other)


@pytest.mark.parametrize("same", ["The O'Neill report is out.", "The O’Neill report is out."])
def test_the_o_of_a_name_may_have_any_apostrophe(same: str) -> None:
    assert _found("O'Neill report", same)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ministre a été battu.", "fr"),
        ("Vaccin är för de Malmö.", "sv"),
        ("Ο υπουργός είναι της Κρήτης.", "el"),
        ("Ο ΥΠΟΥΡΓΟΣ ΓΙΑ ΤΗΣ ΚΡΗΤΗΣ.", "el"),
    ],
)
def test_small_words_count_with_their_marks(text: str, language: str) -> None:
    rule = {"fr": "ministre battu", "sv": "vaccin Malmö", "el": "υπουργός Κρήτης"}[language]
    assert _found(rule, text, language)


def test_between_a_subject_and_its_verb_stands_where_and_how() -> None:
    assert _found("minister arrested", "A minister at the port arrested.")
    assert not _found("minister arrest", "A minister at the port of arrest.")
    assert not _found("Hanoi convention", "Hanoi prepares for a convention.")


@pytest.mark.parametrize(
    ("keyword", "text", "expected"),
    [
        pytest.param("mayor arrested", "Mayor Novak was arrested.", True, id="who it is"),
        pytest.param("mayor arrested", "A mayor in hospital arrested.", True, id="where"),
        pytest.param("mayor arrested", "A mayor worries about arrested kin.", False, id="a verb"),
        pytest.param("mayor arrested", "A mayor was worried by arrested kin.", False, id="both"),
        pytest.param("mayor resigns", "The mayor denied that she resigns.", False, id="a clause"),
        pytest.param("mayor arrested", "Mayor Worries About Arrested Kin", False, id="a title"),
        pytest.param("arrested mayor", "Arrested by an angry mayor.", False, id="behind the verb"),
    ],
)
def test_between_them_stands_no_other_verb(keyword: str, text: str, expected: bool) -> None:
    assert bool(_found(keyword, text)) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [pytest.param("strich", False, id="like it"), pytest.param("Strike", True, id="the same")],
)
def test_what_a_list_has_in_a_language_is_no_word_that_is_only_like_it(
    word: str, expected: bool
) -> None:
    variants = (
        Variant(language="de", text="Lehrer", of="teacher"),
        Variant(language="de", text="Streik", of="strike"),
    )
    rule = a_rule("teacher strike", variants=variants, written_in=("en",))
    article = an_article("x", text=f"Der Lehrer {word} den Zaun.", language="de")
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected


def test_what_a_list_has_in_a_language_is_no_longer_word_that_begins_like_it() -> None:
    variants = (
        Variant(language="de", text="Hafen", of="port"),
        Variant(language="de", text="Streik", of="strike"),
    )
    rule = a_rule("port strike", variants=variants, written_in=("en",))
    found = [
        bool(RuleMatcher([rule]).matches(an_article("x", text=text, language="de"), a_source()))
        for text in ("Die Parteien im Streik.", "Der Hafen im Streik.")
    ]
    assert found == [False, True]
