"""How many words sound, at once: what `rules.languages.phonemes` says of each, in a few passes.

Words of one script are joined by line breaks, and every step is taken over all of them.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from itertools import product

from rules.languages.phonemes import (
    AS_VOWELS,
    DEPTH,
    DOUBLED,
    PLAIN_J,
    VOWELS,
    digraphs,
    roman_letters,
    spellings,
    writes_no_vowels,
)

_APPEARS_TWICE = re.compile(r"([^\n])\1+")


def phoneme_texts(words: Sequence[str], written: str, *, plain_j: bool) -> list[str]:
    """Return what `phonemes_of` has as text for each of some words of a script.

    Args:
        words: Without line breaks.
    """
    text = unicodedata.normalize("NFC", "\n" + "\n".join(words).lower())
    text = DOUBLED.sub("\\1a", text)
    for pair, sound, first in digraphs().get(written, ()):
        text = text.replace("\n" + pair, "\n" + first).replace(pair, sound)
    text = text.translate(_ROMAN)
    if written == "CYRILLIC" or (plain_j and written == "LATIN"):
        text = PLAIN_J.sub("i", text)
    if writes_no_vowels(written):
        text = text.translate(AS_VOWELS)
    pattern, table = _spelled(written)
    text = "".join([table.get(piece, piece) for piece in pattern.findall(text)])
    return _APPEARS_TWICE.sub(r"\1", text)[1:].split("\n")


class _Roman(dict[int, str]):
    """The letters a-z for each letter, found out when it is first met."""

    def __missing__(self, point: int) -> str:
        letters = self[point] = roman_letters(chr(point))
        return letters


_ROMAN = _Roman({ord("\n"): "\n"})


@cache
def _spelled(written: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table, _ = spellings(written)
    longest_first = sorted((each for each in table if len(each) > 1), key=len, reverse=True)
    return re.compile("|".join([*longest_first, "[a-z\n]"])), table


_HALF_VOWEL = re.compile("u(?=[aeiou])|(?<=[ae])[uv]")
_SILENT = re.compile("k(?=[ts])")
_CLASSES = str.maketrans(
    {
        **dict.fromkeys("pbfv", "P"),
        **dict.fromkeys("td", "T"),
        **dict.fromkeys("kg", "K"),
        **dict.fromkeys("mnN", "M"),
        **dict.fromkeys("lr", "L"),
        "s": "S",
        "c": "x",
        **dict.fromkeys(VOWELS, None),
    }
)


def consonants(texts: Sequence[str], *, abjad: bool) -> list[str]:
    """Return the consonants of phonemes as `phonetic_keys` tells them apart.

    w is a P or nothing, q a K or nothing, x an S or a K, j an S, a K or nothing, h a K or nothing.
    """
    text = "\n".join(texts)
    text = re.sub("[uv]", "w", text) if abjad else _HALF_VOWEL.sub("w", text)
    return _SILENT.sub("q", text).translate(_CLASSES).split("\n")


GROUPS_OF = {"w": "P-", "q": "K-", "x": "SK", "j": "SK-", "h": "K-"}
"""What a consonant may be that is not always the same: one of these groups, or (-) nothing."""

_UNSURE = re.compile(f"[{''.join(GROUPS_OF)}]")
_AT_ONCE = 3


def longest_keys(consonants: str) -> Collection[str]:
    """Return what the first of some consonants may be, as many as a phonetic key has."""
    if not _UNSURE.search(consonants, 0, DEPTH):
        return (consonants[:DEPTH],)
    found = {""}
    for at in range(0, len(consonants), _AT_ONCE):
        some = _readings(consonants[at : at + _AT_ONCE])
        found = {(key + more)[:DEPTH] for key in found for more in some}
        if min(map(len, found)) == DEPTH:
            break
    return found


@cache
def _readings(consonants: str) -> frozenset[str]:
    """Return all that two or three consonants may be."""
    groups = [GROUPS_OF.get(each, each) for each in consonants]
    return frozenset("".join(some).replace("-", "") for some in product(*groups))
