"""Whether words that only sound like those of a name are it, where there are no capitals.

Any two words that stand together sound like some name of two: משאל העם is like Micheal Hamm.
Capitals tell what a name is where there are any. Where there are none, words must stand as the
name has them, and be spelled as their script writes names: one of them surely, if not all are.
Common words that stand together must say just the name.

In any script one word alone is no name of two short ones (Patrick is no Pat Rich) but where names
are written without spaces, nor is the same word twice; and what is turned around must sound just
like it (Wester Ross is no Rose West).
"""

from collections.abc import Sequence
from functools import lru_cache

from rules.evaluate.brief_names import is_brief_name, is_common
from rules.evaluate.name_spelling import distance, most
from rules.evaluate.proximity import GapCost, Occurrence
from rules.languages.phonemes import script
from rules.languages.pronunciation import pronunciations
from rules.languages.scripts import has_capitals
from rules.patterns.pattern import Pattern
from rules.text.tokenizer import is_unspaced

_BESIDE_ANOTHER = 0.5
"""So much farther than a name alone may be from its spelling what stands beside another part."""

_SURE, _JUST_IT = -0.25, -0.4
"""So much nearer than a name alone must be what lets the other part be farther; and one of two
that are common words."""

_FARTHEST_AMONG_COMMON = 0.8
"""So much farther than a name alone may be one of two of which one is a common word."""

_LEAST_TURNED = 0.9
"""So like must both words of a name be that stand the other way round."""

_OF_TWO = 2
_LONG_TOGETHER = 12
_SIGNS = "CJK"


def told_apart(gap: GapCost, pattern: Pattern, text: str, language: str) -> GapCost:
    """Return a gap of which both sides are no part of a name by chance.

    Of short names without capitals `brief_names` tells; of Han characters each says too little to
    be spelled so.
    """
    names = [slot.written for slot in pattern.slots]
    if not pattern.fuzzy or not are_names(names):
        return gap
    is_brief = is_brief_name(pattern)

    def near(left: Occurrence, right: Occurrence) -> float | None:
        cost = gap(left, right)
        if cost is None or left.part == right.part or not (_is_heard(left) and _is_heard(right)):
            return cost
        first, second = text[left.start : left.end], text[right.start : right.end]
        is_one = left[:2] == right[:2]
        is_twice = first == second and names[left.part] != names[right.part]
        if not (may_be_one(names) or is_unspaced(first)) if is_one else is_twice:
            return None
        if has_capitals(first) and left.part > right.part:
            return cost if min(left.strength, right.strength) >= _LEAST_TURNED else None
        if is_brief or any(
            has_capitals(each) or script(each) == _SIGNS for each in (first, second)
        ):
            return cost
        if not is_one:
            parts = (first, names[left.part]), (second, names[right.part])
            is_it = _are_it(*parts, language, in_order=left.part < right.part)
        else:  # one word of the text: all of the name, or only a part, as in Mitch McConnell
            is_it = len(names) > _OF_TWO or _excess(first, "".join(names), language) <= 0
        return cost if is_it else None

    return near


def are_names(words: Sequence[str]) -> bool:
    """Whether all words of a keyword are names, which other words may sound like by chance."""
    return all(word[:1].isupper() for word in words)


def may_be_one(names: Sequence[str]) -> bool:
    """Whether names may be one word where words are written apart: not two short ones.

    Long ones say enough in a compound: Hanoikonventionen.
    """
    return len(names) != _OF_TWO or sum(map(len, names)) >= _LONG_TOGETHER


def _is_heard(occurrence: Occurrence) -> bool:
    return occurrence.fuzzy and not occurrence.via


def _are_it(one: tuple[str, str], other: tuple[str, str], language: str, *, in_order: bool) -> bool:
    """Whether two words, each with the part of a name that it sounds like, are these parts."""
    nearer, farther = sorted(_excess(*each, language) for each in (one, other))
    common = [is_common(written, language) for written, _ in (one, other)]
    if farther <= (_BESIDE_ANOTHER if in_order else 0.0):
        return nearer <= _JUST_IT or not all(common)
    if not in_order or nearer > _SURE:
        return False
    return farther <= _FARTHEST_AMONG_COMMON or not any(common)


@lru_cache(maxsize=5_000)
def _excess(written: str, name: str, language: str) -> float:
    """Return how much farther a word is from a name than one alone may be; less than 0 if nearer.

    A name that may be said in several ways is as far as the nearest of them.
    """
    ways = (name, *pronunciations(name))
    return min(distance(written, way, language) - most(written, way) for way in ways)
