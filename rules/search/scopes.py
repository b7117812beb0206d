"""Which languages articles must be in before a query can hold: said beside what they must hold."""

from collections.abc import Iterable

from rules.data.tables import primary
from rules.query.tree import AllOf, AnyOf, Field, Keyword, Phrase, Query, Scored, Weighted


def languages_of(query: Query) -> frozenset[str] | None:
    """Return the languages of all articles for which the query may hold; None for any."""
    match query:
        case Field("language", part):
            return _named(part)
        case AllOf(parts):
            known = [each for each in map(languages_of, parts) if each is not None]
            return frozenset.intersection(*known) if known else None
        case AnyOf(parts):
            return _either(map(languages_of, parts))
        case Weighted(part, _) | Scored(part, _):
            return languages_of(part)
        case _:
            return None


def _named(part: Query) -> frozenset[str] | None:
    match part:
        case Keyword(text) | Phrase(text):
            return frozenset({primary(text)})
        case AnyOf(parts):
            return _either(map(_named, parts))
        case _:
            return None


def _either(every: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: set[str] = set()
    for languages in every:
        if languages is None:
            return None
        found |= languages
    return frozenset(found)
