"""Markup, harmful characters and lengths."""

import unicodedata
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.text.shown import shown
from ingester.text.text import (
    MAY_JOIN,
    clean_text,
    clip_sentence,
    is_markup,
    markup_to_text,
    one_line,
    plain_text,
    unescaped_line,
)
from tests.growth import grows_no_faster_than_its_input


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<p>One</p><p>Two</p>", "One\n\nTwo", id="paragraphs"),
        pytest.param("One<br>two<br/>three", "One\ntwo\nthree", id="line breaks"),
        pytest.param("<ul><li>a<li>b</ul>end", "a\nb\nend", id="list items, unclosed"),
        pytest.param("<b>bo</b>ld <i>text</i>", "bold text", id="inline elements join"),
        pytest.param("<p>wrapped\nby its author</p>", "wrapped by its author", id="wrapped"),
        pytest.param("<td>a</td><td>b</td>", "a b", id="cells"),
        pytest.param("a<script>if (a<b) x()</script>b", "ab", id="script"),
        pytest.param("a<style>p {}</style>b", "ab", id="style"),
        pytest.param("<head><title>T</title></head><body>b", "b", id="head"),
        pytest.param("AT&amp;T &lt;b&gt; &#229; &nbsp;x", "AT&T <b> å x", id="references"),
        pytest.param("a&#xD800;b", "a\ufffdb", id="a lone surrogate by number"),
        pytest.param("a\x00b<p>c", "ab\n\nc", id="NUL does not end the text"),
        pytest.param("a<!-- c -->b", "ab", id="comment"),
        pytest.param('<a href="javascript:x()">y</a>', "y", id="attributes say nothing"),
        pytest.param("", "", id="nothing"),
        pytest.param("<p></p>", "", id="only tags"),
    ],
)
def test_markup_reads_as_a_reader_sees_it(markup: str, expected: str) -> None:
    assert markup_to_text(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(lambda size: "<div>" * size + "end", id="nested elements"),
        pytest.param(lambda size: "<!--" * size, id="comment starts"),
        pytest.param(lambda size: "<" * size, id="brackets"),
        pytest.param(lambda size: "<p a='" + "x" * 20 * size + "'>end", id="an attribute"),
    ],
)
def test_hostile_markup_takes_linear_time(markup: Callable[[int], str]) -> None:
    assert grows_no_faster_than_its_input(lambda size: markup_to_text(markup(size)), 30_000)


_TAGS = "p div br b a ul li h1 table tr td script style select option form svg object dd noscript"
_PIECES = [
    *(f"<{slash}{tag}>" for tag in _TAGS.split() for slash in ("", "/")),
    *(" ", "\n", "\r\n", "x", "å", "&nbsp;", "&amp;", "&bogus;", "&#146;", "<!-- c -->", "</html>"),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_markup_says_the_same_below_any_depth(markup: str) -> None:
    deep = "<i>" * 2_500  # deeper than any tree is kept
    assert markup_to_text(markup) == markup_to_text(markup + deep)


def test_deep_and_long_markup_keeps_its_text() -> None:
    assert markup_to_text("<div>" * 20_000 + "end") == "end"
    assert len(markup_to_text("<p>" + "x" * 11_000_000)) == 11_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\x00b\x07c\x1b[31m", "abc[31m", id="control characters"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone surrogate"),
        pytest.param("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne", id="line ends"),
        pytest.param("a\n\n\n\nb", "a\n\nb", id="empty lines"),
        pytest.param("  a \t\u00a0 b  \n c ", "a b\nc", id="blanks"),
        pytest.param("e\u0301", "é", id="NFC"),
        pytest.param("\ufeffa", "a", id="byte order mark"),
        pytest.param("zero\u200bwidth \u202ebidi", "zero\u200bwidth \u202ebidi", id="kept as is"),
    ],
)
def test_cleaned_text_can_be_stored(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode("utf-8")


def test_normalising_a_long_run_of_marks_is_not_quadratic() -> None:
    def marked(size: int) -> str:
        return clean_text("a" + "\u0301\u0323" * size)

    assert grows_no_faster_than_its_input(marked, 6_000)
    assert clean_text(marked(50_000)) == marked(50_000)


def test_one_line_has_no_line_ends() -> None:
    assert one_line(" a\n\tb\r\nc ") == "a b c"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("a <b>c</b>", True),
        ("a<br/>b", True),
        ("AT&amp;T", True),
        ("a &#39; b", True),
        ("3 < 4 & 5 > 2", False),
        ("x <- y, R&D", False),
        ("", False),
    ],
)
def test_markup_is_told_from_plain_text(text: str, is_so: bool) -> None:
    assert is_markup(text) is is_so


def test_text_of_unknown_kind_keeps_what_is_no_markup() -> None:
    assert plain_text("3 < 4\n5 > 2") == "3 < 4\n5 > 2"
    assert plain_text("<p>3 &lt; 4</p>") == "3 < 4"
    assert unescaped_line("A &amp; <i>B</i>") == "A & B"


def test_clipping_at_words_ends_behind_one() -> None:
    assert clip_sentence("one two, three", 9) == "one two…"
    assert clip_sentence("漢" * 20, 9) == "漢" * 8 + "…"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\nb\t\x1b", "a\\nb\\t\\x1b"),
        ("name\udcff", "name\\xff"),
        ("\u202eevil\u200b", "\\u202eevil\\u200b"),
        ("\ud800", "\\ud800"),
        ("Källa 来源", "Källa 来源"),
    ],
)
def test_a_message_shows_every_character(value: str, expected: str) -> None:
    assert shown(value) == expected


@given(st.text(alphabet=st.characters(codec=None)))
def test_a_message_shows_at_most_80_visible_characters(value: str) -> None:
    result = shown(value)
    assert len(result) <= 80
    assert result.isprintable()


@given(st.text(st.sampled_from("ab \n\té\u0301\u0958\u212b\u00a0한ไ\u0e31😀\r")))
def test_the_short_way_for_usual_text_comes_to_the_same(text: str) -> None:
    assert clean_text(text) == clean_text(f"{text}\x00")  # which is unusual, and dropped


def test_no_letter_beside_those_that_may_join_does() -> None:
    others = set(map(chr, range(0x10000))) - set(map(chr, chain.from_iterable(MAY_JOIN)))
    assert not [each for each in others if unicodedata.combining(each)]
    assert not [each for each in others if unicodedata.decomposition(each)]
