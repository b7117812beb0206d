"""What is known of two words at a glance says nothing else than a close look does."""

from hypothesis import given
from hypothesis import strategies as st

from rules.languages.distances import SOUNDS
from rules.languages.phonemes import PLAIN, VOWELS, a_consonant_key, consonant_keys, with_profile
from rules.languages.similarity import Known, differ_in_vowels, of_whole

WORDS = st.text(st.sampled_from(f"{SOUNDS}aeiounnggkkthvv"), max_size=12)
NO_ENDINGS = frozenset({""})


@st.composite
def with_other_vowels(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(WORDS)
    others = (draw(st.sampled_from([sound, "o"])) if sound in VOWELS else sound for sound in word)
    return word, "".join(others)


@given(WORDS, st.booleans())
def test_one_key_of_a_word_is_among_all_of_them(word: str, abjad: bool) -> None:
    assert a_consonant_key(word) in consonant_keys(word, abjad=abjad)


@given(st.one_of(with_other_vowels(), st.tuples(WORDS, WORDS)), st.floats(0.7, 0.95))
def test_words_that_differ_in_few_vowels_are_as_like_as_asked(
    words: tuple[str, str], least: float
) -> None:
    one, other = (with_profile(word, PLAIN) for word in words)
    if differ_in_vowels(one, other, least=least):
        assert of_whole(Known(one, None, frozenset()), other, NO_ENDINGS, least=least) >= least


def test_one_vowel_for_another_is_little_of_a_long_word_and_much_of_a_short_one() -> None:
    long, short = (
        [with_profile(text, PLAIN) for text in each]
        for each in (("berlusconi", "berluscone"), ("gats", "gets"))
    )
    assert differ_in_vowels(*long, least=0.93)
    assert not differ_in_vowels(*short, least=0.96)
