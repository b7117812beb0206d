"""Words that are forms of a name, and others that only begin as it does."""

import pytest

from common.stems import CUT, MOST_BEHIND, OF_A_LETTER, letters_behind, shortened
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold


def behind(name: str, word: str) -> int:
    """Return what a key that a word has tells of a name: what stands behind the word's stem."""
    cut = len(shortened(word))
    some = enumerate(name[cut:][:MOST_BEHIND])
    return 1 << 31 | sum((ord(letter) & OF_A_LETTER) << 5 * place for place, letter in some)


def is_other(language: str, word: str, name: str) -> bool:
    is_small = word.islower()
    word, name = fold(word), fold(name)
    return is_misread(word, language, len(name), behind(name, word), is_small=is_small)


def test_of_a_word_its_letters_are_known_behind_its_stem() -> None:
    for length in range(1, 2 * len(CUT)):
        word = "qwertyuiopasdfghjklzxcvbnm"[:length]
        assert letters_behind(word) == behind(word, word)


@pytest.mark.parametrize(
    ("language", "word", "name"),
    [
        ("es", "viento", "vienés"),
        ("en", "Police", "Polish"),
        ("en", "Turkey", "Turku"),
        ("en", "green", "Greek"),
        ("fr", "Colombie", "Colombo"),
        ("fr", "Nigeria", "Nigerien"),
        ("de", "Zentralbank", "Zentralasien"),
        ("de", "Karpathos", "Karpaten"),
        ("fa", "استان", "آستانه"),
        ("ur", "کویته", "کویت"),
        ("sv", "finns", "finsk"),
        ("en", "Maliki", "Mali"),
        ("en", "Indiana", "Indian"),
        ("en", "Mariano", "Marian"),
    ],
)
def test_a_word_that_only_begins_as_a_name_is_another(language: str, word: str, name: str) -> None:
    assert is_other(language, word, name)


@pytest.mark.parametrize(
    ("language", "word", "name"),
    [
        ("ru", "сирийского", "сирийский"),
        ("pl", "Warszawie", "Warszawa"),
        ("fi", "Helsingissä", "Helsingin"),
        ("de", "syrischen", "syrisch"),
        ("en", "Syrians", "Syrian"),
        ("en", "America", "American"),
        ("en", "Sudani", "Sudan"),
        ("pl", "Serbki", "Serb"),
        ("uk", "французський", "французький"),
        ("fi", "brasilialaiselta", "brasilialainen"),
        ("pt", "Brasil", "Brasil"),
    ],
)
def test_a_word_with_endings_of_its_language_is_a_form(language: str, word: str, name: str) -> None:
    assert not is_other(language, word, name)
