"""Phonetic keys of rules' words: as few as say the same."""

from itertools import permutations

import pytest

from rules.languages.phonemes import phonemes_of
from rules.languages.phonetic_keys import keys_in, keys_of, keys_of_both


@pytest.mark.parametrize("word", ["attack", "Hanoi", "Kowalczyk", "november", "singapore", "ahkt"])
def test_no_key_of_a_word_goes_on_with_another_one(word: str) -> None:
    for keys in (keys_of(word), keys_of_both(word, "kestrin"), keys_of_both("kestrin", word)):
        assert keys
        assert not any(one.startswith(other) for one, other in permutations(keys, 2))


def test_a_word_of_a_text_has_the_shorter_key_of_each_that_it_has() -> None:
    assert "KM" in keys_of("Hanoi") or "M" in keys_of("Hanoi")
    assert not keys_of("november").isdisjoint(keys_in(phonemes_of("nouember")))
    assert {key[:2] for key in keys_in(phonemes_of("november"))} <= keys_in(phonemes_of("november"))
