"""What the search index is asked for."""

from typing import NamedTuple

from common.records import dataclass


class Has(NamedTuple):
    """Articles that have this token; with `begins`, one that begins so."""

    token: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class HasAll:
    """Articles for which every part holds; there is at least one."""

    parts: "tuple[Lookup, ...]"


@dataclass(frozen=True, slots=True)
class HasAny:
    """Articles for which some part holds; none without parts."""

    parts: "tuple[Lookup, ...]"


@dataclass(frozen=True, slots=True)
class HasNear:
    """Articles for which every part holds, each at most so many lines from the first.

    Parts stand where their tokens do. Others may be found besides: lines are counted round.

    Attributes:
        ordered: Each part stands in the line of the one before, or at most so many behind it.
    """

    parts: "tuple[Lookup, ...]"
    lines: int
    ordered: bool = False


Lookup = Has | HasAll | HasAny | HasNear
"""What the search index is asked for; at most 12 levels of parts in parts."""


@dataclass(frozen=True, slots=True)
class HasIn:
    """Articles in these languages for which the part holds, and all in others or in none."""

    languages: frozenset[str]
    part: Lookup


Holding = Lookup | HasIn


def asks_for_neighbours(holding: Holding) -> bool:
    """Whether words are to stand near each other, which few articles have."""
    parts = holding.parts if isinstance(holding, HasAny) else (holding,)
    return any(isinstance(part, HasNear) for part in parts)
