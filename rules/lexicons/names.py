"""A lexicon of proper names: what the same place is called in many languages."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache

from rules.languages.scripts import script_of
from rules.lexicons.api import Form, NoHeadwords
from rules.lexicons.names_packed import PackedNames
from rules.text.folding import fold

_LEAST_LANGUAGES = 2
_LONG = 6
_SHORTEST = 3
_SHARED = frozenset({"latin", "cyrillic", "arabic", "devanagari", "han"})
"""Scripts of many languages: a place's name in one of them is often a word of another."""


class NameLexicon(NoHeadwords):
    """Implements `rules.lexicons.api.Lexicon` for names of places.

    A term must begin with a capital, or be of a script that has none, and be the name in two
    languages or more, unless few languages share its script: a word that is a place's name in
    one language only is more often something else in the user's.
    """

    def __init__(self, packed: Callable[[], PackedNames], source: str) -> None:
        """Take how the names are had; asked when the first term is looked up."""
        self._packed = packed
        self._source = source
        self._forms = lru_cache(maxsize=10_000)(self._looked_up)

    def forms(self, term: str, written_in: Collection[str] = ()) -> Sequence[Form]:
        """Return the names of the places that the term names, without the term itself.

        A form is for any language when several languages share it, or when it is long and
        names no other place; otherwise for the language that has it.
        """
        return self._forms(term)

    def _looked_up(self, term: str) -> tuple[Form, ...]:
        if not term or term[0].islower():
            return ()
        own = fold(term)
        packed = self._packed()
        counts = packed.places(own)
        least = _LEAST_LANGUAGES if script_of(term[0]) in _SHARED else 1
        places = {place for place, count in counts.items() if count >= least}
        by_text: dict[tuple[str, str], Form] = {}
        for place in sorted(places):
            if not term.isupper() and _is_acronym(own, packed.names(place)):
                continue  # Un in Kim Jong Un
            for text, languages in packed.names(place).items():
                folded = fold(text)
                if folded == own or (len(text) < _SHORTEST and text.isascii()):
                    continue
                others = self._others(packed, folded, counts)
                shared = len(languages) > 1 or len(folded) >= _LONG or not text[0].isupper()
                for language in [""] if shared and not others else languages:
                    by_text.setdefault(
                        (folded, language), Form(language, text, self._source, kind="name")
                    )
        return tuple(by_text.values())

    def _others(self, packed: PackedNames, folded: str, counts: dict[int, int]) -> bool:
        """Whether several languages call another place so."""
        return any(
            count >= _LEAST_LANGUAGES and place not in counts
            for place, count in packed.places(folded).items()
        )


def _is_acronym(own: str, names: Iterable[str]) -> bool:
    """Whether a place is called so in capitals only."""
    same = [text for text in names if fold(text) == own]
    return bool(same) and all(map(str.isupper, same))
