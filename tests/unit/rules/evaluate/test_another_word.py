"""What only looks like a word of a rule, or of a list, and is a frequent word of the language."""

from dataclasses import replace

import pytest

from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant, VariantState
from tests.builders import a_rule, a_source, an_article


def _finds(query: str, text: str, language: str, variant: str = "") -> bool:
    of = {"ms": "id", "bs": "hr", "": "hr"}.get(language, language)
    own = Variant(language=of, text=variant, state=VariantState.ACTIVE)
    rule = replace(a_rule(query), written_in=("en",), variants=(own,) if variant else ())
    article = an_article("", text=text, language=language)
    found = bool(RuleMatcher([rule]).matches(article, a_source()))
    assert bool(by_brute_force([rule], article, a_source())) is found
    return found


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        pytest.param("mill", "Friður er milli landanna.", "is", False, id="looks like a form"),
        pytest.param("mill", "Milli landanna er friður.", "is", True, id="a capital"),
        pytest.param("sake", "Apie tai sakė ministras.", "lt", False, id="has its letters"),
        pytest.param("sake", "Ministras gėrė sake.", "lt", True, id="is written so"),
        pytest.param("song", "Họ sống ở đây.", "vi", False, id="Vietnamese"),
        pytest.param("cam", "Tôi cảm thấy lạnh.", "vi", False, id="Vietnamese, with marks"),
        pytest.param("cam", "Tôi mua cam.", "vi", True, id="Vietnamese, as it is"),
        pytest.param("decision", "La décision est prise.", "fr", True, id="a long word"),
        pytest.param("mill", "The mills are shut.", "en", True, id="in its own language"),
        pytest.param("video", "Vio dos videos nuevos.", "es", True, id="of one that is borrowed"),
        pytest.param("euro", "Il a payé cent euros.", "fr", True, id="a form of a borrowed word"),
        pytest.param("film", "Pisze o nowych filmach.", "pl", True, id="likewise"),
        pytest.param("opera", "Zpívá v rámci opery.", "cs", True, id="whose last letter changes"),
        pytest.param("hall", "De kan hålla med.", "sv", False, id="of other marks, hold"),
        pytest.param("gang", "Det er mange ganger sagt.", "no", False, id="of a false friend"),
    ],
)
def test_a_short_word_is_no_common_one_of_another_language(
    query: str, text: str, language: str, expected: bool
) -> None:
    assert _finds(query, text, language) is expected


@pytest.mark.parametrize(
    ("query", "variant", "text", "language", "expected"),
    [
        pytest.param("state", "Staat", "È stato aperto ieri.", "it", True, id="no list has it"),
        pytest.param("state", "paese", "È stato aperto ieri.", "it", False, id="called otherwise"),
        pytest.param("presenter", "animateur", "Il va se présenter.", "fr", False, id="a verb"),
        pytest.param("presenter", "animateur", "Le presenter parle.", "fr", True, id="is written"),
        pytest.param("comeback", "powrót", "Po comebacku grają.", "pl", True, id="borrowed"),
        pytest.param("Presenter", "animateur", "Il va se présenter.", "fr", True, id="a name"),
        pytest.param("presenter", "animateur", "Les Présenter-Tage.", "fr", True, id="a capital"),
    ],
)
def test_where_lists_call_it_otherwise_a_keyword_has_no_foreign_forms(
    query: str, variant: str, text: str, language: str, expected: bool
) -> None:
    other = {"Staat": "de"}.get(variant, language)
    own = Variant(language=other, text=variant, state=VariantState.ACTIVE)
    rule = replace(a_rule(query), written_in=("en",), variants=(own,))
    article = an_article("", text=text, language=language)
    assert bool(RuleMatcher([rule]).matches(article, a_source())) is expected
    assert bool(by_brute_force([rule], article, a_source())) is expected


@pytest.mark.parametrize(
    ("query", "variant", "text", "language", "expected"),
    [
        pytest.param("table", "Tisch", "Die politische Lage.", "de", False, id="no noun"),
        pytest.param("table", "Tisch", "Ein Gartentisch fehlt.", "de", True, id="a compound"),
        pytest.param("table", "Tisch", "der gartentisch fehlt", "de", True, id="without capitals"),
        pytest.param("judge", "Richter", "Die Nachrichten am Abend.", "de", False, id="common"),
        pytest.param("judge", "Richter", "Ein Amtsrichter sagt nein.", "de", True, id="rare"),
        pytest.param("war", "Krieg", "Seit dem Weltkriegs-Ende.", "de", True, id="of that kind"),
        pytest.param("war", "Krieg", "Seit den Weltkriegen.", "de", True, id="a form of it"),
        pytest.param("present", "heden", "De omstandigheden zijn.", "nl", False, id="Dutch"),
        pytest.param("minister", "ministeri", "Pääministerin mukaan.", "fi", True, id="Finnish"),
    ],
)
def test_what_only_ends_like_a_word_is_no_kind_of_it(
    query: str, variant: str, text: str, language: str, expected: bool
) -> None:
    assert _finds(query, text, language, variant) is expected


@pytest.mark.parametrize(
    ("query", "variant", "text", "language", "expected"),
    [
        pytest.param("pocket", "ficka", "Hon fick besked.", "sv", False, id="a verb, got"),
        pytest.param("pocket", "ficka", "Handen i fickan.", "sv", True, id="a form"),
        pytest.param("bowl", "skål", "Det skal hun sige.", "da", False, id="other marks, shall"),
        pytest.param("bowl", "skål", "En skål suppe.", "da", True, id="its own marks"),
        pytest.param("bowl", "skål", "Det skal hun si.", "no", False, id="Norwegian, listed as nb"),
        pytest.param("donkey", "szamár", "Az ő számára jó.", "hu", False, id="for"),
        pytest.param(
            "statement", "δήλωση", "Ο υπουργός δήλωσε ότι θα έρθει.", "el", False, id="said"
        ),
        pytest.param("statement", "δήλωση", "Η δήλωση του υπουργού.", "el", True, id="Greek"),
        pytest.param("newspaper", "novina", "To je novi grad.", "bs", False, id="without a list"),
        pytest.param("newspaper", "novina", "To je novi grad.", "", False, id="not known"),
        pytest.param("livestock", "stoka", "To je ono što znam.", "", False, id="a small word"),
        pytest.param("hunter", "harian", "Pada hari ini.", "ms", False, id="of a neighbour's"),
    ],
)
def test_a_frequent_word_is_no_form_of_a_rarer_one(
    query: str, variant: str, text: str, language: str, expected: bool
) -> None:
    assert _finds(query, text, language, variant) is expected


def test_a_form_that_says_too_much_is_only_proposed_though_no_other_is_listed() -> None:
    from rules.lexicons import news_source

    summer = next(each for each in news_source.concepts() if each.id == "summer")
    assert summer.forms["fr"] == ("~été",)  # been
    policy = next(each for each in news_source.concepts() if each.id == "policy")
    assert policy.forms["de"][0] == "Politik"
