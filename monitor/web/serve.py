"""Serving the site: beside the daemon in a thread of its own, or alone."""

import asyncio
import logging
import select
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.app import App
from monitor.base.errors import Refusal, Remedy, RemedyKind
from monitor.base.remedies import worded
from monitor.config.load import Config
from monitor.web.listening import Listening
from storage.api.errors import StorageError

if TYPE_CHECKING:
    import uvicorn

log = logging.getLogger("monitor.web")

BACKLOG = 128
MOST_HEADER_BYTES = 512 * 1024
"""Of what is longer nothing is read; of what has too many headers, that is said."""

KEEP_ALIVE_SECONDS = 15
STOP_SECONDS = 2
RETRY_SECONDS = 30.0

LOOKS_FOR_A_VISITOR = 20
LOOK_SECONDS = 0.25
"""Between two looks whether anybody has come: as long as nobody has, the daemon starts first."""


def bound(place: Listening, *, lets_in: bool = False) -> socket.socket:
    """Return a socket that listens there.

    Args:
        lets_in: Whether there is somebody who can show who they are.

    Raises:
        Refusal: The address is taken or not of this machine, or others could reach it and nobody
            could be let in.
    """
    if not place.is_private and not lets_in:
        raise Refusal(
            f"web_listen: {place.host} can be reached from other machines, so whoever asks must "
            "log in or show a token, and there is no user and no token",
            remedy=Remedy(RemedyKind.ADD_TOKEN),
        )
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    # Named, because asyncio lets only what is TCP by name send small pieces at once; without, each
    # answer waits some 40 ms for the browser to acknowledge its headers.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((place.host, place.port))
    except OSError as error:
        listener.close()
        raise Refusal(
            f"web_listen: {place.host}:{place.port} cannot be used "
            f"({(error.strerror or str(error)).lower()}); set another, such as "
            f"MONITOR_WEB_LISTEN=127.0.0.1:{min(place.port + 1, 65_535)}, or none",
            misuse=False,
        ) from None
    listener.listen(BACKLOG)
    return listener


def lets_in(app: App) -> bool:
    """Whether there is a user or a token."""
    with app.storage.reading() as tx:
        return bool(tx.users.all() or tx.access.all())


def _public_host(config: Config) -> tuple[str, ...]:
    """Return the name by which messages lead here: whoever follows them asks for it."""
    host = urlsplit(config.public_url or "").hostname
    return (host,) if host else ()


def server_of(
    app: App, place: Listening, *, is_daemon: bool = False, patience_s: float | None = None
) -> "uvicorn.Server":
    """Return what serves the site on a socket that listens there."""
    import uvicorn

    from monitor.web.base.security import PATIENCE_S
    from monitor.web.site import make_site

    site = make_site(
        app,
        is_daemon=is_daemon,
        hosts=(*app.config.web_hosts, *_public_host(app.config), *place.names),
        is_open=place.is_private,
        patience_s=PATIENCE_S if patience_s is None else patience_s,
    )
    config = uvicorn.Config(
        site,
        http="h11",
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        limit_concurrency=400,
    )
    return uvicorn.Server(config)


class SiteThread:
    """The site beside the daemon, in a thread of its own; its trouble is not the daemon's.

    An address that is taken is tried again, so that what held it may end.
    """

    def __init__(self, app: App, place: Listening) -> None:
        self._app = app
        self._place = place
        self._stopped = threading.Event()
        self._server: uvicorn.Server | None = None
        self.url: str | None = None
        """Where the page is served now; None while it is not."""
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, within bounds."""
        self._stopped.set()
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join(STOP_SECONDS + 1)

    def _run(self) -> None:
        told = ""
        while not self._stopped.is_set():
            try:
                listener = bound(self._place, lets_in=lets_in(self._app))
            except (Refusal, StorageError) as error:
                why = worded(error) if isinstance(error, Refusal) else str(error)
                if why != told:
                    told = why
                    log.warning("the page is not served", extra={"why": told})
                self._stopped.wait(RETRY_SECONDS)
                continue
            told = ""
            with listener:
                self.url = self._place.url
                self._serve(listener)
                self.url = None
            self._stopped.wait(RETRY_SECONDS)

    def _serve(self, listener: socket.socket) -> None:
        log.info("serving the page", extra={"url": self._place.url})
        self._await_visitor(listener)
        self._server = server_of(self._app, self._place, is_daemon=True)
        if self._stopped.is_set():
            return
        with suppress(asyncio.CancelledError):
            try:
                asyncio.run(self._server.serve(sockets=[listener]))
            except Exception:
                # A page that fails must not take the daemon along: deliveries matter more.
                log.exception("the page is not served any more")

    def _await_visitor(self, listener: socket.socket) -> None:
        """Return when somebody has come, or soon: making the site takes half a second of CPU.

        In that time the daemon sends what it owed when it was killed; a visitor waits in line.
        """
        for _ in range(LOOKS_FOR_A_VISITOR):
            if self._stopped.is_set() or select.select([listener], [], [], LOOK_SECONDS)[0]:
                return


def serve(app: App, place: Listening, *, tell: Callable[[], None]) -> None:
    """Serve the site until Ctrl-C or SIGTERM; raises as `bound`.

    Args:
        tell: Is called when it can be asked.
    """
    ending = _Ending()
    with bound(place, lets_in=lets_in(app)) as listener:
        # uvicorn ends in good order at SIGTERM, and then sends it to us once more.
        before = signal.signal(signal.SIGTERM, ending.begin)
        try:
            tell()
            log.info("serving the page", extra={"url": place.url})
            ending.serve(server_of(app, place), listener)
        finally:
            signal.signal(signal.SIGTERM, before)


class _Ending:
    """SIGTERM before uvicorn listens for it.

    It is noted, not raised: what is raised while modules are loaded may arise in a callback of
    Python's own, which drops it, and the page would be served for ever.
    """

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._is_told = False

    def begin(self, number: int, frame: FrameType | None) -> None:
        """Take a signal."""
        self._is_told = True
        if self._server is not None:
            self._server.should_exit = True

    def serve(self, server: "uvicorn.Server", listener: socket.socket) -> None:
        """Serve on a listening socket until told to end, maybe by what was told before."""
        self._server = server
        if not self._is_told:
            server.run(sockets=[listener])
