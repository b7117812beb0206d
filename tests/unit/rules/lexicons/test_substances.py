"""Names of drugs, as other languages write them."""

import pytest

from rules.expand.variants import with_variants
from rules.lexicons.substances import SubstanceLexicon
from rules.matcher import RuleMatcher, by_brute_force
from tests.builders import a_rule, a_source, an_article


def said(term: str, *written_in: str) -> set[tuple[str, str]]:
    return {(form.language, form.text) for form in SubstanceLexicon().forms(term, written_in)}


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("ketoprofen", "it", "ketoprofene"),
        ("ketoprofen", "el", "κετοπροφαίνη"),
        ("liraglutide", "hu", "liraglutid"),
        ("simvastatin", "hu", "szimvasztatin"),
        ("liraglutide", "ru", "лираглутид"),
        ("ampicillin", "ru", "ампициллин"),
        ("ampicillin", "uk", "ампіцилін"),
        ("ampicillin", "es", "ampicilina"),
        ("ampicillin", "fi", "ampisilliini"),
        ("erythromycin", "pl", "erytromycyna"),
        ("heparin", "pl", "heparyna"),
        ("Zanamivir", "ru", "занамивир"),
        ("lansoprazole", "de", "lansoprazol"),
        ("codeine", "sv", "kodein"),
        ("metoprolol", "he", "מטופרולול"),
        ("warfarin", "ar", "وارفارين"),
        ("tramadol", "fa", "ترامادول"),
    ],
)
def test_a_name_is_written_with_the_letters_and_endings_of_a_language(
    name: str, language: str, expected: str
) -> None:
    assert (language, expected) in said(name)


@pytest.mark.parametrize(
    "term", ["april", "examine", "engine", "orphan", "hospital", "tramadol ban", "C-vitamin", "vir"]
)
def test_what_does_not_end_so_is_no_drug(term: str) -> None:
    assert said(term) == set()


def test_a_name_is_read_as_english_writes_it() -> None:
    assert said("tramadol", "en", "sv")
    assert said("tramadol", "sv") == set()


def test_a_rule_of_a_drug_finds_it_inflected_in_other_letters() -> None:
    rule = with_variants(a_rule("ketoprofen"), (SubstanceLexicon(),), "")
    article = an_article("Untitled", text="В аптеках нет кетопрофена.", language="ru")
    (match,) = RuleMatcher([rule]).matches(article, a_source())
    assert [match] == by_brute_force([rule], article, a_source())
