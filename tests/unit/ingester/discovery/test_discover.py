"""What of a site can be followed, which is the best, and what is asked to find out."""

from datetime import UTC, datetime, timedelta

import pytest

from ingester.discovery.discover import LONGEST, MOST_REQUESTS, Discovered, discover
from ingester.entry import FetchError, ParseError
from ingester.fetch.ports import Fetched, Limits, NotModified
from ingester.kinds import SourceTools
from tests.reading import HereReader

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SITE = "https://harbour.example"
LINES = ("strike", "ferry", "storm", "vote", "bridge", "school", "market", "museum")


class Site:
    """Answers with what it is told to have, and knows what it was asked for."""

    def __init__(self, **pages: bytes) -> None:
        self.pages: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.trouble: FetchError = FetchError("HTTP 404 Not Found", kind="http", status=404)
        self.asked: list[str] = []
        self.pauses: list[float] = []
        self.told: list[str] = []
        self.robots = Robots()
        self.clock = NOON

    def get(
        self, url: str, *, accept: str = "", limits: Limits | None = None
    ) -> Fetched | NotModified:
        del accept, limits
        path = url.removeprefix(SITE)
        self.asked.append(path)
        path = self.moved.get(path, path)
        if path not in self.pages:
            raise self.trouble
        return Fetched(
            url=SITE + path if path.startswith("/") else path,
            status=200,
            content_type=self.types.get(path, "text/html"),
            charset=None,
            body=self.pages[path],
            headers=self.headers,
        )

    def discover(self, path: str = "/", *, thorough: bool = True) -> Discovered:
        return discover(
            SITE + path,
            SourceTools(
                fetcher=self,
                robots=self.robots,
                reader=HereReader(),
                now=lambda: self.clock,
                pause=self.pauses.append,
            ),
            thorough=thorough,
            tell=self.told.append,
        )


class Robots:
    """robots.txt as it is told to be."""

    def __init__(self) -> None:
        self.forbidden: set[str] = set()
        self.named: tuple[str, ...] = ()
        self.asks: timedelta | None = None

    def refusal(self, url: str) -> FetchError | None:
        if url.removeprefix(SITE) not in self.forbidden:
            return None
        return FetchError("robots.txt does not let us fetch it", kind="robots")

    def delay(self, url: str) -> timedelta | None:
        return self.asks

    def sitemaps(self, url: str) -> tuple[str, ...]:
        return self.named


def rss(
    *names: str, title: str = "Harbour News", link: str = SITE, year: int = 2026, text: str = ""
) -> bytes:
    items = "".join(
        f"<item><title>On the {name}</title><link>{SITE}/{name}</link>"
        f"<pubDate>Mon, 04 May {year} 0{n}:00:00 GMT</pubDate>"
        f"<description>{text or 'A summary.'}</description></item>"
        for n, name in enumerate(names)
    )
    head = f"<rss version='2.0'><channel><title>{title}</title><link>{link}</link>"
    return f"{head}{items}</channel></rss>".encode()


def page(*feeds: str, body: str = "") -> bytes:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="of {feed}" href="{feed}">'
        for feed in feeds
    )
    return f"<html><head><title>Harbour</title>{links}</head><body>{body}</body></html>".encode()


def news_sitemap(*names: str) -> bytes:
    listed = "".join(
        f"<url><loc>{SITE}/{name}</loc><n:news><n:publication_date>2026-05-04</n:publication_date>"
        f"<n:title>On the {name}</n:title></n:news></url>"
        for name in names
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{listed}</urlset>'
    ).encode()


def front() -> str:
    return "".join(
        f'<article><h2><a href="/2026/05/04/{name}-in-the-old-harbour-12345{n}">'
        f"The {name} in the old harbour moves many</a></h2></article>"
        for n, name in enumerate(LINES)
    )


def shown(discovered: Discovered) -> list[tuple[str, str, int]]:
    return [
        (candidate.url.removeprefix(SITE), candidate.kind, candidate.entries)
        for candidate in discovered.candidates
    ]


