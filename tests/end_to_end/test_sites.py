"""Naming a site, and getting its news: by its feed, or by the headlines of its page."""

from tests.answers import reply
from tests.end_to_end.documents import item, rss
from tests.end_to_end.home import Home
from tests.servers import FaultServer

FEED = '<link href="/news.xml" type="application/rss+xml" rel="alternate" title="News">'


def html(body: str, head: str = "") -> bytes:
    return f"<html><head><title>Harbour</title>{head}</head><body>{body}</body></html>".encode()


def headlines(*titles: str) -> bytes:
    listed = "".join(
        f'<li class="story"><h3><a href="/news/{title.lower().replace(" ", "-")}-20260504">{title}'
        f'</a></h3></li><li><a href="/about">About us</a></li>'
        for title in titles
    )
    return html(f"<ul>{listed}</ul>")


def test_a_site_is_followed_by_the_feed_that_it_declares(
    home: Home, fault_server: FaultServer
) -> None:
    home.run("add-rule", "Hanoi Convention")
    site = fault_server.on("/", reply(html("Hello", FEED), content_type="text/html"))
    fault_server.on("/news.xml", reply(rss([item(1)]), content_type="application/rss+xml"))
    said = home.run("add-source", site, "--name", "harbour", "--no-full-text").stdout
    assert "which the page declares" in said
    home.run("poll", "harbour")
    fault_server.on("/news.xml", reply(rss([item(2), item(1)])))
    home.run("poll", "harbour")
    [alert] = home.json("list-alerts")
    assert alert["article"]["title"].endswith("part 2")


def test_a_page_without_a_feed_is_followed_by_what_a_selector_finds(
    home: Home, fault_server: FaultServer
) -> None:
    home.run("add-rule", "Hanoi Convention")
    first = ["Ferry late again this evening", "Bridge closed until next spring"]
    page = fault_server.on("/press", reply(headlines(*first), content_type="text/html"))
    home.run("add-source", page, "--selector", "li.story a", "--no-full-text", "--name", "press")
    home.run("poll", "press")
    assert {article["title"] for article in home.json("list-articles")} == set(first)
    fault_server.on("/press", reply(headlines("Hanoi Convention signed at last", *first)))
    home.run("poll", "press")
    [alert] = home.json("list-alerts")
    assert alert["article"]["url"].endswith("/news/hanoi-convention-signed-at-last-20260504")
    home.run("edit-source", "press", "--selector", "li.gone a")
    assert home.json("list-sources")[0]["options"]["selector"] == "li.gone a"


def test_discover_works_on_a_saved_page_without_a_home(home: Home) -> None:
    file = home.path.parent / "front.html"
    file.write_bytes(html("Hello", FEED))
    [feed] = home.json("discover", str(file), "--url", "https://harbour.example/")
    assert (feed["url"], feed["declared"]) == ("https://harbour.example/news.xml", True)
    assert not home.path.exists()
