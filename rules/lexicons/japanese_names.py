"""A lexicon of names of people of Japan: how their press writes what stands in Latin letters.

Characters that make a name do not follow from how it is said: Shigeru is 茂, 滋, 繁 or 成. Those of
frequent surnames and given names are listed, each for itself, and put together.
"""

import re
from collections.abc import Collection
from functools import cache
from itertools import product

from rules.data.tables import rows
from rules.lexicons.api import Form
from rules.text.folding import fold

SOURCE = "Japanese names"
_LANGUAGES = ("ja", "zh")
_SCORE = 0.9
_MOST = 12
_LONG_VOWEL = re.compile(r"o(?:h(?![aeiou])|u|o)|uu")
_NASAL = re.compile(r"m(?=[bmp])")


class JapaneseNames:
    """Implements `rules.lexicons.api.Lexicon`."""

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        """Return nothing: a name says little about the language that it stands in."""
        return ()

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
    first, last = _names().get(("surname", surname), ()), _names().get(("given", given), ())
    ways = sorted(product(enumerate(first), enumerate(last)), key=lambda way: way[0][0] + way[1][0])
    return [one + other for (_, one), (_, other) in ways[:_MOST]]


def _spelled(name: str) -> str:
    """Return a name without what is spelled in several ways: Ōtani, Ohtani, Ootani; Homma, Honma."""
    return _NASAL.sub("n", _LONG_VOWEL.sub(lambda found: found[0][0], fold(name)))


@cache
def _names() -> dict[tuple[str, str], tuple[str, ...]]:
    names: dict[tuple[str, str], tuple[str, ...]] = {}
    for which, name, ways in rows("japanese_names.tsv"):
        key = which, _spelled(name)
        names[key] = tuple(dict.fromkeys((*names.get(key, ()), *ways.split(" "))))
    return names
