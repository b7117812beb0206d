"""Fetching, against a real server that misbehaves: nothing is lost, endless or leaked."""

import socket
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx
import pytest

from ingester.entry import FetchError
from ingester.http import Fetched, Fetcher, Limits, NotModified
from monitor.guard import AddressGuard
from monitor.net import make_client, tls_context
from tests.answers import (
    Answer,
    black_hole,
    chunked,
    conditional,
    cut,
    drip,
    endless_body,
    endless_chunks,
    endless_headers,
    endless_informational,
    endless_trailers,
    gzip_bomb,
    head,
    raw,
    redirect,
    reply,
    reset,
    wrong_length,
    zipped,
)
from tests.certificates import TlsKind, trust
from tests.servers import FaultServer, refused_url

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FEED = b"<rss><channel><title>News</title></channel></rss>" * 20
SHORT = Limits(head=timedelta(seconds=0.3), total=timedelta(seconds=0.6))
LOCAL = (ip_network("127.0.0.0/8"),)


def names(host: str, timeout: float) -> list[str]:
    """Resolve the names of these tests to the loopback interface, and no other."""
    if host.endswith(".test"):
        return ["127.0.0.1"]
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    guard = AddressGuard(LOCAL, resolve=names)
    with make_client(guard, user_agent="tests/1", tls=trust(tls_context())) as client:
        yield client


@pytest.fixture
def fetcher(client: httpx.Client) -> Fetcher:
    return Fetcher(client, now=lambda: NOON)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def fetched(answer: Fetched | NotModified) -> Fetched:
    assert isinstance(answer, Fetched)
    return answer


def failure(fetcher: Fetcher, url: str, limits: Limits = SHORT) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url, limits=limits)
    return caught.value


# --- the good case -------------------------------------------------------------------------------


def test_a_body_comes_with_what_its_headers_say(fetcher: Fetcher, server: FaultServer) -> None:
    url = server.on(
        "/feed",
        reply(
            FEED,
            content_type="Application/RSS+XML; Charset='UTF-8'",
            headers={"ETag": '"a"', "Last-Modified": "yesterday", "Set-Cookie": "a=b"},
        ),
    )
    answer = fetched(fetcher.get(url))
    assert (answer.url, answer.permanent_url, answer.status) == (url, None, 200)
    assert (answer.content_type, answer.charset) == ("application/rss+xml", "utf-8")
    assert (answer.etag, answer.last_modified) == ('"a"', "yesterday")
    assert (answer.body, answer.truncated) == (FEED, False)
    assert "set-cookie" not in answer.headers


def test_a_request_is_honest_and_asks_for_nothing_that_cannot_be_bounded(
    fetcher: Fetcher, server: FaultServer
) -> None:
    fetcher.get(server.on("/", reply(FEED)))
    headers = server.requests[0].headers
    assert headers["user-agent"] == "tests/1"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "application/rss+xml" in headers["accept"]
    assert not headers.keys() & {"cookie", "authorization", "referer", "if-none-match"}


def test_what_has_not_changed_is_not_sent_again(fetcher: Fetcher, server: FaultServer) -> None:
    url = server.on("/", conditional(FEED, etag='"1"', last_modified="Mon"))
    first = fetched(fetcher.get(url))
    second = fetcher.get(url, etag=first.etag, last_modified=first.last_modified)
    assert type(second) is NotModified
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert server.requests[1].headers["if-modified-since"] == "Mon"


def test_not_modified_without_having_asked_is_an_error(
    fetcher: Fetcher, server: FaultServer
) -> None:
    error = failure(fetcher, server.on("/", reply(status=304)))
    assert (error.kind, error.status) == ("http", 304)


def test_cookies_are_never_kept(fetcher: Fetcher, server: FaultServer) -> None:
    url = server.on("/", reply(FEED, headers={"Set-Cookie": "id=1; Path=/"}))
    fetcher.get(url)
    fetcher.get(url)
    assert "cookie" not in server.requests[1].headers