def test_the_declared_feed_with_most_entries_comes_first_then_the_rest() -> None:
    site = Site()
    site.pages = {
        "/": page("/few.xml", "/many.xml", body=front() + '<a href="/sport/rss">Sport</a>'),
        "/few.xml": rss("strike", "ferry"),
        "/many.xml": rss(*LINES[:4]),
        "/sport/rss": rss(*LINES, title="Sport"),
        "/feed": rss(*LINES[:3]),
        "/news.xml": news_sitemap("strike", "museum"),
        "/all.xml": b"<urlset><url><loc>https://harbour.example/strike</loc></url></urlset>",
    }
    site.robots.named = (f"{SITE}/all.xml", f"{SITE}/news.xml")
    discovered = site.discover()
    assert shown(discovered) == [
        ("/many.xml", "feed", 4),
        ("/few.xml", "feed", 2),
        ("/sport/rss", "feed", 8),
        ("/feed", "feed", 3),
        ("/news.xml", "sitemap", 2),
        ("/", "page", 8),
    ]
    assert discovered.best is discovered.candidates[0]
    best, few, sport, _, news, listed = discovered.candidates
    assert [candidate.declared for candidate in discovered.candidates] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert (best.title, sport.title, best.full_text) == ("Harbour News", "Sport", False)
    assert best.newest_at == datetime.fromisoformat("2026-05-04T03:00Z")
    assert [candidate.overlap for candidate in (best, few, sport, news, listed)] == [
        1,
        1,
        0.5,
        0.5,
        0,
    ]
    assert len(set(site.asked)) == len(site.asked) == discovered.requests
    assert site.told == [SITE + path for path in site.asked]


def test_there_is_a_pause_before_each_request_but_the_first() -> None:
    site = Site()
    site.pages = {"/": page("/feed.xml"), "/feed.xml": rss("strike")}
    assert len(site.discover().candidates) == 1
    assert site.pauses == [1.0] * (len(site.asked) - 1)
    site.pauses.clear()
    site.robots.asks = timedelta(seconds=4)
    site.discover()
    assert set(site.pauses) == {4.0}


def test_who_wants_only_the_best_asks_for_no_more_than_needed() -> None:
    site = Site()
    site.pages = {
        "/": page("/feed.xml", body='<a href="/sport/rss">Sport</a>'),
        "/feed.xml": rss("strike"),
        "/sport/rss": rss("ferry"),
    }
    assert shown(site.discover(thorough=False)) == [("/feed.xml", "feed", 1)]
    assert site.asked == ["/", "/feed.xml"]


def test_an_empty_or_missing_declared_feed_is_shown_and_not_taken() -> None:
    site = Site()
    site.pages = {
        "/": page("/empty.xml", "/missing.xml", "/page.html", "/comments/feed"),
        "/empty.xml": rss(),
        "/page.html": b"<html><body>moved</body></html>",
        "/comments/feed": rss("a#comment-1", "b#comment-2"),
        "/rss.xml": rss("strike"),
    }
    discovered = site.discover(thorough=False)
    assert shown(discovered) == [
        ("/rss.xml", "feed", 1),
        ("/comments/feed", "feed", 2),
        ("/empty.xml", "feed", 0),
        ("/missing.xml", "feed", 0),
        ("/page.html", "feed", 0),
    ]
    assert [candidate.problem for candidate in discovered.candidates[2:]] == [
        "the feed is empty",
        "HTTP 404 Not Found",
        "not a feed, though the page says so",
    ]


def test_a_declared_feed_that_is_empty_today_is_better_than_nothing() -> None:
    site = Site()
    site.pages = {"/": page("/missing.xml", "/empty.xml"), "/empty.xml": rss()}
    best = site.discover(thorough=False).best
    assert best
    assert (best.url, best.title, best.problem) == (
        f"{SITE}/empty.xml",
        "Harbour News",
        "the feed is empty",
    )
    site.pages = {"/": page("/missing.xml")}
    assert site.discover(thorough=False).best is None
    site.trouble = FetchError("HTTP 500 Internal Server Error", kind="http", status=500)
    best = site.discover(thorough=False).best
    assert best
    assert (best.url, best.title) == (f"{SITE}/missing.xml", "of /missing.xml")


@pytest.mark.parametrize("mark", ["#comment-7", "?showComment=7#c7", "#c1234"])
def test_what_readers_say_is_no_news(mark: str) -> None:
    site = Site()
    site.pages = {"/": page("/x.xml", "/y.xml"), "/y.xml": rss("ferry")}
    site.pages["/x.xml"] = rss(*(f"{name}{mark}" for name in LINES))
    assert [place[0] for place in shown(site.discover())] == ["/y.xml", "/x.xml"]
    site.pages["/x.xml"] = rss(*LINES, title="Kommentare")  # a newspaper's opinions
    assert [place[0] for place in shown(site.discover())] == ["/x.xml", "/y.xml"]


