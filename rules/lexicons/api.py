"""The seam for word lists: what a term is called in other languages."""

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol


class Form(NamedTuple):
    """A name of a concept in one language.

    Attributes:
        language: BCP 47 primary subtag, or "" for any.
        text: As a dictionary writes it.
        source: Which list says so, for people.
        score: In (0, 1]: how sure that is.
        ambiguous: Alone it would find too much; beside another word of the rule it is fine.
        kind: "word", "name" (its capital counts), "acronym" (its case counts) or "composed" (words
            that stand near each other, in any order).
    """

    language: str
    text: str
    source: str
    score: float = 0.92
    ambiguous: bool = False
    kind: str = "word"


class Lexicon(Protocol):
    """A list of names of concepts in several languages."""

    def forms(self, term: str, written_in: Collection[str] = ()) -> Iterable[Form]:
        """Return what the term is called, in any language, without the term itself.

        An unknown term gives nothing. The order is the list's own and always the same.

        Args:
            written_in: The languages that the term may be of; empty for any.
        """
        ...

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        """Return the languages of which the term is a headword; none for a list of names.

        Args:
            among: Those that it need only be looked up in, which is quicker; empty for any.
        """
        ...


class NoHeadwords:
    """A list that has no language's words: of names, or of nearly every word of any language."""

    def languages(self, term: str, among: Collection[str] = ()) -> Collection[str]:
        """Return none."""
        return ()
