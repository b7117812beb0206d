"""Naming a site: what is followed of it, and what `discover` shows."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.base import clock
from monitor.base.times import show_instant
from tests.answers import Answer, reply
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

TODAY = clock.now().replace(microsecond=0)
SITE = "https://harbour.example"
DECLARED = '<link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">'
HEADLINES = "".join(
    f'<article><h2><a href="/2026/05/0{n}/the-old-harbour-is-news-again-12345{n}">'
    f"The old harbour is in the news again, part {n}</a></h2></article>"
    for n in range(1, 8)
)


def html(head: str = "", body: str = "", title: str = "Harbour") -> Answer:
    text = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return reply(text.encode(), content_type="text/html")


def rss(title: str, *names: str, at: datetime = TODAY) -> Answer:
    items = "".join(
        f"<item><title>On {name}</title><link>{SITE}/{name}</link>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for name in names
    )
    text = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
    return reply(text.encode(), content_type="application/rss+xml")


@pytest.fixture
def site(fault_server: FaultServer) -> FaultServer:
    """A site with a declared feed, and a section's feed that is only linked."""
    fault_server.on("/", html(DECLARED, '<a href="/sport/rss">Sport</a>'))
    fault_server.on("/all.xml", rss("Harbour News", "a", "b", "c"))
    fault_server.on("/sport/rss", rss("Sport", "c", "d"))
    return fault_server


def test_of_a_site_the_declared_feed_is_followed_and_said(
    monitor: Monitor, site: FaultServer
) -> None:
    said = monitor("add-source", site.url("/"))
    assert 'Following feed "Harbour News" every 15m.' in said
    assert f"Took the feed {site.url('/all.xml')} (3 entries), which the page declares" in said
    assert f"discover {site.url('/')}" in said
    [source] = monitor.json("list-sources")
    assert (source["kind"], source["url"]) == ("feed", site.url("/all.xml"))
    assert [request.path for request in site.requests] == ["/robots.txt", "/", "/all.xml"]
    monitor("add-source", site.url("/"), expect=1)
    assert 'already followed as "Harbour News"' in monitor.err


def test_discover_shows_all_that_can_be_followed(monitor: Monitor, site: FaultServer) -> None:
    best, sport = monitor.json("discover", site.url("/"))
    assert best == {
        "url": site.url("/all.xml"),
        "kind": "feed",
        "title": "Harbour News",
        "entries": 3,
        "newest_at": show_instant(TODAY),
        "full_text": False,
        "overlap": 1.0,
        "declared": True,
        "chosen": True,
        "found": "declared",
        "news": False,
        "problem": None,
    }
    assert (sport["url"], sport["overlap"], sport["declared"], sport["chosen"]) == (
        site.url("/sport/rss"),
        0.5,
        False,
        False,
    )
    shown = monitor("discover", site.url("/"))
    assert [line[:1] for line in shown.splitlines()[:3]] == ["B", "*", " "]
    monitor("list-sources", expect=1)


