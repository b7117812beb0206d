"""How much words of texts may differ from words of rules at most, for many pairs at once."""

from functools import lru_cache

from rules.evaluate.lone_names import SURELY_SAID, least_by_consonants, least_in_full
from rules.index.sounds.hearing import Hearing
from rules.index.sounds.spoken import sounds, thousandths
from rules.languages.phonemes import LATIN_SCRIPT, Phonemes, Profile, script
from rules.patterns.cognates import (
    BEGINS_A_DERIVED,
    LEAST_ALONE,
    LEAST_OF_A_DERIVED,
)
from rules.patterns.fuzzy_patterns import LONG_ALONE
from rules.patterns.term import RuleWord, least, least_in_a_run
from rules.text.tokenizer import Word

_SLACK = 0.0001
_FARTHEST = 30_000
_NO_ROOM = -1
_A_NAME, _A_BRIEF_ONE, _IN_ASCII, _IN_LATIN_LETTERS, _ONLY_SAID = (1 << bit for bit in range(5))
_ENDS_NOWHERE = (0, _NO_ROOM, 0)
"""How many sounds its stem has, how much these may differ, and what may follow: of no stem."""

_ANY_WORD = Word("", "", 0, 0, False)


def wanted_of(hearing: Hearing, entry: RuleWord, *, lone: bool) -> list[int]:
    """Return what native code is told of how much a cognate of a word may differ, in thousandths.

    What `patterns.dictionary` finds may differ so (`Wanted` in `near.h`).

    Args:
        lone: Whether it is a name of one word, with nothing beside it that proves it.
    """
    whole, stem = entry.known.whole, entry.known.stem
    strength, in_a_run = least(entry, _ANY_WORD), least_in_a_run(entry)
    ends, derived, bare_room, word_room = _ENDS_NOWHERE, _NO_ROOM, _FARTHEST, _FARTHEST
    if lone and not entry.phonetic:
        strength, in_a_run = LEAST_ALONE, max(in_a_run, LEAST_ALONE)
        bare_room = _room(whole, least_by_consonants(entry.text) or LEAST_ALONE)
        word_room = _room(whole, least_in_full(entry.text))
    else:
        if lone:
            strength, in_a_run = (max(each, SURELY_SAID) for each in (strength, in_a_run))
        if whole.weight >= LEAST_OF_A_DERIVED and not entry.phonetic:
            derived = _room(whole, BEGINS_A_DERIVED)
        if stem:
            endings = hearing.endings(entry.known.endings)
            ends = (len(stem.text), _room(stem, strength), endings)
    return [
        hearing.own_kind(whole.profile),
        _room(whole, strength),
        *ends,
        derived,
        _as_name(entry) if lone else 0,
        _room(whole, in_a_run),
        bare_room,
        word_room,
        len(whole.text),
        *sounds(whole.text),
    ]


def heard_as_one(hearing: Hearing, head: RuleWord, tail: RuleWord) -> tuple[int, int]:
    """Return how two words as one treat sounds, and the endings that may follow the second stem."""
    profile = _of_both(head.known.whole.profile, tail.known.whole.profile)
    return hearing.own_kind(profile), hearing.endings(tail.known.endings)


def _as_name(entry: RuleWord) -> int:
    """Return what a word is as a lone name, or as what is said for one."""
    is_latin = script(entry.text) == LATIN_SCRIPT
    if entry.phonetic:
        return _ONLY_SAID | _IN_LATIN_LETTERS * is_latin
    is_brief, is_ascii = len(entry.folded) < LONG_ALONE, entry.text.isascii()
    flags = _A_NAME | _A_BRIEF_ONE * is_brief | _IN_ASCII * is_ascii
    return flags | _IN_LATIN_LETTERS * is_latin


def _room(part: Phonemes, strength: float) -> int:
    return _whole(part.weight, 1 - strength + _SLACK)


@lru_cache(maxsize=2_000)  # words weigh a few numbers
def _whole(weight: float, share: float) -> int:
    """Return a share of a weight in thousandths, as far as they matter."""
    return max(-1, min(_FARTHEST, thousandths(weight * share)))


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
