"""What verbs say in a rule, and what they say of it in other languages."""

from functools import cache

import pytest

from monitor.lexicons.registry import Lexicons
from rules.expand.variants import with_variants
from rules.matcher import by_brute_force, make_matcher
from storage.model import Rule
from tests.builders import a_rule, a_source, an_article

LEXICONS = Lexicons()


@cache
def saved(query: str) -> Rule:
    return with_variants(a_rule(query), LEXICONS.all, "")


def found(query: str, text: str, language: str) -> bool:
    """Return whether the rule is in the text; the index never hides it."""
    article = an_article(text, text="", language=language)
    matches = by_brute_force([saved(query)], article, a_source())
    assert make_matcher([saved(query)]).matches(article, a_source()) == matches
    return bool(matches)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("governor resigns", "Gouverneur tritt zurück", "de"),
        ("governor resigns", "Le gouverneur a démissionné.", "fr"),
        ("governor resigns", "Губернатор подал в отставку.", "ru"),
        ("governor resigns", "The governor's resignation came late.", "en"),
        ("governor resignation", "The governor resigned on Friday.", "en"),
        ("journalist arrested", "La journaliste a été arrêtée hier.", "fr"),
        ("journalist arrested", "Gazeteci gözaltına alındı.", "tr"),
        ("journalist AND arrested", "Detenido ayer en Lima un conocido periodista.", "es"),
        ("helicopter shot down", "Helikopter został zestrzelony.", "pl"),
        ("flights cancelled", "Flüge nach Oslo abgesagt: Flüge abgesagt.", "de"),
        ("Merz apologizes", "Merz entschuldigt sich.", "de"),
        ("protests banned", "Des manifestations interdites à Lyon", "fr"),
        ("governor elected", "Gobernador elegido en Lima", "es"),
        ("governor elected", "Gouverneur feiert Wahlsieg: der Gouverneur dankt.", "de"),
        ("factory closed", "La fábrica cerró en mayo.", "es"),
        ("teacher convicted", "Lehrer verurteilt", "de"),
        ("horses poisoned", "Hevosia myrkytetty: hevoset myrkytetty", "fi"),
        ("ferry sinks", "Färjan sjönk i natt.", "sv"),
        ("airport closed", "Der Flughafen bleibt geschlossen.", "de"),
        ("app banned", "App verboten: App bleibt verboten.", "de"),
        ("Vučić meets Macron", "Vučić se sastaje: Vučić sastao se Macron.", "hr"),
    ],
)
def test_a_verb_is_found_as_verbs_and_nouns_say_it(query: str, text: str, language: str) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("governor resigns", "Der Gouverneur bleibt. Ein Trainer tritt zurück.", "de"),
        ("governor elected", "大統領は選挙を語る。知事の選挙も。", "ja"),
        ("governor elected", "Gouverneur vor der Wahl in Tirol.", "de"),
        ("victory", "Er hat im Lotto gewonnen.", "de"),
        ("release", "Die Straße ist wieder freigegeben, sie wurde freigelassen.", "de"),
        ("arrest", "Un arrêté municipal interdit la pêche.", "fr"),
        ("arrest", "Рейс на Сахалин задержан на час.", "ru"),
        ("arrest", "Затримано виплату пенсій.", "uk"),
        ("explosion", "La empresa explota minas de sal.", "es"),
        ("explosion", "Der Absatz von Honig explodierte.", "de"),
        ("shot down", "Merkez bankası faizi düşürdü.", "tr"),
        ("shot down", "Оборио рекорд на сто метара.", "sr"),
        ("shot down", "Derriban un viejo cine en Lima.", "es"),
        ("bankruptcy", "労使の交渉が破綻した。", "ja"),
    ],
)
def test_a_verb_of_several_senses_counts_beside_other_words(
    query: str, text: str, language: str
) -> None:
    assert not found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("police won", "Die Polizei von Awon kam spät.", "de"),
        ("police fired", "Herr Blasi Ford wurde gehört.", "de"),
        ("team stolen", "W zespole stresu nie brakuje.", "pl"),
        ("police rejected", "La politique de refus est vieille.", "fr"),
        ("police won", "Rodzinę Polis z Awonu znał każdy.", "pl"),
    ],
)
def test_a_verb_and_what_stands_beside_it_are_no_borrowed_words(
    query: str, text: str, language: str
) -> None:
    assert not found(query, text, language)


