"""Fetching a body from a real server: whole, bounded, and never twice."""

import gzip
import random
import zlib
from datetime import timedelta

import pytest

from ingester.fetch.http import HttpFetcher
from ingester.fetch.inflate import CannotDecode, Inflater
from ingester.fetch.ports import Limits, NotModified
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from tests.answers import (
    Answer,
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
    reply,
    reset,
    wrong_length,
    zipped,
)
from tests.servers import FaultServer, refused_url
from tests.unit.ingester.fetch.fetching import FEED, LOCAL, NOON, failure, fetched

# --- the good case -------------------------------------------------------------------------------


def test_a_body_comes_with_what_its_headers_say(fetcher: HttpFetcher, server: FaultServer) -> None:
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
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    fetcher.get(server.on("/", reply(FEED)))
    headers = server.requests[0].headers
    assert headers["user-agent"] == "tests/1"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "application/rss+xml" in headers["accept"]
    assert not headers.keys() & {"cookie", "authorization", "referer", "if-none-match"}


def test_what_has_not_changed_is_not_sent_again(fetcher: HttpFetcher, server: FaultServer) -> None:
    url = server.on("/", conditional(FEED, etag='"1"', last_modified="Mon"))
    first = fetched(fetcher.get(url))
    second = fetcher.get(url, etag=first.etag, last_modified=first.last_modified)
    assert type(second) is NotModified
    assert server.requests[1].headers["if-none-match"] == '"1"'
    assert server.requests[1].headers["if-modified-since"] == "Mon"


@pytest.mark.parametrize("etag", ['"\xe9"', '"1\n2"', f'"{"e" * 20_000}"'])
def test_a_validator_that_no_request_can_carry_is_not_sent(
    fetcher: HttpFetcher, server: FaultServer, etag: str
) -> None:
    url = server.on("/", reply(FEED))
    assert fetched(fetcher.get(url, etag=etag, last_modified=etag)).body == FEED
    assert not server.requests[0].headers.keys() & {"if-none-match", "if-modified-since"}


def test_not_modified_without_having_asked_is_an_error(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    error = failure(fetcher, server.on("/", reply(status=304)))
    assert (error.kind, error.status) == ("http", 304)


def test_cookies_are_never_kept(fetcher: HttpFetcher, server: FaultServer) -> None:
    url = server.on("/", reply(FEED, headers={"Set-Cookie": "id=1; Path=/"}))
    fetcher.get(url)
    fetcher.get(url)
    assert "cookie" not in server.requests[1].headers


def test_proxies_of_the_environment_are_ignored(
    fetcher: HttpFetcher, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, refused_url())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with make_client(AddressGuard(LOCAL), user_agent="tests") as client:
        answer = HttpFetcher(client, now=lambda: NOON).get(server.on("/", reply(FEED)))
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
    pytest.param(reply(FEED, headers={"Content-Encoding": "UTF-8"}), id="a charset as encoding"),
    pytest.param(zipped(FEED, header="none, gzip"), id="gzip beside what is no encoding"),
    pytest.param(reply(zlib.compress(FEED), headers={"Content-Encoding": "deflate"}), id="deflate"),
    pytest.param(
        reply(zlib.compress(FEED)[2:-4], headers={"Content-Encoding": "deflate"}),
        id="bare deflate",
    ),
    pytest.param(wrong_length(FEED + b"extra", declared=len(FEED)), id="more than declared"),
]


@pytest.mark.parametrize("answer", BODIES)
def test_a_body_is_read_whole(fetcher: HttpFetcher, server: FaultServer, answer: Answer) -> None:
    got = fetched(fetcher.get(server.on("/", answer)))
    assert got.body == FEED
    assert not got.truncated


@pytest.mark.parametrize("body", [b"", b"\x1f", b"<", b"ab"])
@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
def test_the_shortest_bodies_are_no_special_case(
    fetcher: HttpFetcher, server: FaultServer, body: bytes, encoding: str | None
) -> None:
    assert (
        fetched(fetcher.get(server.on("/", zipped(body, layers=0, header=encoding)))).body == body
    )


def test_a_gzip_body_that_arrives_byte_by_byte_is_the_same(
    fetcher: HttpFetcher, server: FaultServer
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
    fetcher: HttpFetcher, server: FaultServer, answer: Answer, arrived: bytes
) -> None:
    got = fetched(fetcher.get(server.on("/", answer)))
    assert got.truncated
    assert got.body == arrived


def test_a_cut_gzip_body_gives_what_can_be_unpacked(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    packed = zlib.compress(FEED + bytes(range(256)) * 40, wbits=31)
    url = server.on("/", reply(packed[:-40], headers={"Content-Encoding": "gzip"}))
    got = fetched(fetcher.get(url))
    assert got.truncated
    assert got.body.startswith(FEED)


def test_a_connection_closed_before_the_body_is_an_error(
    fetcher: HttpFetcher, server: FaultServer
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
        pytest.param(gzip_bomb(100), "too-large", "decompressed size ", id="a bomb"),
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
    fetcher: HttpFetcher, server: FaultServer, answer: Answer, kind: str, text: str
) -> None:
    error = failure(fetcher, server.on("/", answer), Limits(total=timedelta(seconds=20)))
    assert error.kind == kind
    assert text in str(error)


def test_endless_trailers_end_with_the_body_that_came_before(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    got = fetched(fetcher.get(server.on("/", endless_trailers())))
    assert (got.body, got.truncated) == (b"a", True)


def test_headers_of_just_under_the_bound_are_read(
    fetcher: HttpFetcher, server: FaultServer
) -> None:
    lines = {f"X-{number}": "a" * 1000 for number in range(60)}
    assert fetched(fetcher.get(server.on("/", reply(FEED, headers=lines)))).body == FEED


@pytest.mark.parametrize("step", [1, 7, 20, 23, 64, 10_000])
@pytest.mark.parametrize("padding", [b"", b"\0" * 40, b"\x1f\x8b"])
def test_members_of_gzip_are_one_body_wherever_pieces_end(step: int, padding: bytes) -> None:
    noise = random.Random(1).randbytes(700)  # longer than what is looked at before unpacking
    texts = [noise, b"", b"first, ", b"", b"second, " * 100, b"third"]
    packed = b"".join(gzip.compress(text, mtime=0) for text in texts) + padding
    inflater = Inflater("gzip", limit=10_000, ratio=200)
    for start in range(0, len(packed), step):
        inflater.add(packed[start : start + step])
    assert inflater.finish() == (b"".join(texts), False)


def test_more_members_than_anybody_makes_are_refused() -> None:
    inflater = Inflater("gzip", limit=10_000, ratio=200)
    with pytest.raises(CannotDecode, match=r"over 10,000 gzip members$"):
        inflater.add(gzip.compress(b"", mtime=0) * 10_500)
