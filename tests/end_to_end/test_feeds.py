"""Feeds: a quiet first poll, then one alert an article, however often and wherever it is listed."""

from pathlib import Path

import pytest

from tests.answers import conditional, reply
from tests.end_to_end.documents import item, rss
from tests.end_to_end.home import Home
from tests.servers import FaultServer


@pytest.fixture
def watching(home: Home) -> Home:
    """A home with the rule, on the console."""
    home.run("add-rule", "Hanoi Convention")
    return home


def test_the_first_poll_is_quiet_and_the_next_item_is_news(
    watching: Home, fault_server: FaultServer
) -> None:
    feed = fault_server.on("/feed", reply(rss([item(1), item(2)])))
    watching.run("add-source", feed, "--name", "example")
    watching.run("poll", "--all")
    assert len(watching.json("list-articles")) == 2
    assert watching.json("list-alerts", expect=1) == []

    fault_server.on("/feed", reply(rss([item(3), item(1), item(2)])))
    watching.run("poll", "--all")

    [alert] = watching.json("list-alerts")
    assert alert["article"]["title"].endswith("part 3")


def test_backfill_lets_the_newest_of_the_first_poll_speak(
    watching: Home, fault_server: FaultServer
) -> None:
    feed = fault_server.on("/feed", reply(rss([item(1), item(2), item(3)])))
    watching.run("add-source", feed, "--backfill", "2")
    watching.run("poll", "--all")
    assert len(watching.json("list-alerts")) == 2


def test_the_same_article_by_other_ways_is_one_article(
    watching: Home, fault_server: FaultServer
) -> None:
    plain = "https://news.example.com/story/7"
    one = fault_server.on("/one", reply(rss([item(1), item(7, link=plain)])))
    other = fault_server.on(
        "/two",
        reply(rss([item(7, link="http://news.example.com/story/7?utm_source=rss", guid="else")])),
    )
    watching.run("add-source", one, "--name", "one", "--backfill", "5")
    watching.run("add-source", other, "--name", "two", "--backfill", "5")
    watching.run("poll", "--all")
    fault_server.on("/one", reply(rss([item(7, link=plain, guid="a-new-guid")])))
    watching.run("poll", "--all")

    assert len(watching.json("list-articles")) == 2
    assert len(watching.json("list-alerts")) == 2


def test_a_quiet_first_poll_does_not_swallow_the_news_of_another_feed(
    watching: Home, fault_server: FaultServer
) -> None:
    early = fault_server.on("/early", reply(rss([item(1)])))
    late = fault_server.on("/late", reply(rss([item(2), item(1)])))
    watching.run("add-source", early, "--name", "early")
    watching.run("poll", "early")
    watching.run("add-source", late, "--name", "late")
    watching.run("poll", "late")
    assert watching.json("list-alerts", expect=1) == []

    fault_server.on("/early", reply(rss([item(2), item(1)])))
    watching.run("poll", "early")

    [alert] = watching.json("list-alerts")
    assert alert["article"]["title"].endswith("part 2")


def test_an_unchanged_feed_is_asked_for_with_its_validators(
    small_home: Home, fault_server: FaultServer
) -> None:
    feed = fault_server.on("/feed", conditional(rss([item(1)]), etag='"one"'))
    small_home.run("add-source", feed, "--name", "example")
    small_home.run("poll", "example")
    small_home.run("poll", "example")
    assert fault_server.seen("/feed")[-1].headers["if-none-match"] == '"one"'
    [source] = [
        source_ for source_ in small_home.json("list-sources") if source_["name"] == "example"
    ]
    assert (source["articles"], source["failures"]) == (1, 0)


def test_a_source_that_fails_is_named_and_stops_no_other(
    watching: Home, fault_server: FaultServer
) -> None:
    broken = fault_server.on("/broken", reply(status=503, headers={"retry-after": "3600"}))
    good = fault_server.on("/good", reply(rss([item(1)])))
    watching.run("add-source", broken, "--name", "broken", "--kind", "feed")
    watching.run("add-source", good, "--name", "good", "--backfill", "1")
    watching.run("poll", "--all", expect=None)
    states = {source["name"]: source for source in watching.json("list-sources")}
    assert "503" in states["broken"]["last_error"]
    assert states["broken"]["failures"] == 1
    assert states["broken"]["next_poll_at"] > states["good"]["next_poll_at"]
    assert len(watching.json("list-alerts")) == 1


def test_an_address_that_is_not_public_is_never_connected_to(
    tmp_path: Path, fault_server: FaultServer
) -> None:
    home = Home(tmp_path, MONITOR_ALLOW_PRIVATE="")
    home.run(
        "add-source", fault_server.url("/feed"), "--name", "inside", "--kind", "feed", expect=None
    )
    home.run("poll", "--all", expect=None)
    home.run("add-channel", "hook", fault_server.url("/hook"), expect=None)
    home.run("test-channel", "hook", expect=1)
    assert fault_server.connections == 0


def test_a_plain_article_page_is_one_article(watching: Home, fault_server: FaultServer) -> None:
    words = "The Hanoi Convention was discussed again by delegates of many countries. " * 8
    page = (
        "<!doctype html><html lang='en'><head><title>Delegates return to the table</title>"
        f"<meta property='article:published_time' content='2025-10-27T08:00:00Z'></head>"
        f"<body><article><h1>Delegates return to the table</h1><p>{words}</p></article></body>"
        "</html>"
    ).encode()
    url = fault_server.on("/news/table.html", reply(page, content_type="text/html"))
    watching.run("add-source", url, "--name", "page", "--kind", "page", "--backfill", "1")
    watching.run("poll", "page")
    [article] = watching.json("list-articles")
    assert article["title"] == "Delegates return to the table"
    assert article["published_at"] == "2025-10-27T08:00:00Z"
    assert len(watching.json("list-alerts")) == 1


def test_one_round_polls_every_feed_of_a_host(small_home: Home, fault_server: FaultServer) -> None:
    for name in ("one", "two", "three"):
        url = fault_server.on(f"/{name}", reply(rss([item(name)])))
        small_home.run("add-source", url, "--name", name, "--kind", "feed")
    small_home.run("run", "--once", "--no-starter")
    assert [len(fault_server.seen(f"/{name}")) for name in ("one", "two", "three")] == [1, 1, 1]
    assert fault_server.most_at_once == 1
