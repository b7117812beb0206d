"""How names sound, about the same in all scripts."""

import re
from collections.abc import Sequence

from anyascii import anyascii

_NO_LETTER = re.compile(r"[^a-z\n]")
_FIRST_VOWEL = re.compile(r"^(?=[aeiouy])", re.MULTILINE)
_VOWELS = re.compile(r"[aeiouyhw]+")
_TWICE = re.compile(r"(.)\1+")
_FOREIGN = re.compile(r"[ァ-ヴー]{3,}|[A-Za-z]{3,}")
_SOUNDS = (
    *(("ph", "f"), ("ck", "k"), ("tz", "ts"), ("sch", "s"), ("sh", "s"), ("ch", "k")),
    *(("cz", "s"), ("zh", "s"), ("kh", "k"), ("th", "t"), ("x", "ks"), ("q", "k"), ("c", "k")),
    *(("z", "s"), ("v", "b"), ("w", "b"), ("f", "b"), ("p", "b"), ("j", ""), ("d", "t")),
    ("g", "k"),
)
LEAST = 3
"""So many letters, and so many consonants, a name must have to be told by."""


def skeleton(word: str) -> str:
    """Return the consonants of a name as all scripts write them, about; "" of too few."""
    return skeletons([word])[0]


def skeletons(words: Sequence[str]) -> list[str]:
    """Return the skeleton of each of these words, all made at once: each by itself costs more."""
    if not words:
        return []
    letters = _NO_LETTER.sub("", anyascii("\n".join(words)).lower())
    enough = [len(each) >= LEAST for each in letters.split("\n")]
    for written, sound in _SOUNDS:
        letters = letters.replace(written, sound)
    bones = _TWICE.sub(r"\1", _VOWELS.sub("", _FIRST_VOWEL.sub("_", letters))).split("\n")
    return [
        each if is_long and len(each) >= LEAST else ""
        for each, is_long in zip(bones, enough, strict=True)
    ]


def foreign_runs(text: str) -> list[str]:
    """Return what stands in foreign letters in a text without spaces, and so may be a name."""
    return _FOREIGN.findall(text)
