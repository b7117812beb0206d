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
    MOST_BEHIND_A_DERIVED,
)
from rules.patterns.fuzzy_patterns import LONG_ALONE
from rules.patterns.term import RuleWord, least, least_in_a_run
from rules.text.tokenizer import Word

_SLACK = 0.0001
_FARTHEST = 30_000
_NO_ROOM = -1
_A_NAME, _A_BRIEF_ONE, _IN_ASCII, _IN_LATIN_LETTERS, _ONLY_SAID = (1 << bit for bit in range(5))
_NO_STEM = (0, _NO_ROOM)
_NOT_BEGUN = (0, 0)
"""How many of its sounds may differ by so much only; native code knows it of two words as one."""

_ANY_WORD = Word("", "", 0, 0, False)


def wanted_of(hearing: Hearing, entry: RuleWord, *, lone: bool) -> list[int]:
    """Return how much a cognate of a word may differ: what `patterns.dictionary` finds may.

    Args:
        lone: Whether it is a name of one word, with nothing beside it that proves it.
    """
    whole, stem = entry.known.whole, entry.known.stem
    in_a_run = least_in_a_run(entry)
    if lone and not entry.phonetic:
        bare = least_by_consonants(entry.text) or LEAST_ALONE
        return _row(
            hearing,
            whole.text,
            whole.profile,
            _room(whole, LEAST_ALONE),
            lone=_as_name(entry),
            run_room=_room(whole, max(in_a_run, LEAST_ALONE)),
            bare_room=_room(whole, bare),
            word_room=_room(whole, least_in_full(entry.text)),
        )
    strength = least(entry, _ANY_WORD)
    if lone:
        strength, in_a_run = (max(each, SURELY_SAID) for each in (strength, in_a_run))
    derives = whole.weight >= LEAST_OF_A_DERIVED and not entry.phonetic
    return _row(
        hearing,
        whole.text,
        whole.profile,
        _room(whole, strength),
        (len(stem.text), _room(stem, strength)) if stem else _NO_STEM,
        entry.known.endings,
        derived=_room(whole, BEGINS_A_DERIVED) if derives else _NO_ROOM,
        lone=_as_name(entry) if lone else 0,
        run_room=_room(whole, in_a_run),
    )


def heard_as_one(hearing: Hearing, head: RuleWord, tail: RuleWord) -> tuple[int, int]:
    """Return how two words as one treat sounds, and the endings that may follow the second stem."""
    profile = _of_both(head.known.whole.profile, tail.known.whole.profile)
    return hearing.own_kind(profile), hearing.endings(tail.known.endings)


def _row(
    hearing: Hearing,
    text: str,
    profile: Profile,
    room: int,
    stem: tuple[int, int] = _NO_STEM,
    after_stem: frozenset[str] = frozenset(),
    *,
    derived: int = _NO_ROOM,
    lone: int = 0,
    run_room: int = _NO_ROOM,
    bare_room: int = _FARTHEST,
    word_room: int = _FARTHEST,
) -> list[int]:
    """Return what native code is told of a word: how much another may differ.

    What may differ is in thousandths.

    Args:
        text: Its sounds, in a script that treats them like this.
        room: What may differ if an ending follows.
        stem: How many sounds its stem has; what may differ then, if one of `after_stem` follows.
        lone: What it is as a name with nothing beside it, 0 for nothing.
        derived: What may differ if anything follows, so many sounds; less than 0 if nothing may.
        run_room: What may differ in a run, where nothing says that the word ends.
        bare_room: What may differ in words where short vowels are not written.
        word_room: What may differ in words where they are.
    """
    return [
        hearing.own_kind(profile),
        room,
        *stem,
        hearing.endings(after_stem),
        derived,
        MOST_BEHIND_A_DERIVED,
        *_NOT_BEGUN,
        lone,
        run_room,
        bare_room,
        word_room,
        len(text),
        *sounds(text),
    ]


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
