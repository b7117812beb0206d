"""A rule made ready: its query, and for each term the ways in which a text may hold it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.languages.match_types import Layer
from rules.query.regex import LinearRegex
from rules.query.tree import Query, Term
from storage.model import Rule

MANY = 30
"""Of more alternatives than this, only the possible ones are tried."""


class Through(NamedTuple):
    """The variant by which a word of the index answers a slot; `score` is how sure it is."""

    text: str
    score: float


class Sequel(NamedTuple):
    """Several words of the index, one behind the other, that answer a slot together.

    Attributes:
        entries: The words, first to last.
        before: For each, the small words that must stand before it.
    """

    entries: tuple[int, ...]
    before: tuple[tuple[str, ...], ...]
    through: Through


class Refused(NamedTuple):
    """A text that the rule's owner has refused for a term, or for one of its words.

    Attributes:
        folded: As `rules.patterns.rejections.comparable` has it.
        languages: Only in articles of these; empty for all.
        entries: Its words in the index, first to last.
        before: For each, the small words that must stand before it.
    """

    folded: str
    languages: frozenset[str]
    entries: tuple[int, ...]
    before: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of a term, or several that a variant replaces together.

    Attributes:
        entries: The words of the index that answer it, its own first.
        own: The entry of the word as the rule writes it; -1 if the slot is of several words.
        before: Small words that must stand before it, when the order counts.
        prefix, suffix: Symbols that must touch it, as in "C++" and "#hashtag".
        shouted: It is an acronym that is a small word in lower case, as in WHO.
        weight: What it counts in the score of the term.
        derived: So long must a word be that counts in lower case all the same: an adjective
            made of a name (genevois, женевский); 0 for never.
        length: Of the word as the rule writes it, in folded letters.
        is_name: Whether it is known to be a proper name: no other word ends in it.
        through: For entries that are not its own, the variant that they stand for.
        sequels: What of several words answers it.
        refused: What does not answer it.
    """

    entries: frozenset[int]
    own: int
    before: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    shouted: bool = False
    weight: float = 1.0
    derived: int = 0
    length: int = 0
    is_name: bool = False
    through: Mapping[int, Through] = field(default_factory=dict)
    sequels: tuple[Sequel, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def needed(self) -> frozenset[int]:
        """Entries of which a text that answers the slot holds at least one."""
        if not self.sequels:
            return self.entries
        return self.entries.union(sequel.entries[0] for sequel in self.sequels)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to hold a term: all slots near each other, or in order without a gap.

    Attributes:
        farthest: The farthest layer that counts.
        loose: Whether cognates count.
        least: The score that a find needs.
        layer: What every find of this way is called, if not by its words.
        exact: The text that a find must be, letter by letter, or None.
        language: Only in articles of this language, if they and it are known.
        through: The variant that the whole way is, if it is one.
    """

    slots: tuple[Slot, ...]
    ordered: bool
    farthest: Layer
    loose: bool = False
    least: float = 0.0
    layer: Layer | None = None
    exact: str | None = None
    language: str = ""
    through: Through | None = None


@dataclass(slots=True, eq=False)
class Leaf:
    """A term of one or more rules.

    Attributes:
        number: Its place among the leaves of the plan.
        label: What evidence calls it.
        regex: For a regular expression, which has no ways.
        refused: Texts that do not count, unless they are the rule's own words.
    """

    number: int
    label: str
    ways: tuple[Way, ...]
    regex: LinearRegex | None = None
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule ready to be evaluated; `leaves` has each term of its query."""

    rule: Rule
    query: Query
    leaves: Mapping[Term, Leaf]
    _choices: dict[int, tuple[Mapping[int, Query], Sequence[Query]]] = field(default_factory=dict)

    def possible_parts(
        self, parts: tuple[Query, ...], possible: frozenset[int]
    ) -> tuple[Query, ...]:
        """Return those of many alternatives that may hold, given the leaves that may."""
        if id(parts) not in self._choices:
            self._choices[id(parts)] = (
                {self.leaves[part].number: part for part in parts if isinstance(part, Term)},
                [part for part in parts if not isinstance(part, Term)],
            )
        terms, others = self._choices[id(parts)]
        return (*(terms[number] for number in terms.keys() & possible), *others)
