"""What is filled in without httpx is what httpx makes of the same words."""

import string
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingester.urls.parts import split_url
from ingester.urls.urls import check_feed_url
from monitor.net.backend import Target
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from monitor.net.prepared import GetRequest, ListedHeaders, PlainURL, is_plain

_WORDS = st.text(string.ascii_letters + string.digits + "._~-!$&'()*+,;=:@%/?#[]{} |", max_size=12)
_HOSTS = st.sampled_from(
    [
        "example.com",
        "127.0.0.1",
        "a_b.example",
        "xn--bcher-kva.test",
        "a-.test",
        "1.2.3.4.example",
        "x",
    ]
)
_URLS = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https"]),
    _HOSTS,
    st.sampled_from(["", ":80", ":443", ":8080", ":0", ":65535"]),
    _WORDS,
)
_PARTS = ("scheme", "raw_scheme", "userinfo", "username", "password", "host", "raw_host", "port")
_PARTS += ("netloc", "path", "query", "params", "raw_path", "fragment", "is_absolute_url")


@given(_URLS)
def test_a_plain_url_is_as_httpx_reads_it(url: str) -> None:
    try:
        checked = check_feed_url(url)
    except ValueError:
        return
    if not is_plain(checked):
        return
    ours, theirs = PlainURL(checked), httpx.URL(checked)
    assert str(theirs) == checked == str(ours)
    assert Target.of_plain(ours, split_url(checked)) == Target.of(theirs)
    assert [getattr(ours, part) for part in _PARTS] == [getattr(theirs, part) for part in _PARTS]
    assert (ours, hash(ours), repr(ours)) == (
        theirs,
        hash(theirs),
        repr(theirs).replace("URL", "PlainURL", 1),
    )
    assert str(ours.join("../x?y")) == str(theirs.join("../x?y"))
    assert str(ours.copy_with(scheme="https")) == str(theirs.copy_with(scheme="https"))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8082/f/1.xml", "https://example.com/", "https://a.example/f?id=1&x=a/b"],
)
def test_what_most_urls_are_is_plain(url: str) -> None:
    assert is_plain(check_feed_url(url))


@pytest.mark.parametrize(
    "url",
    ["http://user:word@example.com/", "http://[::1]/", "https://example.com/%C3%A9?", "http://a/?"],
)
def test_what_httpx_might_write_otherwise_is_not(url: str) -> None:
    assert not is_plain(check_feed_url(url))


def test_a_plain_url_has_what_a_url_has_and_no_more() -> None:
    with pytest.raises(AttributeError, match="nothing_of_it"):
        PlainURL("http://example.com/").nothing_of_it  # noqa: B018


_NAMES = st.text(string.ascii_letters + "-", min_size=1, max_size=6)
_VALUES = st.binary(max_size=8)


@given(st.lists(st.tuples(_NAMES.map(str.encode), _VALUES), max_size=5))
def test_listed_headers_are_as_httpx_reads_them(pairs: list[tuple[bytes, bytes]]) -> None:
    ours = ListedHeaders([(name, name.lower(), value) for name, value in pairs])
    theirs = httpx.Headers(pairs)
    assert ours == theirs
    assert vars(ours) == vars(theirs)
    assert (ours.raw, ours.encoding, dict(ours)) == (theirs.raw, theirs.encoding, dict(theirs))
    assert vars(httpx.Headers(ours)).keys() == vars(theirs).keys()


def test_a_get_request_has_all_that_httpx_gives_one() -> None:
    stream, extensions = httpx.ByteStream(b""), {"timeout": {}}
    url, headers = httpx.URL("http://example.com/x"), httpx.Headers({"Host": "example.com"})
    theirs = httpx.Request("GET", url, headers=headers, stream=stream, extensions=extensions)
    ours = GetRequest(url, headers, extensions)
    assert vars(ours).keys() == vars(theirs).keys()
    same = ("method", "url", "headers", "extensions")
    assert [getattr(ours, name) for name in same] == [getattr(theirs, name) for name in same]
    assert ours.read() == theirs.read() == b""


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/html", "If-None-Match": '"x"'},
        {"accept": "text/html", "HOST": "other.example", "user-agent": "a"},
        [("X-One", "1"), ("x-one", "2")],
        None,
    ],
)
def test_a_request_says_what_httpx_would_say(headers: Any) -> None:
    with make_client(AddressGuard(()), user_agent="tests/1") as client:
        ours = client.build_request("GET", "http://example.com:81/x?y=1", headers=headers)
        theirs = httpx.Client.build_request(
            client, "GET", "http://example.com:81/x?y=1", headers=headers
        )
        others = [
            (name.lower(), said) for name, said in theirs.headers.raw if name.lower() != b"host"
        ]
        said = [(name.lower(), said) for name, said in ours.headers.raw]
        assert said[0] == (b"host", b"example.com:81")
        assert sorted(said[1:]) == sorted(others)
        assert (ours.url, ours.method) == (theirs.url, theirs.method)
        assert ours.extensions["timeout"] == theirs.extensions["timeout"]