def test_a_site_without_a_feed_is_followed_by_its_list_of_articles(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/", html(body=HEADLINES))
    assert "It is a list page with 7 articles; no feed found." in monitor("add-source", url)
    [source] = monitor.json("list-sources")
    assert (source["kind"], source["url"]) == ("page", url)


def test_a_sitemap_of_news_comes_before_the_list_page(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/", html(body=HEADLINES))
    there = fault_server.on(
        "/latest.xml",
        reply(
            b'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>'
            b"<loc>https://harbour.example/a</loc><n:news><n:title>A</n:title></n:news></url></urlset>"
        ),
    )
    fault_server.on("/robots.txt", reply(f"Sitemap: {there}".encode(), content_type="text/plain"))
    assert "Took the sitemap of news" in monitor("add-source", url)
    [source] = monitor.json("list-sources")
    assert (source["kind"], source["url"]) == ("sitemap", there)


def test_a_page_with_nothing_is_one_article_with_a_warning(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/about", html(body="<p>" + "Words of a page. " * 40))
    assert monitor.one("add-source", url)["kind"] == "page"
    assert "followed as one article" in monitor.err
    monitor("discover", url, expect=1)
    assert "Nothing to follow" in monitor.err


def test_a_page_that_asks_to_log_in_is_not_followed(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    form = "<form><input name=user><input type=password><button>Log in</button></form>"
    url = fault_server.on("/news", html(body=f"<h1>Log in</h1>{form}", title="Log in"))
    monitor("add-source", url, expect=1)
    assert "the site shows the page only to those who log in; nothing is followed" in monitor.err
    assert "(--anyway does" in monitor.err
    assert monitor.json("list-sources", expect=1) == []
    assert monitor.one("add-source", url, "--anyway")["kind"] == "page"
    assert "tried again at each poll" in monitor.err


def test_a_check_for_robots_may_be_over_the_next_time(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on(
        "/news", html(body="<p>Checking your browser</p>", title="Just a moment...")
    )
    assert monitor.one("add-source", url)["kind"] == "page"
    assert "a check for robots instead of the page" in monitor.err


def test_a_feed_given_itself_is_simply_followed(monitor: Monitor, site: FaultServer) -> None:
    said = monitor("add-source", site.url("/sport/rss"))
    assert said == 'Following feed "Sport" every 15m.\n'
    assert [request.path for request in site.requests] == ["/sport/rss"]
    [shown] = monitor.json("discover", site.url("/sport/rss"))
    assert (shown["found"], shown["declared"], shown["chosen"]) == ("given", False, True)


def test_a_feed_that_was_forgotten_is_said(monitor: Monitor, site: FaultServer) -> None:
    site.on("/all.xml", rss("Harbour News", "a", at=TODAY - timedelta(days=1000)))
    site.on("/sport/rss", reply(status=404))
    monitor("add-source", site.url("/"))
    assert "Warning: the newest of its entries is 1000 days old" in monitor.err


def test_a_page_that_robots_forbids_is_said(monitor: Monitor, site: FaultServer) -> None:
    site.on("/robots.txt", reply(b"User-agent: *\nDisallow: /\n", content_type="text/plain"))
    for command in ("add-source", "discover"):
        monitor(command, site.url("/"), expect=1)
        assert "robots.txt does not let newsroom-monitor fetch it" in monitor.err
    assert not site.seen("/")


def test_how_a_source_is_read_can_be_said_and_changed(monitor: Monitor, site: FaultServer) -> None:
    source = monitor.one("add-source", site.url("/"), "--full-text")
    assert source["options"] == {"full_text": "yes"}
    assert "--full-text" in monitor("list-sources")
    assert monitor.one("edit-source", "Harbour News", "--no-full-text")["options"] == {
        "full_text": "no"
    }
    assert monitor.one("edit-source", "Harbour News", "--auto-text")["options"] == {}
    page = monitor.one("add-source", site.url("/press"), "--selector", "h3 a")
    assert (page["kind"], page["options"]) == ("page", {"selector": "h3 a"})
    assert "--selector 'h3 a'" in monitor("show-source", page["id"])
    assert monitor.one("edit-source", page["id"], "--selector", "none")["options"] == {}


def test_a_source_gets_another_name_pace_and_tags_in_rules_too(
    monitor: Monitor, site: FaultServer
) -> None:
    monitor("add-source", site.url("/"), "--tag", "old", "--backfill", "2")
    monitor("add-rule", "strike", "--source", "Harbour News")
    words = ("--name", "Harbour", "--every", "5m", "--tag", "new", "--untag", "old")
    edited = monitor.one("edit-source", "Harbour News", *words, "--backfill", "3")
    assert (edited["name"], edited["every"], edited["tags"], edited["backfill"]) == (
        "Harbour",
        "5m",
        ["new"],
        3,
    )
    assert monitor.one("list-rules")["sources"] == ["Harbour"]
    assert monitor.one("edit-source", "Harbour", "--tag", "none")["tags"] == []
    assert monitor.one("edit-source", "Harbour", "--tag", "a", "--every", "none")["every"] == "15m"
    edited = monitor.one("edit-source", "Harbour", "--tag", "none", "--tag", "b")
    assert edited["tags"] == ["b"]  # instead of those so far


def test_who_is_polled_more_often_does_not_wait_out_the_old_interval(
    monitor: Monitor, site: FaultServer
) -> None:
    monitor("add-source", site.url("/"), "--every", "7d")
    monitor("poll", "Harbour News")
    waits = monitor.one("list-sources")["next_poll_at"]
    soon = monitor.one("edit-source", "Harbour News", "--every", "5m")["next_poll_at"]
    assert soon < show_instant(TODAY + timedelta(hours=1)) < waits
    later = monitor.one("edit-source", "Harbour News", "--every", "1h")["next_poll_at"]
    assert later == soon


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        pytest.param((), "nothing to change", 2, id="nothing"),
        pytest.param(("--selector", "h3"), "a selector is for pages", 2, id="no page"),
        pytest.param(("--untag", "x"), 'has no tag "x"', 1, id="no such tag"),
        pytest.param(("--name", "Other"), "is there already", 1, id="a name that is taken"),
        pytest.param(("--every", "1s"), "too often", 2, id="too often"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    monitor: Monitor, site: FaultServer, words: tuple[str, ...], said: str, code: int
) -> None:
    monitor("add-source", site.url("/all.xml"), "--kind", "feed", "--name", "One")
    monitor("add-source", site.url("/sport/rss"), "--kind", "feed", "--name", "Other")
    before = monitor.json("list-sources")
    monitor("edit-source", "One", *words, expect=code)
    assert said in monitor.err
    assert monitor.json("list-sources") == before


def test_a_selector_that_cannot_be_read_is_refused_before_anything_is_fetched(
    monitor: Monitor, site: FaultServer
) -> None:
    monitor("add-source", site.url("/"), "--selector", "h3[", expect=2)
    assert '"h3[" is no CSS selector' in monitor.err
    monitor("add-source", str(monitor.home), "--full-text", expect=2)
    assert site.requests == []


def test_a_saved_page_is_read_without_the_network(monitor: Monitor) -> None:
    file = monitor.home / "front.html"
    file.write_text(f'{DECLARED}<!-- {DECLARED} --><a href="/sport/rss">Sport</a>')
    [feed] = monitor.json("discover", str(file), "--url", f"{SITE}/news/")
    assert (feed["url"], feed["title"], feed["declared"], feed["chosen"]) == (
        f"{SITE}/all.xml",
        "All",
        True,
        True,
    )
    assert set(feed) == set(json.loads(_LINE))
    assert "1 more link may lead to feeds" in monitor("discover", str(file))
    file.write_text('<a href="/sport/rss">Sport</a>')
    [linked] = monitor.json("discover", str(file), "--url", SITE)
    assert (linked["url"], linked["declared"]) == (f"{SITE}/sport/rss", False)
    file.write_text("<p>nothing</p>")
    assert monitor.json("discover", str(file), expect=1) == []
    monitor("discover", str(file), "--url", "harbour", expect=2)
    monitor("discover", str(monitor.home), expect=2)
    monitor("discover", SITE, "--url", SITE, expect=2)
    monitor("discover", "missing.html", expect=2)
    assert "missing.html" in monitor.err
    monitor("discover", "harbour.example", expect=2)
    assert "did you mean https://harbour.example ?" in monitor.err


_LINE = (
    '{"url":0,"kind":0,"title":0,"entries":0,"newest_at":0,"full_text":0,"overlap":0,'
    '"declared":0,"chosen":0,"found":0,"news":0,"problem":0}'
)


def test_rules_as_files_say_how_sources_are_read(monitor: Monitor) -> None:
    file = Path(monitor.home / "rules.yaml")
    sources = """sources:
- {name: One, url: https://one.example/, kind: page, selector: h3 a, full_text: yes}
- {name: Two, url: https://two.example/sitemap.xml, kind: sitemap, full_text: false}
- {name: Three, url: https://three.example/feed}
"""
    file.write_text(sources)
    monitor("apply", str(file))
    stored = {source["name"]: source["options"] for source in monitor.json("list-sources")}
    assert stored == {
        "One": {"full_text": "yes", "selector": "h3 a"},
        "Two": {"full_text": "no"},
        "Three": {},
    }
    file.write_text(monitor("export-rules"))
    assert "selector: h3 a" in file.read_text()
    monitor("apply", str(file))
    assert {source["name"]: source["options"] for source in monitor.json("list-sources")} == stored
    file.write_text(sources.replace(", selector: h3 a, full_text: yes", ""))
    monitor("apply", str(file))
    [one] = [source for source in monitor.json("list-sources") if source["name"] == "One"]
    assert one["options"] == {}
    file.write_text(sources.replace("h3 a", "'h3['").replace("kind: sitemap, ", "selector: a, "))
    monitor("lint-rules", str(file), expect=2)
    assert "rules.yaml:2" in monitor.out + monitor.err
    assert "is no CSS selector" in monitor.out + monitor.err
    assert "a selector is for pages" in monitor.out + monitor.err
