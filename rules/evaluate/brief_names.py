"""Whether short words of a name are found by chance in a script without capitals.

Names of East Asia are of two or three short syllables, which sound like common words of other
languages: 당신 ("you") is like Dong Jun, לפני כן ("before that") like He Lifeng. Capitals tell
them apart where there are any. Where there are none, each word must be spelled as its script
writes such a name, and they must not all be common words.
"""

from collections.abc import Sequence
from functools import lru_cache

from rules.data.tables import stop_words
from rules.evaluate.name_spelling import is_just_it, is_spelled_so
from rules.evaluate.proximity import Span
from rules.languages.everyday import is_form_of_everyday
from rules.languages.phonemes import script
from rules.languages.pronunciation import pronunciations
from rules.languages.scripts import has_capitals
from rules.languages.syllables import FEWEST, parted, respellings
from rules.patterns.pattern import Pattern, Slot
from rules.text.folding import fold
from rules.text.tokenizer import is_unspaced

MOST_LETTERS = 10
"""A name of more letters than these is long enough to be told if only a part is such a syllable."""

_BESIDE_ANOTHER = 0.2
"""So much farther from its spelling may be what stands beside another part of the name."""

_LONG_GIVEN_NAME = 6
"""A given name of so many letters, which Thai parts from the surname, may be all that is found."""

_MOST_SYLLABLES = {"zh": FEWEST + 1, "ko": FEWEST, "vi": FEWEST + 1}
_SIGNS = "CJK"


def is_brief_name(pattern: Pattern) -> bool:
    """Whether all words of a pattern are those of a name that is short, or of short syllables."""
    if not pattern.fuzzy or pattern.lone or pattern.via is not None:
        return False
    return are_brief([slot.written for slot in pattern.slots])


def are_brief(names: Sequence[str]) -> bool:
    """Whether names are short, or of short syllables, all together."""
    return _is_brief(tuple(names))


@lru_cache(maxsize=20_000)
def _is_brief(written: Sequence[str]) -> bool:
    parts = [part for word in written for part in word.split()]
    if len(parts) < 2 or not all(part[:1].isupper() for part in parts):
        return False
    if _is_of_syllables(parts):
        return True
    return sum(map(len, parts)) <= MOST_LETTERS and any(map(_is_syllable, parts))


def _is_syllable(part: str) -> bool:
    """Whether a word may be a surname of East Asia, as in John Lee; an initial says nothing."""
    return len(part) > 1 and any(len(word) == 1 for _, (word,) in parted([part]))


def _is_of_syllables(parts: Sequence[str]) -> bool:
    """Whether a name may be of so few syllables of East Asia as names there have.

    Of longer names of Europe many may be read so.
    """
    return any(sum(map(len, name)) <= _MOST_SYLLABLES[of] for of, name in parted(parts))


def may_be_part(written: str, slot: Slot, language: str) -> bool:
    """Whether a word may be one of a short name, or several of it together, by how it is spelled.

    What Han characters say is known for each of them, so that they are no mere likeness.
    """
    if not slot.written or has_capitals(written):
        return True
    parts = tuple(slot.written.split())
    if script(written) == _SIGNS:
        return not any(of != "ko" for of, _ in parted(parts))  # Joe Biden may be read as Korean
    slack = _BESIDE_ANOTHER if len(parts) == 1 else 0.0
    ways = _ways(parts) if len(parts) > 1 else (*_ways(parts), *pronunciations(slot.written))
    if is_unspaced(written) and len(parts[-1]) >= _LONG_GIVEN_NAME:  # a space stands before it
        ways = (*ways, *_ways(parts[-1:]))
    return any(is_spelled_so(written, way, language, slack=slack) for way in ways)


def are_by_chance(span: Span, slots: Sequence[Slot], text: str, language: str) -> bool:
    """Whether all that answers a short name is common words, and not said just so.

    Or what only sounds like a word of it begins with a small letter, and not all of the text does.
    """
    fuzzy = [occurrence.start for occurrence in span.occurrences if occurrence.fuzzy]
    if any(text[at].islower() and text[max(at - 1, 0) : at] != "-" for at in fuzzy):
        return not text.islower()
    return all(
        occurrence.fuzzy
        and _is_common(text[occurrence.start : occurrence.end], slots[occurrence.part], language)
        for occurrence in span.occurrences
    )


def is_common(written: str, language: str) -> bool:
    """Whether a word is a small one of any language, or a common one of the text's."""
    folded = fold(written)
    return folded in stop_words() or is_form_of_everyday(written, folded, language)


def _is_common(written: str, slot: Slot, language: str) -> bool:
    if has_capitals(written) or not slot.written or script(written) == _SIGNS:
        return False
    if not is_common(written, language):
        return False
    return not any(is_just_it(written, way, language) for way in _ways(tuple(slot.written.split())))


@lru_cache(maxsize=20_000)
def _ways(parts: Sequence[str]) -> tuple[str, ...]:
    """Return how words of a name may be heard, each way in Latin letters, all in one word."""
    return tuple(dict.fromkeys("".join(way) for way in (parts, *respellings(parts))))
