"""The words around a match, and lines that are safe to show."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifiers.content.excerpt import WIDTH, Excerpt, excerpt_of
from notifiers.content.sanitize import one_line, safe_link
from tests.unit.notifiers.samples import TEXT

ANYTHING = st.text(st.characters(), max_size=600)


def test_an_excerpt_shows_the_match_marked_and_whole_words_around_it() -> None:
    start = TEXT.index("Hanoi-konventionen")
    excerpt = excerpt_of(TEXT, [(start, start + 18)], around=start)
    assert excerpt.marked("[", "]").count("[Hanoi-konventionen]") == 1
    assert excerpt.text.startswith("…")
    assert excerpt.text.endswith("…")
    words = set(TEXT.split())
    assert all(word in words for word in excerpt.text.strip("…").split())
    assert WIDTH - 70 < len(excerpt.text) <= WIDTH + 2


def test_a_cut_leaves_whole_what_is_marked() -> None:
    text = (
        "first words " * 10 + "the treaty " + "more words " * 10 + "Hanoi -konventionen and so on"
    )
    late = text.index("Hanoi -konv")
    around = text.index("treaty")
    spans = [(around, around + 6), (late, late + 19)]
    for width in range(late - around - 20, late - around + 120):
        marked = excerpt_of(text, spans, around=around, width=width).marked("[", "]")
        assert "[treaty]" in marked
        assert "[Hanoi -konventionen]" in marked or "[Hanoi" not in marked
    for width in range(30, 200):
        marked = excerpt_of(text, spans[::-1], around=late, width=width).marked("[", "]")
        assert "[Hanoi -konventionen]" in marked
        assert "[treaty]" in marked or "eaty]" not in marked


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt_of("Hanoi today", [(0, 5)]) == Excerpt(text="Hanoi today", marks=((0, 5),))


def test_marks_that_touch_are_one_and_those_outside_are_none() -> None:
    excerpt = excerpt_of("one two three", [(4, 7), (0, 3), (2, 5), (90, 99), (5, 5), (-3, -1)])
    assert excerpt.marks == ((0, 7),)


def test_marks_stay_on_their_words_when_the_text_is_cleaned() -> None:
    text = "a\n\n\tb\u202e \x1bHanoi\u200b-konv"
    start = text.index("Hanoi")
    excerpt = excerpt_of(text, [(start, len(text))])
    assert excerpt.text == "a b \\x1bHanoi-konv"
    assert excerpt.marked("[", "]") == "a b \\x1b[Hanoi-konv]"


def test_a_script_without_spaces_is_cut_between_characters() -> None:
    text = "국경" * 300
    excerpt = excerpt_of(text, [(300, 302)], around=300)
    assert len(excerpt.text) <= WIDTH + 2
    thai = "\u0e01\u0e33\u0e49" * 300  # a mark follows its letter
    start = excerpt_of(thai, [], around=450).text.strip("…")[0]
    assert unicodedata.category(start) != "Mn"


@given(
    text=ANYTHING,
    spans=st.lists(st.tuples(st.integers(-5, 700), st.integers(-5, 700))),
    around=st.integers(-10, 800),
)
def test_an_excerpt_is_always_one_safe_line_with_marks_in_it(
    text: str, spans: list[tuple[int, int]], around: int
) -> None:
    excerpt = excerpt_of(text, spans, around=around)
    assert all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in excerpt.text)
    assert "".join(piece for piece, _ in excerpt.parts()) == excerpt.text
    last = 0
    for start, end in excerpt.marks:
        assert last <= start < end <= len(excerpt.text)
        last = end
    excerpt.text.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a\r\nBcc: b", "a Bcc: b", id="line ends"),
        pytest.param("a\x00b", "ab", id="NUL"),
        pytest.param("\x1b]0;x\x07", "\\x1b]0;x\\x07", id="terminal title"),
        pytest.param("\x9b31m", "\\x9b31m", id="8-bit control"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone surrogate"),
        pytest.param("a\u202eb\u2066c", "abc", id="direction overrides"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner that a word needs"),
        pytest.param("👩\u200d👧", "👩\u200d👧", id="a joined emoji"),
        pytest.param("z" + "\u0301" * 500, "z" + "\u0301" * 8, id="a pile of marks"),
        pytest.param(" \u2028 a \u00a0 ", "a", id="spaces of all kinds"),
    ],
)
def test_a_line_is_safe(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a?b=1&c=2#d", "https://news.example/a?b=1&c=2#d"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ("https://news.example/(a)'\"<b>|c", "https://news.example/%28a%29%27%22%3Cb%3E%7Cc"),
        ("https://news.example/%C3%A5", "https://news.example/%C3%A5"),
        ("https://news.example/å", "https://news.example/%C3%A5"),
        ("https://exämple.se/", "https://xn--exmple-cua.se/"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//evil.example/", ""),
        ("http://169.254.169.254\\@news.example/", ""),
        ("http://news.example:99999/", ""),
        ("http:///x", ""),
        ("http://a<b>/", ""),
        ("http://[x/", ""),
        ("", ""),
    ],
)
def test_only_http_links_are_links_and_they_show_their_real_host(url: str, link: str) -> None:
    assert safe_link(url) == link


@given(ANYTHING)
@example("\ud800")
def test_no_text_makes_a_link_that_could_end_early(text: str) -> None:
    for url in (text, f"https://news.example/{text}", f"https://{text}"):
        link = safe_link(url)
        assert link.isascii()
        assert not set(link) & set(" \t\r\n<>\"'()|`\\")
        assert link == "" or link.startswith(("http://", "https://"))
        assert safe_link(link) == link