def test_a_name_beside_a_verb_is_found_as_others_spell_it() -> None:
    assert found("Zelensky resigns", "Президент Зеленський подав у відставку: Зеленський.", "uk")


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("women met", "De burgemeester kwam met zijn vrouw.", "nl"),
        ("war crimes", "Das war ein Verbrechen.", "de"),
        ("minister met", "Ministeren er mod planen.", "da"),
    ],
)
def test_a_small_word_of_the_text_is_none_of_the_rule(query: str, text: str, language: str) -> None:
    assert not found(query, text, language)


def test_who_was_freed_was_not_published() -> None:
    assert found("hostages freed", "Die Geiseln sind freigelassen.", "de")
    assert not found("author freed", "Die Autorin kündigt die Veröffentlichung an.", "de")
    assert found("album released", "Die Veröffentlichung des Albums.", "de")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Gouverneur tritt nach drei Tagen zurück.", "de", True),
        ("Gouverneur treedt na drie dagen af.", "nl", True),
        ("Gouverneur tritt auf. Er fährt zurück.", "de", False),
        ("Gouverneur tritt auf die Bühne, dann fährt er zurück.", "de", False),
        ("Gouverneur trat, wie man weiß, nie zurück.", "de", False),
    ],
)
def test_what_ends_a_clause_belongs_to_its_verb(text: str, language: str, expected: bool) -> None:
    assert found("governor resigns", text, language) is expected


def test_what_a_verb_acts_on_stands_inside_it() -> None:
    assert found("drone shot down", "Das Heer schießt eine fremde Drohne ab.", "de")


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("March protests", "Die Proteste im März blieben klein.", "de"),
        ("October attack", "Атака в октябре была первой.", "ru"),
        ("July heatwave", "La canicule de juillet a duré.", "fr"),
    ],
)
def test_months_are_found_beside_other_words(query: str, text: str, language: str) -> None:
    assert found(query, text, language)


def test_months_alone_are_looked_for_as_written() -> None:
    assert not found("October", "Атака в октябре была первой.", "ru")


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("المعلمين السوريين", "Syrian teachers went home.", "en"),
        ("المدارس", "New schools open.", "en"),
    ],
)
def test_articles_written_onto_words_do_not_hide_them(query: str, text: str, language: str) -> None:
    assert found(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("teacher OR médecin", "Ärzte fordern mehr Geld.", "de"),
        ("earthquake OR 台风", "Der Taifun zog ab.", "de"),
        ("São Paulo OR Lima", "Выборы в Сан-Паулу прошли.", "ru"),
    ],
)
def test_a_term_in_other_letters_than_the_query_is_of_its_own_language(
    query: str, text: str, language: str
) -> None:
    assert found(query, text, language)


def test_what_must_stand_near_another_term_counts_as_beside_another_word() -> None:
    assert found("court NEAR/6 asylum", "Curtea a acordat azil familiei.", "ro")
    assert not found("court AND asylum", "Curtea a acordat azil familiei.", "ro")


def test_may_begins_a_rule_as_a_month() -> None:
    assert found("May protests", "Proteste im Mai", "de")
    assert found("May protests", "Lyon waits for the protests of May.", "en")
    assert not found("May protests", "Lyon waits for protests.", "en")


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("bridge collapse", "Brücke in Ulm eingestürzt", "de", True),
        ("bridge collapse", "Die Brücke ist in der Nacht eingestürzt.", "de", True),
        ("journalist arrest", "Journalist im Sudan verhaftet", "de", True),
        ("journalist arrest", "Journalist in Wien über Verhaftung", "de", False),
    ],
)
def test_before_a_verb_that_says_what_a_noun_of_the_rule_names_it_is_said_where(
    query: str, text: str, language: str, *, expected: bool
) -> None:
    assert found(query, text, language) == expected
