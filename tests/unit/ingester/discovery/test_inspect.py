"""Inspection: the content says what something is, and nothing makes it fail."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.discovery.inspect import inspect

RSS = b"<rss><channel><title>N</title><item><link>https://a.example/1</link></item></channel></rss>"
HTML = b"<!doctype html><html><title>Ferry</title><p>" + b"Words that are worth a read. " * 20
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1}]}'
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "name", "content_type", "kind"),
    [
        (RSS, "", "text/html", "feed"),
        (RSS, "x.html", "", "feed"),
        (b"\n <!-- hello --> " + RSS, "", "", "feed"),
        (JSON, "", "text/plain", "feed"),
        (HTML, "", "application/rss+xml", "page"),
        (HTML, "x.xml", "", "page"),
        (b"Ferry returns\n\nIt sails again.", "note.txt", "", "document"),
        (b"Ferry returns\n\nIt sails again.", "", "text/plain", "document"),
        (b"# Ferry\n\nIt sails again.", "note.md", "", "document"),
        (b"<opml><head/><body/></opml>", "x.opml", "", "not-recognised"),
        (b"%PDF-1.4", "", "text/html", "not-recognised"),
        (b"\x89PNG\r\n\x1a\n", "x.png", "", "not-recognised"),
        (b"", "x.xml", "", "not-recognised"),
        (b"words", "", "", "not-recognised"),
        (b'{"a": 1}', "", "application/json", "not-recognised"),
    ],
)
def test_content_goes_before_name_and_type(
    body: bytes, name: str, content_type: str, kind: str
) -> None:
    inspected = inspect(body, name=name, content_type=content_type)
    assert inspected["kind"] == kind
    assert bool(inspected["problem"]) == (kind == "not-recognised")


def test_the_fields_are_those_that_are_promised() -> None:
    inspected = inspect(RSS, url="https://a.example/feed")
    assert set(inspected) == {"kind", "parser", "problem", "feed", "entries", "article"}
    assert set(inspected["feed"]) == {"title", "link", "description", "language"}
    assert set(inspected["entries"][0]) == {
        "id",
        "title",
        "link",
        "published_at",
        "updated_at",
        "author",
        "summary",
        "content",
        "categories",
        "enclosures",
    }
    assert set(inspect(HTML)["article"]) == {
        "title",
        "url",
        "published_at",
        "authors",
        "language",
        "text",
    }


def test_an_entry_without_id_is_recognised_by_its_link() -> None:
    assert inspect(RSS)["entries"][0]["id"] == "https://a.example/1"


def test_a_document_without_a_date_has_that_of_its_file_if_it_is_known() -> None:
    body = b"Ferry returns\n\nIt sails again."
    assert inspect(body, name="a.txt")["article"]["published_at"] is None
    dated = inspect(body, name="a.txt", modified_at=NOON, now=NOON)
    assert dated["article"]["published_at"] == "2026-11-24T12:00:00Z"


def test_language_and_time_are_shown_as_they_would_be_stored() -> None:
    swedish = "Hamnen stängdes i måndags efter att en kran hade fallit ner på kajen. " * 4
    for body, name, url, at in (
        (swedish, "a.txt", "", "2026-11-24T12:00:00Z"),
        (f"<html lang=en><h1>Hamnen</h1><p>{swedish}", "a.html", "", "2026-11-24T12:00:00Z"),
        # When it was saved says nothing about a page of the web.
        (f"<html><h1>Hamnen</h1><p>{swedish}", "a.html", "https://e.example.com/x", None),
    ):
        article = inspect(body.encode(), name=name, url=url, modified_at=NOON, now=NOON)["article"]
        assert (article["language"], article["published_at"]) == ("sv", at)


def test_a_page_in_a_file_is_shown_as_the_folder_would_take_it() -> None:
    page = b"<!doctype html><title>Ferry - News</title><h1>Ferry is back</h1><p>It sails again."
    inspected = inspect(page, name="a.html", now=NOON)
    assert (inspected["kind"], inspected["article"]["title"]) == ("page", "Ferry is back")
    assert inspected["article"]["text"] == "It sails again."


def test_a_feed_that_is_refused_is_still_a_feed() -> None:
    inspected = inspect(b"<rss>" + b"<a>" * 300 + RSS)
    assert (inspected["kind"], inspected["entries"]) == ("feed", [])
    assert "nested too deep" in inspected["problem"]


@given(st.binary(max_size=200), st.sampled_from(["", "a.txt", "a.md", "a.jsonl", "a.html", "a.x"]))
def test_any_bytes_give_an_answer_that_is_json(body: bytes, name: str) -> None:
    for start in (b"", b"<html><body>", b"<rss><channel><item>", b'{"version":"1.0","items":['):
        json.dumps(inspect(start + body, name=name, now=NOON))
