"""How many words sound, at once: what `rules.languages.phonemes` says of each, in a few passes.

Words of one script are joined by line breaks, and every step is taken over all of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from rules.languages.phonemes import (
    AS_VOWELS,
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
_SILENT_ONES = [each for each, groups in GROUPS_OF.items() if "-" in groups]


def enough(consonants: str, depth: int) -> str:
    """Return as many of some consonants as the keys of a word are made of."""
    if len(consonants) <= depth or not _UNSURE.search(consonants, 0, depth):
        return consonants[:depth]
    end = depth
    while end < len(consonants):
        silent = sum([consonants.count(each, 0, end) for each in _SILENT_ONES])
        if depth + silent <= end:
            break
        end = depth + silent
    return consonants[:end]


@lru_cache(maxsize=20_000)
def beginnings(consonants: str, depth: int) -> frozenset[str]:
    """Return the keys of a word of a text: the beginnings of what its consonants may be."""
    if not _UNSURE.search(consonants, 0, depth):
        return frozenset([consonants[:end] for end in range(1, min(depth, len(consonants)) + 1)])
    found = longest_beginnings(consonants, depth)
    return frozenset(key[:length] for key in found for length in range(1, len(key) + 1))


@lru_cache(maxsize=5_000)
def longest_beginnings(consonants: str, depth: int) -> frozenset[str]:
    """Return what the first of some consonants may be, as many as a key has."""
    found = {""}
    for each in consonants:
        groups = GROUPS_OF.get(each, each)
        found = {
            key if len(key) >= depth or group == "-" else key + group
            for key in found
            for group in groups
        }
        if all(len(key) >= depth for key in found):
            break
    return frozenset(found)
