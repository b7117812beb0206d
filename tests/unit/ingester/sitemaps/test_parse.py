"""Sitemaps, indexes of sitemaps, and sitemaps of news."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ingester.discovery.inspect import inspect
from ingester.entry import FetchError, ParseError, Polled
from ingester.fetch.ports import Fetched, NotModified
from ingester.sitemaps.kind import MOST_AT_ONCE, SitemapKind
from ingester.sitemaps.parse import looks_like_sitemap, read_sitemap
from ingester.text.titles import title_in
from tests.builders import NOON, a_source

URL = "https://news.example/sitemap.xml"
PLAIN = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/2026/old-dam-in-danger.html </loc>
<lastmod>2026-11-01</lastmod></url>
<url><loc>https://news.example/a?x=1&amp;y=2</loc><lastmod>2026-11-24T08:00:00+07:00</lastmod>
<image:image><image:loc>https://news.example/i.jpg</image:loc></image:image></url>
<url><loc>javascript:alert(1)</loc></url><url><lastmod>2026-01-01</lastmod></url>
<url><loc>https://news.example/a?x=1&amp;y=2</loc></url></urlset>"""
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc>
<n:news><n:publication><n:name>Tin</n:name><n:language>vi</n:language></n:publication>
<n:publication_date>2026-11-24T01:02:03Z</n:publication_date>
<n:title>Vỡ đập &amp; lũ lụt</n:title><n:keywords>lũ, đập</n:keywords></n:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
%s</sitemapindex>"""


def test_pages_are_listed_newest_first_with_the_words_of_their_address() -> None:
    sitemap = read_sitemap(PLAIN, url=URL)
    assert [entry.url for entry in sitemap.entries] == [
        "https://news.example/a?x=1&y=2",
        "https://news.example/2026/old-dam-in-danger.html",
    ]
    assert [entry.title for entry in sitemap.entries] == ["", "old dam in danger"]
    assert sitemap.entries[0].published_at == datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert not sitemap.is_news
    assert sitemap.notices == ("unsafe links: 1 left out, being neither http nor https",)


def test_a_sitemap_of_news_has_titles_times_and_languages() -> None:
    (entry,) = read_sitemap(NEWS.encode(), url=URL).entries
    assert (entry.title, entry.language) == ("Vỡ đập & lũ lụt", "vi")
    assert entry.published_at == datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    assert entry.categories == ("lũ", "đập")
    assert read_sitemap(NEWS.encode(), url=URL).is_news


def test_an_index_names_further_sitemaps() -> None:
    body = INDEX % (
        "<sitemap><loc>https://news.example/1.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap>"
        "<sitemap><loc>https://news.example/2.xml</loc></sitemap>"
    )
    sitemap = read_sitemap(body.encode(), url=URL)
    assert [child.url for child in sitemap.children] == [
        "https://news.example/1.xml.gz",
        "https://news.example/2.xml",
    ]
    assert sitemap.entries == ()


def test_what_is_whole_of_a_broken_sitemap_is_kept() -> None:
    sitemap = read_sitemap(PLAIN[:431], url=URL)
    assert [entry.url for entry in sitemap.entries][-1] == (
        "https://news.example/2026/old-dam-in-danger.html"
    )
    assert sitemap.truncated
    bare = b"<urlset><url><loc>https://news.example/?a=1&b=2</loc></url></urlset>"
    assert read_sitemap(bare, url=URL).entries[0].url.startswith("https://news.example/?a=1")


@pytest.mark.parametrize("body", [PLAIN, NEWS.encode()])
def test_wherever_a_sitemap_stops_no_page_is_made_up_of_a_part(body: bytes) -> None:
    whole = {*read_sitemap(body, url=URL).entries}
    for end in range(body.index(b"<url>"), body.index(b"</urlset>")):
        cut = read_sitemap(body[:end], url=URL)
        assert {*cut.entries} <= whole, body[:end]
        assert cut.truncated


def test_of_an_index_that_stops_in_the_middle_the_last_sitemap_is_left_out() -> None:
    body = index(("1.xml", "2026-11-01"), ("2.xml", "2026-11-01"))
    cut = read_sitemap(body[: body.index(b"2.xml") + 2], url=URL)
    assert [child.url for child in cut.children] == ["https://news.example/1.xml"]


def test_the_last_address_of_a_list_that_was_cut_is_left_out() -> None:
    body = b"https://news.example/1\nhttps://news.example/2\nhttps://news.exa"
    cut = read_sitemap(body, url=URL, is_cut=True)
    assert [entry.url[-1] for entry in cut.entries] == ["1", "2"]
    assert cut.truncated


@pytest.mark.parametrize("bad", ["&#xD800;", "&#55296;", "&#0;", "&#x110000;", "\ufffe", "\x01"])
def test_a_character_that_xml_cannot_hold_loses_only_itself(bad: str) -> None:
    body = (
        f"<urlset><url><loc>https://n.example/a{bad}</loc></url>"
        f"<url><loc>https://n.example/b</loc></url></urlset>"
    )
    urls = [entry.url for entry in read_sitemap(body.encode(), url=URL).entries]
    assert len(urls) == 2
    assert urls[0].startswith("https://n.example/a")
    assert urls[1] == "https://n.example/b"


def test_an_address_with_bare_ampersands_is_whole() -> None:
    place = "https://news.example/show?id=7&part=2&copy"
    for written in (place, place.replace("&", "&amp;"), f"<![CDATA[{place}]]>"):
        body = f"<urlset><url><loc>{written}</loc></url></urlset>".encode()
        assert [entry.url for entry in read_sitemap(body, url=URL).entries] == [place]


def test_addresses_a_line_are_a_sitemap_too() -> None:
    sitemap = read_sitemap(b"https://news.example/1\r\nhttps://news.example/2\n\n", url=URL)
    assert [entry.url for entry in sitemap.entries] == [
        "https://news.example/1",
        "https://news.example/2",
    ]


def test_of_very_many_pages_the_newest_are_read() -> None:
    pages = "".join(
        f"<url><loc>https://news.example/{n}</loc><lastmod>{2000 + n % 26}-01-01</lastmod></url>"
        for n in range(5_000)
    )
    sitemap = read_sitemap(f"<urlset>{pages}</urlset>".encode(), url=URL)
    assert len(sitemap.entries) == 2_000
    times = [entry.updated_at for entry in sitemap.entries]
    assert all(a is not None and b is not None and a >= b for a, b in pairwise(times))
    assert "5,000" in sitemap.notices[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body></body></html>",
        b"<rss/>",
        b"some words that are\nno addresses",
        b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset>&a;</urlset>',
    ],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        read_sitemap(body, url=URL)


def test_a_sitemap_is_inspected_as_what_it_is() -> None:
    shown = inspect(PLAIN, url=URL)
    assert (shown["kind"], len(shown["entries"])) == ("sitemap", 2)
    assert looks_like_sitemap('<?xml version="1.0"?><!-- by hand --><sm:urlset>')
    assert title_in(
        "https://n.example/tin/v%E1%BB%A1-%C4%91%E1%BA%ADp-l%E1%BB%9Bn-20261124.htm"
    ) == ("vỡ đập lớn")


class Server:
    """Answers with what it is told to have, and knows what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.cut: dict[str, int] = {}
        """So many bytes come of a page before the connection ends."""
        self.asked: list[str] = []

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "",
    ) -> Fetched | NotModified:
        del last_modified, accept
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError("HTTP 404 Not Found", kind="http", status=404)
        tag = f'"{hash(self.pages[url])}"'
        if etag == tag:
            assert url not in self.cut, "what was cut has no validators"
            return NotModified(url=url, headers={"etag": tag})
        return Fetched(
            url=url,
            status=200,
            content_type="application/xml",
            charset=None,
            body=self.pages[url][: self.cut.get(url)],
            headers={"etag": tag},
            truncated=url in self.cut,
        )


