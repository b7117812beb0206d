"""Words of a text whose language is not known, and what one language says of them together."""

from collections.abc import Mapping, Sequence

from common.neighbours import may_be_in
from rules.evaluate.evidence import MOST_EVIDENCE
from rules.evaluate.proximity import GapCost, Occurrence, Span, spans
from rules.patterns.pattern import EVERYWHERE, Pattern

Place = tuple[int, int, int]
"""A part of a pattern, and where a word that answers it begins and ends."""


def languages_of(
    occurrences: Sequence[Occurrence], pattern: Pattern
) -> Mapping[Place, frozenset[str]]:
    """Return in which languages the word at a place answers a part, where it does not in any.

    The rule's own words and names may stand in texts of any language.
    """
    vias: dict[tuple[int, str], list[frozenset[str]]] = {}
    for number, slot in enumerate(pattern.slots):
        for via in (*slot.via.values(), *(form.via for form in slot.multiword_forms)):
            vias.setdefault((number, via.text), []).append(via.languages)
    said_in: dict[Place, frozenset[str]] = {}
    anywhere: set[Place] = set()
    for each in occurrences:
        place, every = _place(each), vias.get((each.part, each.via), [EVERYWHERE])
        said_in[place] = said_in.get(place, frozenset()).union(*every)
        if EVERYWHERE in every:
            anywhere.add(place)
    return {place: languages for place, languages in said_in.items() if place not in anywhere}


def of_one_language(
    together: list[Span],
    occurrences: Sequence[Occurrence],
    said_in: Mapping[Place, frozenset[str]],
    gap: GapCost,
) -> list[Span]:
    """Return the spans whose words one language has: Lehrer is German, and huelga Spanish.

    Where a word between hid one that is of the same language as the others, that counts.
    """
    if all(_are_of_one(span, said_in) for span in together):
        return together
    found = [span for span in together if _are_of_one(span, said_in)]
    parts = len({each.part for each in together[0].occurrences})
    for language in sorted(frozenset().union(*said_in.values())):
        of_it = [each for each in occurrences if _may_be(each, language, said_in)]
        found += spans(of_it, parts, gap, MOST_EVIDENCE)
    return sorted(dict.fromkeys(found))[:MOST_EVIDENCE]


def _are_of_one(span: Span, said_in: Mapping[Place, frozenset[str]]) -> bool:
    every = [said_in[place] for place in map(_place, span.occurrences) if place in said_in]
    candidates = frozenset().union(*every)
    return not every or any(
        all(may_be_in(languages, one) for languages in every) for one in candidates
    )


def _may_be(one: Occurrence, language: str, said_in: Mapping[Place, frozenset[str]]) -> bool:
    return may_be_in(said_in.get(_place(one), frozenset()), language)


def _place(one: Occurrence) -> Place:
    return one.part, one.start, one.end
