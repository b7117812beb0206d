"""The page alone ends at SIGTERM, whenever that comes."""

import signal
import socket
from collections.abc import Iterator

import pytest

from monitor.app import App
from monitor.web import serve as served
from monitor.web.listening import Listening
from tests.unit.monitor.web.asking import app

__all__ = ["app"]


class _Server:
    """Stands for uvicorn's before it listens for signals itself."""

    def __init__(self, *, is_told_at_its_start: bool = False) -> None:
        self.should_exit = False
        self.ends: list[bool] = []
        self._is_told_at_its_start = is_told_at_its_start

    def run(self, sockets: list[socket.socket]) -> None:
        if self._is_told_at_its_start:
            signal.raise_signal(signal.SIGTERM)
        self.ends.append(self.should_exit)


class _Dropped:
    """Is told to end where Python drops whatever is raised."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


@pytest.fixture
def before() -> Iterator[None]:
    """Fail a test, and do not end all of them, where nobody takes the signal."""
    told = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield
    assert signal.signal(signal.SIGTERM, told) == signal.SIG_IGN


@pytest.mark.usefixtures("before")
def test_what_is_told_while_the_site_is_made_is_not_lost(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Server()

    def making(*_: object) -> _Server:
        _Dropped()
        return server

    monkeypatch.setattr(served, "server_of", making)
    served.serve(app, Listening("127.0.0.1", 0), tell=lambda: None)
    assert server.ends == []


@pytest.mark.usefixtures("before")
def test_what_is_told_as_soon_as_it_can_be_asked_is_not_lost(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Server()
    monkeypatch.setattr(served, "server_of", lambda *_: server)
    place = Listening("127.0.0.1", 0)
    served.serve(app, place, tell=lambda: signal.raise_signal(signal.SIGTERM))
    assert server.ends == []


@pytest.mark.usefixtures("before")
def test_what_is_told_before_it_serves_ends_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    server = _Server(is_told_at_its_start=True)
    monkeypatch.setattr(served, "server_of", lambda *_: server)
    served.serve(app, Listening("127.0.0.1", 0), tell=lambda: None)
    assert server.ends == [True]


@pytest.mark.usefixtures("before")
def test_what_is_not_told_to_end_is_served(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    server = _Server()
    monkeypatch.setattr(served, "server_of", lambda *_: server)
    served.serve(app, Listening("127.0.0.1", 0), tell=lambda: None)
    assert server.ends == [False]
