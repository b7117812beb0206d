"""robots.txt: what it says, and what it means when it cannot be had."""

import json
import zipfile
from datetime import datetime, timedelta

import pytest

from ingester.entry import FetchError
from ingester.fetch.http import HttpFetcher
from ingester.fetch.ports import Fetched, NotModified
from ingester.fetch.robots import BELIEVED, FRESH, LIMITS, UNREACHED, CachedRobots
from ingester.fetch.robots_rules import read_robots
from ingester.pages.kind import PageKind
from tests.answers import Answer, chunked, cut, endless, head, reply, zipped
from tests.builders import NOON, a_source
from tests.places import SHARED
from tests.servers import FaultServer

DATA = SHARED / "data"
SITE = "https://news.example"


def allows(text: str, path: str, robot: str = "newsroom-monitor") -> bool:
    return read_robots(text, robot=robot).allows(SITE + path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /a*b*c", "/aXbXc", False),
        ("User-agent: *\nDisallow: /a*b*c", "/aXcXb", True),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /*", "/", False),
        ("User-agent: *\nDisallow: /x?q=", "/x?q=1", False),
        ("User-agent: *\nDisallow: /tin/vỡ", "/tin/v%e1%bb%a1-dap", False),
        ("User-agent: Newsroom-Monitor\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/y", True),
        ("User-agent: other\nDisallow: /", "/x", True),
        ("User-agent: a\nUser-agent: *\n\nDisallow: /x", "/x", False),
        ("User-agent: *\nDisallow: /x\nUser-agent: b\nDisallow: /y", "/y", True),
        ("\ufeffuser-agent : *\r\nDISALLOW /x # not\r\n", "/x", False),
        ("<html><body>Not found</body></html>", "/x", True),
    ],
)
def test_the_longest_rule_that_fits_decides(text: str, path: str, expected: bool) -> None:
    assert allows(text, path) is expected


def test_delays_and_sitemaps_are_read() -> None:
    rules = read_robots(
        "Sitemap: https://news.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x\n"
        "Crawl-delay: soon\nSitemap: https://news.example/n.xml",
        robot="newsroom-monitor",
    )
    assert rules.delay == timedelta(seconds=2.5)
    assert rules.sitemaps == ("https://news.example/s.xml", "https://news.example/n.xml")


class Server:
    """One robots.txt: a body, or an error."""

    def __init__(self, answer: bytes | FetchError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, url: str, **_: object) -> Fetched | NotModified:
        self.asked.append(url)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return Fetched(
            url=url, status=200, content_type="text/plain", charset=None, body=self.answer
        )


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def test_a_site_is_asked_once_a_day() -> None:
    server, clock = Server(b"User-agent: *\nDisallow: /private"), Clock()
    robots = CachedRobots(server, clock)
    assert robots.refusal(f"{SITE}/1") is None
    assert "does not let" in str(robots.refusal(f"{SITE}/private/1"))
    assert robots.sitemaps(SITE) == ()
    assert server.asked == [f"{SITE}/robots.txt"]
    robots.refusal("https://news.example:8443/1")
    assert server.asked[1:] == ["https://news.example:8443/robots.txt"]
    clock.time += FRESH
    server.answer = b""
    assert robots.refusal(f"{SITE}/private/1") is None


def error(status: int | None) -> FetchError:
    return FetchError(f"HTTP {status}", kind="http" if status else "connect", status=status)


@pytest.mark.parametrize(
    ("status", "is_allowed"), [(404, True), (403, True), (429, False), (503, False), (None, False)]
)
def test_what_a_missing_robots_txt_means(status: int | None, is_allowed: bool) -> None:
    robots = CachedRobots(Server(error(status)), Clock())
    assert (robots.refusal(f"{SITE}/1") is None) is is_allowed


@pytest.mark.parametrize("kind", ["dns", "offline", "connect", "timeout", "tls", "address"])
def test_a_site_that_cannot_be_asked_refuses_nothing(kind: str) -> None:
    """Whose fault that is is judged by the kind: a network that is away is not the site's."""
    server, clock = Server(FetchError("the reason", kind=kind)), Clock()
    robots = CachedRobots(server, clock)
    refusal = robots.refusal(f"{SITE}/1")
    assert refusal is not None
    assert (str(refusal), refusal.kind) == ("the reason", kind)
    server.answer = b""
    clock.time += timedelta(minutes=1)
    assert robots.refusal(f"{SITE}/1") is None


_RULES = b"User-agent: *\nDisallow: /private\n"
_FILLER = b"Disallow: /x\n" * (11 << 20 >> 3)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(endless(head(200), _RULES + _FILLER), id="endless"),
        pytest.param(reply(_RULES + _FILLER), id="declared"),
        pytest.param(zipped(_RULES + _FILLER), id="packed"),
        pytest.param(chunked(_RULES, _FILLER), id="in chunks"),
        pytest.param(reply((_RULES + _FILLER).replace(b"\n", b"\r")), id="as of old"),
    ],
)
def test_of_a_robots_txt_beyond_all_bounds_the_beginning_counts(
    fetcher: HttpFetcher, server: FaultServer, answer: Answer
) -> None:
    site = server.on("/robots.txt", answer).removesuffix("/robots.txt")
    robots = CachedRobots(fetcher, Clock())
    assert robots.refusal(f"{site}/private/1") is not None
    assert robots.refusal(f"{site}/late") is None


@pytest.mark.parametrize("is_cut", [True, False], ids=["the connection breaks", "it is too long"])
def test_no_rule_is_read_to_its_half(
    fetcher: HttpFetcher, server: FaultServer, is_cut: bool
) -> None:
    half = b"Disallow: /abc"
    room = LIMITS.size_bytes - len(_RULES) - len(half) - 1
    whole = _RULES + (b"" if is_cut else b"#" * room + b"\n") + half + b"def\n"
    answer = cut(whole, after=len(_RULES) + len(half)) if is_cut else reply(whole)
    site = server.on("/robots.txt", answer).removesuffix("/robots.txt")
    robots = CachedRobots(fetcher, Clock())
    assert robots.refusal(f"{site}/abcabc") is None
    assert robots.refusal(f"{site}/private/1") is not None


def test_a_robots_txt_that_leads_where_we_may_not_go_refuses() -> None:
    """The site did answer: nobody is to allow an address for it."""
    led = "redirected to 10.0.0.1: address 10.0.0.1 is not public"
    server, clock = Server(FetchError(led, kind="address", is_led_on=True)), Clock()
    robots = CachedRobots(server, clock)
    refusal = robots.refusal(f"{SITE}/1")
    assert refusal is not None
    assert refusal.kind == "robots"
    assert f"{SITE}/robots.txt cannot be had ({led})" in str(refusal)
    server.answer = b""
    clock.time += UNREACHED - timedelta(seconds=1)
    assert robots.refusal(f"{SITE}/1") is not None, "it is not asked every minute"


def test_a_site_that_answers_without_a_robots_txt_refuses_by_it() -> None:
    robots = CachedRobots(Server(error(503)), Clock())
    refusal = robots.refusal(f"{SITE}/1")
    assert refusal is not None
    assert refusal.kind == "robots"
    assert "robots.txt cannot be had" in str(refusal)


def test_what_was_read_counts_while_it_cannot_be_had() -> None:
    server, clock = Server(b"User-agent: *\nDisallow: /private"), Clock()
    robots = CachedRobots(server, clock)
    robots.refusal(SITE)
    server.answer = error(503)
    clock.time += FRESH
    assert robots.refusal(f"{SITE}/1") is None
    assert robots.refusal(f"{SITE}/private") is not None
    clock.time += UNREACHED
    assert robots.refusal(f"{SITE}/1") is None
    clock.time += BELIEVED
    assert "cannot be had" in str(robots.refusal(f"{SITE}/1"))
    clock.time += UNREACHED
    server.answer = b""
    assert robots.refusal(f"{SITE}/1") is None


if (DATA / "vectors" / "robots").is_dir():

    def test_the_published_vectors_hold() -> None:
        path = DATA / "vectors" / "robots" / "google-robots.json"
        for case in json.loads(path.read_text(encoding="utf-8")):
            rules = read_robots(case["robots"], robot=case["agent"])
            assert rules.allows(case["url"]) is case["allowed"], case

    def test_real_files_are_read() -> None:
        with zipfile.ZipFile(DATA / "corpus" / "robots" / "real-robots-txt.zip") as real:
            for name in real.namelist():
                text = real.read(name).decode("utf-8", "replace")
                read_robots(text, robot="newsroom-monitor").allows("https://news.example/1")


def test_a_page_that_robots_may_not_fetch_is_not_fetched() -> None:
    server = Server(b"User-agent: *\nDisallow: /private")
    kind = PageKind(server, Clock(), robots=CachedRobots(server, Clock()))  # type: ignore[arg-type]
    with pytest.raises(FetchError, match="does not let"):
        kind.poll(a_source(kind="page", url=f"{SITE}/private/1"), dict)
    assert server.asked == [f"{SITE}/robots.txt"]
