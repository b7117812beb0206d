"""What native code must know of the letters with which languages write names.

Letters of names are numbers there: a to z are 1 to 26, and behind them the marks where a name
begins and ends. Weights are tenths of nats, as `rules.languages.name_letters` has them.
"""

from itertools import chain

from rules.evaluate.name_spelling import is_told_by_letters, least_told, ways_to_write
from rules.index.sounds.spoken import known_scripts
from rules.languages.name_letters import BEGINS, ENDS, letters_of_language
from rules.languages.phonemes import alternatives, writes_no_vowels

_NUMBERS = {letter: n for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz" + BEGINS + ENDS, 1)}
_BITS = 5
_BEGINS_WORD, _ENDS_WORD = 1, 2
_LONGEST = 24
"""Of names with their marks: a longer one is not told there."""


def name_row(name: str) -> list[int]:
    """Return the ways to write a name, each behind its length, and 0; only that if none tells."""
    ways = ways_to_write(name) if is_told_by_letters(name) else []
    if any(len(way) > _LONGEST or not _NUMBERS.keys() >= set(way) for way in ways):
        ways = []
    return [number for way in ways for number in (len(way), *map(_NUMBERS.__getitem__, way))] + [0]


def letters_row(language: str) -> list[int]:
    """Return what letters of a language say of names; nothing if only Python takes them apart.

    So it is of scripts whose letters are more than one each, or whose words take endings.
    """
    of = letters_of_language(language)
    if of is None or not writes_no_vowels(of.script) or of.script in alternatives():
        return []
    letters = sorted({letter for row in of.weights.values() for letter in row if letter})
    numbers = {letter: n for n, letter in enumerate(["", *letters])}
    weights = (
        (n, numbers[letter], round(10 * weight))
        for n, row in enumerate(of.weights.values())
        for letter, weight in row.items()
    )
    told = [round(10 * nats) for nats in least_told(language)]
    counts = (known_scripts().numbers[of.script], len(letters), len(of.weights))
    pieces = map(_piece, of.weights)
    return [*told, *counts, *map(_letter, letters), *pieces, *chain.from_iterable(weights)]


def _letter(letter: str) -> int:
    """Return the code of a letter and whether it begins or ends a word."""
    marks = _BEGINS_WORD * letter.startswith(BEGINS) | _ENDS_WORD * letter.endswith(ENDS)
    return ord(letter.strip(BEGINS + ENDS)) << 2 | marks


def _piece(piece: str) -> int:
    return sum(_NUMBERS[letter] << _BITS * at for at, letter in enumerate(piece))