def test_proxies_of_the_environment_are_ignored(
    fetcher: Fetcher, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, refused_url())
    with make_client(AddressGuard(LOCAL), user_agent="tests") as client:
        answer = Fetcher(client, now=lambda: NOON).get(server.on("/", reply(FEED)))
    assert fetched(answer).body == FEED


# --- bodies --------------------------------------------------------------------------------------

BODIES = [
    pytest.param(reply(FEED), id="plain"),
    pytest.param(chunked(FEED[:10], FEED[10:]), id="in chunks"),
    pytest.param(raw(head(200) + FEED), id="without a length"),
    pytest.param(zipped(FEED), id="gzip"),
    pytest.param(zipped(FEED, header="x-gzip"), id="gzip by its old name"),
    pytest.param(zipped(FEED, header=None), id="gzip without a header"),
    pytest.param(zipped(FEED, header="deflate"), id="gzip called deflate"),
    pytest.param(zipped(FEED, layers=0), id="plain called gzip"),
    pytest.param(zipped(FEED, layers=0, header="deflate"), id="plain called deflate"),
    pytest.param(reply(FEED, headers={"Content-Encoding": "identity"}), id="identity"),
    pytest.param(reply(FEED, headers={"Content-Encoding": ""}), id="an empty encoding"),
    pytest.param(reply(zlib.compress(FEED), headers={"Content-Encoding": "deflate"}), id="deflate"),
    pytest.param(
        reply(zlib.compress(FEED)[2:-4], headers={"Content-Encoding": "deflate"}),
        id="bare deflate",
    ),
    pytest.param(wrong_length(FEED + b"extra", declared=len(FEED)), id="more than declared"),
]


@pytest.mark.parametrize("answer", BODIES)
def test_a_body_is_read_whole(fetcher: Fetcher, server: FaultServer, answer: Answer) -> None:
    got = fetched(fetcher.get(server.on("/", answer)))
    assert got.body == FEED
    assert not got.truncated


@pytest.mark.parametrize("body", [b"", b"\x1f", b"<", b"ab"])
@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
def test_the_shortest_bodies_are_no_special_case(
    fetcher: Fetcher, server: FaultServer, body: bytes, encoding: str | None
) -> None:
    assert (
        fetched(fetcher.get(server.on("/", zipped(body, layers=0, header=encoding)))).body == body
    )


def test_a_gzip_body_that_arrives_byte_by_byte_is_the_same(
    fetcher: Fetcher, server: FaultServer
) -> None:
    packed = zlib.compress(FEED, wbits=31)
    url = server.on("/", drip(packed, every=0.0002, at_once=head(200)))
    assert fetched(fetcher.get(url)).body == FEED


@pytest.mark.parametrize(
    ("answer", "arrived"),
    [
        pytest.param(cut(FEED, after=100), FEED[:100], id="short of its length"),
        pytest.param(wrong_length(FEED, declared=len(FEED) + 1), FEED, id="one byte short"),
        pytest.param(chunked(FEED, end=False), FEED, id="without its last chunk"),
        pytest.param(reset(head(200, {"Content-Length": "99"}) + b"abc"), b"abc", id="reset"),
        pytest.param(
            reply(FEED, status=206, headers={"Content-Range": "bytes 0-9/99"}), FEED, id="a part"
        ),
    ],
)
def test_a_cut_body_is_kept_and_flagged(
    fetcher: Fetcher, server: FaultServer, answer: Answer, arrived: bytes
) -> None:
    got = fetched(fetcher.get(server.on("/", answer)))
    assert got.truncated
    assert got.body == arrived


def test_a_cut_gzip_body_gives_what_can_be_unpacked(fetcher: Fetcher, server: FaultServer) -> None:
    packed = zlib.compress(FEED + bytes(range(256)) * 40, wbits=31)
    url = server.on("/", reply(packed[:-40], headers={"Content-Encoding": "gzip"}))
    got = fetched(fetcher.get(url))
    assert got.truncated
    assert got.body.startswith(FEED)


