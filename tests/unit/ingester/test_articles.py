"""Entries made into articles, and articles recognised by their fingerprints."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingester.articles import Recognised, article_from, recognise
from ingester.entry import Entry
from storage.model import Article, Fingerprint, Source
from tests.builders import NOON, a_source

SOURCE = a_source()
Batch = list[tuple[Article, tuple[Fingerprint, ...]]]


def an_entry(**changes: Any) -> Entry:
    entry = Entry(
        id="tag:1",
        url="https://harbour-news.example/strike-ends",
        title="Rail strike ends after nine days",
        content="<p>The parties signed this morning.</p>",
        published_at=NOON,
    )
    return replace(entry, **changes)


def read(*entries: Entry, source: Source = SOURCE, seen_at: datetime = NOON) -> Batch:
    return [article_from(entry, source, seen_at=seen_at) for entry in entries]


def article(entry: Entry, *, seen_at: datetime = NOON) -> Article:
    return article_from(entry, SOURCE, seen_at=seen_at)[0]


def stored(recognised: Recognised) -> dict[str, str]:
    """What a store answers after taking in what was recognised."""
    new = {
        fingerprint.key: article.id
        for article, fingerprints in recognised.new
        for fingerprint in fingerprints
    }
    return {**new, **recognised.listed}


def new_titles(recognised: Recognised) -> list[str]:
    return [article.title for article, _ in recognised.new]


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


# --- fingerprints --------------------------------------------------------------------------------


def kinds_of(entry: Entry) -> list[str]:
    return [fingerprint.kind for fingerprint in article_from(entry, SOURCE, seen_at=NOON)[1]]


@pytest.mark.parametrize(
    ("title", "is_telling"),
    [
        ("Sports", False),
        ("Weather today", False),
        ("!!! ???", False),
        ("Rail strike ends", True),
        ("Järnvägsstrejken slut", True),
        ("条約に署名した", True),
        ("天気予報", False),
    ],
)
def test_only_a_telling_title_is_a_print(title: str, is_telling: bool) -> None:
    assert ("title" in kinds_of(an_entry(title=title))) is is_telling


def test_the_id_follows_from_the_strongest_print() -> None:
    first = article(an_entry())
    assert article(an_entry(id="tag:2", title="Other words altogether")).id == first.id
    assert article(an_entry(url="", title="Other words altogether")).id != first.id


def test_an_id_belongs_to_its_source_and_a_url_to_everybody() -> None:
    other = a_source("Other")
    by_id = an_entry(url="")
    assert article_from(by_id, SOURCE, seen_at=NOON)[0].id != (
        article_from(by_id, other, seen_at=NOON)[0].id
    )
    assert article_from(an_entry(), SOURCE, seen_at=NOON)[0].id == (
        article_from(an_entry(), other, seen_at=NOON)[0].id
    )


def test_without_id_and_link_title_day_and_text_are_the_identity() -> None:
    bare = an_entry(id="", url="", published_at=None)
    later = NOON + timedelta(days=3)
    assert article(bare).id == article(bare, seen_at=later).id
    assert article(bare).id == article(replace(bare, title="RAIL strike ends, after nine days")).id
    assert article(bare).id != article(replace(bare, content="Other text.")).id
    assert article(bare).id != article(replace(bare, published_at=NOON)).id


# --- recognising ---------------------------------------------------------------------------------


def test_the_same_document_again_has_nothing_new() -> None:
    batch = read(an_entry())
    first = recognise(batch, {})
    assert new_titles(first) == ["Rail strike ends after nine days"]
    assert first.listed == {}
    again = recognise(batch, stored(first))
    assert again.new == ()
    assert again.listed == stored(first)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": "tag:new"}, id="new id"),
        pytest.param(
            {"url": "http://www.harbour-news.example/strike-ends?utm_source=a"}, id="link"
        ),
        pytest.param({"title": "Strike over, trains run again"}, id="edited title"),
        pytest.param({"published_at": NOON + timedelta(days=2)}, id="new date"),
        pytest.param(
            {"url": "https://harbour-news.example/moved", "title": "New"}, id="only id left"
        ),
        pytest.param({"url": "https://harbour-news.example/moved", "id": "tag:2"}, id="only title"),
    ],
)
def test_an_article_published_again_is_the_same(changes: dict[str, Any]) -> None:
    first = recognise(read(an_entry()), {})
    again = recognise(read(an_entry(**changes)), stored(first))
    assert again.new == ()
    assert set(again.listed.values()) == {first.new[0][0].id}


def test_what_an_article_is_newly_known_by_is_added_to_it() -> None:
    first = recognise(read(an_entry()), {})
    moved = read(an_entry(url="https://harbour-news.example/moved"))
    again = recognise(moved, stored(first))
    assert again.listed[moved[0][1][0].key] == first.new[0][0].id
    third = recognise(
        read(an_entry(url="https://harbour-news.example/moved", id="")), stored(again)
    )
    assert third.new == ()


def status_feed(*numbers: int) -> Batch:
    return read(
        *(
            an_entry(
                id=f"tag:{n}", url=f"https://status.example/{n}", title="Investigating an issue"
            )
            for n in numbers
        )
    )


def test_equal_titles_with_other_ids_and_links_are_different_articles_in_one_document() -> None:
    recognised = recognise(status_feed(1, 2, 3), {})
    assert len(recognised.new) == 3
    keys = [fingerprint.key for _, fingerprints in recognised.new for fingerprint in fingerprints]
    assert len(keys) == len(set(keys))


def test_a_new_article_beside_a_known_one_of_its_title_is_new() -> None:
    known = stored(recognise(status_feed(1), {}))
    recognised = recognise(status_feed(2, 1), known)
    assert [article.url for article, _ in recognised.new] == ["https://status.example/2"]
    known |= stored(recognised)
    assert recognise(status_feed(3, 2, 1), known).new[0][0].url == "https://status.example/3"
    assert recognise(status_feed(2), known).new == ()


def test_equal_titles_without_links_differ_by_their_ids() -> None:
    recognised = recognise(read(an_entry(url=""), an_entry(url="", id="tag:2")), {})
    assert len(recognised.new) == 2


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"title": "Again"}, id="same id, same link"),
        pytest.param({"id": "tag:2", "title": "Again"}, id="same link"),
        pytest.param({"url": "https://harbour-news.example/b", "title": "Again"}, id="same id"),
        pytest.param({"url": "", "id": ""}, id="nothing of its own but the same words"),
    ],
)
def test_duplicates_in_one_document_are_one(second: dict[str, Any]) -> None:
    first = an_entry(text="x") if second.get("id") != "" else an_entry(id="", url="", text="x")
    batch = read(first, replace(first, **second))
    recognised = recognise(batch, {})
    assert len(recognised.new) == 1
    assert {fingerprint.key for fingerprint in recognised.new[0][1]} == {
        p.key for _, fingerprints in batch for p in fingerprints
    }


def test_two_entries_that_a_third_joins_are_settled_in_document_order() -> None:
    """The third shares a link with one and an id with the other; each key keeps one owner."""
    one = an_entry(id="tag:1", url="https://a.example/1", title="One")
    two = an_entry(id="tag:2", url="https://a.example/2", title="Two")
    both = an_entry(id="tag:2", url="https://a.example/1", title="Both")
    recognised = recognise(read(one, two, both), {})
    assert new_titles(recognised) == ["One", "Two"]
    assert all_different(recognised.new)


def all_different(new: Iterable[tuple[Article, tuple[Fingerprint, ...]]]) -> bool:
    keys = [fingerprint.key for _, fingerprints in new for fingerprint in fingerprints]
    return len(keys) == len(set(keys))


def test_a_known_link_weighs_more_than_a_known_id() -> None:
    known = stored(recognise(read(an_entry(title="One")), {}))
    known |= stored(
        recognise(read(an_entry(id="tag:2", url="https://a.example/2", title="Two")), known)
    )
    mixed = read(an_entry(id="tag:2", title="Mixed"))
    recognised = recognise(mixed, known)
    assert set(recognised.listed.values()) == {known[mixed[0][1][0].key]}
    assert mixed[0][1][1].key not in recognised.listed
