"""Answers of a test server: proper ones, and every way in which a server can misbehave.

An answer is a function of the connection and the request, so a test can write its own. Nothing
here sleeps longer than `Connection.wait`, which ends when the server is closed.
"""

import functools
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

BIG = 64 * 1024

DEADLINES_S = (0.4, 4.0, 40.0)
"""To try in turn where little time is the subject: a busy machine may need the first to ask."""

ENDLESS_S = 120.0
"""Longer than any deadline that a test sets; what waits so long did not keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived.

    Attributes:
        path: With its query, as sent.
        headers: Names in lower case; the last one wins.
        at: `time.monotonic()` when all of it had arrived.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


class Connection:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.socket = sock
        self._closing = closing

    def send(self, data: bytes) -> bool:
        """Send all of it; False when the peer or the server has gone."""
        if self._closing.is_set():
            return False
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def wait(self, seconds: float | None = None) -> bool:
        """Wait; False when the server is closed meanwhile."""
        return not self._closing.wait(seconds)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Answer = Callable[[Connection, Seen], None]


def head(status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a status line and headers, with the blank line that ends them."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode()


def reply(
    body: bytes | str = b"",
    *,
    status: int = 200,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Answer properly. Headers given here win over those made from the body."""
    data = body.encode() if isinstance(body, str) else body
    fields: dict[str, str] = {}
    if status not in (204, 304):
        fields["Content-Length"] = str(len(data))
    if content_type is not None:
        fields["Content-Type"] = content_type
    fields.update(headers or {})

    def answer(connection: Connection, seen: Seen) -> None:
        connection.send(head(status, fields) + (b"" if seen.method == "HEAD" else data))

    return answer


def conditional(
    body: bytes | str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    content_type: str = "application/rss+xml",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Answer 200 with validators, or 304 to a request that already has them."""
    fields = dict(headers or {})
    if etag is not None:
        fields["ETag"] = etag
    if last_modified is not None:
        fields["Last-Modified"] = last_modified
    full = reply(body, content_type=content_type, headers=fields)
    unchanged = reply(status=304, headers=fields)

    def answer(connection: Connection, seen: Seen) -> None:
        if "if-none-match" in seen.headers:
            same = etag is not None and seen.headers["if-none-match"] == etag
        else:
            same = last_modified is not None and (
                seen.headers.get("if-modified-since") == last_modified
            )
        (unchanged if same else full)(connection, seen)

    return answer


def redirect(to: str, *, status: int = 302) -> Answer:
    """Send the client elsewhere; to its own path for a loop."""
    return reply(b"moved", status=status, headers={"Location": to})


def zipped(
    body: bytes, *, layers: int = 1, header: str | None = "gzip", content_type: str = "text/xml"
) -> Answer:
    """Answer with a gzip body of so many layers; `header` None leaves Content-Encoding out."""
    for _ in range(layers):
        body = gzip.compress(body, mtime=0)
    return reply(
        body,
        content_type=content_type,
        headers={} if header is None else {"Content-Encoding": header},
    )


def gzip_bomb(megabytes: int = 100) -> Answer:
    """Answer with a small gzip body that becomes so many MiB of zeros."""
    return zipped(_zeros(megabytes))


@functools.cache
def _zeros(megabytes: int) -> bytes:
    return bytes(megabytes << 20)


def raw(data: bytes) -> Answer:
    """Send these bytes, whatever they are."""

    def answer(connection: Connection, seen: Seen) -> None:
        connection.send(data)

    return answer


def reset(after: bytes = b"") -> Answer:
    """Send these bytes, then reset the connection."""

    def answer(connection: Connection, seen: Seen) -> None:
        connection.send(after)
        connection.reset()

    return answer


def black_hole(after: bytes = b"") -> Answer:
    """Send these bytes, then nothing, and do not close before `ENDLESS_S`."""

    def answer(connection: Connection, seen: Seen) -> None:
        connection.send(after)
        connection.wait(ENDLESS_S)

    return answer


def delayed(seconds: float, then: Answer) -> Answer:
    """Think for a while before answering."""

    def answer(connection: Connection, seen: Seen) -> None:
        if connection.wait(seconds):
            then(connection, seen)

    return answer


def drip(data: bytes, *, every: float = 0.02, at_once: bytes = b"") -> Answer:
    """Send `at_once`, then one byte each `every` seconds, for ever if `data` is long enough."""

    def answer(connection: Connection, seen: Seen) -> None:
        connection.send(at_once)
        for index in range(len(data)):
            if not (connection.wait(every) and connection.send(data[index : index + 1])):
                return

    return answer


def cut(body: bytes, *, after: int, headers: Mapping[str, str] | None = None) -> Answer:
    """Promise all of the body, send `after` bytes of it, close."""
    fields = {"Content-Length": str(len(body)), **(headers or {})}
    return raw(head(200, fields) + body[:after])


def wrong_length(body: bytes, *, declared: int, headers: Mapping[str, str] | None = None) -> Answer:
    """Send all of the body under a Content-Length that is not its own."""
    return raw(head(200, {"Content-Length": str(declared), **(headers or {})}) + body)


def chunked(*chunks: bytes, headers: Mapping[str, str] | None = None, end: bool = True) -> Answer:
    """Answer in chunks; without `end` the last, empty one is missing."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    fields = {"Transfer-Encoding": "chunked", **(headers or {})}
    return raw(head(200, fields) + body + (b"0\r\n\r\n" if end else b""))


def endless(start: bytes, again: bytes) -> Answer:
    """Send `start`, then `again` until somebody hangs up."""

    def answer(connection: Connection, seen: Seen) -> None:
        alive = connection.send(start)
        while alive:
            alive = connection.send(again)

    return answer


def endless_headers() -> Answer:
    return endless(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 1000 + b"\r\n")


def endless_informational() -> Answer:
    return endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_body() -> Answer:
    return endless(head(200, {"Content-Type": "text/xml"}), b" " * BIG)


def endless_chunks() -> Answer:
    """Chunks of one byte with long extensions: much traffic, little body."""
    return endless(
        head(200, {"Transfer-Encoding": "chunked"}), b"1;x=" + b"y" * 4000 + b"\r\na\r\n"
    )


def endless_trailers() -> Answer:
    return endless(
        head(200, {"Transfer-Encoding": "chunked"}) + b"1\r\na\r\n0\r\n",
        b"X-More: " + b"a" * 1000 + b"\r\n",
    )
