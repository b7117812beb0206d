"""JSON Feed: tolerant of what people leave out, bounded against what they put in."""

import json
from typing import Any

import pytest

from ingester.entry import Entry, ParseError
from ingester.feeds.jsonfeed import read_json

V = "https://jsonfeed.org/version/1.1"
HERE = "https://kite.example/feed.json"


def entry(**members: Any) -> Entry:
    return read_json(json.dumps({"version": V, "items": [members]}), url=HERE).entries[0]


def test_an_id_may_be_a_number() -> None:
    assert entry(id=17).id == "17"


def test_version_1_0_has_one_author_and_1_1_several() -> None:
    assert entry(author={"name": "A"}).authors == ("A",)
    assert entry(authors=[{"name": "A"}, {"name": "B"}, {"url": "x"}]).authors == ("A", "B")


def test_an_entry_without_authors_has_those_of_the_feed() -> None:
    text = json.dumps({"version": V, "authors": [{"name": "F"}], "items": [{"id": "1"}]})
    assert read_json(text, url=HERE).entries[0].authors == ("F",)


def test_an_entry_that_names_no_language_is_in_that_of_the_feed() -> None:
    items = [{"id": "1"}, {"id": "2", "language": "en"}]
    text = json.dumps({"version": V, "language": "sv-SE", "items": items})
    assert [each.language for each in read_json(text, url=HERE).entries] == ["sv-SE", "en"]


def test_an_entry_without_its_own_address_has_the_one_it_is_about() -> None:
    assert entry(external_url="https://x.example/").url == "https://x.example/"
    assert entry(url="/1", external_url="https://x.example/").url == "https://kite.example/1"
    assert entry(url="javascript:alert(1)").url == ""


@pytest.mark.parametrize("wrong", [None, 5, "x", [], {}, True])
def test_members_of_the_wrong_type_say_nothing(wrong: Any) -> None:
    names = ("tags", "attachments", "authors", "author", "content_html", "date_published")
    read = entry(id="1", **dict.fromkeys(names, wrong))
    assert read.id == "1"
    assert read.published_at is None


@pytest.mark.parametrize("items", [{}, {"items": None}, {"items": {"a": 1}}, {"items": "x"}])
def test_a_feed_without_a_list_of_items_is_broken_and_no_silence(items: dict[str, Any]) -> None:
    with pytest.raises(ParseError, match='"items" is no list'):
        read_json(json.dumps({"version": V} | items), url=HERE)


def test_items_of_the_wrong_type_are_counted() -> None:
    assert read_json(json.dumps({"version": V, "items": []}), url=HERE).notices == ()
    feed = read_json(json.dumps({"version": V, "items": [1, None, "x"]}), url=HERE)
    assert feed.entries == ()
    assert feed.notices == ("the feed holds 3 entries in a form that is not read",)


def test_halves_of_characters_and_null_are_replaced() -> None:
    title = read_json(
        f'{{"version": "{V}", "title": "a\\ud800\\u0000b", "items": []}}', url=HERE
    ).title
    title.encode()
    assert "\x00" not in title


def test_only_the_first_two_thousand_entries_are_read() -> None:
    text = json.dumps({"version": V, "items": [{"id": str(n)} for n in range(2_300)]})
    read = read_json(text, url=HERE)
    assert len(read.entries) == 2_000
    assert "2,300" in read.notices[0]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ("[" * 300 + "]" * 300, "nested too deep"),
        ('"' + "[" * 300 + '"', ""),
        ("9" * 1_000_000, ""),
        ("1e999", ""),
        ("-" + "9" * 5_000 + ".5", ""),
    ],
    ids=["open lists", "open objects", "closed", "in a string", "digits", "infinite", "fraction"],
)
def test_depth_and_digits_are_bounded(value: str, says: str) -> None:
    text = f'{{"version": "{V}", "x": {value}, "items": [{{"id": {value}}}]}}'
    if says:
        with pytest.raises(ParseError, match=says):
            read_json(text, url=HERE)
    else:
        assert len(read_json(text, url=HERE).entries) == 1


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": "2"}', '{"version": 1', "nul"])
def test_other_json_is_not_a_feed(text: str) -> None:
    with pytest.raises(ParseError, match="not a feed: JSON"):
        read_json(text, url=HERE)