class Polling:
    """A source, polled again and again as the daemon does."""

    def __init__(self, server: Server, robots: object = None) -> None:
        self.source = a_source("Site", kind="sitemap", url=URL)
        self.memory: dict[str, str] = {}
        self.pauses: list[float] = []
        self.kind = SitemapKind(
            server,
            lambda: NOON,
            pause=self.pauses.append,
            robots=robots,  # type: ignore[arg-type]
        )

    def poll(self) -> Polled:
        polled = self.kind.poll(self.source, lambda: dict(self.memory))
        self.memory.update(polled.remember)
        self.source = a_source("Site", kind="sitemap", url=URL, validators=dict(polled.validators))
        return polled


def of(*pages: str) -> bytes:
    listed = "".join(f"<url><loc>https://news.example/{page}</loc></url>" for page in pages)
    return f"<urlset>{listed}</urlset>".encode()


def index(*children: tuple[str, str]) -> bytes:
    listed = "".join(
        f"<sitemap><loc>https://news.example/{name}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "</sitemap>"
        for name, changed in children
    )
    return (INDEX % listed).encode()


def found(polled: Polled) -> set[str]:
    return {entry.url.removeprefix("https://news.example/") for entry in polled.entries}


def test_of_an_index_only_what_changed_is_fetched_again() -> None:
    server = Server()
    server.pages = {
        URL: index(("1.xml", "2026-11-01"), ("2.xml", "")),
        "https://news.example/1.xml": of("a"),
        "https://news.example/2.xml": of("b"),
    }
    polling = Polling(server)
    assert found(polling.poll()) == {"a", "b"}
    assert polling.pauses == [1.0, 1.0]
    server.asked.clear()
    again = polling.poll()
    assert again.unchanged
    assert server.asked == [URL, "https://news.example/2.xml"]
    server.pages["https://news.example/2.xml"] = of("b", "c")
    assert found(polling.poll()) == {"b", "c"}
    server.pages[URL] = index(("1.xml", "2026-11-02"), ("2.xml", ""))
    server.pages["https://news.example/1.xml"] = of("a", "d")
    assert found(polling.poll()) == {"a", "d"}


