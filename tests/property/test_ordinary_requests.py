"""What is read and written without a state machine is what h11 would have read and written."""

import h11
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.net import ordinary

_NAMES = st.sampled_from(
    [b"Content-Length", b"content-length", b"Connection", b"Transfer-Encoding", b"Date", b"X-a"]
)
_VALUES = st.sampled_from(
    [b"", b"0", b"2", b"3", b"2, 2", b" 2", b"+2", b"2\t", b"close", b"Keep-Alive", b"chunked"]
) | st.binary(max_size=8)
_HEADERS = st.lists(st.tuples(_NAMES, _VALUES), max_size=4)


@given(
    st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.1 ", b"HTTP/2"]),
    st.sampled_from([b"200 OK", b"204", b"204 No Content", b"304 x", b"404 \xff", b"100 Continue"]),
    _HEADERS,
    st.sampled_from([b"", b"ok", b"0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]),
    st.booleans(),
)
@example(b"HTTP/1.1", b"204", [(b"Content-Length", b"2")], b"ok", False)
@example(b"HTTP/1.1", b"200", [(b"Content-Length", b"2"), (b"Content-Length", b"3")], b"ok", False)
@example(b"HTTP/1.1", b"304 x", [(b"Connection", b"close")], b"", True)
@example(b"HTTP/1.1", b"200", [(b"Connection", b"close"), (b"Content-Length", b"2")], b"ok", True)
def test_an_answer_that_is_taken_for_ordinary_is_what_h11_reads(
    version: bytes, status: bytes, headers: list[tuple[bytes, bytes]], body: bytes, is_last: bool
) -> None:
    lines = b"".join(b"%b:%b\r\n" % header for header in headers)
    said = b"%b %b\r\n%b\r\n%b" % (version, status, lines, body)
    taken = ordinary.answer_of(said, is_last=is_last)
    if taken is None:
        return
    http = h11.Connection(h11.CLIENT)
    http.send(h11.Request(method="POST", target="/", headers=[("host", "h")]))
    http.send(h11.EndOfMessage())
    http.receive_data(said)
    answer, read = http.next_event(), b""
    assert isinstance(answer, h11.Response)
    while isinstance(event := http.next_event(), h11.Data):
        read += event.data
    assert isinstance(event, h11.EndOfMessage)
    assert http.trailing_data == (b"", False)
    assert is_last or http.their_state is h11.DONE
    assert (taken.status, taken.body) == (answer.status_code, read)
    assert taken.headers == list(answer.headers)


@given(
    st.sampled_from(
        [b"/", b"/a?b=c", b"/a b", b"", b"/\r\nx", b"/\xff", b"/ HTTP/1.1\r\nX: 1\r\nY:"]
    ),
    st.lists(
        st.tuples(
            st.sampled_from([b"X-a", b"x b", b"", b"Accept"]),
            st.sampled_from([b"1", b"", b" 1", b"1 ", b"a\r\nX: 1", b"\xc3\xa4 b", b"a\tb", b"\0"]),
        ),
        max_size=4,
    ),
)
@example(b"/", [(b"X-a", b"a\r\nX: 1")])
@example(b"/", [(b"X-a", b"a\r\n\r\nPOST / HTTP/1.1\r\nX: 1")])
def test_a_request_that_is_written_at_once_is_what_h11_writes(
    path: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    headers = [(b"Host", b"h"), *headers]
    head = ordinary.head_of("POST", path, headers)
    if head is None:
        return
    http = h11.Connection(h11.CLIENT)
    assert http.send(h11.Request(method="POST", target=path, headers=headers)) == head


def test_what_channels_usually_say_is_ordinary() -> None:
    answers = [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 2\r\n"
        b"Connection: keep-alive\r\n\r\nok",
    ]
    assert all(ordinary.answer_of(answer) for answer in answers)
    ends = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nConnection: close\r\n\r\n'
    assert ordinary.answer_of(ends) is None
    assert ordinary.answer_of(ends, is_last=True)
    assert ordinary.head_of("POST", b"/x", [(b"Host", b"h"), (b"webhook-id", b"msg_1")])
