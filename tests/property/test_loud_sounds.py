"""What consonants at their places call too far is never a cognate, nor the beginning of one."""

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.data.tables import has_plain_j
from rules.index.loud_sounds import LoudSounds, pieces_of
from rules.index.piece_masks import PieceMasks
from rules.languages.phonemes import PLAIN, Phonemes, Profile, phonemes_of, profiles, with_profile
from rules.languages.similarity import alignment, beginning, known, stem_beginning
from rules.patterns.cognates import LEAST_ALONE, are_both, enough_for, likeness
from rules.patterns.term import RuleWord, least
from rules.text.folding import fold
from rules.text.tokenizer import Word

written = st.text("aeioubdgpktnmrlhsxcjvfz", min_size=2, max_size=9)
listed = st.sampled_from(
    ["Oslo", "station", "Ханой", "action", "bank", "sea", "convention", "اوسلو"]
)
scripts = st.sampled_from([PLAIN, *profiles().values()])
swaps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["", *"aeiobptdkgmnlrsxcjhvN", "ka", "ng"])),
    max_size=3,
)


def strength(entry: RuleWord, phonemes: Phonemes) -> float:
    """Return how like the beginning of what is heard is, by the exact comparison."""
    aligned = alignment(entry.known, phonemes)
    found = (beginning(entry.known, phonemes, aligned), stem_beginning(entry.known, aligned))
    return max((each[0] for each in found if each is not None), default=0.0)


@settings(max_examples=1_500)
@given(word=st.one_of(written, listed), changes=swaps, rest=written, profile=scripts)
def test_what_is_far_is_not_alike(
    word: str, changes: list[tuple[int, str]], rest: str, profile: Profile
) -> None:
    entry = RuleWord(word, fold(word), known(word))
    text = entry.known.whole.text
    for at, other in changes:
        text = text[:at] + other + text[at + 1 :]
    heard = with_profile(text + rest[: len(changes)], profile)
    loud = LoudSounds(entry)
    if loud.are_far([heard]):
        assert strength(entry, heard) < enough_for(least(entry, Word("", "", 0, 0, False)))


@settings(max_examples=1_500)
@given(
    head=st.one_of(written, listed),
    tail=st.one_of(written, listed),
    changes=swaps,
    profile=scripts,
    language=st.sampled_from(["en", "sv", "fi", ""]),
)
def test_what_is_far_from_two_words_is_not_both(
    head: str, tail: str, changes: list[tuple[int, str]], profile: Profile, language: str
) -> None:
    first, second = (RuleWord(word, fold(word), known(word)) for word in (head, tail))
    text = first.known.whole.text + second.known.whole.text
    for at, other in changes:
        text = text[:at] + other + text[at + 1 :]
    heard = with_profile("".join(each for each, _ in groupby(text)), profile)
    if LoudSounds(first).are_far_with(LoudSounds(second), [heard]):
        assert not are_both(first, second, heard, language)


@settings(max_examples=500)
@given(words=st.lists(written, min_size=1, max_size=4), text=written, profile=scripts)
def test_masks_hide_no_word_that_is_near(words: list[str], text: str, profile: Profile) -> None:
    masks = PieceMasks()
    every = [LoudSounds(RuleWord(word, fold(word), known(word))) for word in words]
    for number, loud in enumerate(every):
        masks.add(loud, (1 << number, 0, 0))
    heard = with_profile(known(text).whole.text, profile)
    kept, _, _ = masks.masked((-1, 0, 0), pieces_of(heard.text), profile)
    for number, loud in enumerate(every):
        assert kept >> number & 1 or loud.are_far([heard]) or profile.drops


def test_what_sounds_otherwise_is_far() -> None:
    loud = LoudSounds(RuleWord("Oslo", "oslo", known("Oslo")))
    assert loud.are_far([with_profile("asrem", PLAIN)])
    assert not loud.are_far([with_profile("uslu", PLAIN)])
    assert not loud.are_far([with_profile("asrem", PLAIN), with_profile("oslu", PLAIN)])


@settings(max_examples=700)
@given(word=st.one_of(written, listed), changes=swaps, language=st.sampled_from(["en", "fi", "ru"]))
def test_a_lone_name_that_is_far_is_not_like_all_of_it(
    word: str, changes: list[tuple[int, str]], language: str
) -> None:
    entry = RuleWord(word, fold(word), known(word))
    other = word
    for at, letters in changes:
        other = other[:at] + letters + other[at + 1 :]
    if not other:
        return
    heard = phonemes_of(other, plain_j=has_plain_j(language))
    if LoudSounds(entry, lone=True).are_far([heard]):
        assert likeness(word, other, language) < LEAST_ALONE
