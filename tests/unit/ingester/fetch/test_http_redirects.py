"""Redirects and secrets: followed hop by hop, and nothing told to strangers."""

import httpx
import pytest

from ingester.fetch.http import HttpFetcher
from tests.answers import (
    head,
    raw,
    redirect,
    reply,
    reset,
    zipped,
)
from tests.servers import FaultServer, refused_url
from tests.unit.ingester.fetch.fetching import FEED, failure, fetched

# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/b", "b", "//news.test:{port}/b", "http://news.test:{port}/b#x"]
)
def test_a_redirect_is_followed(
    fetcher: HttpFetcher, server: FaultServer, status: int, location: str
) -> None:
    server.on("/a", redirect(location.format(port=server.port), status=status))
    server.on("/b", reply(FEED))
    answer = fetched(fetcher.get(server.url("/a", host="news.test")))
    assert answer.url == server.url("/b", host="news.test")
    assert (answer.permanent_url is not None) == (status in (301, 308))


def test_only_a_wholly_permanent_chain_is_permanent(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    end = server.on("/end", reply(FEED))
    always = server.chain("/p", 3, end, status=308)
    assert fetched(fetcher.get(always)).permanent_url == end
    server.on("/p-1", redirect("/p-2", status=302))
    assert fetched(fetcher.get(always)).permanent_url is None


def test_five_redirects_are_followed_and_six_are_not(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    end = server.on("/end", reply(FEED))
    assert fetched(fetcher.get(server.chain("/five", 5, end))).body == FEED
    error = failure(fetcher, server.chain("/six", 6, end))
    assert (error.kind, str(error)) == ("redirect", "more than 5 redirects")


def test_a_circle_is_noticed(fetcher: HttpFetcher, server: FaultServer) -> None:
    server.on("/a", redirect("/b"))
    server.on("/b", redirect("/a"))
    assert "circle" in str(failure(fetcher, server.url("/a")))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://127.0.0.1:6379/_x",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "http://",
        "http://[::1/",
        "http://127.0.0.1\\@example.com/",
        "http://a@b@c/",
        "http://example.com:99999/",
        "http://example.com:99999999999/",
        "http://" + "a" * 64 + ".test/",
        "/" + "a" * 9000,
    ],
)
def test_a_redirect_to_nowhere_is_refused(
    fetcher: HttpFetcher, server: FaultServer, location: str
) -> None:
    error = failure(fetcher, server.on("/", redirect(location)))
    assert error.kind == "redirect"
    assert len(server.requests) == 1


def test_it_is_told_whether_a_redirect_led_where_it_failed(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    nobody = refused_url()
    led = failure(fetcher, server.on("/a", redirect(nobody)))
    assert (led.kind, led.is_led_on) == ("connect", True)
    assert str(led).startswith("redirected to 127.0.0.1: ")
    at_once = failure(fetcher, nobody)
    assert (at_once.kind, at_once.is_led_on) == ("connect", False)
    assert "redirected" not in str(at_once)


def test_a_redirect_without_a_location_is_an_error(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    assert failure(fetcher, server.on("/", reply(status=302))).kind == "redirect"


def test_the_body_of_a_redirect_is_not_read(fetcher: HttpFetcher, server: FaultServer) -> None:
    server.on("/b", reply(FEED))
    huge = raw(head(302, {"Location": "/b", "Content-Length": "99999999999"}))
    assert fetched(fetcher.get(server.on("/a", huge))).body == FEED


def test_letters_outside_ascii_in_a_location_are_encoded(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    server.on("/a", raw("HTTP/1.1 302 x\r\nLocation: /tin-tức b\r\n\r\n".encode()))
    server.on("/tin-t%E1%BB%A9c%20b", reply(FEED))
    assert fetched(fetcher.get(server.url("/a"))).body == FEED


# --- secrets -------------------------------------------------------------------------------------

BASIC = "Basic bWU6cyBjcmV0"  # me:s cret


def test_a_user_name_in_the_url_becomes_basic_authentication(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    server.on("/a", redirect("/b", status=301))
    server.on("/b", reply(FEED))
    answer = fetched(fetcher.get(server.url("/a", user="me:s%20cret")))
    assert [request.headers.get("authorization") for request in server.requests] == [BASIC, BASIC]
    assert answer.url == server.url("/b")
    assert answer.permanent_url == server.url("/b", user="me:s%20cret")


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("http://other.test:{port}/b", id="another host"),
        pytest.param("http://news.test:{elsewhere}/b", id="another port"),
        pytest.param("http://eve:in@other.test:{port}/b", id="another host, with its own user"),
    ],
)
def test_a_user_name_is_sent_to_no_other_party(
    fetcher: HttpFetcher, server: FaultServer, target: str
) -> None:
    with FaultServer() as elsewhere:
        for site in (server, elsewhere):
            site.on("/b", reply(FEED))
        server.on(
            "/a", redirect(target.format(port=server.port, elsewhere=elsewhere.port), status=301)
        )
        answer = fetched(fetcher.get(server.url("/a", host="news.test", user="me:s%20cret")))
        last = (server.seen("/b") + elsewhere.seen("/b"))[0]
    assert "authorization" not in last.headers
    assert "@" not in (answer.permanent_url or "@")


def test_a_user_name_is_never_sent_in_the_clear_after_tls(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    server.on("/b", reply(FEED))
    with FaultServer(tls="good") as secure:
        secure.on("/a", redirect(server.url("/b", host="news.test")))
        fetcher.get(secure.url("/a", host="news.test", user="me:secret"))
    assert "authorization" in secure.requests[0].headers
    assert "authorization" not in server.requests[0].headers


def test_no_error_shows_a_secret(
    fetcher: HttpFetcher, server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bad = [
        server.on("/reset", reset()),
        server.on("/404", reply(status=404)),
        server.on("/loop", redirect("/loop")),
        server.on("/br", zipped(FEED, header="br")),
        server.on("/in", redirect("http://10.0.0.1/?key=CANARY")),
        server.on("/port", redirect("http://u:CANARY@news.test:99999/?key=CANARY")),
        refused_url(),
        "http://nowhere.example/",
        "http://10.0.0.1/",
        "http://x y/",
        "htp://example.com/",
        "http://a\\b/",
        "http://example.com:1:2/",
    ]
    for url in bad:
        secret = url.replace("://", "://CANARYUSER:CANARY@", 1) + "?key=CANARY"
        error = failure(fetcher, secret)
        chain: BaseException | None = error
        while chain is not None and not isinstance(chain, httpx.HTTPError):
            assert "CANARY" not in str(chain).replace("CANARYUSER", "")
            chain = None if chain.__suppress_context__ else chain.__context__
    assert "CANARY" not in caplog.text
