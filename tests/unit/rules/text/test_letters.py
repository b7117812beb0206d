"""What `spaced` leaves of a text: the letters that words have, and where words part."""

import unicodedata

import pytest

from rules.data.tables import simplified_han
from rules.text import letters
from rules.text.folding import fold, marked_letters, marks_of
from rules.text.letters import letter_table, letters_for_cutting, spaced
from rules.text.tokenizer import breaks_in, words
from tests.files_read import others_read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rail strike, today\nin Oslo", "rail strike, today in oslo"),
        ("The U.S. Rail-strike", "the us railstrike"),
        ("Đà Nẵng, Straße: Œuvre", "da nang, strasse: oeuvre"),
        ("ÅRETS «järn–väg»", "arets «jarnvag»"),
        ("cli\u00admate sum\u200cmit é", "climate summit e"),
        ("\U000e0041é", "\U000e0041e"),
        ("സര്\u200dക്കാര്\u200d", spaced("സർക്കാർ")),
        ("ɗan ƙasa ɓarna", "dan kasa barna"),
        ("", ""),
    ],
)
def test_letters_stay_and_joints_go(text: str, expected: str) -> None:
    assert spaced(text) == expected


@pytest.mark.parametrize(
    "text", ["Łódź w Polsce", "Новая Ёлка", "اتفاقيّة هانوي", "河內公約 ハノイ", "ﷺ x"]
)
def test_each_word_stands_in_it(text: str) -> None:
    without = spaced(text).replace(" ", "")
    for word in words(text):
        assert word.folded.replace(" ", "") in without


def test_han_characters_are_read_with_the_first_of_them_and_not_for_other_texts() -> None:
    simplified_han.cache_clear()
    assert fold("Ƿynn, ƕ und ⴰⵣⵓⵍ") == "ƿynn, ƕ und ⴰⵣⵓⵍ"
    assert simplified_han.cache_info().misses == 0
    assert all(fold(chr(sign)) == chr(plain) for sign, plain in simplified_han().items())


def test_the_table_says_what_folding_says_letter_by_letter() -> None:
    table = letter_table()
    known = table.info > 0
    for point in (*range(0x3400), *range(0xA000, 0xB000, 7), *range(0xF900, 0x1FFFF, 3)):
        if 0xD800 <= point < 0xE000 or not known[point] or table.is_rare[point]:
            continue
        folded = fold(chr(point))
        assert [table.first[point], table.second[point]] == [*map(ord, folded), 0, 0][:2]
        assert len(folded) <= 2


def test_what_becomes_one_letter_with_the_one_before_is_rare() -> None:
    parted = (unicodedata.decomposition(chr(point)).split(" ") for point in range(0x20000))
    marks = {int(parts[1], 16) for parts in parted if len(parts) == 2 and parts[0][0] != "<"}
    composing = [mark for mark in marks if mark < 0x20000 and fold("a" + chr(mark)) != "a"]
    assert composing
    assert letter_table().is_rare[composing].all()


_BREAK = 11


def test_signs_that_part_words_are_told_apart() -> None:
    flags = letters_for_cutting()[0].view("uint32") >> 17
    told = {chr(point) for point, flag in enumerate(flags.tolist()) if flag >> _BREAK & 1}
    assert told == breaks_in("".join(map(chr, range(0x3100))))


def test_what_is_kept_is_what_would_be_made() -> None:
    for kept, made in zip(letter_table(), letters._made_table(), strict=True):
        assert kept.dtype == made.dtype
        assert (kept == made).all()
    for kept, made in zip(letters_for_cutting(), letters._made_for_cutting(), strict=True):
        assert kept.dtype == made.dtype
        assert kept.tolist() == made.tolist()


def test_what_is_kept_is_made_anew_when_anything_changes_that_it_is_made_of() -> None:
    made = """from rules.text import letters
letters._made_table(), letters._made_for_cutting()"""
    assert others_read(made, letters.made_by()) == set()


def test_all_letters_before_polytonic_greek_that_have_marks_of_other_words_are_known() -> None:
    every = {letter: marks_of(letter) for letter in map(chr, range(0x80, 0x1F00))}
    assert marked_letters() == {letter: marks for letter, marks in every.items() if marks}
