"""The site under a path of another, and behind another server's TLS."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from monitor.app import App
from tests.stored import fill
from tests.unit.monitor.web.asking import Browser, app

__all__ = ["app"]

HOST = "example.org"
SHOWN = {"value", "title", "content", "placeholder", "aria-label", "data-sure"}
"""Attributes that people read, or that are sent back as they are."""


class Links(HTMLParser):
    """Gathers what leads to a path of this host: attributes of any name, and forms apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: set[str] = set()
        self.followed: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name not in SHOWN and (value or "").startswith("/"):
                self.all.add(value or "")
                if name in ("href", "src", "hx-get", "data-from"):
                    self.followed.add(value or "")


@pytest.fixture
def public(app: App) -> App:
    app.config = replace(app.config, public_url="https://example.org/news/", web_login="proxy")
    fill(app.storage, title='Strike at "/rules" in the port of Kiel href="/x"')
    return app


def asked_as(app: App) -> Browser:
    return Browser(app, host=HOST, hosts=(HOST,))


@pytest.mark.parametrize("taken_off", [True, False])
def test_nothing_on_any_page_leads_out_of_the_path(public: App, taken_off: bool) -> None:
    browser = asked_as(public)
    seen: set[str] = set()
    ahead = {"/news", "/news/alerts/nothing-there"}
    while ahead - seen:
        path = min(ahead - seen)
        seen.add(path)
        way = path.removeprefix("/news") or "/" if taken_off else path
        answer = browser.get(way)
        assert answer.status_code in (200, 404), path  # its story was never stored
        assert "nothing at this address" not in answer.text, path
        length = answer.headers.get("content-length", answer.num_bytes_downloaded)
        assert int(length) == answer.num_bytes_downloaded, path
        if answer.headers["content-type"].startswith("text/html"):
            links = Links(answer.text)
            strays = {link for link in links.all if not f"{link}/".startswith("/news/")}
            assert not strays, (path, strays)
            ahead |= links.followed
    pages = {path.partition("?")[0] for path in seen}
    assert {"/news/rules", "/news/static/site.js", "/news/overview/data", "/news/about"} <= pages
    assert any(path.startswith("/news/alerts/") for path in pages)
    assert len(seen) > 30


def test_without_the_public_name_the_site_is_at_its_root(public: App) -> None:
    page = Browser(public).get("/").text
    assert 'href="/rules"' in page
    assert "/news/" not in page


def test_forms_lead_back_under_the_path_with_cookies_of_it_alone(public: App) -> None:
    browser = asked_as(public)
    page = browser.get("/rules/new")
    (cookie,) = page.headers.get_list("set-cookie")
    assert "; Path=/news;" in cookie
    assert cookie.endswith("; Secure")
    token = cookie.partition("=")[2].partition(";")[0]
    for way, name in (("/news/rules", "Location"), ("/rules", "X-Where")):
        headers = {"Cookie": f"monitor_csrf={token}", "Origin": "https://example.org"}
        headers |= {"X-In-Place": "yes"} if name == "X-Where" else {}
        data = {"csrf": token, "query": f"harbour {name}", "notify": "", "forced": "yes"}
        made = browser.ask("POST", way, data=data, headers=headers)
        assert made.headers[name].startswith("/news/rules/"), made.text
        assert "Path=/news;" in made.headers["set-cookie"]


def test_feeds_and_the_description_of_the_api_say_where_they_are(public: App) -> None:
    browser = asked_as(public)
    feed = browser.get("/news/feeds/strike.json").json()
    assert feed["feed_url"] == "https://example.org/news/feeds/strike.json"
    assert 'href="https://example.org/news/feeds/strike.atom"' in browser.get(
        "/feeds/strike.atom"
    ).text.replace("'", '"')
    assert browser.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/news"}]
    assert Browser(public).get("/api/v1/openapi.json").json()["servers"] == [{"url": "/"}]


def test_another_path_is_told_by_the_server_between(public: App) -> None:
    browser = Browser(public)
    told = browser.get("/rules", headers={"X-Forwarded-Prefix": "/desk/watch/"}).text
    assert 'href="/desk/watch/sources"' in told
    for wrong in ("//evil.example", "/a b", 'https://evil.example/"', "/a//b", "", "/a?b"):
        page = browser.get("/rules", headers={"X-Forwarded-Prefix": wrong}).text
        assert 'href="/sources"' in page, wrong


def test_who_logs_in_comes_to_the_page_that_was_asked_for(public: App) -> None:
    browser = Browser(public, host=HOST, hosts=(HOST,), is_open=False)
    page = browser.get("/news/rules", headers={"Accept": "text/html"})
    assert page.status_code == 401
    assert 'name="next" value="/rules"' in page.text
    assert 'action="/news/login"' in page.text
    assert browser.get("/news/static/site.css").status_code == 200
    assert browser.get("/newsroom").status_code == 401


def test_a_server_between_that_hides_the_name_is_told_of(public: App) -> None:
    browser = Browser(public)
    token = browser.token()
    data, headers = {"csrf": token, "query": "x"}, {"Origin": "https://example.org"}
    answer = browser.ask("POST", "/rules", data=data, headers=headers)
    assert answer.status_code == 403
    assert "must pass the Host header on" in answer.text


def test_a_path_of_two_slashes_leads_to_no_other_site(public: App) -> None:
    page = Browser(public).ask("GET", "http://127.0.0.1:8420//evil.example/x").text
    assert 'href="//evil' not in page
