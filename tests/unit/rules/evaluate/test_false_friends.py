"""Words that are written alike in two languages, and acronyms that are words without capitals."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article, with_variants


def _found(rule: Rule, texts: Collection[str], language: str) -> bool:
    article = an_article("Nothing here", text="\n".join(texts), language=language)
    matches = by_brute_force([rule], article, a_source())
    assert RuleMatcher([rule]).matches(article, a_source()) == matches
    return bool(matches)


def _rule(query: str) -> Rule:
    rule = with_variants(a_rule(query), NewsLexicon(packed_news))
    return replace(rule, written_in=("en",))


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        pytest.param("coup", "Il a reçu un coup de soleil.", "fr", False, id="small in French"),
        pytest.param("Once", "Once heridos en Sevilla.", "es", False, id="a sentence begins"),
        pytest.param("Once", "Publica once libros.", "es", False, id="in lower case"),
        pytest.param("Once", "Gana el grupo Once de nuevo.", "es", True, id="a name in a sentence"),
        pytest.param("Once", "Once upon a time they won.", "en", True, id="in its own language"),
        pytest.param("Putin", "Putin a spus da.", "ro", True, id="whose marks are another's"),
        pytest.param("barn fire", "Fire barn er funnet.", "no", False, id="four children"),
        pytest.param("barn fire", "Låven brant ned. Barn fire i dag.", "no", True, id="as it is"),
        pytest.param("Oslo school", "En skole i Oslo brant ned.", "no", True, id="what lists have"),
    ],
)
def test_a_word_of_the_text_is_none_of_another_language(
    query: str, text: str, language: str, expected: bool
) -> None:
    assert _found(_rule(query), [text], language) is expected


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("EU", "Eu nunca desisti, disse.", "pt", False),
        ("EU", "A EU decidiu.", "pt", True),
        ("ARM", "Arm und reich trennt viel.", "de", False),
        ("ARM", "Der Konzern ARM wächst.", "de", True),
        ("AfD", "Chefen for afd. 4 er glad.", "da", False),
        ("AfD", "Die AfD gewinnt.", "de", True),
        ("AfD", "AFD cresce nei sondaggi.", "it", True),
    ],
)
def test_an_acronym_that_is_a_word_needs_its_capitals(
    query: str, text: str, language: str, expected: bool
) -> None:
    assert _found(_rule(query), [text], language) is expected


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("Theresa May", "Saint Theresa's relics may travel to Manila.", "en", False),
        ("Theresa May", "Theresa May joins the Lords.", "en", True),
        ("Theresa May", "theresa may joins the lords", "en", True),
        ("El País", "Llueve en todo el país.", "es", False),
        ("El País", "Lo cuenta el diario El País.", "es", True),
    ],
)
def test_what_a_name_ends_in_has_its_capital(
    query: str, text: str, language: str, expected: bool
) -> None:
    assert _found(_rule(query), [text], language) is expected


def test_what_begins_a_sentence_is_told_anew_for_each_text() -> None:
    rule = replace(a_rule("Once"), written_in=("en",))
    matcher = RuleMatcher([rule])
    texts = ["Gana el grupo Once de nuevo.", "Once de nuevo.", "Gana el grupo Once de nuevo."]
    articles = [an_article("Nada", text=text, language="es") for text in texts]
    found = [bool(matcher.matches(article, a_source())) for article in articles]
    assert found == [True, False, True]
