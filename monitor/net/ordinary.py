"""Requests and answers that are ordinary, written and read without a state machine.

Most of what is posted to channels, what they answer, and what sites answer that have nothing new
is a head and a body of known length. What is not ordinary in any way is left to h11: nothing here
mends or guesses.
"""

import re
from collections.abc import Sequence

from common.records import dataclass

Headers = Sequence[tuple[bytes, bytes]]

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_SHOWN, _ANY = rb"[\x21-\x7e\x80-\xff]", rb"[\t\x20-\x7e\x80-\xff]"
_REQUEST = re.compile(
    rb"[A-Z]+ [\x21-\x7e]+ HTTP/1\.1\r\n"
    rb"(?:"
    + _NAME
    + rb": [\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?\r\n)+"
    rb"\r\n"
)
_ANSWER = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9])(?: " + _ANY + rb"*)?\r\n"
    rb"((?:" + _NAME + rb":" + _ANY + rb"*\r\n)*)"
    rb"\r\n"
)
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Ordinary:
    """An answer that has come whole."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def head_of(method: str, path: bytes, headers: Headers) -> bytes | None:
    """Return a request up to its body; None when h11 is to say what is wrong with it."""
    lines = [b"%b %b HTTP/1.1\r\n" % (method.encode(), path)]
    lines += [b"%b: %b\r\n" % header for header in headers]
    head = b"".join([*lines, b"\r\n"])
    # A line end within a value would begin a header that nobody meant.
    is_as_meant = head.count(b"\r\n") == len(headers) + 2 and _REQUEST.fullmatch(head)
    return head if is_as_meant else None


def answer_of(said: bytes, *, is_last: bool = False) -> Ordinary | None:
    """Return the answer that these bytes are, exactly; None for anything else.

    Args:
        said: All that has come since a request that was neither HEAD nor CONNECT.
        is_last: Nothing will be asked on its connection, which need not stay open.
    """
    head = _ANSWER.match(said)
    if head is None:
        return None
    status, headers, length = int(head[1]), [], None
    for line in head[2].splitlines():
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip(b" \t")
        headers.append((name, value))
        if name not in _OF_THE_BODY:
            continue
        if name == b"content-length":
            if length is not None or not value.isdigit() or len(value) > _LONGEST_LENGTH:
                return None
            length = int(value)
        elif name == b"transfer-encoding" or value.lower() not in _SAYS[is_last]:
            return None
    if length is None and status in _WITHOUT_BODY:
        length = 0
    body = said[head.end() :]
    if length != len(body) or (body and status in _WITHOUT_BODY):
        return None
    return Ordinary(status, headers, body)


_OF_THE_BODY = frozenset({b"content-length", b"transfer-encoding", b"connection"})
_LONGEST_LENGTH = 9
_SAYS = {False: (b"keep-alive",), True: (b"keep-alive", b"close")}
"""What an answer may say of its connection, the last one as well."""
