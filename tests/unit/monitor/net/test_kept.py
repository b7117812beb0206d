"""A connection may be used again, and never brings an answer to something else."""

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from monitor.net import kept
from monitor.net.client import GuardedClient, make_client
from monitor.net.guard import AddressGuard
from notifiers.http.post import Asked

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server(socketserver.ThreadingTCPServer):
    """Answers on one connection again and again, until an answer is empty: then it hangs up."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[bytes] = []
        self.connections = 0


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        while line := self.rfile.readline():
            if line == b"\r\n":
                self.wfile.write(self.server.answers.pop(0))
                if not self.server.answers:
                    break


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def client() -> Iterator[GuardedClient]:
    with make_client(AddressGuard([ip_network("127.0.0.0/8")]), user_agent="t") as made:
        yield made


def ask(client: GuardedClient, server: Server) -> str:
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    asked = Asked(method="POST", url=url, body=b"", headers={"webhook-id": "1"})
    sent: list[bool] = []
    answer = client.exchange(asked, seconds=5, most=100, sent=lambda: sent.append(True))
    assert sent == [True]
    return answer.body.decode()


def waiting(client: GuardedClient) -> kept.KeptConnections:
    return client._guarded.kept


def test_the_next_request_goes_over_the_same_connection(
    client: GuardedClient, server: Server
) -> None:
    server.answers = [OK, OK.replace(b"ok", b"no"), OK, OK]
    assert [ask(client, server) for _ in range(3)] == ["ok", "no", "ok"]
    assert server.connections == 1
    assert len(waiting(client)) == 1


def test_who_does_not_ask_for_it_has_a_connection_of_their_own(
    client: GuardedClient, server: Server
) -> None:
    server.answers = [OK] * 9
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    said = [ask(client, server), client.get(url).text, client.get(url).text, ask(client, server)]
    assert said == ["ok"] * 4
    assert server.connections == 3


def test_one_that_the_server_has_closed_is_not_used(client: GuardedClient, server: Server) -> None:
    server.answers = [OK]
    assert ask(client, server) == "ok"
    (one,) = waiting(client)._kept.values()
    select.select([one[0].socket], [], [], 5)  # until its end has come
    server.answers = [OK, OK]
    assert ask(client, server) == "ok"
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        OK + OK,  # the second would be taken for the answer to the next request
        OK.replace(b"Content-Length: 2", b"Connection: close"),
        OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
)
def test_one_whose_answer_does_not_end_is_not_kept(
    client: GuardedClient, server: Server, answer: bytes
) -> None:
    server.answers = [answer]
    assert ask(client, server) == "ok"
    assert len(waiting(client)) == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200\r\ncontent-length:2, 2\r\n\r\nok",
    ],
)
def test_an_answer_out_of_the_ordinary_is_read_as_well_and_the_connection_kept(
    client: GuardedClient, server: Server, answer: bytes
) -> None:
    server.answers = [answer, OK, OK]
    assert [ask(client, server) for _ in range(2)] == ["ok", "ok"]
    assert server.connections == 1


def test_an_answer_that_comes_piece_by_piece_is_whole_in_the_end(
    client: GuardedClient,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_dribble, args=(listening,), daemon=True).start()
        asked = Asked(
            method="POST",
            url=f"http://127.0.0.1:{listening.getsockname()[1]}/",
            body=b"x",
            headers={},
        )
        answers = [client.exchange(asked, seconds=5, most=100, sent=lambda: None) for _ in range(2)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"ok")] * 2


def _dribble(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        for _ in range(2):
            while not connection.recv(65536).endswith(b"\r\n\r\nx"):
                pass
            for place in range(len(OK)):
                connection.sendall(OK[place : place + 1])


def test_what_comes_while_nobody_asks_ends_it(client: GuardedClient, server: Server) -> None:
    ours, theirs = socket.socketpair()
    one = kept.Kept(ours, *[kept.clock.monotonic()] * 2)
    assert one.is_usable
    theirs.sendall(OK)
    assert not one.is_usable
    ours.close()
    assert not one.is_usable
    theirs.close()


@pytest.mark.parametrize("field", ["opened_s", "idle_s"])
def test_one_that_is_too_old_is_not_used(field: str) -> None:
    ours, theirs = socket.socketpair()
    one = kept.Kept(ours, *[kept.clock.monotonic()] * 2)
    setattr(one, field, kept.clock.monotonic() - kept.OLDEST_S - 1)
    assert not one.is_usable
    ours.close()
    theirs.close()


def test_a_bounded_number_is_kept_and_those_that_are_old_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, pairs = kept.KeptConnections(), [socket.socketpair() for _ in range(kept.MOST_KEPT + 5)]
    for number, (ours, _) in enumerate(pairs):
        pool.give(("http", f"h{number}", 80), ours, kept.clock.monotonic())
    assert len(pool) == kept.MOST_KEPT
    assert [ours.fileno() == -1 for ours, _ in pairs[:6]] == [True] * 5 + [False]
    monkeypatch.setattr(kept, "IDLE_S", -1.0)
    pool.tidy()
    assert len(pool) == 0
    assert all(ours.fileno() == -1 for ours, _ in pairs)
    for _, theirs in pairs:
        theirs.close()
