"""Lists of feeds as people have them, and that a list of ours comes back as it was."""

import json
from datetime import timedelta

import pytest

from monitor.feed_lists.follow import follow
from monitor.feed_lists.opml import Listed, NoListError, read_opml, write_opml
from monitor.feed_lists.sites import front_pages
from storage.api.storage import Storage
from storage.model import Source
from tests.builders import NOON, a_source, an_article, given
from tests.growth import grows_no_faster_than_its_input
from tests.memory.storage import MemoryStorage
from tests.places import SHARED

DATA = SHARED / "data"
URLS = ["https://a.example/rss", "https://b.example/rss?x=1&y=2"]


def urls(text: str) -> list[str]:
    return [feed.url for feed in read_opml(text)]


def test_folders_become_tags() -> None:
    text = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
    <outline text="World"><outline text="Asia, South">
    <outline text="A" title="A news" type="rss" xmlUrl="https://a.example/rss" category="/x/y,z"/>
    </outline><outline xmlUrl="https://b.example/rss?x=1&amp;y=2"></outline></outline>
    <outline text="Top" xmlUrl="https://c.example/rss"/></body></opml>"""
    assert read_opml(text) == [
        Listed(url=URLS[0], title="A news", tags=("World", "Asia South", "x", "y", "z")),
        Listed(url=URLS[1], title="", tags=("World",)),
        Listed(url="https://c.example/rss", title="Top"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<opml><body><outline xmlUrl="https://a.example/rss"/>'
        '<outline text="A & B <C>" xmlUrl="https://b.example/rss?x=1&y=2"/></body></opml>',
        "<opml><outline xmlurl='https://a.example/rss'><outline XMLURL=https://b.example/rss?x=1&y=2>",
        '<opml><body><outline text="never closed"><outline xmlUrl="https://a.example/rss"/>'
        "</outline></outline></outline>"
        '<outline xmlUrl = "https://b.example/rss?x=1&amp;y=2" /></opml>',
        '\ufeff<OPML><!-- <outline xmlUrl="https://no.example"/> -->'
        '<OUTLINE xmlUrl="https://a.example/rss"/><outline xmlUrl="https://b.example/rss?x=1&#38;y=2"/>',
        '<outline xmlUrl="https://a.example/rss"/><outline xmlUrl="https://b.example/rss?x=1&y=2"/>',
    ],
)
def test_a_broken_list_is_read_all_the_same(text: str) -> None:
    assert urls(text) == URLS


@pytest.mark.parametrize("text", ["", "no markup", "<html><body>x</body></html>", "<rss/>"])
def test_what_is_no_list_is_refused(text: str) -> None:
    if "body" in text:
        assert read_opml(text) == []  # a page has a body, too, but no outlines
        return
    with pytest.raises(NoListError):
        read_opml(text)


def test_a_hostile_list_takes_no_long_time() -> None:
    def read(size: int) -> None:
        read_opml("<opml>" + "<outline text='x'>" * size + "<outline " + "a=" * 4 * size)
        read_opml("<opml>" + "<!--" * size + "<outline a='" * (size // 2))

    assert grows_no_faster_than_its_input(read, 5_000)


@pytest.fixture
def store() -> Storage:
    return MemoryStorage()


def stored(store: Storage) -> list[Source]:
    with store.reading() as tx:
        return tx.sources.all()


def test_a_list_of_ours_comes_back_as_it_was(store: Storage) -> None:
    sources = [
        a_source("A & <B>", url="https://a.example/rss?x=1&y='2'", tags=("World", "Asia")),
        a_source("Page", url="https://b.example/", kind="page"),
        a_source('Quo"te', url="https://c.example/rss", tags=("World",)),
    ]
    text = "\n".join(write_opml(sources, made_at="now", sites={}))
    list(follow(store, read_opml(text), now=NOON, every=None))
    followed = {source.name: (source.url, source.kind, source.tags) for source in stored(store)}
    assert followed == {source.name: (source.url, source.kind, source.tags) for source in sources}


def test_a_list_names_the_site_that_a_source_is_of(store: Storage) -> None:
    feed = a_source("Harbour News", url="https://feeds.example/harbour")
    page = a_source("Page", url="https://b.example/press", kind="page")
    new, others = a_source("New"), a_source("What others write")
    given(store, feed, page, new, others)
    given(store, an_article("One", source_id=feed.id), an_article("Two", source_id=feed.id))
    for site in ("https://x.example", "https://y.example"):
        given(store, an_article(site, source_id=others.id, url=f"{site}/1"))
    with store.reading() as tx:
        sites = front_pages(tx, [feed, page, new, others])
    assert sites == {feed.id: "https://harbour-news.example/", page.id: "https://b.example/press"}
    named, unnamed = ("\n".join(write_opml([one], made_at="", sites=sites)) for one in (feed, new))
    assert 'htmlUrl="https://harbour-news.example/"' in named
    assert "htmlUrl" not in unnamed


def test_what_is_followed_stays_and_what_cannot_be_is_told(store: Storage) -> None:
    listed = [
        Listed(url="https://a.example/rss", title="News"),
        Listed(url="HTTPS://A.example:443/rss", title="The same"),
        Listed(url="https://b.example/rss", title="News"),
        Listed(url="javascript:alert(1)", title="Bad"),
        Listed(url="Outline XML URL"),
        Listed(url="https://user:secret@c.example/rss"),
    ]
    (taken,) = follow(store, listed, now=NOON, every=timedelta(hours=1), tags=("mine",))
    outcomes = ["added", "known", "added", "skipped", "skipped", "skipped"]
    assert [feed.outcome for feed in taken] == outcomes
    assert all(feed.why for feed in taken[3:])
    assert [(source.name, source.every, source.tags) for source in stored(store)] == [
        ("News", timedelta(hours=1), ("mine",)),
        ("News (2)", timedelta(hours=1), ("mine",)),
    ]
    (again,) = follow(store, listed[:3], now=NOON, every=None)
    assert {feed.outcome for feed in again} == {"known"}


def test_a_dry_run_stores_nothing(store: Storage) -> None:
    (taken,) = follow(store, [Listed(url=URLS[0])], now=NOON, every=None, dry_run=True)
    assert taken[0].outcome == "added"
    assert stored(store) == []


def test_a_long_list_is_not_polled_all_at_once(store: Storage) -> None:
    listed = [Listed(url=f"https://{number}.example/rss", title="RSS") for number in range(1_100)]
    assert [len(batch) for batch in follow(store, listed, now=NOON, every=None)] == [1_000, 100]
    waits = [source.next_poll_at - NOON for source in stored(store) if source.next_poll_at]
    assert len(waits) == 1_000
    assert max(waits) < timedelta(minutes=15)
    early = sum(1 for wait in waits if wait < timedelta(minutes=5))
    assert 300 < early < 370


if (DATA / "manifest.json").is_file():

    def test_published_lists_are_read() -> None:
        import gzip

        from ingester.text.encoding import decode

        cases = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["cases"]
        for case in cases:
            wanted = case["expect"].get("urls") if case["kind"] == "opml" else None
            if wanted is None:
                continue
            body = (DATA / case["file"]).read_bytes()
            body = gzip.decompress(body) if case["file"].endswith(".gz") else body
            listed = urls(decode(body).text)
            assert (len(listed) if isinstance(wanted, int) else listed) == wanted, case["id"]
