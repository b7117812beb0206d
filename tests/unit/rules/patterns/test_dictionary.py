"""Which entries a word answers."""

import pytest

from rules.patterns.word_index import WordIndex
from rules.text.tokenizer import words


@pytest.mark.parametrize(
    ("other", "language", "is_heard"),
    [("Merckel", "en", True), ("~merkil", "en", False), ("~merkil", "lv", True)],
    ids=["spelled otherwise", "as it is said, in Latin letters", "where names are spelled anew"],
)
def test_a_word_that_is_written_as_one_entry_may_sound_like_another(
    other: str, language: str, is_heard: bool
) -> None:
    index, (word,) = WordIndex(), words("Merkel")
    own = index.add(word)
    index.allow_cognates((own,))
    if other.startswith("~"):
        heard = index.add_phonetic(other[1:])
    else:
        heard = index.add(words(other)[0])
        index.allow_cognates((heard,))
    found = {hit.entry for hit in index.hits(word, language)}
    assert found == ({own, heard} if is_heard else {own})
