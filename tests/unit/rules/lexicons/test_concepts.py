"""The words of a text lead to the concepts that they name in its language."""

from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import Concept

FLOOD = Concept("flood", "noun", "-", {"en": ("flood", "flood of people"), "zh": ("洪水",)})
WHO = Concept("who", "institution", "-", {"en": ("@WHO",)})
CONCEPTS = Concepts(pack_concepts([FLOOD, WHO]))


def test_a_word_names_its_concept_in_its_own_language() -> None:
    entry = CONCEPTS.entry("en", "floo")
    assert [(named.number, named.is_acronym, named.length) for named in entry.named] == [
        (0, False, 5)
    ]
    assert CONCEPTS.entry("sv", "floo").named == ()
    assert CONCEPTS.entry("en", "nothing") == ((), 0)


def test_a_word_says_how_long_the_forms_are_that_begin_with_it() -> None:
    assert CONCEPTS.entry("en", "floo").longest == 3
    assert [named.number for named in CONCEPTS.entry("en", "floo of peop").named] == [0]
    assert CONCEPTS.entry("zh", "洪水").longest == 2
    assert [named.number for named in CONCEPTS.entry("zh", "洪水").named] == [0]


def test_acronyms_are_marked() -> None:
    assert [named.is_acronym for named in CONCEPTS.entry("en", "who").named] == [True]
