"""Which finds stand near each other: gaps, and the smallest stretches that hold all parts."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rules.data.tables import fillers
from rules.languages.match_types import Layer
from rules.text.tokenizer import is_break, words

MOST_FILLERS = 3
MOST_OTHERS = 1
_FILLER_COST = 0.01
_OTHER_COST = 0.04
_LONGEST_GAP = 70
_OTHERS_IN_A_RUN = 4
_REST_OF_A_RUN = 2
_LONGEST_CHAIN = 400


class Place(NamedTuple):
    """A find of one part of a term, or of a whole term.

    Attributes:
        part: The number of the part that it answers.
        loose: Whether its letters differ from the rule's.
        through: The text of the variant that answers the part; "" for the rule's own word.
    """

    start: int
    end: int
    part: int
    layer: Layer
    strength: float
    loose: bool = False
    through: str = ""


class Stretch(NamedTuple):
    """Places that together answer every part; cost is what their gaps take from the score."""

    places: tuple[Place, ...]
    cost: float

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.places[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(place.end for place in self.places)


Gap = Callable[[Place, Place], float | None]
"""What a gap between two neighbours costs; None when they are not near each other."""


def keyword_gap(text: str, *, may_turn: bool = True) -> Gap:
    """Return the gap of keywords: small words may stand between, and one other word.

    That word stands either alone ("Hanoi Cybercrime Convention") or, when the order is turned,
    before a small word ("convention signed in Hanoi"): so "Hanoi prepares for a convention" is
    not near. Cognates are only believed with nothing but small words between them.

    Args:
        may_turn: Whether the order of the words may be another language's. That of a variant is
            its language's own.
    """

    def gap(left: Place, right: Place) -> float | None:
        if right.start <= left.end:
            return 0.0
        if right.start - left.end > _LONGEST_GAP:
            return None
        between = text[left.end : right.start]
        counted = None if is_break(between) else _counted(between)
        if counted is None:
            return None
        small, other = counted
        if small > MOST_FILLERS or other > (0 if left.loose or right.loose else MOST_OTHERS):
            return None
        if other and small and (left.part < right.part or not may_turn):
            return None
        return small * _FILLER_COST + other * _OTHER_COST

    return gap


def _counted(between: str) -> tuple[int, int] | None:
    """Return how many small and how many other words stand there; None for a longer run.

    A rest of a run of two letters is no word: where words end there is not known.
    """
    known = fillers()
    small = other = 0
    for word in words(between):
        if word.is_run:
            if len(word.text) > _OTHERS_IN_A_RUN:
                return None
            other += len(word.text) > _REST_OF_A_RUN and word.folded not in known
        elif word.folded in known:
            small += 1
        else:
            other += 1
    return small, other


def distance_gap(text: str, distance: int) -> Gap:
    """Return the gap of NEAR/n: at most `distance` words between, of whatever kind."""

    def gap(left: Place, right: Place) -> float | None:
        if right.start <= left.end:
            return 0.0
        if right.start - left.end > 40 * (distance + 1):
            return None
        count = 0
        for word in words(text[left.end : right.start]):
            count += (len(word.folded) + 1) // 2 if word.is_run else 1
        return 0.0 if count <= distance else None

    return gap


def stretches(places: Sequence[Place], parts: int, gap: Gap, most: int = 1_000) -> list[Stretch]:
    """Return the smallest stretches that answer all parts, left to right, not overlapping.

    Linear in the number of places: each gap is looked at once. Ends after about `most`.
    """
    found: list[Stretch] = []
    chain: list[Place] = []
    costs: list[float] = []
    for place in sorted(places):
        cost = gap(_last(chain), place) if chain else 0.0
        if cost is None or len(chain) >= _LONGEST_CHAIN:
            found.extend(_smallest(chain, costs, parts))
            if len(found) >= most:
                return found
            chain, costs, cost = [], [], 0.0
        chain.append(place)
        costs.append(cost)
    found.extend(_smallest(chain, costs, parts))
    return found


def _last(chain: list[Place]) -> Place:
    return max(chain[-3:], key=lambda place: place.end)


def _smallest(chain: list[Place], costs: list[float], parts: int) -> list[Stretch]:
    if len({place.part for place in chain}) < parts:
        return []
    found: list[Stretch] = []
    counts = [0] * parts
    missing = parts
    left = 0
    for right, place in enumerate(chain):
        missing -= counts[place.part] == 0
        counts[place.part] += 1
        while missing == 0:
            if counts[chain[left].part] > 1:
                counts[chain[left].part] -= 1
                left += 1
                continue
            found.append(Stretch(tuple(chain[left : right + 1]), sum(costs[left + 1 : right + 1])))
            counts = [0] * parts
            missing = parts
            left = right + 1
    return found
