"""A lexicon of proper names: what the same place is called in many languages."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rules.languages.scripts import script_of
from rules.lexicons.api import Form
from rules.text.folding import fold

_LEAST_LANGUAGES = 2
_LONG = 6
_SHORTEST = 3
_MOST_WORDS = 4
_SHARED = frozenset({"latin", "cyrillic", "arabic", "devanagari", "han"})
"""Scripts of many languages: a place's name in one of them is often a word of another."""

_MARKS = frozenset("0123456789,;/:()[]")


class Name(NamedTuple):
    """What one language calls a place.

    Attributes:
        place: Says which place; the same in every language.
        language: BCP 47 primary subtag.
    """

    place: str
    language: str
    text: str


class NameLexicon:
    """Implements `rules.lexicons.api.Lexicon` for names of places.

    A term must begin with a capital, or be of a script that has none, and be the name in two
    languages or more, unless few languages share its script: a word that is a place's name in
    one language only is more often something else in the user's.
    """

    def __init__(self, names: Iterable[Name], source: str) -> None:
        """Keep these names; what is no plain name (brackets, digits) is left out."""
        self._source = source
        self._names: dict[str, dict[str, set[str]]] = {}
        self._places: dict[str, dict[str, int]] = {}
        for place, language, text in names:
            if len(text.split()) > _MOST_WORDS or not _MARKS.isdisjoint(text):
                continue
            languages = self._names.setdefault(place, {}).setdefault(text, set())
            if language in languages:
                continue
            languages.add(language)
            counts = self._places.setdefault(fold(text), {})
            counts[place] = counts.get(place, 0) + 1
        self._forms = lru_cache(maxsize=10_000)(self._looked_up)

    def forms(self, term: str) -> Sequence[Form]:
        """Return the names of the places that the term names, without the term itself.

        A form is for any language when several languages share it, or when it is long and
        names no other place; otherwise for the language that has it.
        """
        return self._forms(term)

    def _looked_up(self, term: str) -> tuple[Form, ...]:
        if not term or term[0].islower():
            return ()
        own = fold(term)
        counts = self._places.get(own, {})
        least = _LEAST_LANGUAGES if script_of(term[0]) in _SHARED else 1
        places = {place for place, count in counts.items() if count >= least}
        by_text: dict[tuple[str, str], Form] = {}
        for place in sorted(places):
            for text, languages in self._names[place].items():
                folded = fold(text)
                if folded == own or (len(text) < _SHORTEST and text.isascii()):
                    continue
                others = self._others(folded, counts)
                shared = len(languages) > 1 or len(folded) >= _LONG or not text[0].isupper()
                for language in [""] if shared and not others else sorted(languages):
                    by_text.setdefault(
                        (folded, language), Form(language, text, self._source, kind="name")
                    )
        return tuple(by_text.values())

    def _others(self, folded: str, counts: dict[str, int]) -> bool:
        """Whether several languages call another place so."""
        return any(
            count >= _LEAST_LANGUAGES and place not in counts
            for place, count in self._places[folded].items()
        )