@pytest.mark.parametrize("lists", ["pages", "sitemaps"])
def test_what_a_cut_answer_has_not_listed_is_asked_for_again(lists: str) -> None:
    server, child = Server(), "https://news.example/1.xml"
    server.pages = {URL: of("a", "b")}
    if lists == "sitemaps":
        server.pages = {URL: index(("1.xml", "2026-11-01")), child: of("a", "b")}
    listing = child if lists == "sitemaps" else URL
    server.cut = {listing: server.pages[listing].index(b"/b<") + 1}
    polling = Polling(server)
    assert found(polling.poll()) == {"a"}
    server.cut = {}
    assert found(polling.poll()) == {"a", "b"}
    assert not polling.poll().entries


@pytest.mark.parametrize("answer", [b"<html><h1>Maintenance</h1></html>", None])
def test_a_sitemap_of_an_index_that_could_not_be_read_is_asked_for_again(
    answer: bytes | None,
) -> None:
    server, child = Server(), "https://news.example/1.xml"
    server.pages = {URL: index(("1.xml", "2026-11-01"))}
    if answer is not None:
        server.pages[child] = answer
    polling = Polling(server)
    assert not polling.poll().entries
    server.pages[child] = of("a")
    assert found(polling.poll()) == {"a"}


def test_sitemaps_that_are_missing_leave_others_their_turn() -> None:
    server = Server()
    names = [f"{number:02}.xml" for number in range(MOST_AT_ONCE + 1)]
    server.pages = {URL: index(*((name, "2026-11-01") for name in names))}
    polling = Polling(server)
    polling.poll()
    for name in names:
        if f"https://news.example/{name}" not in server.asked:
            server.pages[f"https://news.example/{name}"] = of("a")
    assert found(polling.poll()) == {"a"}


def test_a_long_index_is_read_a_few_at_a_time_news_and_newest_first() -> None:
    server = Server()
    days = [f"2026-11-{day:02}" for day in range(1, 29)]
    server.pages = {URL: index(*((f"{day}.xml", day) for day in days), ("news.xml", "2026-01-01"))}
    server.pages |= {f"https://news.example/{day}.xml": of(day) for day in days}
    server.pages["https://news.example/news.xml"] = of("now")
    polling = Polling(server)
    first = found(polling.poll())
    assert first == {"now", *days[-MOST_AT_ONCE + 1 :]}
    assert found(polling.poll()) == set(days[-2 * MOST_AT_ONCE + 1 : -MOST_AT_ONCE + 1])


def test_one_that_is_missing_or_leads_in_a_circle_spoils_nothing() -> None:
    server = Server()
    server.pages = {
        URL: index(("missing.xml", ""), ("sitemap.xml", ""), ("deep.xml", ""), ("1.xml", "")),
        "https://news.example/deep.xml": index(("deeper.xml", "")),
        "https://news.example/deeper.xml": index(("deepest.xml", "")),
        "https://news.example/1.xml": of("a"),
    }
    polled = Polling(server).poll()
    assert found(polled) == {"a"}
    assert any("404" in notice for notice in polled.notices)
    assert any("is not read" in notice for notice in polled.notices)
    assert server.asked.count(URL) == 1


def test_what_robots_may_not_fetch_is_not_fetched() -> None:
    class Robots:
        def refusal(self, url: str) -> FetchError | None:
            if not url.endswith("2.xml"):
                return None
            return FetchError("robots.txt forbids it", kind="robots")

    server = Server()
    server.pages = {URL: index(("1.xml", ""), ("2.xml", ""))}
    server.pages["https://news.example/1.xml"] = of("a")
    polled = Polling(server, Robots()).poll()
    assert found(polled) == {"a"}
    assert "https://news.example/2.xml" not in server.asked
    assert any("robots.txt" in notice for notice in polled.notices)


def test_a_slow_site_is_left_before_the_lease_ends() -> None:
    server = Server()
    server.pages = {URL: index(*((f"{n}.xml", "") for n in range(5)))}
    server.pages |= {f"https://news.example/{n}.xml": of(str(n)) for n in range(5)}
    clock = iter(NOON + timedelta(seconds=50 * n) for n in range(100))
    now: Callable[[], datetime] = lambda: next(clock)  # noqa: E731
    kind = SitemapKind(server, now, pause=lambda _: None)
    kind.poll(a_source("Site", kind="sitemap", url=URL), dict)
    assert len(server.asked) < 5
