"""How other scripts hear a name in Latin letters whose own language spells it in its own way.

Gates is Гейтс and Trudeau is Трюдо: English and French letters say little of what is heard, and
who writes a name in another script writes what is heard. Some names are listed; the others are
read as the languages read them whose names travel most.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from itertools import chain
from operator import methodcaller
from typing import NamedTuple

from rules.data.tables import folder, rows
from rules.languages import similarity
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import phonemes_of
from rules.languages.phonetic_keys import have_one_key, is_heard
from rules.text.folding import fold

_SHORTEST = 3
_MOST = 3
_SAME = 0.93
"""So like what is heard anyway is found without."""

_NO_ENDINGS = frozenset({""})


@lru_cache(maxsize=100_000)  # names of rules, which are few letters each; half of a name's patterns
def pronunciations(word: str) -> tuple[str, ...]:
    """Return how a name may be said that is not heard in its letters, in letters that say it.

    Common words of English are read so only when they are listed as names: Gates, not Convention.
    """
    folded = fold(word)
    if not _may_be_read(folded):
        return ()
    heard, is_known = [word], _listed(folded) is not None
    for said in _said(folded):
        if not any(is_heard_as(each, said, by_vowels=is_known) for each in heard):
            heard.append(said)
    return tuple(heard[1 : _MOST + 1])


def read_ahead(words: Iterable[str]) -> list[str]:
    """Read names for whose `pronunciations` will be asked next: many take a fourth of the time.

    Returns what they may be said like.
    """
    names = {folded for folded in map(fold, words) if _may_be_read(folded)}
    unlisted = [each for each in names if _listed(each) is None]
    _read_before.clear()
    _read_before.update(zip(unlisted, _read(unlisted), strict=True))
    return [*chain.from_iterable(map(_said, names))]


_read_before: dict[str, Sequence[str]] = {}
"""What `read_ahead` has read the last time."""


def _may_be_read(folded: str) -> bool:
    return len(folded) >= _SHORTEST and folded.isascii() and folded.isalpha()


def _said(folded: str) -> Sequence[str]:
    listed = _listed(folded)
    if listed is not None:
        return listed
    read = _read_before.get(folded)
    return _read([folded])[0] if read is None else read


def _read(names: Sequence[str]) -> list[list[str]]:
    """Return for each name, folded, how the languages read it whose ways it may have."""
    every: dict[str, list[str]] = {name: [] for name in names}
    unusual = [name for name in names if name not in everyday_words("en")]
    for reading in _readings():
        some = [name for name in unusual if reading.sign.search(name)]
        if some:
            for name, said in zip(some, _read_as(some, reading), strict=True):
                every[name].append(said)
    return list(every.values())


def is_heard_as(word: str, said: str, *, by_vowels: bool = True) -> bool:
    """Whether what is said is so like a word that it is found by that.

    Args:
        by_vowels: Whether its vowels must be, as a name of one word must have them. What is only
            guessed from letters has them oftener otherwise than names are said.
    """
    known, heard = similarity.known(word), phonemes_of(said)
    if heard.text == known.whole.text and heard.profile == known.whole.profile:
        return is_heard(word)
    if by_vowels and not _share_vowels(known.whole.text, heard.text):
        return False
    is_like = similarity.differ_in_place(known.whole, heard, least=_SAME) or (
        similarity.of_whole(known, heard, _NO_ENDINGS, least=_SAME) >= _SAME
    )
    return is_like and have_one_key(known, similarity.known(said))


def _share_vowels(one: str, other: str) -> bool:
    """Whether of two rows of sounds the vowels of one begin with those of the other."""
    first, second = similarity.vowels_in(one), similarity.vowels_in(other)
    return first.startswith(second) or second.startswith(first)


class _Reading(NamedTuple):
    """How a language reads letters.

    Attributes:
        sign: What only words have that may be read so.
        steps: What reads some letters of words, a line each, in order.
    """

    sign: re.Pattern[str]
    steps: list[Callable[[str], str]]


def _read_as(names: Sequence[str], reading: _Reading) -> list[str]:
    """Read names as a language does; what was read is set apart in capitals until the end."""
    lines = "\n".join(names)
    for step in reading.steps:
        lines = step(lines)
    return lines.lower().split("\n")


@lru_cache(maxsize=500)  # each is asked for three times, among others that are read with it
def _listed(folded: str) -> list[str] | None:
    """Return how a name is said that tables have; None if they have it not."""
    _, found, rest = _lines().get(folded[:_SHORTEST], "").partition(f"\n{folded}\t")
    return rest.partition("\n")[0].split() if found else None


@cache
def _lines() -> dict[str, str]:
    """Return the lines of the tables by how they begin: a string for each name takes much more."""
    by_start: dict[str, list[str]] = {}
    for table in ("pronunciations.tsv", "english_names.tsv"):
        for line in folder().joinpath(table).read_text(encoding="utf-8").splitlines():
            by_start.setdefault(line[:_SHORTEST], [""]).append(line)
    return {start: "\n".join(lines) for start, lines in by_start.items()}


@cache
def _readings() -> list[_Reading]:
    readings: dict[str, _Reading] = {}
    for language, letters, sound in rows("readings.tsv"):
        if sound == "?":
            readings[language] = _Reading(re.compile(letters), [])
        else:
            sound = "" if sound == "-" else sound.upper()
            steps = readings[language].steps
            steps.append(
                methodcaller("replace", letters, sound)
                if letters.isalpha()
                else partial(re.compile(letters, re.MULTILINE).sub, sound)
            )
    return list(readings.values())
