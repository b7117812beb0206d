"""The ways in which a word of a text may answer a word of a rule, nearest first."""

from enum import IntEnum
from typing import NamedTuple


class MatchType(IntEnum):
    """How a term was found; the number grows with the distance from the rule's own words."""

    EXACT = 0
    FOLDED = 1
    INFLECTED = 2
    COMPOUND = 3
    ACRONYM = 4
    VARIANT = 5
    LEXICON = 6
    COGNATE = 7

    @property
    def label(self) -> str:
        """The match type's name in `storage.model.Evidence`."""
        return self.name.lower()


STRENGTH = {
    MatchType.EXACT: 1.0,
    MatchType.FOLDED: 0.99,
    MatchType.INFLECTED: 0.96,
    MatchType.COMPOUND: 0.93,
    MatchType.ACRONYM: 0.92,
    MatchType.VARIANT: 0.95,
    MatchType.LEXICON: 0.92,
}
"""How sure a match type is; cognates say it each for themselves, up to `MOST_FOR_A_COGNATE`."""

MOST_FOR_A_COGNATE = 0.92

FARTHEST = {
    "exact": MatchType.FOLDED,
    "forms": MatchType.COMPOUND,
    "all": MatchType.COGNATE,
    "broad": MatchType.COGNATE,
}
"""The farthest match type that each strictness accepts."""


MOST_PLACES = 500
"""So many finds of a word, and of a term, are looked at in one field: the budget that keeps any
rule below 20 ms on any article, without a clock."""


ALONE, BESIDE, TAIL = -1, -2, -3
"""Stand among a hit's partners: it counts only for a term of one word, only for one of several,
or not for a name, which no other word ends in."""


class Hit(NamedTuple):
    """A word of the index, found in a word of a text.

    Attributes:
        entry: The number of the index's word.
        start, end: The place, in code points, of the whole word (or of the part of a run).
        match_type: How it is written there.
        strength: In (0, 1].
        fuzzy: Whether its own letters differ: a cognate, also inside a compound.
        partners: Other entries that must belong to the same term for this to count, as in a
            compound; empty for none.
    """

    entry: int
    start: int
    end: int
    match_type: MatchType
    strength: float
    fuzzy: bool = False
    partners: frozenset[int] = frozenset()