def test_a_forgotten_feed_comes_after_everything_that_is_alive() -> None:
    site = Site()
    site.pages = {
        "/": page("/old.xml", "/new.xml"),
        "/old.xml": rss(*LINES, year=2024),
        "/new.xml": rss("strike"),
    }
    assert [place[0] for place in shown(site.discover())] == ["/new.xml", "/old.xml"]
    site.pages = {"/": page("/old.xml"), "/old.xml": site.pages["/old.xml"], "/rss": rss("strike")}
    assert [place[0] for place in shown(site.discover(thorough=False))] == ["/rss", "/old.xml"]


def test_of_a_section_its_own_feed_comes_before_the_sites() -> None:
    site = Site()
    site.pages = {
        "/sport": page("/all.xml", "/sport.xml"),
        "/all.xml": rss(*LINES),
        "/sport.xml": rss("ferry", link=f"{SITE}/sport/"),
    }
    assert [place[0] for place in shown(site.discover("/sport"))] == ["/sport.xml", "/all.xml"]
    assert "/sport/feed" in site.asked


def test_of_feeds_that_are_only_linked_the_sites_own_comes_before_fuller_ones() -> None:
    site = Site()
    site.pages = {
        "/": page(body='<a href="/rss/sport.rss">Sport</a><a href="/rss/home.rss">Home</a>'),
        "/rss/sport.rss": rss(*LINES, link=f"{SITE}/sport"),
        "/rss/home.rss": rss(*LINES[:3], link=f"{SITE}/"),
    }
    assert [place[0] for place in shown(site.discover())] == ["/rss/home.rss", "/rss/sport.rss"]


def test_the_feeds_of_a_page_of_feeds_are_looked_at() -> None:
    site = Site()
    links = "".join(f'<a href="/rss/{name}.rss">{name}</a>' for name in LINES)
    site.pages = {
        "/": page(body='<a href="/all-of-them">RSS</a>'),
        "/all-of-them": page(body=links),
    }
    site.pages |= {f"/rss/{name}.rss": rss(name, title=name) for name in LINES}
    discovered = site.discover()
    assert {candidate.title for candidate in discovered.candidates} == set(LINES)
    site.pages["/all-of-them"] = page(
        body="".join(f'<a href="/{n}.rss">{n}</a>' for n in range(500))
    )
    site.asked.clear()
    site.discover()
    assert sum(path.endswith(".rss") for path in site.asked) == 20


def test_a_site_that_answers_everything_with_its_front_page_has_no_feed() -> None:
    site = Site()
    for path in ("/", "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/sitemap.xml"):
        site.pages[path] = page(body=front())
    discovered = site.discover()
    assert shown(discovered) == [("/", "page", 8)]
    assert discovered.best is discovered.candidates[0]


def test_the_same_feed_in_two_places_is_one() -> None:
    site = Site()
    site.pages = {"/": page("/feed/"), "/feed/": rss("strike"), "/world": rss("strike")}
    site.moved = {"/rss": "/feed/", "/rss.xml": "/world", "/feed.xml": "/world"}
    assert [place[0] for place in shown(site.discover())] == ["/feed/", "/rss.xml"]


def test_of_an_index_of_sitemaps_that_of_news_is_found() -> None:
    site = Site()
    site.pages = {
        "/": page(),
        "/index-of-all.xml": (
            b"<sitemapindex><sitemap><loc>https://harbour.example/2026.xml</loc></sitemap>"
            b"<sitemap><loc>https://harbour.example/news-0.xml</loc></sitemap></sitemapindex>"
        ),
        "/news-0.xml": news_sitemap("strike"),
    }
    site.robots.named = (f"{SITE}/index-of-all.xml",)
    assert shown(site.discover()) == [("/news-0.xml", "sitemap", 1)]
    site.pages["/news-0.xml"] = b"<urlset><url><loc>https://harbour.example/a</loc></url></urlset>"
    assert shown(site.discover()) == [("/index-of-all.xml", "sitemap", 1)]


def test_whole_articles_are_told_from_summaries() -> None:
    site = Site()
    site.pages = {"/": page("/feed.xml"), "/feed.xml": rss("strike", text="Long words. " * 300)}
    [feed] = site.discover(thorough=False).candidates
    assert feed.full_text is True


def test_a_feed_or_a_sitemap_given_itself_is_the_one_candidate() -> None:
    site = Site()
    site.pages = {"/x": rss("strike"), "/map": news_sitemap("a"), "/bad": b"<rss><channel><item"}
    site.pages["/lines"] = b"https://harbour.example/a\nhttps://harbour.example/b\n"
    kinds = {"/x": "feed", "/map": "sitemap", "/bad": "feed", "/lines": "sitemap"}
    for path, kind in kinds.items():
        discovered = site.discover(path)
        assert not discovered.is_page
        assert [(candidate.url, candidate.kind) for candidate in discovered.candidates] == [
            (SITE + path, kind)
        ]
        assert discovered.best
    assert site.asked == list(kinds)


