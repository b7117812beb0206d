"""Which slots of a term a word answers that may answer several, as in "Bora Bora"."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rules.evaluate.proximity import GapCost, Occurrence, latest
from rules.languages.match_types import MatchType


def best_for_slots(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Let a word answer only the slots that it answers best, unless it is a compound of several.

    A slot that it answers in several ways is answered in the surest: the rule's own word as
    written before a variant of it.
    """
    surest = _surest(occurrences)
    best: dict[tuple[int, int], float] = {}
    for occurrence in surest:
        if occurrence.match_type is not MatchType.COMPOUND:
            place = (occurrence.start, occurrence.end)
            best[place] = max(best.get(place, 0.0), occurrence.strength)
    return [
        occurrence
        for occurrence in surest
        if occurrence.match_type is MatchType.COMPOUND
        or occurrence.strength >= best[occurrence.start, occurrence.end]
    ]


def in_turns(occurrences: list[Occurrence], gap: GapCost) -> list[Occurrence]:
    """Let a word answer one slot of those that it answers alike: that whose turn it is.

    Only what stands near before it says which one that is, so that it does not matter what else
    there is in the text.
    """
    if len({(each.start, each.end) for each in occurrences}) == len(occurrences):
        return occurrences
    taken: list[Occurrence] = []
    near: list[Occurrence] = []
    places = list(_places(occurrences))
    for (compounds, alike), behind in zip(places, [*places[1:], ([], [])], strict=True):
        here = [*compounds, *_turn(alike, near, behind, gap)]
        if near and gap(latest(near), here[0]) is None:
            near = []
            here = [*compounds, *_turn(alike, near, behind, gap)]
        near += here
        taken += here
    return taken


_Place = tuple[list[Occurrence], list[Occurrence]]
"""What stands at one place: compounds, and what answers one slot of some."""


def _turn(
    alike: Sequence[Occurrence], near: Sequence[Occurrence], behind: _Place, gap: GapCost
) -> Sequence[Occurrence]:
    """Return that one of what a word answers whose slot was answered longest ago, or never.

    If it can be, not the slot that the word behind answers, which answers no other.
    """
    if len(alike) < 2:
        return alike
    (_, others), last = behind, {each.part: place for place, each in enumerate(near)}
    next_ = others[0] if len(others) == 1 else None

    def is_taken(each: Occurrence) -> bool:
        return next_ is not None and next_.part == each.part and gap(each, next_) is not None

    return [min(alike, key=lambda each: (is_taken(each), last.get(each.part, -1)))]


def _places(occurrences: Iterable[Occurrence]) -> Iterator[_Place]:
    """Yield what stands at each place, in the order of the text."""
    for _, there in groupby(sorted(occurrences), lambda each: (each.start, each.end)):
        every = list(there)
        compounds = [each for each in every if each.match_type is MatchType.COMPOUND]
        yield compounds, [each for each in every if each.match_type is not MatchType.COMPOUND]


def _surest(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Return the surest occurrence of each slot at each place."""
    surest: dict[tuple[int, int, int], Occurrence] = {}
    for occurrence in occurrences:
        key = (occurrence.start, occurrence.end, occurrence.part)
        kept = surest.get(key)
        if kept is None or _sureness(occurrence) > _sureness(kept):
            surest[key] = occurrence
    return list(surest.values())


def _sureness(occurrence: Occurrence) -> tuple[bool, bool, float, int, int, str]:
    """Return by what one is surer than another; of variants alike the longest says most."""
    is_own, is_spelled, via = not occurrence.fuzzy, not occurrence.said, occurrence.via
    return is_own, is_spelled, occurrence.strength, -occurrence.match_type, len(via), via
