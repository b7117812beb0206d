"""A term is looked up as English writes it elsewhere: in one word, in two, across the Atlantic."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.lexicons.english_spellings import english_spellings
from rules.lexicons.news import NewsLexicon


@pytest.mark.parametrize(
    ("term", "other"),
    [
        ("cyber-attack", "cyberattack"),
        ("air-strike", "air strike"),
        ("Nonproliferation", "Non-proliferation"),
        ("oilfield", "oil field"),
        ("hostage taking", "hostage-taking"),
        ("same sex marriage", "same-sex marriage"),
        ("surface to air missile", "surface-to-air missile"),
        ("two factor login", "two-factor login"),
        ("four day week", "four-day-week"),
        ("labor market", "labour market"),
        ("Defence ministry", "Defense ministry"),
        ("privatisation", "privatization"),
    ],
)
def test_other_spellings_of_a_term_are_among_them(term: str, other: str) -> None:
    assert other in english_spellings(term)


@pytest.mark.parametrize("term", ["прекращение-огня", "wise", "rose"])
def test_what_has_no_other_spelling_stays_as_it_is(term: str) -> None:
    assert not [other for other in english_spellings(term) if " " not in other]


@pytest.mark.parametrize(
    ("term", "language", "form"),
    [
        ("cyber-attack", "de", "Cyberangriff"),
        ("cyber-attacks", "de", "Cyberangriff"),
        ("co-operation", "de", "Zusammenarbeit"),
        ("hostage taking", "de", "Geiselnahme"),
        ("Prosecutor’s Office", "de", "Staatsanwaltschaft"),
        ("oilfield", "de", "Ölfeld"),
        ("labor market", "de", "Arbeitsmarkt"),
        ("multi-lateral", "de", "multilateral"),
    ],
)
def test_a_term_is_known_in_all_its_spellings(term: str, language: str, form: str) -> None:
    lexicon = NewsLexicon(packed_news)
    said = {each.text for each in lexicon.forms(term) if each.language == language}
    assert form in said
