"""Entries made into articles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest

from common.clip import clip
from ingester.articles import SUMMARY_LENGTH, sighting_of
from ingester.entry import Entry
from ingester.text.text import plain_text
from storage.model import Article
from tests.builders import NOON, a_source

SOURCE = a_source()


def an_entry(**changes: Any) -> Entry:
    entry = Entry(
        id="tag:1",
        url="https://harbour-news.example/strike-ends",
        title="Rail strike ends after nine days",
        content="<p>The parties signed this morning.</p>",
        published_at=NOON,
    )
    return replace(entry, **changes)


def article(entry: Entry, *, seen_at: datetime = NOON) -> Article:
    return sighting_of(entry, SOURCE, seen_at=seen_at).article


# --- an article ----------------------------------------------------------------------------------


def test_text_comes_from_text_else_content_else_summary() -> None:
    full = an_entry(text="Plain <b>3", content="<p>Content</p>", summary="Summary")
    assert article(full).text == "Plain <b>3"
    assert article(replace(full, text="")).text == "Content"
    assert article(replace(full, text="", content=" <br> ")).text == "Summary"


def test_a_title_is_found_for_an_entry_without_one() -> None:
    nameless = an_entry(title=" ", content="<p>First sentence of it all here. Second.</p>")
    assert article(nameless).title == "First sentence of it all here"
    silent = an_entry(title="", content="", url="https://a.example/2026/the-strike-ends-now.html")
    assert article(silent).title == "the strike ends now html"
    assert article(replace(silent, url="")).title == "Harbour News"


def test_what_was_escaped_twice_is_read_all_the_same() -> None:
    twice = (
        "<p>Ukraine&amp;nbsp;aid: &amp;bdquo;Kli&amp;shy;ma&amp;ldquo;, AT&amp;amp;T&amp;#39;s</p>"
    )
    escaped = article(an_entry(title="Q&amp;A: it&#39;s &bdquo;Hanoi&ldquo;", content=twice))
    assert escaped.title == "Q&A: it's „Hanoi“"
    assert escaped.text == "Ukraine aid: „Kli\u00adma“, AT&T's"


@pytest.mark.parametrize(
    "shown", ["&lt;b&gt; & co; &#60;i&#62; &#0060;u&#x03E;", "R&D; x=1&copied; S&P 500", "a & b; c"]
)
def test_no_text_becomes_markup(shown: str) -> None:
    assert article(an_entry(content=f"<p>{escape(shown)}</p>")).text == shown


def test_lengths_and_characters_are_those_that_the_store_keeps() -> None:
    made = article(
        an_entry(
            title="T\x00i\ud800" + "x" * 600,
            text="y" * 200_000,
            summary="<b>z</b>" * 3_000,
            authors=("A\n B", "", "A B"),
        )
    )
    assert made.title.startswith("Ti\ufffdxxx")
    assert (len(made.title), len(made.text), len(made.summary)) == (500, 100_000, 2_000)
    assert made.authors == ("A B",)


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        pytest.param(NOON + timedelta(hours=3), NOON + timedelta(hours=3), id="a zone mistaken"),
        pytest.param(NOON + timedelta(hours=25), None, id="more than a day ahead"),
        pytest.param(datetime(9999, 1, 1, tzinfo=UTC), None, id="year 9999"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), None, id="the epoch"),
        pytest.param(datetime(2019, 5, 6, tzinfo=UTC), datetime(2019, 5, 6, tzinfo=UTC), id="old"),
        pytest.param(None, None, id="none"),
    ],
)
def test_only_believable_dates_are_kept(claimed: datetime | None, kept: datetime | None) -> None:
    made = article(an_entry(published_at=claimed, updated_at=claimed))
    assert (made.published_at, made.updated_at) == (kept, kept)


def test_the_url_is_canonical_and_a_script_is_none() -> None:
    assert article(an_entry(url="HTTP://A.example:80/x?utm_source=f#c")).url == "http://a.example/x"
    assert article(an_entry(url="javascript:alert(1)")).url == ""


def test_the_language_is_declared_or_detected() -> None:
    swedish = "Parterna skrev under avtalet i morse efter nio dagars strejk i hela landet."
    assert article(an_entry(title="Strejken är slut", text=swedish)).language == "sv"
    assert article(an_entry(text="OK", title="OK", language="nb-NO")).language == "no"


@pytest.mark.parametrize("content", ["", "<p>Said at length.</p>", "<p>One &amp; two.</p>" * 400])
def test_text_and_summary_are_the_same_whether_they_are_made_at_once_or_not(content: str) -> None:
    markup = "<p>One &amp; two.</p>" * 400
    both = article(Entry(url="https://a.example/1", title="T", summary=markup, content=content))
    assert both.summary == clip(plain_text(markup), SUMMARY_LENGTH, trim=True)
    assert both.text == plain_text(content or markup)


def test_a_text_that_is_given_plain_leaves_no_summary_of_itself() -> None:
    made = article(Entry(url="https://a.example/1", title="T", text="Plain <b> text."))
    assert (made.text, made.summary) == ("Plain <b> text.", "")


# --- who published it ----------------------------------------------------------------------------


def test_who_published_is_kept_where_the_address_does_not_say_it() -> None:
    listed = an_entry(url="https://lists.example/go/1", publisher="https://sport.harbour.example/")
    assert article(listed).publisher == "harbour.example"
    at_home = replace(listed, url="https://www.harbour.example/strike-ends")
    assert article(at_home).publisher == ""
    assert article(an_entry()).publisher == ""