def test_a_connection_closed_before_the_body_is_an_error(
    fetcher: Fetcher, server: FaultServer
) -> None:
    assert failure(fetcher, server.on("/", cut(FEED, after=0))).kind == "connect"


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        pytest.param(zipped(FEED, layers=2), "encoding", "twice", id="gzip in gzip"),
        pytest.param(zipped(FEED, header="gzip, gzip"), "encoding", "once", id="two named"),
        pytest.param(zipped(FEED, header="br"), "encoding", "'br'", id="brotli"),
        pytest.param(zipped(FEED, header="zstd"), "encoding", "'zstd'", id="zstd"),
        pytest.param(zipped(FEED, header="gzip, " * 20), "encoding", "once", id="twenty"),
        pytest.param(
            reply(zlib.compress(FEED, wbits=31)[:20] + b"x" * 99), "encoding", "damaged", id="rot"
        ),
        pytest.param(gzip_bomb(100), "too-large", "over 10 MiB (ratio ", id="a bomb"),
        pytest.param(gzip_bomb(5), "too-large", "over 200 times", id="a small bomb"),
        pytest.param(
            raw(head(200, {"Content-Length": "20000000"})), "too-large", "10 MiB", id="declared"
        ),
        pytest.param(endless_body(), "too-large", "size over 10 MiB", id="endless"),
        pytest.param(endless_chunks(), "too-large", "too large", id="endless chunks"),
        pytest.param(endless_headers(), "too-large", "headers over 64 KiB", id="endless headers"),
        pytest.param(endless_informational(), "too-large", "headers over 64 KiB", id="endless 1xx"),
    ],
)
def test_what_exceeds_a_bound_is_refused_with_its_name(
    fetcher: Fetcher, server: FaultServer, answer: Answer, kind: str, text: str
) -> None:
    error = failure(fetcher, server.on("/", answer), Limits(total=timedelta(seconds=20)))
    assert error.kind == kind
    assert text in str(error)


def test_endless_trailers_end_with_the_body_that_came_before(
    fetcher: Fetcher, server: FaultServer
) -> None:
    got = fetched(fetcher.get(server.on("/", endless_trailers())))
    assert (got.body, got.truncated) == (b"a", True)


def test_headers_of_just_under_the_bound_are_read(fetcher: Fetcher, server: FaultServer) -> None:
    lines = {f"X-{number}": "a" * 1000 for number in range(60)}
    assert fetched(fetcher.get(server.on("/", reply(FEED, headers=lines)))).body == FEED


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(black_hole(), id="never answers"),
        pytest.param(black_hole(head(200) + b"abc"), id="stops in the body"),
        pytest.param(drip(head(200) + FEED * 100), id="drips headers"),
        pytest.param(drip(FEED * 100, at_once=head(200)), id="drips the body"),
        pytest.param(
            drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 99, every=0.001), id="drips provisional answers"
        ),
    ],
)
def test_the_total_time_holds_however_the_bytes_come(
    fetcher: Fetcher, server: FaultServer, answer: Answer
) -> None:
    begun = datetime.now(UTC)
    assert failure(fetcher, server.on("/", answer)).kind == "timeout"
    assert datetime.now(UTC) - begun < timedelta(seconds=2)


def test_redirects_share_one_total_time(fetcher: Fetcher, server: FaultServer) -> None:
    slow = Limits(head=timedelta(seconds=5), total=timedelta(seconds=0.5))
    hop = drip(head(302, {"Location": "/b"}), every=0.005)
    server.on("/a", hop)
    server.on("/b", drip(head(302, {"Location": "/c"}), every=0.005))
    server.on("/c", black_hole())
    begun = datetime.now(UTC)
    assert failure(fetcher, server.url("/a"), slow).kind == "timeout"
    assert datetime.now(UTC) - begun < timedelta(seconds=2)


