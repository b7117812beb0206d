"""Ways in which the names of people may stand in scripts that write them as one word."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.index import WordIndex
from rules.languages.readings import spelled
from rules.plan import Slot, Way
from rules.terms import content
from rules.words import Word, words

_MOST_WORDS = 4
_LONGEST_SHORT = 4
_SHORTEST_JOINED = 5
_LEAST_JOINED = 0.84


def is_name(found: Sequence[Word], text: str) -> bool:
    """Whether all words of a keyword begin with a capital, or stand behind a hyphen."""
    return all(
        not word.text[0].islower() or text[word.start - 1 : word.start] == "-" for word in found
    )


def has_named_ways(text: str) -> bool:
    """Whether a keyword may be found written together or sign by sign.

    A presearch that asks for words of texts alone would hide that.
    """
    found = content(text)
    return (
        2 <= len(found) <= _MOST_WORDS
        and is_name(found, text)
        and not any(word.is_run for word in found)
        and min(len(word.folded) for word in found) <= _LONGEST_SHORT
    )


def named_ways(index: WordIndex, base: Way, found: Sequence[Word], text: str) -> Iterator[Way]:
    """Yield the ways of a name with words written together, or sign by sign: 시진핑, 习近平.

    Only for names that have a short word, as those of East Asia have: others are found word by
    word.
    """
    if not has_named_ways(text):
        return
    for start in range(len(found)):
        for end in range(start + 2, len(found) + 1):
            entry = _together(index, found[start:end])
            if entry is None:
                continue
            index.allow_together(entry)
            if end - start == len(found):
                for each in spelled([word.text for word in found]):
                    index.allow_signs(entry, each)
            weight = sum(slot.weight for slot in base.slots[start:end])
            slot = Slot(frozenset({entry}), entry, weight=weight)
            slots = (*base.slots[:start], slot, *base.slots[end:])
            yield replace(base, slots=slots, least=max(base.least, _LEAST_JOINED))


def _together(index: WordIndex, found: Sequence[Word]) -> int | None:
    """Add some words as one; None if they are none together, or too short."""
    as_one = words("".join(word.text for word in found))
    if len(as_one) != 1 or len(as_one[0].folded) < _SHORTEST_JOINED:
        return None
    return index.add(as_one[0])
