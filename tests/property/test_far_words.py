"""What the arrays call too far is never a cognate, and never the beginning of one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.index.far_words import FarWords
from rules.languages.bulk_phonemes import beginnings, enough
from rules.languages.phonemes import PLAIN, Phonemes, Profile, profiles, with_profile
from rules.languages.similarity import Known, alignment, beginning, known, stem_beginning

sounds = st.text("aeioubdgpktnmNrlhsxcjvfz", min_size=1, max_size=28)
scripts = st.sampled_from([PLAIN, *profiles().values()])
edits = st.lists(st.tuples(st.integers(0, 30), sounds.map(lambda text: text[:2])), max_size=4)


def heard(text: str, changes: list[tuple[int, str]], profile: Profile) -> Phonemes:
    for at, other in changes:
        text = text[:at] + other + text[at + 1 :]
    return with_profile(text, profile)


def known_as(text: str, stem_at: int, profile: Profile) -> Known:
    whole = with_profile(text, profile)
    stem = with_profile(text[:stem_at], profile) if 0 < stem_at < len(text) else None
    return Known(whole, stem, frozenset({"", "a", "en"}))


def strength(word: Known, phonemes: Phonemes) -> float:
    """Return how like the beginning of what is heard is, by the exact comparison."""
    aligned = alignment(word, phonemes)
    found = (beginning(word, phonemes, aligned), stem_beginning(word, aligned))
    return max((each[0] for each in found if each is not None), default=0.0)


@settings(max_examples=300)
@given(
    words=st.lists(st.tuples(sounds, st.integers(0, 12), scripts), min_size=1, max_size=5),
    changed=st.lists(st.tuples(st.integers(0, 4), edits), min_size=1, max_size=5),
    profile=scripts,
    least=st.sampled_from([0.74, 0.8, 0.88]),
)
def test_what_is_far_is_not_alike(
    words: list[tuple[str, int, Profile]],
    changed: list[tuple[int, list[tuple[int, str]]]],
    profile: Profile,
    least: float,
) -> None:
    every = [known_as(*word) for word in words]
    texts = [heard(words[at % len(words)][0], changes, profile) for at, changes in changed]
    far_words = FarWords()
    for each in every:
        far_words.add(each, least)
    pairs = [(word, text, least) for word in range(len(every)) for text in range(len(texts))]

    far = far_words.are_far(pairs, [text.text for text in texts], profile)

    for (word, text, _), is_far in zip(pairs, far, strict=True):
        alike = strength(every[word], texts[text])
        if is_far:
            assert alike < least
        elif len(texts[text].text) <= 24 and len(every[word].whole.text) <= 24:
            assert alike > least - 0.001


def test_a_word_added_later_is_compared_like_one_added_at_first() -> None:
    texts = ["konvensia", "brunkol"]
    far_words = FarWords()
    far_words.add(known("convention"), 0.74)
    assert far_words.are_far([(0, 0, 0.8), (0, 1, 0.8)], texts, PLAIN) == [False, True]
    far_words.add(known("Braunkohle"), 0.74)
    assert far_words.are_far([(1, 0, 0.7), (1, 1, 0.7)], texts, PLAIN) == [True, False]


@given(st.text("PTKMLSxwqjh", max_size=20), st.sampled_from([5, 8]))
def test_the_keys_of_a_word_are_those_of_as_many_consonants_as_they_hold(
    consonants: str, depth: int
) -> None:
    assert beginnings(enough(consonants, depth), depth) == beginnings(consonants, depth)
