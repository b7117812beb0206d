"""Frequent words become further words of a language unless they may be a name or are borrowed."""

import gzip
import math
from pathlib import Path

import pytest

from bench.making import frequent_words
from bench.making.frequent_words import Ear, chosen, is_no_name, main, says_enough

ENGLISH = {"wilson": -4.3, "jonson": -6.4, "jane": -4.5, "minister": -4.1}
NAMES = ["wilson", "jonson", "jane"]


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(NAMES)


def test_the_matcher_says_which_words_are_heard_as_a_name(ear: Ear) -> None:
    heard = ear.heard_in(["जॉनसन", "विल्सन", "गुनगुनाता"], "hi")
    assert heard == {"जॉनसन": ["jonson"], "विल्सन": ["wilson"]}


@pytest.mark.parametrize(
    ("word", "language", "chance"),
    [
        ("विल्सन", "hi", -4.0),  # as frequent as the name
        ("जॉनसन", "hi", -5.5),  # not so much more frequent
        ("मिनिस्टर", "hi", -4.5),  # borrowed
        ("और", "hi", -1.5),  # among the most common ones already
        ("को", "hi", -1.6),  # no name of one word is heard in so little
    ],
)
def test_what_may_be_a_name_or_is_of_no_use_is_not_chosen(
    word: str, language: str, chance: float, ear: Ear
) -> None:
    assert not chosen(language, {word: chance}, ENGLISH, ear, set())


def test_what_is_no_name_is_chosen_but_not_what_is_listed_as_a_name_in_its_letters(
    ear: Ear,
) -> None:
    own = {"बतलाता": -5.0, "गुनगुनाता": -5.2, "जॉनसन": -4.4}
    assert chosen("hi", own, ENGLISH, ear, set()) == {*own}
    assert chosen("hi", own, ENGLISH, ear, {"बतलाता", "जॉनसन"}) == {"गुनगुनाता"}


def test_a_word_must_be_more_frequent_than_each_name_the_more_the_liker_it_is() -> None:
    word, close, far = "जॉनसन", "zhongshan", "jonson"
    assert is_no_name(word, "hi", {word: -4.4}, {far: -5.5})
    assert not is_no_name(word, "hi", {word: -4.6}, {far: -5.5})
    assert not is_no_name(word, "hi", {word: -4.4}, {close: -5.5})
    assert is_no_name(word, "hi", {word: -4.4}, {close: -6.7})
    assert not is_no_name(word, "hi", {word: -4.4}, {close: -6.7, far: -5.0})
    assert is_no_name(word, "hi", {word: -3.7}, {close: -5.5})


def test_a_word_in_which_no_name_is_heard_is_no_use() -> None:
    assert says_enough("प्राप्त", "hi")
    assert not says_enough("को", "hi")
    assert not says_enough("هاي", "ar")


def test_the_tables_are_made_anew_each_time_and_have_what_no_other_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "rules/data/frequent/hi.txt"
    table.parent.mkdir(parents=True)
    table.write_text("जॉनसन\n", encoding="utf-8")
    lists = {"hi": {"बतलाता": -5.0, "गुनगुनाता": -5.2, "विल्सन": -5.5}, "en": ENGLISH}
    for language, chances in lists.items():
        lines = "".join(f"{word} {chance * math.log(10):.6f}\n" for word, chance in chances.items())
        (tmp_path / f"topwords-{language}.txt.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "names-en.txt").write_text("wilson\njonson\n", encoding="utf-8")
    (tmp_path / "names-hi.txt").write_text("राम\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(frequent_words, "further_words", lambda _language: {"बतलाता"})
    for _ in range(2):
        main(tmp_path, ["hi"])
        assert table.read_text("utf-8") == "गुनगुनाता\n"
