"""What the names of companies that are also common words are called elsewhere."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article, with_variants


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("Nestlé", "据报道，雀巢宣布裁员。", "zh"),
        ("Nestle", "Ce matin chez Nestlé.", "fr"),
        ("Oracle", "据报道，甲骨文公司宣布裁员。", "zh"),
        ("Michelin", "据报道，米其林宣布裁员。", "zh"),
        ("Mercedes", "台灣賓士宣布召回。", "zh"),
    ],
)
def test_companies_are_found_by_what_they_are_called(rule: str, text: str, language: str) -> None:
    rules = [with_variants(a_rule(rule), NewsLexicon(packed_news))]
    article = an_article("x", text=text, language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches != []


@pytest.mark.parametrize(
    ("rule", "text"),
    [("Nestlé", "Birds nestle in the hedge."), ("Oracle", "An oracle spoke in the old temple.")],
)
def test_but_not_by_the_common_word(rule: str, text: str) -> None:
    rules = [with_variants(a_rule(rule), NewsLexicon(packed_news))]
    article = an_article("x", text=text, language="en")
    assert RuleMatcher(rules).matches(article, a_source()) == []


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("Signal", "Das Signal kam zu spät.", False),
        ("Signal", "Mit einem klaren Signal endete der Tag.", False),
        ("Signal", "Am Gleis blieben zwei Signal dunkel.", False),
        ("Signal", "Die Signal-App fiel aus.", True),
        ("Puma", "Vom Puma-Chef war nichts zu hören.", True),
        ("Teams", "Im Mai stiegen zwei Teams ab.", False),
        ("Teams", "Mehrere gute Teams stiegen ab.", False),
        ("Signal", "Die Minister schrieben sich über Signal.", True),
        ("Orange", "Jede Orange wird gewogen.", False),
        ("Visa", "Die Strafe, die Visa zahlt, ist hoch.", True),
        ("Visa", "Sie kennen die Gebühr, mit der Visa wirbt.", True),
        ("Apple", "Die Apple lobten, kauften sie.", True),
    ],
)
def test_where_all_nouns_have_capitals_an_article_tells_them(
    rule: str, text: str, expected: bool
) -> None:
    rules = [with_variants(a_rule(rule), NewsLexicon(packed_news))]
    article = an_article("x", text=text, language="de")
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    assert bool(matches) is expected


@pytest.mark.parametrize(
    ("rule", "text", "language", "expected"),
    [
        ("Miami Heat", "Miami Heat gewinnt.", "de", True),
        ("Los Angeles Lakers", "«Лос-Анджелес Лейкерс» выиграл.", "ru", True),
        ("Miami Heat", "Extreme heat is expected in Miami.", "en", False),
        ("Miami Heat", "El calor en Miami rompe marcas.", "es", False),
        ("Phoenix Suns", "The sun was fierce in Phoenix.", "en", False),
        ("Manchester United", "曼联赢了。", "zh", True),
        ("Newcastle United", "Protesters united in Newcastle.", "en", False),
        ("Bath", "Police in Bath arrested two.", "en", True),
        ("Bath", "He took a bath.", "en", False),
        ("Split", "Uhićen je u Splitu.", "hr", True),
        ("Split", "The vote is split.", "en", False),
        ("Bergen", "In den Bergen schneit es.", "de", False),
        ("Bergen", "In Bergen schneit es.", "de", True),
    ],
)
def test_clubs_and_towns_that_are_common_words_are_names(
    rule: str, text: str, language: str, *, expected: bool
) -> None:
    rules = [with_variants(a_rule(rule), NewsLexicon(packed_news))]
    article = an_article("x", text=text, language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    assert bool(matches) == expected


@pytest.mark.parametrize(
    ("rule", "text", "language", "expected"),
    [
        ("Stern", "Das berichtet der Stern.", "de", True),
        ("Stern", "Ein Stern verlischt.", "de", False),
        ("Stern", "A star was born.", "en", False),
        ("Stern", "A stern warning was issued.", "en", False),
        ("Bild", "Das sagte er der Bild.", "de", True),
        ("Bild", "Das Bild zeigt den Hafen.", "de", False),
        ("Die Zeit", "Das schreibt Die Zeit.", "de", True),
        ("Die Zeit", "Jetzt ist die Zeit für Ruhe.", "de", False),
        ("Dawn", "Dawn reported it first.", "en", True),
        ("Dawn", "They left before dawn.", "en", False),
        ("Politiken", "Det skriver Politiken.", "da", True),
        ("Politiken", "Politiker streiten.", "de", False),
        ("Stern", "Des Sterns Reporter sagte es.", "de", True),
        ("Focus", "Focus will be on schools, where the focus was.", "en", True),
        ("Focus", "The focus is on schools.", "en", False),
    ],
)
def test_papers_that_are_common_words_are_names(
    rule: str, text: str, language: str, *, expected: bool
) -> None:
    rules = [with_variants(a_rule(rule), NewsLexicon(packed_news))]
    article = an_article("", text=text, language=language)
    matches = by_brute_force(rules, article, a_source())
    assert RuleMatcher(rules).matches(article, a_source()) == matches
    assert bool(matches) == expected


@pytest.mark.parametrize(
    ("rule", "text", "language", "expected"),
    [
        ("Politiken", "Die Politiker streiten.", "de", False),
        ("Stern", "Die Sterne leuchten.", "de", False),
        ("Stern", "Des Sterns Reporter sagte es.", "de", True),
        ("Die Zeit", "Die Zeiten sind hart.", "de", False),
        ("Die Zeit", "Die Zeit berichtet.", "de", True),
        ("Der Spiegel", "Der Spiegels Reporter sagte es.", "de", True),
        ("Deutsche Bank", "Bei der Deutschen Bank wird gespart.", "de", True),
        ("Deutsche Bank", "Die deutschen Banken sparen.", "de", False),
        ("Miami Dolphins", "Er war ein Miami Dolphin.", "de", True),
        ("Miami Dolphins", "A former Miami Dolphin spoke.", "en", True),
        ("Shell", "Shells fell.", "en", False),
        ("Shell", "Les Shells brûlent.", "fr", True),
    ],
)
def test_forms_of_a_name_are_those_of_the_word_in_its_language(
    rule: str, text: str, language: str, *, expected: bool
) -> None:
    saved = with_variants(a_rule(rule, strictness="all"), NewsLexicon(packed_news))
    article = an_article("", text=text, language=language)
    assert bool(RuleMatcher([saved]).matches(article, a_source())) == expected
