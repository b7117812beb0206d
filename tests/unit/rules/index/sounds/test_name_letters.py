"""What letters say of names is the same in native code, which refuses no more than Python."""

from array import array

import pytest

from rules.evaluate.name_spelling import is_written_so
from rules.index.memory.engine import Engine
from rules.index.memory.scan import Scan
from rules.index.rule_index import RuleIndex
from rules.index.sounds.hearing import Hearing
from rules.index.sounds.name_letters import letters_row, name_row
from rules.languages.name_letters import evidence, letters_in, letters_of_language, marked
from rules.text.folding import fold
from tests.builders import a_rule

NAMES = ("Zorkhit", "Histhend", "Haskei", "Moreno", "Qasim", "Schumer", "Li", "Ann-Rae")
WORDS = {
    "ar": ("صرحت", "قاسم", "مورينو", "شومر", "پو", "و", "ژکچ"),
    "fa": ("حصلند", "قاسم", "مورنو", "شومر", "چی", "و"),
    "he": ("השקיע", "מורנו", "שומר", "קאסם", "לי", "ו"),
    "ur": ("حصلند", "قاسم", "مورینو", "شومر", "لی", "و"),
}


@pytest.mark.parametrize("language", WORDS)
def test_letters_say_the_same_as_in_python(language: str) -> None:
    engine = Engine()
    number = Hearing(engine).open_language(language)
    of = letters_of_language(language)
    assert of is not None
    for name in NAMES:
        size, *way = name_row(name)
        for word in WORDS[language]:
            folded = fold(word)
            engine.give(array("i", [*way[:size], *map(ord, folded)]).tobytes())
            told = engine.call("told_in", number, size, len(folded))
            assert told == round(10 * evidence(marked(name), letters_in(word), of)), (name, word)


def _may_hold(name: str, word: str, language: str) -> bool:
    terms = RuleIndex([a_rule(name)]).in_language(language)
    return bool(terms.met(Scan(terms.table.engine, f"{word} 1")).terms)


@pytest.mark.parametrize(
    ("name", "word", "language"),
    [("Zorkhit", "صرحت", "ar"), ("Haskei", "השקיע", "he"), ("Sarkist", "صرقصط", "fa")],
)
def test_what_is_written_with_other_letters_is_not_looked_at(
    name: str, word: str, language: str
) -> None:
    assert not is_written_so(word, name, language)
    assert not _may_hold(name, word, language)
    assert _may_hold(name, word, "ps")  # as nobody has counted its letters


@pytest.mark.parametrize(
    ("name", "word", "language"),
    [
        pytest.param("Tarkhan", "שבטרכן", "he", id="behind what is written onto it"),
        pytest.param("Schumer", "شومر", "ur", id="as English would spell it"),
        pytest.param("Qasim", "قاسم", "ar", id="a letter that few names have"),
        pytest.param("Karkhitsarodit", "قرحطصروضط", "ar", id="too long to be told"),
    ],
)
def test_what_its_letters_may_write_is_looked_at(name: str, word: str, language: str) -> None:
    assert is_written_so(word, name, language)
    assert _may_hold(name, word, language)


def test_only_what_native_code_takes_apart_is_told_there() -> None:
    assert letters_row("ar")
    assert not letters_row("ko")  # whose letters are several
    assert not letters_row("ka")  # whose words take endings
    assert not letters_row("ja")
    assert name_row("Ботро") == name_row("Karkhitsarodit") == [0]