def test_a_server_that_does_not_shake_hands_is_given_up(fetcher: Fetcher) -> None:
    with FaultServer(deaf=True) as deaf:
        for scheme in ("http", "https"):
            url = f"{scheme}://127.0.0.1:{deaf.port}/"
            assert failure(fetcher, url).kind == "timeout"


# --- connections ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(reset(), "connect", id="reset"),
        pytest.param(raw(b""), "connect", id="closed"),
        pytest.param(raw(b"SSH-2.0-OpenSSH\r\n\r\n"), "http", id="another protocol"),
        pytest.param(raw(b"\x00\x01\x02\x03\r\n\r\n"), "http", id="rubbish"),
        pytest.param(raw(head(101)), "http", id="switching protocols unasked"),
    ],
)
def test_what_is_no_answer_is_told_apart(
    fetcher: Fetcher, server: FaultServer, answer: Answer, kind: str
) -> None:
    assert failure(fetcher, server.on("/", answer)).kind == kind


def test_nobody_listening_and_no_such_name_are_told_apart(fetcher: Fetcher) -> None:
    refused = failure(fetcher, refused_url())
    assert (refused.kind, str(refused)) == ("connect", "no connection: Connection refused")
    assert failure(fetcher, "http://nowhere.example/").kind == "dns"


@pytest.mark.parametrize("kind", ["expired", "wrong-host", "unknown-ca"])
def test_a_bad_certificate_is_refused_before_anything_is_sent(
    fetcher: Fetcher, kind: TlsKind
) -> None:
    with FaultServer(tls=kind) as bad:
        error = failure(fetcher, bad.url("/", user="me:secret"))
    assert error.kind == "tls"
    assert "certificate" in str(error) or "mismatch" in str(error)
    assert bad.requests == []


def test_a_good_certificate_is_checked_against_the_name(fetcher: Fetcher) -> None:
    with FaultServer(tls="good") as good:
        good.on("/", reply(FEED))
        assert fetched(fetcher.get(good.url("/", host="news.test"))).body == FEED
        assert good.requests[0].headers["host"] == f"news.test:{good.port}"
        assert failure(fetcher, good.url("/", host="other.test")).kind == "tls"


# --- statuses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (400, "http", "HTTP 400 Bad Request"),
        (401, "http", "HTTP 401 Unauthorized: it may need a user name"),
        (403, "http", "HTTP 403 Forbidden"),
        (404, "http", "HTTP 404 Not Found"),
        (410, "gone", "HTTP 410 Gone: it asks not to be polled again"),
        (429, "http", "HTTP 429 Too Many Requests"),
        (500, "http", "HTTP 500 Internal Server Error"),
        (503, "http", "HTTP 503 Service Unavailable"),
        (599, "http", "HTTP 599"),
    ],
)
def test_a_refusal_is_an_error_with_its_status(
    fetcher: Fetcher, server: FaultServer, status: int, kind: str, text: str
) -> None:
    error = failure(fetcher, server.on("/", reply("no", status=status)))
    assert (error.kind, error.status, error.retry_after) == (kind, status, None)
    assert str(error).startswith(text)


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_says_how_long_to_wait(
    fetcher: Fetcher, server: FaultServer, status: int
) -> None:
    url = server.on("/", reply(status=status, headers={"Retry-After": "3600"}))
    error = failure(fetcher, url)
    assert error.retry_after == timedelta(hours=1)
    assert "asks to wait 60 min" in str(error)


def test_a_wall_against_robots_is_named(fetcher: Fetcher, server: FaultServer) -> None:
    url = server.on("/", reply("<html>", status=403, headers={"cf-mitigated": "challenge"}))
    assert "check for robots" in str(failure(fetcher, url))


# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/b", "b", "//news.test:{port}/b", "http://news.test:{port}/b#x"]
)
def test_a_redirect_is_followed(
    fetcher: Fetcher, server: FaultServer, status: int, location: str
) -> None:
    server.on("/a", redirect(location.format(port=server.port), status=status))
    server.on("/b", reply(FEED))
    answer = fetched(fetcher.get(server.url("/a", host="news.test")))
    assert answer.url == server.url("/b", host="news.test")
    assert (answer.permanent_url is not None) == (status in (301, 308))


