"""A lexicon of names of people of Japan: how their press writes what stands in Latin letters.

Characters that make a name do not follow from how it is said: Shigeru is 茂, 滋, 繁 or 成. Those of
frequent surnames and given names are listed, each for itself, and put together; a given name that
is not listed is put together of what such names are made of: Hiro-fumi.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import product

from rules.data.tables import rows
from rules.lexicons.api import Form, NoHeadwords
from rules.text.folding import fold

SOURCE = "Japanese names"
_LANGUAGES = ("ja", "zh")
_SCORE = 0.9
_MOST = 48
_MOST_PARTS = 3
_LONG_VOWEL = re.compile(r"o(?:h(?![aeiou])|u|o)|uu")
_NASAL = re.compile(r"m(?=[bmp])")


class JapaneseNames(NoHeadwords):
    """Implements `rules.lexicons.api.Lexicon`."""

    def forms(self, term: str, written_in: Collection[str] = ()) -> tuple[Form, ...]:
        """Return how Japanese and Chinese write a surname and a given name, in whatever order."""
        words = term.split()
        if len(words) != 2 or not all(word[0].isupper() and word.isalpha() for word in words):
            return ()
        one, other = map(_spelled, words)
        texts = dict.fromkeys((*_written(other, one), *_written(one, other)))
        return tuple(Form(of, text, SOURCE, _SCORE) for text in texts for of in _LANGUAGES)


def _written(surname: str, given: str) -> list[str]:
    """Return the ways to write a name; those of the most frequent characters, if many."""
    first = _names().get(("surname", surname), ())
    last = _names().get(("given", given), ()) if first else ()
    ways = _usual([first, last])
    for of_parts in _of_parts(given) if first else ():
        ways += _usual([first, of_parts])
    return list(dict.fromkeys(ways))[:_MOST]


def _of_parts(given: str) -> Iterator[list[str]]:
    """Yield the ways to write a given name by its parts, for each way to part it."""
    for parts in _parted(given, _MOST_PARTS):
        yield _usual([_names()["part", part] for part in parts])


def _parted(name: str, most: int) -> Iterator[tuple[str, ...]]:
    for cut in range(len(name), 0, -1):
        if ("part", name[:cut]) in _names():
            if cut == len(name):
                yield (name,)
            elif most > 1:
                yield from ((name[:cut], *rest) for rest in _parted(name[cut:], most - 1))


def _usual(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return one of each part put together, in all ways, the most usual characters first."""
    ways = product(*(enumerate(part) for part in parts))
    ranked = sorted(ways, key=lambda way: sum(rank for rank, _ in way))
    return ["".join(text for _, text in way) for way in ranked[:_MOST]]


def _spelled(name: str) -> str:
    """Return a name without what is spelled in several ways: Ōtani, Ohtani; Homma, Honma."""
    return _NASAL.sub("n", _LONG_VOWEL.sub(lambda found: found[0][0], fold(name)))


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    names: dict[tuple[str, str], tuple[str, ...]] = {}
    for which, name, ways in rows("japanese_names.tsv"):
        key = which, _spelled(name)
        names[key] = tuple(dict.fromkeys((*names.get(key, ()), *ways.split(" "))))
    return names
