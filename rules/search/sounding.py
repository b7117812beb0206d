"""Words as they sound, where folding hides it: a č is no c, and an أ no ا.

Of most words what is folded says enough. Of the others the index keeps a second token, so that
other spellings of a word of a rule can be found among the archive's own words.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

import anyascii
import numpy as np

from common.native.kept import kept_or_made
from rules.data import tables
from rules.languages import phonemes, vowels_around
from rules.languages.phonemes import (
    AS_LATIN,
    DOUBLED,
    alternatives,
    digraphs,
    roman_letters,
    script,
)
from rules.text.folding import fold
from rules.text.letters import composing, letter_table
from rules.text.letters import made_by as letters_made_by


def as_it_sounds(word: str) -> str:
    """Return a word folded but for letters that sound otherwise then; "" if it has none."""
    if word.isascii():
        return ""
    written = unicodedata.normalize("NFC", word.lower())
    if not _some().search(written):
        return ""
    kept = sounding_letters()
    return "".join(letter if letter in kept else fold(letter) for letter in written)


@cache
def sounding_letters() -> frozenset[str]:
    """Return the small letters, and marks, that sound otherwise when they are folded.

    Or stand in a group of letters that does, or become such a letter.
    """
    made = kept_or_made(
        Path(__file__),
        "sounding",
        lambda: "".join(sorted(_sounding_letters())).encode(),
        made_by=made_by(),
        of=anyascii.__version__,
    )
    return frozenset(made.decode())


def made_by() -> list[Path]:
    """Return the files that say which letters sound otherwise when they are folded."""
    data = Path(tables.__file__).parent
    return [
        Path(__file__),
        Path(phonemes.__file__),
        Path(vowels_around.__file__),
        *(data / name for name in ("alternatives.tsv", "digraphs.tsv", "vowels_around.tsv")),
        *letters_made_by(),
    ]


def _sounding_letters() -> frozenset[str]:
    table = letter_table()
    is_letter = table.is_word | table.is_mark | table.is_katakana | table.is_strange
    folding = np.flatnonzero(is_letter & (table.first != np.arange(len(table.first))))
    grouped = _grouped()
    letters = (chr(code) for code in folding.tolist())
    return frozenset(letter for letter in letters if _sounds_otherwise(letter, grouped))


def composing_marks() -> list[int]:
    """Return marks that folding drops, and that make another letter of the one before."""
    table = letter_table()
    dropped = np.flatnonzero(table.is_mark & (table.first == 0)).tolist()
    return [code for code in dropped if chr(code) in composing()]


def _sounds_otherwise(letter: str, grouped: frozenset[str]) -> bool:
    folded = fold(letter)
    if letter != letter.lower() or folded == letter:
        return False
    if letter in grouped or not grouped.isdisjoint(folded):
        return True
    if roman_letters(letter) != roman_letters(folded):
        return True
    return bool(folded) and (script(letter), _is_doubled(letter)) != (
        script(folded),
        _is_doubled(folded[0]),
    )


def _is_doubled(letter: str) -> bool:
    return bool(DOUBLED.match(letter * 2))


def _grouped() -> frozenset[str]:
    """Return the letters that sound otherwise together, in any script.

    But for those of languages that keep what is written in Latin letters: most letters are in one.
    """
    ways = (rows for name, rows in digraphs().items() if not name.startswith(AS_LATIN))
    groups = [row[0] for rows in ways for row in rows]
    groups += [row[0] for rows in alternatives().values() for row in rows]
    return frozenset("".join(groups))


@cache
def _some() -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(sorted(sounding_letters()))) + "]")
