"""Articles recognised by what their sources say of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ingester.articles import sighting_of
from ingester.entry import Entry
from ingester.fingerprints import Sighting
from ingester.recognition import Recognised, recognise
from storage.api.articles import Known
from storage.model import SHARED, Article, Source
from tests.builders import MINUTE, NOON, a_source

SOURCE = a_source()
DAY = timedelta(days=1)
HOME = "https://harbour-news.example"


def an_entry(**changes: Any) -> Entry:
    entry = Entry(
        id="tag:1",
        url=f"{HOME}/strike-ends",
        title="Rail strike ends after nine days",
        content="<p>The parties signed this morning.</p>",
        published_at=NOON,
    )
    return replace(entry, **changes)


def read(*entries: Entry, source: Source = SOURCE, seen_at: datetime = NOON) -> list[Sighting]:
    return [sighting_of(entry, source, seen_at=seen_at) for entry in entries]


def stories(*numbers: int) -> list[Entry]:
    return [
        an_entry(id=f"tag:{number}", url=f"{HOME}/story-{number}.html", title=f"Story {number}")
        for number in numbers
    ]


def test_entries_stand_alone_that_share_nothing_with_what_is_stored() -> None:
    archive = Archive()
    archive.take(an_entry())
    for entry, alone in (
        (an_entry(), False),
        (an_entry(id="tag:2"), False),
        (an_entry(id="tag:2", url=f"{HOME}/other", title="Storms close all of the ports"), True),
    ):
        document = read(entry)
        assert recognise(document, archive).stands_alone(document) is alone


def test_entries_stand_alone_only_where_it_is_known_how_their_site_numbers_articles() -> None:
    archive = Archive()
    for alone in (False, True):
        document = read(*stories(4821801))
        assert recognise(document, archive).stands_alone(document) is alone
        archive.take(*stories(4821734, 4821735, 4821736))


class Archive:
    """What a store keeps of what was recognised."""

    def __init__(self) -> None:
        self.prints: dict[str, Known] = {}
        self.articles: dict[str, Article] = {}
        self.read: list[str] = []

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        return {key: self.prints[key] for key in keys if key in self.prints}

    def some(self, ids: Iterable[str]) -> dict[str, Article]:
        asked = list(ids)
        self.read += asked
        return {id_: self.articles[id_] for id_ in asked if id_ in self.articles}

    def take(
        self, *entries: Entry, source: Source = SOURCE, seen_at: datetime = NOON
    ) -> Recognised:
        found = recognise(read(*entries, source=source, seen_at=seen_at), self)
        listed = [(print_, new.article.id) for new in found.new for print_ in new.fingerprints]
        for new in found.new:
            assert new.article.id not in self.articles
            self.articles[new.article.id] = new.article
        for edited in found.edited:
            self.articles[edited.article.id] = edited.article
        for print_, id_ in [*listed, *found.listed]:
            known = self.prints.get(print_.key, Known(id_, ""))
            self.prints[print_.key] = Known(known.article_id, print_.said or known.said)
        return found


@pytest.fixture
def archive() -> Archive:
    return Archive()


def titles(recognised: Recognised) -> list[str]:
    return [found.article.title for found in recognised.new]


def counts(recognised: Recognised) -> tuple[int, int]:
    return len(recognised.new), len(recognised.edited)


# --- one article ---------------------------------------------------------------------------------


def test_the_same_document_again_has_nothing_new(archive: Archive) -> None:
    first = archive.take(an_entry())
    assert titles(first) == ["Rail strike ends after nine days"]
    again = archive.take(an_entry())
    assert counts(again) == (0, 0)
    assert {id_ for _, id_ in again.listed} == {first.new[0].article.id}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": "tag:new"}, id="new id"),
        pytest.param({"url": "http://www.harbour-news.example/strike-ends?fref=a"}, id="link"),
        pytest.param({"published_at": NOON + 2 * DAY}, id="new date"),
        pytest.param({"url": f"{HOME}/moved"}, id="moved"),
        pytest.param({"url": f"{HOME}/moved", "id": "tag:2"}, id="only title and text"),
        pytest.param({"url": "https://new-host.example/1", "id": "https://new/1"}, id="new host"),
        pytest.param({"url": ""}, id="link lost"),
    ],
)
def test_an_article_published_again_is_the_same_and_not_edited(
    archive: Archive, changes: dict[str, Any]
) -> None:
    first = archive.take(an_entry())
    again = archive.take(an_entry(**changes))
    assert counts(again) == (0, 0)
    assert {id_ for _, id_ in again.listed} == {first.new[0].article.id}
    assert counts(archive.take(an_entry(**changes))) == (0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": "Strike over, trains run again"}, id="title"),
        pytest.param({"content": "Trains run again from tonight."}, id="text"),
        pytest.param({"id": "tag:2", "title": "Rail strike ends after 9 days"}, id="id, too"),
        pytest.param({"url": f"{HOME}/b", "title": "Strike over"}, id="link and title"),
        pytest.param({"url": "", "title": "Strike over"}, id="link lost"),
    ],
)
def test_what_its_source_says_anew_of_an_article_is_a_new_version(
    archive: Archive, changes: dict[str, Any]
) -> None:
    if "id" in changes:  # a slip mended
        archive.take(an_entry(title="Rail strike ends after 9  day"))
    (first,) = archive.articles.values() or [archive.take(an_entry()).new[0].article]
    again = archive.take(an_entry(**changes))
    assert counts(again) == (0, 1)
    (edited,) = again.edited
    assert edited.before == first
    assert (edited.article.id, edited.article.url) == (first.id, first.url)
    assert counts(archive.take(an_entry(**changes))) == (0, 0)


def test_white_space_is_no_edit(archive: Archive) -> None:
    archive.take(an_entry())
    again = archive.take(an_entry(title=" Rail  strike ends\nafter nine days"))
    assert counts(again) == (0, 0)


def test_another_source_edits_nothing_and_lists_it_once(archive: Archive) -> None:
    other = a_source("Other")
    archive.take(an_entry())
    theirs = an_entry(id="x", title="Other words for it")
    first = archive.take(theirs, source=other)
    assert counts(first) == (0, 0)
    assert [found.article.id for found in first.relisted] == list(archive.articles)
    assert archive.take(theirs, source=other).relisted == ()
    edited = archive.take(replace(theirs, title="Once more"), source=other)
    assert (counts(edited), edited.relisted) == ((0, 0), ())


def test_a_completed_article_is_edited_only_when_its_source_says_something_else(
    archive: Archive,
) -> None:
    listed = an_entry(content="", summary="The parties signed.")
    said = read(listed)[0].said
    page = "The parties signed. Trains run again from tonight, said the minister."
    archive.take(replace(listed, text=page, said=said))
    assert counts(archive.take(listed)) == (0, 0)
    again = archive.take(replace(listed, summary="The parties have signed in Lausanne."))
    assert counts(again) == (0, 1)
    (article,) = archive.articles.values()
    assert article.text == (
        "The parties have signed in Lausanne.\n\nTrains run again from tonight, said the minister."
    )


def test_what_was_stored_by_an_earlier_version_is_no_edit(archive: Archive) -> None:
    archive.take(an_entry())
    archive.prints = {key: Known(known.article_id, "") for key, known in archive.prints.items()}
    assert counts(archive.take(an_entry(title="Changed meanwhile"))) == (0, 0)
    assert counts(archive.take(an_entry(title="Changed again"))) == (0, 1)


def test_a_document_that_is_written_anew_under_its_name_is_another(archive: Archive) -> None:
    words = " ".join(f"one{number} two{number}" for number in range(20))
    other = " ".join(f"six{number} ten{number}" for number in range(20))
    today = Entry(id="today.txt", title="Monday", text=words)
    archive.take(today)
    assert counts(archive.take(replace(today, text=f"{words} more"))) == (0, 1)
    assert counts(archive.take(replace(today, title="Tuesday", text=other))) == (1, 0)
    assert counts(archive.take(replace(today, title="Tuesday", text=other))) == (0, 0)


# --- several articles ----------------------------------------------------------------------------


def release(number: int, **changes: Any) -> Entry:
    entry = Entry(
        id=f"v1.{number}",
        url=f"{HOME}/releases",
        title=f"Release 1.{number}",
        content="Faster, and with fewer mistakes.",
        published_at=NOON + number * DAY,
    )
    return replace(entry, **changes)


def test_entries_of_a_document_that_share_a_link_are_articles_of_their_own(
    archive: Archive,
) -> None:
    first = archive.take(*(release(n) for n in range(9)))
    assert counts(first) == (9, 0)
    assert first.shares_names
    assert counts(archive.take(*(release(n) for n in reversed(range(9))))) == (0, 0)
    assert titles(archive.take(*(release(n) for n in range(5, 10)))) == ["Release 1.9"]
    edited = archive.take(release(9, title="Release 1.9: a word"))
    assert counts(edited) == (0, 1)


def test_entries_that_share_a_link_one_after_the_other_are_articles_of_their_own(
    archive: Archive,
) -> None:
    for number in range(4):
        assert titles(archive.take(release(number))) == [f"Release 1.{number}"]
    assert counts(archive.take(*(release(n) for n in range(4)))) == (0, 0)


@pytest.mark.parametrize("with_fragment", [True, False])
def test_without_ids_what_shares_a_link_is_known_by_fragment_or_title(
    archive: Archive, with_fragment: bool
) -> None:
    def news(n: int) -> Entry:
        fragment = f"#item-{n}" if with_fragment else ""
        title = f"News number {n}"
        return Entry(url=f"{HOME}/news{fragment}", title=title, content=f"Text of {n}.")

    first = archive.take(news(1), news(2), news(3))
    assert counts(first) == (3, 0)
    links = [found.article.url for found in first.new]
    if with_fragment:
        assert links == [f"{HOME}/news#item-{n}" for n in (1, 2, 3)]
    else:
        assert links == [f"{HOME}/news"] * 3
    assert counts(archive.take(news(3), news(2), news(1))) == (0, 0)
    assert titles(archive.take(news(4), news(3))) == ["News number 4"]
    assert titles(archive.take(news(5))) == ["News number 5"]
    assert counts(archive.take(news(1), news(5))) == (0, 0)


def test_a_fragment_alone_makes_no_second_article(archive: Archive) -> None:
    archive.take(an_entry(id=""))
    again = an_entry(id="", url=f"{HOME}/strike-ends#comments")
    assert counts(archive.take(again)) == (0, 0)


def test_two_stories_under_one_id_are_two(archive: Archive) -> None:
    one = an_entry(id="gov", url=f"{HOME}/1", title="Budget passed", content="Of the budget.")
    two = an_entry(id="gov", url=f"{HOME}/2", title="Bridge opened", content="A new bridge.")
    three = an_entry(id="gov", url=f"{HOME}/3", title="School closed", content="Of a school.")
    assert counts(archive.take(one, two)) == (2, 0)
    assert counts(archive.take(two, one)) == (0, 0)
    assert titles(archive.take(three, two)) == ["School closed"]
    assert counts(archive.take(one)) == (0, 0)


def test_two_stories_under_one_id_one_after_the_other_are_two(archive: Archive) -> None:
    one = an_entry(id="gov", url=f"{HOME}/1", title="Budget passed", content="Of the budget.")
    two = an_entry(id="gov", url=f"{HOME}/2", title="Bridge opened", content="A new bridge.")
    archive.take(one)
    assert titles(archive.take(two)) == ["Bridge opened"]
    assert counts(archive.take(two)) == (0, 0)
    assert counts(archive.take(one)) == (0, 0)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"title": "Again"}, id="same id, same link"),
        pytest.param({"id": "tag:2", "title": "Again"}, id="same link"),
        pytest.param({"url": f"{HOME}/b", "title": "Again"}, id="same id"),
        pytest.param({"content": "Other words."}, id="another text"),
        pytest.param({"id": "tag:2", "url": f"{HOME}/b"}, id="same words"),
        pytest.param({"id": "tag:2", "published_at": NOON + DAY}, id="another date"),
    ],
)
def test_what_a_document_lists_twice_is_two_unless_all_is_the_same(
    archive: Archive, second: dict[str, Any]
) -> None:
    one, two = an_entry(), an_entry(**second)
    assert counts(archive.take(one, one, two)) == (2, 0)
    assert counts(archive.take(two, one, one)) == (0, 0)
    assert counts(archive.take(one)) == (0, 0)
    assert counts(archive.take(two)) == (0, 0)


def test_one_article_that_a_document_lists_under_two_ids_is_one(archive: Archive) -> None:
    tracked = f"{an_entry().url}?utm_source=rss"
    assert counts(archive.take(an_entry(), an_entry(id="tag:2", url=tracked))) == (1, 0)
    assert counts(archive.take(an_entry(id="tag:2", url=tracked))) == (0, 0)
    both_changed = [an_entry(id="tag:3", url=tracked), an_entry(id="tag:4")]
    assert counts(archive.take(*both_changed)) == (0, 0)


def test_the_same_words_at_one_address_under_two_ids_tell_one_story(archive: Archive) -> None:
    first = archive.take(an_entry(), an_entry(id="tag:2", published_at=NOON + DAY))
    one, two = (found.article for found in first.new)
    assert one.id != two.id
    assert one.story_id == two.story_id == one.id


@pytest.mark.parametrize("title", ["Live", "Weather", "Ảnh", "Situation report of the day"])
def test_one_title_is_no_reason_when_the_texts_differ(archive: Archive, title: str) -> None:
    texts = ("Snow in the north.", "Ferries stand still.", "Markets close lower today.")
    for number, text in enumerate(texts):
        entry = Entry(
            id=f"tag:{number}",
            url=f"{HOME}/{number}",
            title=title,
            content=text,
            published_at=NOON,
        )
        assert counts(archive.take(entry)) == (1, 0)


def test_what_two_outlets_carry_is_two_articles_though_one_host_serves_their_feeds(
    archive: Archive,
) -> None:
    feeds = [a_source(n, url=f"https://feeds.example/{n}") for n in ("1", "2")]
    archive.take(an_entry(), source=feeds[0])
    theirs = an_entry(id="b", url="https://evening-post.example/rail")
    assert counts(archive.take(theirs, source=feeds[1])) == (1, 0)
    assert counts(archive.take(theirs, source=feeds[1])) == (0, 0)
    at_home = an_entry(id="c", url="https://sport.harbour-news.example/rail")
    assert counts(archive.take(at_home, source=feeds[1])) == (0, 0)


def test_what_an_aggregator_lists_of_two_papers_is_two_articles_and_of_one_is_one(
    archive: Archive,
) -> None:
    lists = [a_source(n, url=f"https://lists.example/{n}") for n in ("1", "2")]
    first = an_entry(id="a", url="https://lists.example/go/a", publisher="https://harbour.example")
    archive.take(first, source=lists[0])
    other = replace(
        first, id="b", url="https://lists.example/go/b", publisher="https://evening.example"
    )
    assert counts(archive.take(other, source=lists[0])) == (1, 0)
    again = replace(first, id="c", url="https://lists.example/go/c")
    assert counts(archive.take(again, source=lists[1])) == (0, 0)
    theirs = replace(first, id="d", url="https://www.harbour.example/rail", publisher="")
    feed = a_source("3", url="https://harbour.example/feed")
    assert counts(archive.take(theirs, source=feed)) == (0, 0)


def test_a_long_title_of_a_day_is_a_reason_where_both_have_no_text(archive: Archive) -> None:
    archive.take(an_entry(content=""))
    assert counts(archive.take(an_entry(id="2", url=f"{HOME}/2", content=""))) == (0, 0)
    archive.take(an_entry(id="3", url=f"{HOME}/3", title="Live", content=""))
    other = an_entry(id="4", url=f"{HOME}/4", title="Live", content="")
    assert counts(archive.take(other)) == (1, 0)


def test_without_a_date_title_and_text_are_known_on_another_day(archive: Archive) -> None:
    undated = an_entry(published_at=None)
    archive.take(undated)
    again = replace(undated, id="fresh", url=f"{HOME}/?token=2")
    assert counts(archive.take(again, seen_at=NOON + 9 * DAY)) == (0, 0)


def test_without_id_and_link_title_day_and_text_are_the_identity(archive: Archive) -> None:
    bare = an_entry(id="", url="", published_at=None)
    archive.take(bare)
    assert counts(archive.take(bare, seen_at=NOON + 3 * DAY)) == (0, 0)
    assert counts(archive.take(replace(bare, content="Other text."))) == (1, 0)


# --- the number in an address --------------------------------------------------------------------


def numbered(number: int, slug: str, title: str) -> Entry:
    url = f"{HOME}/{slug}-{number}.html"
    return Entry(id=url, url=url, title=title, content=f"Text {title}", published_at=NOON)


OTHERS = [numbered(4821000 + n, f"other-{n}", f"Other story {n}") for n in range(3)]


def test_an_address_of_which_only_the_words_change_is_the_same(archive: Archive) -> None:
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet"), *OTHERS)
    again = numbered(4821734, "hanoi-convention-signed", "Hanoi Convention signed")
    assert counts(archive.take(again, *OTHERS)) == (0, 1)


def test_a_number_that_a_site_does_not_name_articles_by_says_nothing(archive: Archive) -> None:
    one = numbered(123456, "budget", "Budget passed")
    two = numbered(123456, "bridge", "Bridge opened")
    assert counts(archive.take(one, two, *OTHERS)) == (5, 0)
    three = numbered(123456, "school", "School closed")
    assert counts(archive.take(three, *OTHERS)) == (1, 0)


def test_how_a_site_numbers_articles_is_known_from_an_earlier_document(archive: Archive) -> None:
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet"), *OTHERS)
    again = numbered(4821734, "hanoi-convention-signed", "Hanoi Convention signed")
    assert counts(archive.take(again)) == (0, 1)


def test_one_document_shows_for_good_that_a_site_does_not_number_articles(archive: Archive) -> None:
    archive.take(*OTHERS)
    one = numbered(123456, "budget", "Budget passed")
    two = numbered(123456, "bridge", "Bridge opened")
    archive.take(one, two)
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet"), *OTHERS)
    other = numbered(4821734, "school", "School closed")
    assert counts(archive.take(other, *OTHERS)) == (1, 0)


def test_one_article_at_two_addresses_leaves_its_site_numbering_articles(archive: Archive) -> None:
    archive.take(*OTHERS)
    same = numbered(4821734, "ministers-meet", "Ministers meet")
    elsewhere = replace(same, id="2", url=same.url.replace("ministers", "world/ministers"))
    archive.take(same, elsewhere)
    archive.take(numbered(4821900, "budget", "Budget passed"))
    again = numbered(4821900, "bridge", "Bridge opened")
    assert counts(archive.take(again)) == (0, 1)


def test_no_article_is_read_because_its_site_is_known_to_number_them(archive: Archive) -> None:
    archive.take(*OTHERS)
    before = list(archive.read)
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet"))
    assert archive.read == before
    archive.take(numbered(4821734, "ministers-meet-again", "Ministers meet"))
    assert len(archive.read) > len(before)


def test_comments_on_an_article_are_not_the_article(archive: Archive) -> None:
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet"), *OTHERS)
    post = numbered(4821734, "ministers-meet", "Ministers meet").url
    words = ("By Ann: I like it", "By Bob: what a pity that nobody was asked")
    comments = [
        Entry(id=f"c{n}", url=f"{post}#comment-{n}", title=text, content=f"Comment: {text}")
        for n, text in enumerate(words)
    ]
    assert counts(archive.take(*comments, source=a_source("Comments"))) == (2, 0)
    assert counts(archive.take(*comments, source=a_source("Comments"))) == (0, 0)


def test_a_number_alone_needs_like_words(archive: Archive) -> None:
    archive.take(numbered(4821734, "ministers-meet", "Ministers meet in Geneva"))
    other = numbered(4821734, "bridge", "Bridge opened")
    assert counts(archive.take(other)) == (1, 0)


# --- prints --------------------------------------------------------------------------------------


def test_the_id_follows_from_the_address_where_that_is_its_own() -> None:
    first = read(an_entry())[0].article
    assert read(an_entry(id="tag:2", title="Other words"))[0].article.id == first.id
    assert read(an_entry(), source=a_source("Other"))[0].article.id == first.id
    by_id = an_entry(url="")
    assert read(by_id)[0].article.id != read(by_id, source=a_source("Other"))[0].article.id


def test_a_link_that_several_articles_have_is_marked(archive: Archive) -> None:
    archive.take(release(1), release(2))
    url = read(release(1))[0].url
    assert url is not None
    assert archive.prints[url.key].said == SHARED


def test_a_number_with_the_same_text_is_enough(archive: Archive) -> None:
    one = numbered(4821734, "two-million", "Fine of 2 million")
    archive.take(one)
    again = replace(numbered(4821734, "decree", "Decree on fines"), content=one.content)
    assert counts(archive.take(again)) == (0, 1)


# --- what is kept no more ---


MUCH_LATER = NOON + 90 * DAY


@pytest.fixture
def pruned(archive: Archive) -> Archive:
    """An archive that knows one article, and has it no more."""
    archive.take(an_entry())
    archive.articles.clear()
    return archive


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "Rail strike ends: all you need to know"},
        {"content": "<p>Something else entirely.</p>"},
        {"id": "tag:new"},
        {"id": "tag:new", "title": "Another title", "content": "<p>Another text.</p>"},
        {"id": "tag:new", "url": f"{HOME}/moved/strike"},
        {"published_at": MUCH_LATER},
        {"id": "tag:new", "published_at": None},
    ],
)
def test_what_is_kept_no_more_is_not_new_when_it_is_listed_again(
    pruned: Archive, changes: dict[str, Any]
) -> None:
    found = pruned.take(an_entry(**changes), seen_at=MUCH_LATER)
    assert (found.new, found.edited, found.relisted) == ((), (), ())
    assert found.listed


def test_another_source_that_lists_it_then_brings_nothing_new(pruned: Archive) -> None:
    other = a_source("Other News")
    found = pruned.take(an_entry(id="other:1"), source=other, seen_at=MUCH_LATER)
    assert (found.new, found.edited, found.relisted) == ((), (), ())


def test_what_is_published_now_under_an_address_of_what_is_gone_is_new(pruned: Archive) -> None:
    found = pruned.take(
        an_entry(id="tag:2", title="This week's poll", published_at=MUCH_LATER - MINUTE),
        seen_at=MUCH_LATER,
    )
    [new] = found.new
    assert new.article.title == "This week's poll"
    again = pruned.take(
        an_entry(id="tag:2", title="This week's poll", published_at=MUCH_LATER - MINUTE),
        seen_at=MUCH_LATER + DAY,
    )
    assert again.new == ()


def test_others_of_the_same_document_are_new(pruned: Archive) -> None:
    other = an_entry(
        id="tag:3", url=f"{HOME}/other", title="Something else", content="<p>Else.</p>"
    )
    found = pruned.take(an_entry(title="Edited since"), other, seen_at=MUCH_LATER)
    assert [new.article.title for new in found.new] == ["Something else"]
