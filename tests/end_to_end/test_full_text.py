"""Summaries completed: the page of an article is read before rules are asked about it."""

from collections.abc import Sequence
from contextlib import ExitStack

import pytest

from tests.answers import reply
from tests.end_to_end.home import Home
from tests.servers import FaultServer

FILLER = "Delegates of many countries met again in the harbour town on Monday. "
ONLY_ON_THE_PAGE = "They will sign the Hanoi Convention next week, a speaker said."


def article(title: str, more: str = ONLY_ON_THE_PAGE) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title>"
        "<meta name='author' content='Ann Writer'>"
        "<meta property='article:published_time' content='2026-03-02T08:00:00Z'></head>"
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1><p>{FILLER * 4}</p>"
        f"<p>{more}</p><p>{FILLER * 3}</p></article></body></html>"
    )


def feed(links: Sequence[str]) -> str:
    items = (
        f"<item><title>Delegates meet again, day {number}</title><link>{link}</link>"
        f"<guid isPermaLink='false'>id-{number}</guid>"
        "<description>Delegates met on Monday.</description></item>"
        for number, link in enumerate(links)
    )
    return (
        "<rss version='2.0'><channel><title>News</title><link>https://news.example/</link>"
        f"{''.join(items)}</channel></rss>"
    )


@pytest.fixture
def watching(small_home: Home) -> Home:
    """A home with the rule, on the console."""
    small_home.run("add-rule", "Hanoi Convention")
    return small_home


def followed(home: Home, server: FaultServer, *pages: str, backfill: int = 5) -> None:
    """Follow a feed whose items lead to these pages, and poll it."""
    links = [
        server.on(f"/news/{number}.html", reply(page, content_type="text/html; charset=utf-8"))
        for number, page in enumerate(pages)
    ]
    url = server.on("/feed", reply(feed(links), content_type="application/rss+xml"))
    home.run("add-source", url, "--name", "news", "--kind", "feed", "--backfill", str(backfill))
    home.run("poll", "news")


def extracted(home: Home) -> dict[str, object]:
    """Return what `explain` says of where the text of the one article is from."""
    [stored] = home.json("list-articles")
    [shown] = home.json("explain", "Hanoi Convention", str(stored["id"]), expect=None)
    stages: list[dict[str, object]] = shown["stages"]
    return next(stage for stage in stages if stage["stage"] == "extracted")


def test_a_match_that_only_the_page_of_a_short_item_holds_is_found(
    watching: Home, fault_server: FaultServer
) -> None:
    followed(watching, fault_server, article("Delegates meet again, day 0"))
    [alert] = watching.json("list-alerts")
    [stored] = watching.json("show-article", alert["article"]["id"])
    assert stored["title"] == "Delegates meet again, day 0"
    assert ONLY_ON_THE_PAGE in stored["text"]
    assert stored["text"].startswith("Delegates met on Monday.")
    assert (stored["authors"], stored["language"]) == (["Ann Writer"], "en")
    assert stored["published_at"] == "2026-03-02T08:00:00Z"

    watching.run("poll", "news")
    assert len(fault_server.seen("/news/0.html")) == 1
    assert len(fault_server.seen("/robots.txt")) == 1


def test_a_silent_first_poll_asks_for_no_page_and_the_next_item_is_read_whole(
    watching: Home, fault_server: FaultServer
) -> None:
    followed(watching, fault_server, article("Delegates meet again, day 0"), backfill=0)
    assert len(fault_server.requests) == 1
    links = [fault_server.url("/news/0.html")]
    links.append(
        fault_server.on(
            "/news/1.html", reply(article("Delegates meet again, day 1"), content_type="text/html")
        )
    )
    fault_server.on("/feed", reply(feed(links), content_type="application/rss+xml"))
    watching.run("poll", "news")
    [alert] = watching.json("list-alerts")
    assert alert["article"]["title"] == "Delegates meet again, day 1"
    assert fault_server.seen("/news/0.html") == []
    assert fault_server.most_at_once == 1


