"""What the program asks of a kind of channel, and what a kind's notifier is made of."""

import socket
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TextIO

from common.records import dataclass
from notifiers.api import Notifier
from notifiers.content.content import Content, Envelope

if TYPE_CHECKING:  # a short command needs no HTTP client
    from notifiers.http.post import Poster


class SmtpSettings(Protocol):
    """How e-mail leaves; what monitor.config.load reads.

    Attributes:
        security: "tls" from the first byte, "starttls", or "none", which is used only where
            `may_be_unprotected` allows it. There is no fallback from one to another.
        sender: One address; also the envelope's.
        user, password: None when no login is made.
    """

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def security(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierTools:
    """What notifiers are made of; the program hands it in.

    Attributes:
        client: The one client that all requests go through; it refuses addresses by itself.
        smtp: How e-mail leaves; None when that is not set up.
        connect: Opens a connection to a host and port within so many seconds. Raises OSError, or
            DeliveryError where we may not connect to.
        check_address: Returns if an address may be connected to at a port, else raises
            DeliveryError.
        may_be_unprotected: Whether mail may go to an address, written as text, unencrypted.
        login_let_at: Returns when somebody last said that a login which the mail server has
            refused may be tried once more.
    """

    client: "Poster"
    now: Callable[[], datetime]
    stdout: TextIO
    smtp: SmtpSettings | None
    connect: Callable[[str, int, float], socket.socket]
    check_address: Callable[[str, int], None]
    may_be_unprotected: Callable[[str], bool]
    login_let_at: Callable[[], datetime | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetting:
    """One setting of a channel. All of them are secrets: the database holds none.

    Attributes:
        is_needed: Whether a channel cannot be without it.
        name: What it is, in a sentence.
        check: Raises ValueError when a value cannot be used, in a sentence without it.
        doubt: Returns what speaks against a value that can be used, in a sentence without it; ""
            for nothing.
    """

    key: str
    is_needed: bool = True
    name: str = ""
    check: Callable[[str], object] = lambda value: None
    doubt: Callable[[str], str] = lambda value: ""


URL = ChannelSetting(key="url")
"""Where a kind that is sent to over HTTP posts to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScheme:
    """Targets that begin with a scheme which is the kind's own.

    Attributes:
        name: What such a target is, in a sentence: "an e-mail address".
        example: One as people write it.
        recipients: Returns who receives a delivery of their own, from what follows the colon:
            ("",) for nobody in particular. Raises ValueError, in a sentence.
        is_meant: Whether a text without the scheme can only be such a target.
    """

    scheme: str
    name: str
    example: str
    recipients: Callable[[str], tuple[str, ...]]
    is_meant: Callable[[str], bool] = lambda text: False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebUrl:
    """Targets that are http(s) URLs.

    Attributes:
        hosts: A pattern of the whole host names at which nobody else is; "" when anybody's may
            be the kind's.
        path: A pattern of the paths to which messages go at these hosts; "" for any.
        shape: A pattern of what follows the host, path and query, that only this kind makes,
            whatever the host; "" for none.
        check: Raises ValueError, in a sentence, when nothing can be sent to a URL of this kind
            with this path and this query.
    """

    hosts: str = ""
    path: str = ""
    shape: str = ""
    check: Callable[[str, str], object] = lambda path, query: None


class UnknownToLibraryError(ValueError):
    """A library has no service by a target's scheme; it may be another kind's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryUrl:
    """Targets with any scheme that no other kind has, which a library knows.

    Attributes:
        check: Raises ValueError, in a sentence without the URL, when it does not know this one;
            `UnknownToLibraryError` when it does not even know the
            scheme, or is not installed.
    """

    check: Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a channel may be sent to: so many messages in so many seconds, evenly after that."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """One kind of channel.

    Attributes:
        kind: What channels, `--kind` and files call it.
        name: Its name for people.
        target: How its targets are written, and known.
        render: Makes the bytes that every attempt carries; pure.
        make: Makes its notifier, or returns None when a tool is missing.
        settings: What a channel's notifier is told at each send.
        concurrency: How many sends to one channel may be under way at once.
        at_once: So many messages may have been sent to a channel before it is written down that
            they were: so many come twice when the program is killed at that moment. More only
            where a receiver is told the id of each, and so knows it again.
        can_edit: Whether a message that was sent can be replaced: by one of kind COUNT.
        check_template: Raises ValueError, in a sentence, for a template that this kind cannot send.
        pace: How fast its service takes messages; None when that is not known.
        threads: Whether more of a story can go under the message that told of it first.
        needs_smtp: Whether there is no notifier before a mail server is set.
        by_story: Whether new channels tell in one message what several rules find of one story at
            once, unless somebody says otherwise: people read it, who hate two messages about one
            event, where a program or a log wants each alert by itself.
    """

    kind: str
    name: str
    target: OwnScheme | WebUrl | LibraryUrl
    render: Callable[[Content, Envelope], bytes]
    make: Callable[[NotifierTools], Notifier | None]
    settings: tuple[ChannelSetting, ...] = (URL,)
    concurrency: int = 4
    at_once: int = 4
    can_edit: bool = False
    check_template: Callable[[str], object] = lambda template: None
    pace: Pace | None = None
    threads: bool = False
    needs_smtp: bool = False
    by_story: bool = True

    @property
    def needs_settings(self) -> bool:
        """Whether a channel cannot be sent to before it has settings."""
        return any(setting.is_needed for setting in self.settings)

    def setting(self, key: str) -> ChannelSetting | None:
        """Return the setting with this key, None when the kind has none."""
        return next((setting for setting in self.settings if setting.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedKind:
    """A service that people know and that only Apprise sends to: a refusal says how.

    Attributes:
        scheme: Of its URLs there.
    """

    kind: str
    name: str
    target: WebUrl
    scheme: str
