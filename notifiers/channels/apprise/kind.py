"""Apprise as a kind of channel: any URL that the library knows, sent to by a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from threading import Timer

from notifiers.api import DEADLINE_SECONDS, DeliveryError, Failure, Message, Settings
from notifiers.content.content import Content, Envelope
from notifiers.content.layout import Laid, Line, Role, Run, fitted
from notifiers.content.markup import PLAIN, written
from notifiers.content.wording import compact_json, wording
from notifiers.http.responses import HELD_AFTER
from notifiers.spec import ChannelSpec, LibraryUrl, UnknownToLibraryError

MOST_CHARACTERS = 1_800
"""Of what most services take at least; the library cuts for those that take less."""

_START = (
    "import sys; sys.path[:] = {path!r}; from notifiers.channels.apprise.child import main; main()"
)
_KEPT_OF_THE_ENVIRONMENT = ("LANG", "LC_ALL", "PATH", "SSL_CERT_FILE", "SYSTEMROOT", "TZ")
NOT_INSTALLED = 'Apprise is not installed: pip install "newsroom-monitor[apprise]"'


def render(content: Content, envelope: Envelope) -> bytes:
    """Return a title and plain text, its link first."""
    made = fitted(wording(content, envelope), _message, _fits)
    return compact_json(made)


def _message(laid: Laid) -> dict[str, str]:
    link = Line(role=Role.TEXT, runs=(Run(text=laid.link),))
    lines = [link, *laid.rest] if laid.link else laid.rest
    return {"title": laid.title, "body": written(lines, PLAIN)}


def _fits(made: dict[str, str]) -> bool:
    return len(made["title"]) + len(made["body"]) <= MOST_CHARACTERS


class AppriseNotifier:
    """Implements `notifiers.api.Notifier`; a channel's setting is its `url`.

    Each message is sent by a process of its own: the library is large, speaks to 150 services in
    its own way, and could be stopped from nowhere else. That process asks us before it connects
    to any address.

    Args:
        check_address: Raises DeliveryError when an address may not be connected to.
    """

    def __init__(
        self,
        check_address: Callable[[str, int], None],
        *,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._check_address = check_address
        self._seconds = seconds

    def send(self, message: Message, settings: Settings) -> str | None:
        """Send once; the library does not say why a service refuses."""
        said = json.loads(message.payload)
        asked = {"url": settings["url"], "title": said["title"], "body": said["body"]}
        kept = {name: os.environ[name] for name in _KEPT_OF_THE_ENVIRONMENT if name in os.environ}
        with subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-c", _START.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=kept,
        ) as child:
            watch = Timer(self._seconds, child.kill)
            watch.start()
            try:
                self._follow(child, asked)
            finally:
                watch.cancel()
                child.kill()
        return None

    def _follow(self, child: "subprocess.Popen[str]", asked: dict[str, str]) -> None:
        """Answer what the child asks until it is done.

        Raises:
            DeliveryError: It was not sent, or nobody knows.
        """
        assert child.stdin is not None
        assert child.stdout is not None
        refused: DeliveryError | None = None
        connected = False
        try:
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
            for line in child.stdout:
                told = json.loads(line)
                if "connect" in told:
                    host, port = told["connect"]
                    try:
                        self._check_address(host, port)
                    except DeliveryError as error:
                        refused = error
                    else:
                        connected = True
                    child.stdin.write("no\n" if refused else "yes\n")
                    child.stdin.flush()
                    continue
                _judge(told, refused)
                return
        except OSError:
            pass  # it died; what that means is said below
        if connected:
            raise DeliveryError("no answer in time; the receiver may have it", Failure.UNKNOWN)
        raise DeliveryError("Apprise ended without a word", Failure.RETRY)


def _judge(told: dict[str, object], refused: DeliveryError | None) -> None:
    if told.get("missing"):
        raise DeliveryError(NOT_INSTALLED, Failure.DISABLED)
    if told.get("unknown"):
        raise DeliveryError("Apprise knows no such URL", Failure.DISABLED)
    if told.get("done"):
        return
    if refused is not None:
        raise refused
    # It may be anything: a service that is away, a token that is wrong.
    text = "the service did not take it; Apprise does not say why"
    raise DeliveryError(text, Failure.RETRY, hold_after=HELD_AFTER)


def check_url(text: str) -> None:
    """Check a URL that Apprise is to send to.

    Raises:
        UnknownToLibraryError: It knows no such scheme, or is not installed.
        ValueError: It cannot read what follows; the sentence does not repeat it.
    """
    if find_spec("apprise") is None:
        raise UnknownToLibraryError(f"{NOT_INSTALLED} for the services that it knows")
    import logging

    import apprise
    from apprise.manager_plugins import NotificationManager

    library = logging.getLogger("apprise")
    library.addHandler(logging.NullHandler())
    library.propagate = False  # what it logs quotes the URL
    services = NotificationManager()  # type: ignore[no-untyped-call]
    if text.partition(":")[0].lower() not in services:
        raise UnknownToLibraryError("nor does Apprise know it: see https://appriseit.com/services/")
    if apprise.Apprise.instantiate(text, suppress_exceptions=True) is None:
        raise ValueError(
            "Apprise knows that service, but not by an address like this one; how it is "
            "written: https://appriseit.com/services/"
        )


SPEC = ChannelSpec(
    kind="apprise",
    name="Apprise",
    target=LibraryUrl(check=check_url),
    render=render,
    make=lambda tools: AppriseNotifier(tools.check_address),
    concurrency=1,
    by_story=False,
)