def test_a_page_that_robots_txt_forbids_is_not_fetched_and_the_summary_stays(
    watching: Home, fault_server: FaultServer
) -> None:
    rules = "User-agent: *\nDisallow: /news/\n"
    fault_server.on("/robots.txt", reply(rules, content_type="text/plain"))
    followed(watching, fault_server, article("Delegates meet again, day 0"))
    assert fault_server.seen("/news/0.html") == []
    assert watching.json("list-alerts", expect=1) == []
    stage = extracted(watching)
    assert "the summary that the source gives" in str(stage["text"])
    [notice] = watching.json("show-source", "news")[0]["notices"]
    assert "robots.txt does not let newsroom-monitor fetch it" in str(notice)


def test_a_paywall_is_told_once_and_the_summary_stays(
    watching: Home, fault_server: FaultServer
) -> None:
    stub = (
        "<html><head><title>Delegates meet again, day</title></head><body><p>Pay.</p></body></html>"
    )
    followed(watching, fault_server, stub, stub)
    notices = watching.json("show-source", "news")[0]["notices"]
    assert len(notices) == 1
    assert "a paywall, perhaps" in str(notices[0])
    texts = {stored["id"] for stored in watching.json("list-articles")}
    assert len(texts) == 2


def test_the_articles_of_a_list_page_are_read_whole(
    watching: Home, fault_server: FaultServer
) -> None:
    titles = [f"Harbour town prepares for talks number {number}" for number in range(6)]
    for number, title in enumerate(titles):
        more = ONLY_ON_THE_PAGE if number == 2 else "Nothing was signed, a speaker said."
        page = article(title, more)
        fault_server.on(
            f"/news/harbour-town-talks-{number}.html", reply(page, content_type="text/html")
        )

    def listing(numbers: Sequence[int]) -> str:
        boxes = (
            f"<article class='teaser'><h2><a href='/news/harbour-town-talks-{number}.html'>"
            f"{titles[number]}</a></h2><p>More about it inside.</p></article>"
            for number in numbers
        )
        return (
            "<!doctype html><html lang='en'><head><title>Harbour section</title></head>"
            f"<body><main>{''.join(boxes)}</main></body></html>"
        )

    url = fault_server.on("/section/", reply(listing([0, 1, 3, 4, 5]), content_type="text/html"))
    watching.run("add-source", url, "--name", "section", "--kind", "page")
    watching.run("poll", "section")
    assert len(watching.json("list-articles")) == 5
    fault_server.on("/section/", reply(listing([2, 0, 1, 3, 4, 5]), content_type="text/html"))
    watching.run("poll", "section")
    [alert] = watching.json("list-alerts")
    assert alert["article"]["title"] == titles[2]
    [stored] = watching.json("show-article", alert["article"]["id"])
    assert ONLY_ON_THE_PAGE in stored["text"]


def test_the_daemon_reads_pages_in_a_process_that_ends_with_it(
    watching: Home, fault_server: FaultServer
) -> None:
    link = fault_server.on(
        "/news/0.html", reply(article("Delegates meet again, day 0"), content_type="text/html")
    )
    url = fault_server.on("/feed", reply(feed([link]), content_type="application/rss+xml"))
    watching.run("add-source", url, "--name", "news", "--kind", "feed", "--backfill", "5")
    with watching.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: watching.json("list-alerts", expect=None))
        assert daemon.stop() == 0
    assert "bug" not in daemon.logged


def test_a_round_of_cron_takes_in_all_that_is_new_however_many_sources_have_pages(
    watching: Home,
) -> None:
    watching.environ["MONITOR_POLL_THREADS"] = "2"
    with ExitStack() as stack:
        for number in range(1, 5):
            server = stack.enter_context(FaultServer(host=f"127.0.0.{number}"))
            page = article(f"Delegates meet again, day {number}")
            link = server.on("/1.html", reply(page, content_type="text/html; charset=utf-8"))
            listed = feed([link]).replace("day 0", f"day {number}")
            url = server.on("/feed", reply(listed, content_type="application/rss+xml"))
            watching.run("add-source", url, "--kind", "feed", "--backfill", "5")
        watching.run("run", "--once")
    stored = watching.json("list-articles")
    assert sorted(each["title"][-1] for each in stored) == ["1", "2", "3", "4"]
