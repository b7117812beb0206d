"""What is known of two words at a glance says nothing else than a close look does."""

from hypothesis import given
from hypothesis import strategies as st

from rules.languages.distances import SOUNDS
from rules.languages.phonemes import (
    PLAIN,
    Profile,
    a_consonant_key,
    consonant_keys,
    profiles,
    with_profile,
)
from rules.languages.similarity import Known, differ_in_place, of_whole

WORDS = st.text(st.sampled_from(f"{SOUNDS}aeiounnggkkthvv"), max_size=12)
NO_ENDINGS = frozenset({""})
_NEAR = {"n": "Nm", "s": "cx", "c": "s", "k": "gc", "b": "pv", "t": "d", "v": "fu", "i": "eja"}


@st.composite
def with_other_sounds(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(WORDS)
    others = (draw(st.sampled_from([*[sound] * 9, *_NEAR.get(sound, "o")])) for sound in word)
    return word, "".join(others)


@given(WORDS, st.booleans())
def test_one_key_of_a_word_is_among_all_of_them(word: str, abjad: bool) -> None:
    assert a_consonant_key(word) in consonant_keys(word, abjad=abjad)


@given(
    st.one_of(with_other_sounds(), st.tuples(WORDS, WORDS)),
    st.integers(700, 950),
    st.sampled_from([PLAIN, *profiles().values()]),
)
def test_words_that_differ_in_a_few_near_sounds_are_as_like_as_asked(
    words: tuple[str, str], thousandths: int, profile: Profile
) -> None:
    (one, other), least = [with_profile(word, profile) for word in words], thousandths / 1_000
    if differ_in_place(one, other, least=least):
        assert of_whole(Known(one, None, frozenset()), other, NO_ENDINGS, least=least) >= least


def test_one_vowel_for_another_is_little_of_a_long_word_and_much_of_a_short_one() -> None:
    long, short = (
        [with_profile(text, PLAIN) for text in each]
        for each in (("berlusconi", "berluscone"), ("gats", "gets"))
    )
    assert differ_in_place(*long, least=0.93)
    assert not differ_in_place(with_profile("berluskons", PLAIN), long[0], least=0.93)
    assert not differ_in_place(*short, least=0.96)
