"""Comparing many sounds at once loses no word that is alike when it is compared alone."""

from itertools import groupby

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.data.tables import has_plain_j
from rules.index.cognates import mask_of, mask_of_heard
from rules.index.wanted_sounds import wanted_of, wanted_of_both
from rules.languages import compounds
from rules.languages.bulk_similarity import Heard, Wanted, WantedSounds
from rules.languages.inflection import ending_phonemes
from rules.languages.phonemes import PLAIN, Phonemes, phonemes_of, profiles
from rules.languages.phonetic_keys import keys_in, keys_of
from rules.languages.similarity import known
from rules.patterns.cognates import are_both, is_cognate, is_like_all
from rules.patterns.dictionary import LEAST_OF_A_TAIL
from rules.patterns.term import RuleWord
from rules.text.folding import fold
from rules.text.tokenizer import Word

written = st.text("aeioubdgpktnmrlhsxcjvfz", min_size=2, max_size=9)
listed = st.sampled_from(
    ["Oslo", "station", "Ханой", "action", "bank", "sea", "convention", "اوسلو", "security"]
)
scripts = st.sampled_from([PLAIN, *profiles().values()])
swaps = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["", *"aeiobptdkgmnlrsxcjhvN", "ka", "ng"])),
    max_size=3,
)
rests = st.sampled_from(["", "en", "a", "na", "sion", "ski", "ernas", "tokaralinovaret"])
languages = st.sampled_from(["en", "sv", "fi", "ru", ""])


def changed(text: str, changes: list[tuple[int, str]]) -> str:
    for at, other in changes:
        text = text[:at] + other + text[at + 1 :]
    return "".join(letter for letter, _ in groupby(text))


def entry_of(word: str) -> RuleWord:
    return RuleWord(word, fold(word), known(word))


@settings(max_examples=500, deadline=None)
@given(listed | written, swaps, rests, scripts, languages, st.booleans())
@example("station", [], "tokaralinovaret", PLAIN, "en", False)
def test_a_cognate_is_near(
    word: str,
    changes: list[tuple[int, str]],
    rest: str,
    profile: tuple[object, ...],
    language: str,
    lone: bool,
) -> None:
    entry = entry_of(word)
    text = changed(entry.known.whole.text, changes) + rest
    heard = [Phonemes(text, 0.0, profile)]  # type: ignore[arg-type]  # a Profile is a tuple
    near = found_near([wanted_of(entry, lone=lone)], text, profile, language)
    if lone:
        is_alike = is_like_all(entry, heard, language)
    else:
        is_alike = is_cognate(entry, Word("x", "x", 0, 1, False), heard, language)
    assert near or not is_alike or len(text) < 2


@settings(max_examples=500, deadline=None)
@given(listed | written, listed | written, swaps, rests, scripts, languages)
def test_two_words_as_one_are_near(
    head: str,
    tail: str,
    changes: list[tuple[int, str]],
    rest: str,
    profile: tuple[object, ...],
    language: str,
) -> None:
    first, second = entry_of(head), entry_of(tail)
    text = changed(first.known.whole.text + second.known.whole.text, changes) + rest
    if second.known.whole.weight < LEAST_OF_A_TAIL or len(text) < compounds.SHORTEST:
        return
    near = found_near(list(wanted_of_both(first, second)), text, profile, language)
    heard = Phonemes(text, 0.0, profile)  # type: ignore[arg-type]  # a Profile is a tuple
    assert near or not are_both(first, second, heard, language)


def found_near(every: list[Wanted], text: str, profile: tuple[object, ...], language: str) -> bool:
    """Whether a text is near one of some words, among others that are so many that all is asked."""
    wanted = WantedSounds()
    others = [wanted.add(wanted_of(entry_of("international"), lone=False))] * 9
    numbers = np.array([*(wanted.add(each) for each in every), *others])
    columns = np.array([0] * len(every) + [1] * len(others))
    texts = [text, known("international").whole.text]
    sounds = Heard(texts, [profile, PLAIN], ending_phonemes(language))  # type: ignore[list-item]
    return bool(wanted.are_near(numbers, sounds, columns)[: len(every)].any())


def test_what_sounds_otherwise_is_not_near() -> None:
    oslo = [wanted_of(entry_of("Oslo"), lone=False)]
    near = [found_near(oslo, text, PLAIN, "en") for text in ("asrem", "uslu", "oslorendimo")]
    assert near == [False, True, False]


@given(listed | written, listed | written, st.sampled_from(["", "ru"]))
def test_words_that_share_a_key_share_a_bit(word: str, other: str, language: str) -> None:
    heard = phonemes_of(other, plain_j=has_plain_j(language))
    keys = keys_in(heard)
    if not keys.isdisjoint(keys_of(word)):
        assert mask_of(keys_of(word)) & mask_of_heard(keys)
