"""How much words of texts may differ from words of rules at most, for many pairs at once."""

from collections.abc import Sequence

from rules.evaluate.lone_names import SURELY_SAID, least_by_consonants, least_in_full
from rules.index.sounds.hearing import Hearing
from rules.index.sounds.spoken import sounds, thousandths
from rules.languages.phonemes import LATIN_SCRIPT, Profile, script
from rules.languages.similarity import Known
from rules.patterns.cognates import (
    BEGINS_A_DERIVED,
    LEAST_ALONE,
    LEAST_OF_A_DERIVED,
)
from rules.patterns.fuzzy_patterns import LONG_ALONE
from rules.patterns.term import FuzzyWord, RuleWord, least, least_in_a_run
from rules.text.tokenizer import Word

_SLACK = 0.0001
_FARTHEST = 30_000
_NO_ROOM = -1
_A_NAME, _A_BRIEF_ONE, _IN_ASCII, _IN_LATIN_LETTERS, _ONLY_SAID = (1 << bit for bit in range(5))
_ENDS_NOWHERE = (0, _NO_ROOM, 0)
"""How many sounds its stem has, how much these may differ, and what may follow: of no stem."""

_ANY_WORD = Word("", "", 0, 0, False)

_rooms: dict[tuple[object, ...], tuple[float, Sequence[int]]] = {}
"""How like a word must be, and how much it may differ, by what decides that: few numbers."""


def wanted_of(hearing: Hearing, word: FuzzyWord, heard: Known, folded: str) -> list[int]:
    """Return what native code is told of how much a cognate of a word may differ, in thousandths.

    What `patterns.dictionary` finds may differ so (`Wanted` in `near.h`).
    """
    text, phonetic, together, _, lone = word
    whole, stem, alone = heard.whole, heard.stem, None
    if lone and not phonetic:
        stem, alone = None, (least_by_consonants(text) or LEAST_ALONE, least_in_full(text))
    alike = (whole.weight, len(whole.text), lone, phonetic, together, alone)
    found = _rooms.get(alike)
    if found is None:
        entry = RuleWord(text, folded, text, phonetic=phonetic, together=together)
        found = _rooms[alike] = _rooms_of(entry, whole.weight, alone, lone=lone)
    strength, (room, derived, *others) = found
    ends = _ENDS_NOWHERE
    if stem:
        ends = (len(stem.text), _room(stem.weight, strength), hearing.endings(heard.endings))
    own, as_name = hearing.own_kind(whole.profile), _as_name(word, folded) if lone else 0
    row = (own, room, *ends, derived, as_name, *others, len(whole.text))
    return [*row, *sounds(whole.text)]


def _rooms_of(
    entry: RuleWord, weight: float, alone: tuple[float, float] | None, *, lone: bool
) -> tuple[float, Sequence[int]]:
    """Return how like a word must be; how much it may differ, all of it, derived, in a run, alone.

    Args:
        alone: How like a name must be without short vowels, and in full.
    """
    strength, in_a_run = least(entry, _ANY_WORD), least_in_a_run(entry)
    derived, others = _NO_ROOM, (_FARTHEST, _FARTHEST)
    if alone:
        strength, in_a_run = LEAST_ALONE, max(in_a_run, LEAST_ALONE)
        others = _room(weight, alone[0]), _room(weight, alone[1])
    else:
        if lone:
            strength, in_a_run = max(strength, SURELY_SAID), max(in_a_run, SURELY_SAID)
        if weight >= LEAST_OF_A_DERIVED and not entry.phonetic:
            derived = _room(weight, BEGINS_A_DERIVED)
    return strength, (_room(weight, strength), derived, _room(weight, in_a_run), *others)


def heard_as_one(hearing: Hearing, head: Known, tail: Known) -> tuple[int, int]:
    """Return how two words as one treat sounds, and the endings that may follow the second stem."""
    profile = _of_both(head.whole.profile, tail.whole.profile)
    return hearing.own_kind(profile), hearing.endings(tail.endings)


def _as_name(word: FuzzyWord, folded: str) -> int:
    """Return what a word is as a lone name, or as what is said for one."""
    is_latin = script(word.text) == LATIN_SCRIPT
    if word.phonetic:
        return _ONLY_SAID | _IN_LATIN_LETTERS * is_latin
    is_brief, is_ascii = len(folded) < LONG_ALONE, word.text.isascii()
    flags = _A_NAME | _A_BRIEF_ONE * is_brief | _IN_ASCII * is_ascii
    return flags | _IN_LATIN_LETTERS * is_latin


def _room(weight: float, strength: float) -> int:
    """Return, in thousandths, how much may differ what must be so like, as far as it matters."""
    return max(-1, min(_FARTHEST, thousandths(weight * (1 - strength + _SLACK))))


def _of_both(one: Profile, other: Profile) -> Profile:
    """Return how scripts treat sounds if two words of a rule are in different ones."""
    if one == other:
        return one
    return Profile(
        min(one.insert_vowel, other.insert_vowel),
        min(one.skip_vowel, other.skip_vowel),
        min(one.skip_r, other.skip_r),
        min(one.skip_nasal, other.skip_nasal),
        one.pairs + other.pairs,
    )
