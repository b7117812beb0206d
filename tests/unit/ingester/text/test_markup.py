"""Many small pieces of HTML read at once."""

import pytest

from ingester.text import markup as of_markup
from ingester.text.markup import LONGEST, plain_texts
from ingester.text.text import plain_text

ORDINARY = {
    "paragraphs": ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
    "what follows": ("<p>It says</p> <p><a href='/x'>more</a></p>", "It says\n\nmore"),
    "a list": ("<ul>\n<li>One<li> Two </li>\n</ul>after", "One\nTwo\nafter"),
    "in a line": ("<b>Rail</b> <i>strike</i>s &mdash; again", "Rail strikes — again"),
    "blanks of all kinds": ("<p>a\u3000 b&nbsp;\n c</p>", "a b c"),
    "a letter of two": ("<p>Cafe\u0301</p>", "Caf\u00e9"),
    "a syllable of two": ("<b>\u1112\u1161\u11ab</b>", "\ud55c"),
    "a reference beyond the first plane": ("<b>&#128512;</b>", "\U0001f600"),
    "a comment": ("<p>One<!-- more --> and two", "One and two"),
}
STRANGE = (
    "<table><tr><td>1</td></tr></table>",
    "<p>One<script>two</script></p>",
    "<b><p>One</b></p>",
    "<a href='x>y'>One</a>",
    "<p>One &copy2026</p>",
    "<p>1 <2</p>",
    "<ul>One<li>two</li></ul>",
    "<p>\ud800</p>",
    "<b>&#150;</b>",
    "<p>" + "x" * LONGEST,
)


@pytest.mark.parametrize(("markup", "text"), ORDINARY.values(), ids=ORDINARY)
def test_ordinary_markup_becomes_what_its_readers_see(markup: str, text: str) -> None:
    assert plain_texts([markup]) == {markup: text}
    assert plain_text(markup) == text


@pytest.mark.parametrize("markup", STRANGE, ids=range(len(STRANGE)))
def test_what_is_strange_is_left_to_libxml2(markup: str) -> None:
    assert plain_texts(["<b>One</b>", markup]) == {"<b>One</b>": "One"}


def test_a_text_without_markup_is_left_as_it_is() -> None:
    assert plain_texts(["One\n\nTwo", "1 < 2 & 3"]) == {}


def test_more_is_read_than_there_is_room_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_markup, "_MOST", 2)
    monkeypatch.setattr(of_markup, "_ROOM", 40)
    markups = [f"<b>{number}</b>" for number in range(7)] + ["<b>" + "x" * 30 + "</b>"]
    assert plain_texts(markups) == {each: each[3:-4] for each in markups}
