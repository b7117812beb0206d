"""One analysis for all: what folds together, what does not, where words begin and end."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.folding import fold, fold_with_offsets
from rules.text.tokenizer import (
    CLASSES,
    WORD,
    are_parted,
    has_words,
    is_break,
    is_unspaced,
    is_whole,
    words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("İstanbul", "istanbul", id="Turkish capital i"),
        pytest.param("ırmak", "IRMAK", id="Turkish dotless i"),
        pytest.param("Hà Nội", unicodedata.normalize("NFD", "Hà Nội"), id="NFD"),
        pytest.param("hoà", "hòa", id="Vietnamese tone placement"),
        pytest.param("Đà Nẵng", "Da Nang", id="d with stroke"),
        pytest.param("Łódź", "Lodz", id="l with stroke"),
        pytest.param("Ærø", "AEro", id="ae and o with stroke"),
        pytest.param("ＨＡＮＯＩ", "hanoi", id="full width"),
        pytest.param("ﾊﾉｲ", "ハノイ", id="half-width kana"),
        pytest.param("ﾊﾟｿｺﾝ", "パソコン", id="half-width kana with a mark of its own"),
        pytest.param("اتِّفاقية", "اتفاقية", id="Arabic vowel signs"),
        pytest.param("أحمد", "احمد", id="alef with hamza"),
        pytest.param("کتاب", "كتاب", id="Persian and Arabic kaf"),
        pytest.param("سه\u200cشنبه", "سهشنبه", id="zero-width non-joiner"),
        pytest.param("שָׁלוֹם", "שלום", id="Hebrew points"),
        pytest.param("Αθήνα", "ΑΘΗΝΑ", id="Greek accent"),
        pytest.param("ὅμηρος", "ΟΜΗΡΟΣ", id="final sigma and breathing"),
        pytest.param("ёлка", "елка", id="Russian yo"),
        pytest.param("國際", "国际", id="traditional Han"),
        pytest.param("۷۲", "72", id="Persian digits"),
        pytest.param("co\u00adoperate", "cooperate", id="soft hyphen"),
        pytest.param("U.S.A.", "USA", id="dots of an acronym"),
    ],
)
def test_forms_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("की", "का", id="Devanagari vowels are letters"),
        pytest.param("ป่า", "ปา", id="Thai tone marks are letters"),
        pytest.param("が", "か", id="voiced kana"),
        pytest.param("rail", "raid", id="other letters"),
    ],
)
def test_forms_that_are_not_one(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("L'Office's", ["L", "Office", "s"], id="apostrophes part words"),
        pytest.param("Hanoi -konventionen", ["Hanoi", "konventionen"], id="stray space"),
        pytest.param("U.N. chief", ["U.N.", "chief"], id="an acronym is one word"),
        pytest.param("end.Next", ["end", "Next"], id="a full stop without a space"),
        pytest.param("हनोई कन्वेंशन", ["हनोई", "कन्वेंशन"], id="vowel signs stay inside"),
        pytest.param("サムスン電子が", ["サムスン", "電子が"], id="katakana is a word, Han a run"),
        pytest.param("AI芯片72国", ["AI", "芯片", "72", "国"], id="scripts part words"),
        pytest.param("ז'נבה", ["ז'נבה"], id="geresh inside a Hebrew word"),
        pytest.param("Хав’єр, аб'ява", ["Хав’єр", "аб'ява"], id="apostrophe in Ukrainian"),
        pytest.param("сям'і, вераб’і", ["сям'і", "вераб’і"], id="apostrophe in Belarusian"),
        pytest.param("д'Артаньян", ["д", "Артаньян"], id="a French one in Cyrillic"),
        pytest.param("하노이를", ["하노이를"], id="hangul has words"),
        pytest.param("snake_case", ["snake", "case"], id="underscore parts words"),
        pytest.param("\u0301\u0302", [], id="marks without a letter"),
    ],
)
def test_words_with_their_places(text: str, expected: list[str]) -> None:
    in_order = words(text)
    assert [word.text for word in in_order] == expected
    assert all(text[word.start : word.end] == word.text for word in in_order)


@given(st.text("aB1 .-_'\n", max_size=12))
def test_what_is_cut_at_a_glance_is_cut_as_all_is(text: str) -> None:
    every = [(match[0], fold(match[0]), match.span()) for match in WORD.finditer(text)]
    assert [(word.text, word.folded, (word.start, word.end)) for word in words(text)] == every


_SIGNS = "ab1_ ..'’\"׳אבяюЖé\u0301カー世ก\u0e4c\u200b\u200d\u3099\u00ad😀\ufe0f-한क\u094d²ªИ"
_PLAIN = re.compile(
    r"(?P<acronym>(?<!\w){single}(?:\.{single})+(?!\w)\.?)"
    r"|(?P<word>{letter}+(?:(?:{mark}+|(?<={hebrew})['\"׳״’](?={hebrew})|['’](?={iotated})){letter}*)*)"
    r"|(?P<katakana>{katakana}+)|(?P<run>(?:{run}|[\u200b\u200c\u200d\u3099\u309a])+)"
    r"|(?P<emoji>{emoji}(?:{emoji}|[\ufe0f\u200d])*)".format(**CLASSES)
)
"""What a word is, as one would write it down; `WORD` says the same with fewer large classes."""


@given(st.text(_SIGNS, max_size=12) | st.text(max_size=6))
def test_words_are_what_they_are_said_to_be(text: str) -> None:
    found, said = (
        [(match.span(), match.lastgroup) for match in each.finditer(text)]
        for each in (WORD, _PLAIN)
    )
    assert found == said


@given(st.text(_SIGNS, max_size=6) | st.text(max_size=6))
def test_a_text_without_spaces_has_a_letter_of_such_a_script(text: str) -> None:
    assert is_unspaced(text) == bool(re.search(CLASSES["run"], text))


@given(st.text(st.characters(codec="ascii"), max_size=6) | st.text(max_size=6))
def test_whether_there_are_words_is_told_as_they_are_cut(text: str) -> None:
    assert has_words(text) == bool(words(text))


def test_offsets_lead_back_to_the_text_as_written() -> None:
    text = "ﾊﾟｿ國คำx"
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    at = folded.index("国")
    assert text[offsets[at] : offsets[at + 1]] == "國"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (". ", True),
        (", ", True),
        ("。", True),
        (" (", True),
        (" – ", True),
        ("\n", True),
        (" ", False),
        ("-", False),
        (" -", False),
        (" de ", False),
        ("'", False),
        (" «", False),
        (" ds. ", False),
        (" of St. ", False),
        (" OF ST. ", False),
        (" OF NHS. ", True),
        (" of it. ", True),
        (" HIV. ", True),
    ],
)
def test_clauses_end_at_punctuation(between: str, expected: bool) -> None:
    assert is_break(between) is expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("Anna B", False),
        ("Анна Б", False),
        ("St", False),
        ("Gen", False),
        ("1", False),
        ("1984", True),
        ("an a", True),
        ("Anna", True),
        ("TAB", True),
    ],
)
def test_a_full_stop_behind_a_short_word_parts_nothing(left: str, expected: bool) -> None:
    text = f"{left}. Novak"
    assert are_parted(text, len(left), len(left) + 2) is expected


def test_scripts_without_spaces_are_known() -> None:
    assert is_unspaced("公约")
    assert is_unspaced("aก")
    assert is_unspaced("ฮานอย")
    assert not is_unspaced("하노이")


@pytest.mark.parametrize(
    ("run", "part", "expected"),
    [
        pytest.param("在日内瓦举行", "日内瓦", True, id="after a stop word"),
        pytest.param("近日内瓦工修房", "日内瓦", False, id="its first sign ends another word"),
        pytest.param("山东京剧团", "东京", False, id="a province"),
        pytest.param("访问东京", "东京", True, id="a city"),
        pytest.param("สะพานในไนโรบี", "ไนโรบี", True, id="Thai, whole"),
        pytest.param("กานต์", "กา", True, id="Thai, a longer word begins so"),
        pytest.param("กาี", "กา", False, id="a vowel above belongs to the letter"),
        pytest.param("เกา", "กา", False, id="so does one written before it"),
        pytest.param("กะ", "ก", False, id="and one behind it"),
        pytest.param("ភ្នំពេញ", "នំ", False, id="Khmer, the lower half of two letters"),
        pytest.param("ရန်ကုန်", "ရန", False, id="Burmese, without its mark"),
    ],
)
def test_a_part_of_a_run_begins_and_ends_where_syllables_do(
    run: str, part: str, expected: bool
) -> None:
    at = run.index(part)
    assert is_whole(run, at, at + len(part)) is expected