def test_the_link_header_is_read() -> None:
    site = Site()
    site.headers = {"link": '</f.xml>; rel="alternate"; type="application/rss+xml"'}
    site.pages = {"/": page(), "/f.xml": rss("strike")}
    [feed] = site.discover().candidates
    assert feed.declared


def test_a_page_that_robots_forbids_is_not_fetched_nor_are_guesses() -> None:
    site = Site()
    site.robots.forbidden = {"/", "/feed"}
    with pytest.raises(FetchError, match="robots"):
        site.discover()
    assert site.asked == []
    site.robots.forbidden = {"/feed", "/rss.xml"}
    site.pages = {"/": page("/rss.xml"), "/rss.xml": rss("strike")}
    discovered = site.discover()
    assert "/feed" not in site.asked
    assert [place[0] for place in shown(discovered)] == [
        "/rss.xml"
    ]  # it is declared: meant to be read
    assert any("robots.txt" in notice for notice in discovered.notices)


def test_a_site_that_asks_for_a_pause_gets_it() -> None:
    site = Site()
    site.pages = {"/": page("/a.xml", "/b.xml")}
    site.trouble = FetchError("HTTP 429 Too Many Requests", kind="http", status=429)
    discovered = site.discover()
    assert site.asked == ["/", "/a.xml"]
    assert any("asks us to wait" in notice for notice in discovered.notices)


def test_a_site_that_does_not_answer_is_left_alone() -> None:
    site = Site()
    site.pages = {"/": page()}
    site.trouble = FetchError("no connection", kind="connect")
    assert "3 requests in a row failed" in site.discover().notices[0]
    assert len(site.asked) == 4


def test_no_site_gets_more_than_so_many_requests_nor_so_much_time() -> None:
    site = Site()
    links = "".join(f'<a href="/{n}/rss">{n}</a>' for n in range(99))
    site.pages = {"/": page(*(f"/{n}.xml" for n in range(99)), body=links)}
    discovered = site.discover()
    assert len(site.asked) <= MOST_REQUESTS
    site.asked.clear()
    site.pauses = Slow(site)
    discovered = site.discover()
    assert "there may be more" in discovered.notices[0]
    assert len(site.asked) <= LONGEST / timedelta(seconds=30) + 1


class Slow(list[float]):
    """Pauses that take half a minute each."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site

    def append(self, seconds: float) -> None:
        self._site.clock += timedelta(seconds=30)


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.7", b"\x89PNG\r\n", b"plain words", b"<opml/>", b'{"a": 1}']
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    site = Site()
    site.pages = {"/x": body}
    with pytest.raises(ParseError, match="neither a feed nor a page"):
        site.discover("/x")


def test_a_service_that_refuses_its_page_may_still_give_its_feed() -> None:
    site = Site()
    site.pages = {"/@pilot.rss": rss("strike", "ferry")}
    assert shown(site.discover("/@pilot")) == [("/@pilot.rss", "feed", 2)]
    assert site.asked == ["/@pilot", "/@pilot.rss"]


def test_what_is_only_guessed_is_not_asked_for_where_robots_forbids_it() -> None:
    site = Site()
    site.pages = {"/@pilot": page(), "/@pilot.rss": rss("strike")}
    site.robots.forbidden = {"/@pilot", "/@pilot.rss"}
    with pytest.raises(FetchError, match="robots"):
        site.discover("/@pilot")
    assert site.asked == []


def test_a_service_that_asks_to_wait_is_not_asked_for_its_feed() -> None:
    site = Site()
    site.pages = {"/@pilot.rss": rss("strike")}
    site.trouble = FetchError("HTTP 429 Too Many Requests", kind="http", status=429)
    with pytest.raises(FetchError):
        site.discover("/@pilot")
    assert site.asked == ["/@pilot"]


def test_the_known_feed_of_a_service_comes_before_guesses() -> None:
    site = Site()
    site.pages = {"/@pilot": page(), "/@pilot.rss": rss("strike", "ferry")}
    assert shown(site.discover("/@pilot", thorough=False)) == [("/@pilot.rss", "feed", 2)]
    assert site.asked == ["/@pilot", "/@pilot.rss"]
