"""Phonetic keys of rules' words: as few as say the same; which words may be cognates."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.languages.phonemes import phonemes_of
from rules.languages.phonetic_keys import has_one, keys_in, keys_of, keys_of_both
from rules.patterns.word_index import WordIndex
from rules.query.terms import content

OWN = ("Moungdun", "convention", "Kerman", "Xi", "Hernani", "Quang", "Eua", "كرمان", "Trofting")
HEARD = [
    *[("en", each) for each in ("Mungdun", "konvention", "xi", "ani", "Kwang", "Aachen", "Trofin")],
    *[("ru", each) for each in ("Мундун", "Конвенция", "Эрнани", "Трофтинг")],
    *[("ja", each) for each in ("ムグドゥ", "コンベンション", "トロフチ")],
    *[("ar", each) for each in ("مونغدون", "كيرمين")],
]


@pytest.mark.parametrize("word", ["attack", "Hanoi", "Kowalczyk", "november", "singapore", "ahkt"])
def test_no_key_of_a_word_goes_on_with_another_one(word: str) -> None:
    for keys in (keys_of(word), keys_of_both(word, "kestrin"), keys_of_both("kestrin", word)):
        assert keys
        assert not any(one.startswith(other) for one, other in permutations(keys, 2))


def test_a_word_of_a_text_has_the_shorter_key_of_each_that_it_has() -> None:
    assert "KM" in keys_of("Hanoi") or "M" in keys_of("Hanoi")
    assert not keys_of("november").isdisjoint(keys_in(phonemes_of("nouember")))
    assert {key[:2] for key in keys_in(phonemes_of("november"))} <= keys_in(phonemes_of("november"))


@pytest.mark.parametrize("own", OWN)
def test_whether_a_word_has_a_key_is_told_as_all_of_its_keys_tell_it(own: str) -> None:
    for language, written in HEARD:
        keys = keys_in(phonemes_of(written, language))
        assert has_one(own, keys) == (not keys.isdisjoint(keys_of(own)))


_WRITTEN = [
    ("en", st.text("ktrsnmghcjxuvae", min_size=1, max_size=8)),
    ("ja", st.text("カクタトラロサスンマナガゲハシジアエウ", min_size=1, max_size=5)),
    ("ar", st.text("كترسنمغهشجوياب", min_size=1, max_size=6)),
]


@given(
    st.text("ktrsnmghcjxuvae", min_size=1, max_size=8), st.tuples(*(each for _, each in _WRITTEN))
)
def test_whether_any_word_has_a_key_is_told_so(own: str, others: tuple[str, ...]) -> None:
    for (language, _), written in zip(_WRITTEN, others, strict=True):
        keys = keys_in(phonemes_of(written, language))
        assert has_one(own, keys) == (not keys.isdisjoint(keys_of(own)))


def test_words_are_heard_among_few_as_among_many() -> None:
    """Few are asked one by one, and those behind them are filed under their keys."""
    names = [
        f"{first}{last}" for first in ("Mor", "Kel", "Tan", "Vis") for last in ("dun", "rak", "osk")
    ]
    together = WordIndex()
    for name in names:
        together.allow_cognates((together.add(content(name)[0]),))
    for place, name in enumerate(names):
        alone = WordIndex()
        alone.allow_cognates((alone.add(content(name)[0]),))
        for written in ("Мордун", "Келрак", "Таноск", "Висрак", "Висоск"):
            (of_one, of_all) = (index.analysed(written, "ru").hits for index in (alone, together))
            others = [hit._replace(entry=0) for hit in of_all if hit.entry == place]
            assert others == list(of_one)
