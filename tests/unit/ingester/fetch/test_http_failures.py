"""Servers that are slow, rude or gone: each is told apart, in time."""

import errno
import socket
from datetime import timedelta

import httpx
import pytest

from ingester.fetch.http import HttpFetcher
from ingester.fetch.ports import Limits
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from tests.answers import (
    Answer,
    black_hole,
    drip,
    head,
    raw,
    reply,
    reset,
)
from tests.certificates import TlsKind
from tests.servers import FaultServer, refused_url
from tests.unit.ingester.fetch.fetching import FEED, NOON, failure, fetched

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
    fetcher: HttpFetcher, server: FaultServer, answer: Answer
) -> None:
    assert failure(fetcher, server.on("/", answer)).kind == "timeout"


@pytest.mark.parametrize("answer", [black_hole(), drip(head(200, {"X": "a" * 2_000}))])
def test_headers_have_less_time_than_the_whole(
    fetcher: HttpFetcher, server: FaultServer, answer: Answer
) -> None:
    limits = Limits(head=timedelta(seconds=0.3), total=timedelta(hours=1))
    assert failure(fetcher, server.on("/", answer), limits).kind == "timeout"


def test_redirects_share_one_total_time(client: httpx.Client, server: FaultServer) -> None:
    url = server.chain("/a", 1, server.on("/b", reply(FEED)))
    seconds = iter([0.0, 0.0, 999.0])  # at the beginning, at the first request, at the second
    fetcher = HttpFetcher(client, now=lambda: NOON, monotonic=lambda: next(seconds))
    assert failure(fetcher, url).kind == "timeout"
    assert server.seen("/b") == []


def test_a_server_that_does_not_shake_hands_is_given_up(fetcher: HttpFetcher) -> None:
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
    fetcher: HttpFetcher, server: FaultServer, answer: Answer, kind: str
) -> None:
    assert failure(fetcher, server.on("/", answer)).kind == kind


def test_nobody_listening_and_no_such_name_are_told_apart(fetcher: HttpFetcher) -> None:
    url = refused_url()
    refused = failure(fetcher, url)
    place = url.removeprefix("http://").removesuffix("/")
    said = f"no connection to {place}: Connection refused"
    assert (refused.kind, str(refused)) == ("connect", said)
    unknown = failure(fetcher, "http://nowhere.example/")
    assert unknown.kind == "dns"
    assert str(unknown).startswith("the host name nowhere.example cannot be looked up")


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(socket.gaierror(socket.EAI_AGAIN, "try again"), id="no resolver answers"),
        pytest.param(OSError(errno.ENETUNREACH, "Network is unreachable"), id="no route"),
        pytest.param(OSError(errno.EMFILE, "Too many open files"), id="no socket"),
    ],
)
def test_what_is_wrong_with_this_machine_is_told_apart(trouble: OSError) -> None:
    def open_socket(ip: str, port: int, seconds: float) -> socket.socket:
        raise trouble

    guard = AddressGuard(resolve=lambda host, seconds: ["93.184.215.14"], open_socket=open_socket)
    with make_client(guard, user_agent="test") as client:
        fetcher = HttpFetcher(client, now=lambda: NOON)
        assert failure(fetcher, "http://news.example/").kind == "offline"


@pytest.mark.parametrize("kind", ["expired", "wrong-host", "unknown-ca"])
def test_a_bad_certificate_is_refused_before_anything_is_sent(
    fetcher: HttpFetcher, kind: TlsKind
) -> None:
    with FaultServer(tls=kind) as bad:
        error = failure(fetcher, bad.url("/", user="me:secret"))
    assert error.kind == "tls"
    assert "certificate" in str(error) or "mismatch" in str(error)
    assert bad.requests == []


def test_a_good_certificate_is_checked_against_the_name(fetcher: HttpFetcher) -> None:
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
        (401, "http", "HTTP 401 Unauthorized: it wants a login"),
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
    fetcher: HttpFetcher, server: FaultServer, status: int, kind: str, text: str
) -> None:
    error = failure(fetcher, server.on("/", reply("no", status=status)))
    assert (error.kind, error.status, error.retry_after) == (kind, status, None)
    assert str(error).startswith(text)


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_says_how_long_to_wait(
    fetcher: HttpFetcher, server: FaultServer, status: int
) -> None:
    url = server.on("/", reply(status=status, headers={"Retry-After": "3600"}))
    error = failure(fetcher, url)
    assert error.retry_after == timedelta(hours=1)
    assert "asks to wait 60 min" in str(error)


def test_a_wall_against_robots_is_named(fetcher: HttpFetcher, server: FaultServer) -> None:
    url = server.on("/", reply("<html>", status=403, headers={"cf-mitigated": "challenge"}))
    assert "check for robots" in str(failure(fetcher, url))
