"""The distances of a rule's word from each beginning of a word of a text."""

from dataclasses import replace
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.languages.distances import SOUNDS
from rules.languages.phonemes import VOWELS, Profile, profiles, with_profile
from rules.languages.similarity import LEAST, Known, alignment, costs_of, known

WORDS = st.text(st.sampled_from(f"{SOUNDS}aeiounnggkkthvv"), max_size=12)
PROFILES = st.sampled_from([*profiles().values(), *[profiles()["HEBREW"]] * 5])


def plainly(own: Known, heard: str, profile: Profile) -> tuple[list[float], list[float]]:
    """Return what `alignment` does, number by number in the order of its sums."""
    vowel = min(profile.insert_vowel, own.whole.profile.skip_vowel)
    skip_vowel = min(profile.skip_vowel, own.whole.profile.insert_vowel)
    costs, text = costs_of(profile.pairs + own.whole.profile.pairs), own.whole.text
    inserts = [
        _added(f" {heard} "[at : at + 3], vowel, is_abjad=profile.is_abjad)
        for at in range(len(heard))
    ]
    row, of_stem = [0.0, *accumulate(inserts)], list[float]()
    for number, sound in enumerate(text, 1):
        drop = _missing(f" {text} "[number - 1 : number + 2], skip_vowel, profile)
        below = [row[0] + drop]
        for at, other in enumerate(heard):
            swapped = row[at] + costs[sound][other]
            below.append(min(swapped, row[at + 1] + drop, below[at] + inserts[at]))
        row = below
        if own.stem and number == len(own.stem.text):
            of_stem = row
        if min(row) > own.whole.weight * (1 - LEAST):
            return [], of_stem
    return row, of_stem


def _added(around: str, vowel: float, *, is_abjad: bool) -> float:
    before, sound, after = around
    if sound in VOWELS:
        return vowel
    if sound == "v" and is_abjad and VOWELS.isdisjoint((before, after)):
        return 0.3
    if sound == "h":
        return 0.35
    return 0.2 if before in "nN" and sound in "gk" else 1.0


def _missing(around: str, vowel: float, profile: Profile) -> float:
    before, sound, after = around
    if sound in VOWELS:
        return vowel
    if sound in "hr":
        return 0.35 if sound == "h" else profile.skip_r
    if sound in "nm" and after in "bdgpt":
        return profile.skip_nasal
    return 0.4 if (sound == "k" and after == "t") or (before in "nN" and sound in "gk") else 1.0


@settings(max_examples=1_000)  # each takes microseconds
@given(
    own=WORDS,
    heard=WORDS,
    stem=st.integers(0, 12),
    of_own=PROFILES,
    of_heard=PROFILES,
    goes_on=st.booleans(),
)
def test_distances_are_the_same_to_the_last_bit_as_when_added_up_by_hand(
    own: str, heard: str, stem: int, of_own: Profile, of_heard: Profile, goes_on: bool
) -> None:
    whole = with_profile(own, of_own)
    whole = replace(whole, weight=100.0) if goes_on else whole  # so that nothing is given up
    part = with_profile(own[:stem], of_own) if 0 < stem <= len(own) else None
    word = Known(whole, part, frozenset())
    found = alignment(word, with_profile(heard, of_heard))
    assert (found.whole, found.stem) == plainly(word, heard, of_heard)


@given(own=WORDS.filter(bool), times=st.integers(1, 60))
def test_words_of_any_length_are_aligned(own: str, times: int) -> None:
    word = Known(with_profile(own * times, Profile()), None, frozenset())
    assert alignment(word, with_profile(own * times, Profile())).whole[-1] == 0.0


def test_what_is_far_is_given_up_but_not_for_who_wants_to_know() -> None:
    heard = with_profile("mumbo", Profile())
    assert alignment(known("treaty"), heard).whole == []
    assert len(alignment(known("treaty"), heard, least=-9.0).whole) == len(heard.text) + 1
