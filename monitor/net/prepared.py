"""Requests, URLs and headers of httpx, filled in without having httpx read again what was read.

What httpx does for any caller (taking a URL apart, encoding names and values, looking for a body)
takes longer than all of an exchange in which nothing is new. These are its own classes, and
answer as such; a test holds them to what httpx makes of the same words.
"""

from typing import Any

import httpx

from common.patterns import pattern

Listed = list[tuple[bytes, bytes, bytes]]
"""Headers: each name as it is sent, the name in lower case, and the value."""

_LEGAL = r"A-Za-z0-9._~\-!$&()*+,;=:@"
_PLAIN = pattern(rf"https?://[a-z0-9.-]+(?::[1-9][0-9]*)?(?:/[{_LEGAL}]*)+(?:\?[{_LEGAL}/]+)?")
_NO_BODY = httpx.ByteStream(b"")


def is_plain(url: str) -> bool:
    """Whether httpx would write nothing of a URL that `check_feed_url` returned otherwise."""
    return _PLAIN.fullmatch(url) is not None


class PlainURL(httpx.URL):
    """A plain URL, which httpx takes apart when somebody asks for one of its parts."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:
        if name != "_uri_reference":
            raise AttributeError(name)
        self._uri_reference = httpx.URL(self._text)._uri_reference
        return self._uri_reference

    @property
    def userinfo(self) -> bytes:
        return b""  # a plain one has none

    def __str__(self) -> str:
        return self._text


class ListedHeaders(httpx.Headers):
    """Headers that are listed as httpx lists them."""

    def __init__(self, listed: Listed) -> None:
        self._list = listed
        self._encoding = None


class GetRequest(httpx.Request):
    """A request for what is there; it has no body."""

    def __init__(self, url: httpx.URL, headers: httpx.Headers, extensions: dict[str, Any]) -> None:
        self.method = "GET"
        self.url = url
        self.headers = headers
        self.extensions = extensions
        self.stream = _NO_BODY