def test_only_a_wholly_permanent_chain_is_permanent(fetcher: Fetcher, server: FaultServer) -> None:
    end = server.on("/end", reply(FEED))
    always = server.chain("/p", 3, end, status=308)
    assert fetched(fetcher.get(always)).permanent_url == end
    server.on("/p-1", redirect("/p-2", status=302))
    assert fetched(fetcher.get(always)).permanent_url is None


def test_five_redirects_are_followed_and_six_are_not(fetcher: Fetcher, server: FaultServer) -> None:
    end = server.on("/end", reply(FEED))
    assert fetched(fetcher.get(server.chain("/five", 5, end))).body == FEED
    error = failure(fetcher, server.chain("/six", 6, end))
    assert (error.kind, str(error)) == ("redirect", "more than 5 redirects")


def test_a_circle_is_noticed(fetcher: Fetcher, server: FaultServer) -> None:
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
    fetcher: Fetcher, server: FaultServer, location: str
) -> None:
    error = failure(fetcher, server.on("/", redirect(location)))
    assert error.kind == "redirect"
    assert len(server.requests) == 1


def test_a_redirect_without_a_location_is_an_error(fetcher: Fetcher, server: FaultServer) -> None:
    assert failure(fetcher, server.on("/", reply(status=302))).kind == "redirect"


def test_the_body_of_a_redirect_is_not_read(fetcher: Fetcher, server: FaultServer) -> None:
    server.on("/b", reply(FEED))
    huge = raw(head(302, {"Location": "/b", "Content-Length": "99999999999"}))
    assert fetched(fetcher.get(server.on("/a", huge))).body == FEED


def test_letters_outside_ascii_in_a_location_are_encoded(
    fetcher: Fetcher, server: FaultServer
) -> None:
    server.on("/a", raw("HTTP/1.1 302 x\r\nLocation: /tin-tức b\r\n\r\n".encode()))
    server.on("/tin-t%E1%BB%A9c%20b", reply(FEED))
    assert fetched(fetcher.get(server.url("/a"))).body == FEED


# --- secrets -------------------------------------------------------------------------------------

BASIC = "Basic bWU6cyBjcmV0"  # me:s cret


def test_a_user_name_in_the_url_becomes_basic_authentication(
    fetcher: Fetcher, server: FaultServer
) -> None:
    server.on("/a", redirect("/b", status=301))
    server.on("/b", reply(FEED))
    answer = fetched(fetcher.get(server.url("/a", user="me:s%20cret")))
    assert [each.headers.get("authorization") for each in server.requests] == [BASIC, BASIC]
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
    fetcher: Fetcher, server: FaultServer, target: str
) -> None:
    with FaultServer() as elsewhere:
        for each in (server, elsewhere):
            each.on("/b", reply(FEED))
        server.on(
            "/a", redirect(target.format(port=server.port, elsewhere=elsewhere.port), status=301)
        )
        answer = fetched(fetcher.get(server.url("/a", host="news.test", user="me:s%20cret")))
        last = (server.seen("/b") + elsewhere.seen("/b"))[0]
    assert "authorization" not in last.headers
    assert "@" not in (answer.permanent_url or "@")


def test_a_user_name_is_never_sent_in_the_clear_after_tls(
    fetcher: Fetcher, server: FaultServer
) -> None:
    server.on("/b", reply(FEED))
    with FaultServer(tls="good") as secure:
        secure.on("/a", redirect(server.url("/b", host="news.test")))
        fetcher.get(secure.url("/a", host="news.test", user="me:secret"))
    assert "authorization" in secure.requests[0].headers
    assert "authorization" not in server.requests[0].headers


def test_no_error_shows_a_secret(
    fetcher: Fetcher, server: FaultServer, caplog: pytest.LogCaptureFixture
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
