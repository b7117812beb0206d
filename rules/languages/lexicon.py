"""The seam for word lists: what a term is called in other languages."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Form(NamedTuple):
    """A name of a concept in one language.

    Attributes:
        language: BCP 47 primary subtag, or "" for any.
        text: As a dictionary writes it.
        source: Which list says so, for people.
    """

    language: str
    text: str
    source: str


class Lexicon(Protocol):
    """A list of names of concepts in several languages."""

    def forms(self, term: str) -> Iterable[Form]:
        """Return what the term is called, in any language, without the term itself.

        An unknown term gives nothing. The order is the list's own and always the same.
        """
        ...
