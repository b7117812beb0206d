"""How names sound, about the same in all scripts."""

import re

from anyascii import anyascii

_NO_LETTER = re.compile(r"[^a-z]")
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
    letters = _NO_LETTER.sub("", anyascii(word).lower())
    if len(letters) < LEAST:
        return ""
    for written, sound in _SOUNDS:
        letters = letters.replace(written, sound)
    if not letters:
        return ""
    first = "_" if letters[0] in "aeiouy" else ""
    bones = _TWICE.sub(r"\1", first + _VOWELS.sub("", letters))
    return bones if len(bones) >= LEAST else ""


def foreign_runs(text: str) -> list[str]:
    """Return what stands in foreign letters in a text without spaces, and so may be a name."""
    return _FOREIGN.findall(text)
