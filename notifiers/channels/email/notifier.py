"""E-mail, through one SMTP server and one connection at a time."""

import base64
import re
import smtplib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from common.mail_address import is_mail_address
from common.network_causes import in_our_words
from notifiers.api import DeliveryError, Failure, Message, Settings
from notifiers.channels.email.smtp import Conversation, Garbled, Patience
from notifiers.http.redact import redacted

MOST_BYTES = 10 * 1024 * 1024
IDLE_SECONDS = 15.0
MOST_PER_CONNECTION = 100
MOST_LOGINS = 3
"""Refused logins in an hour before we stop: more of them lock accounts."""

_LOCKED_FOR = timedelta(hours=1)
_DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}


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


class EmailNotifier:
    """Implements `notifiers.api.Notifier`; a message's recipient is its envelope's.

    Sends wait for each other, so the server never sees two connections of ours. A connection
    is kept for some seconds, since alerts come in groups.

    Args:
        connect: Opens a connection to a host and port within so many seconds. Raises OSError, or
            DeliveryError where we may not connect to.
        may_be_unprotected: Whether mail may go to this address without encryption.
        context: What TLS trusts; None for the system's authorities.
    """

    def __init__(
        self,
        smtp: SmtpSettings,
        *,
        now: Callable[[], datetime],
        connect: Callable[[str, int, float], socket.socket],
        may_be_unprotected: Callable[[str], bool],
        context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        idle_seconds: float = IDLE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._smtp = smtp
        self._now = now
        self._connect = connect
        self._may_be_unprotected = may_be_unprotected
        self._context = context
        self._patience = patience or Patience()
        self._idle_seconds = idle_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._open: Conversation | None = None
        self._carried = 0
        self._idle: threading.Timer | None = None
        self._refused_logins: deque[datetime] = deque(maxlen=MOST_LOGINS)

    def send(self, message: Message, settings: Settings) -> str | None:
        """Hand the frozen bytes over and return what the server calls them, if it says so."""
        if not is_mail_address(message.recipient):
            raise DeliveryError("its recipient is not one e-mail address", Failure.PERMANENT)
        if not is_mail_address(self._smtp.sender):
            raise DeliveryError("smtp_from is not one e-mail address", Failure.DISABLED)
        if len(message.payload) > MOST_BYTES:
            raise DeliveryError("longer than 10 MiB", Failure.PERMANENT)
        failure: DeliveryError | None = None
        with self._lock:
            self._stop_idling()
            try:
                return self._hand_over(message)
            except DeliveryError as error:
                failure = DeliveryError(str(error), error.failure)
            finally:
                self._start_idling()
        raise failure  # out here, without a context that might quote addresses

    def close(self) -> None:
        """Hang up; the next send connects again."""
        with self._lock:
            self._stop_idling()
            self._drop()

    # --- one message ---

    def _hand_over(self, message: Message) -> str | None:
        conversation = self._ready()
        stage = _Stage(self._secrets(message))
        with stage:
            stage.at("MAIL FROM", refused=Failure.DISABLED)
            size = f" SIZE={len(message.payload)}" if conversation.has_extn("size") else ""
            self._say(stage, conversation, f"MAIL FROM:<{self._smtp.sender}>{size}", 250)
            stage.at("RCPT TO")
            self._say(stage, conversation, f"RCPT TO:<{message.recipient}>", 250, 251)
            stage.at("DATA")
            self._say(stage, conversation, "DATA", 354)
            stage.at("the message")
            conversation.within(self._patience.body)
            conversation.send(_dotted(message.payload))
            # From here on the server may have all of it, whether or not we hear so.
            stage.at("the end of the message", lost=Failure.UNKNOWN)
            conversation.within(self._patience.accepted)
            conversation.send(b".\r\n")
            code, text = conversation.getreply()
            stage.check(code, text, 250)
        self._carried += 1
        return _queue_id(text)

    def _say(self, stage: "_Stage", conversation: Conversation, command: str, *wanted: int) -> None:
        conversation.within(self._patience.reply)
        code, text = conversation.docmd(command)
        stage.check(code, text, *wanted)

    # --- the connection ---

    def _ready(self) -> Conversation:
        """Return a connection at which nothing is under way: the open one if it still lives."""
        if self._open is not None:
            try:
                self._open.within(self._patience.reply)
                if self._carried < MOST_PER_CONNECTION and self._open.rset()[0] == 250:
                    return self._open
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        self._open = self._connected()
        self._carried = 0
        return self._open

    def _connected(self) -> Conversation:
        self._refuse_when_locked_out()
        stage = _Stage(self._secrets(None))
        conversation: Conversation | None = None
        try:
            with stage:
                stage.at("connecting", refused=Failure.RETRY)
                conversation = self._greeted(self._socket())
                stage.at("EHLO", refused=Failure.RETRY)
                conversation.introduce()
                if self._smtp.security == "starttls":
                    stage.at("STARTTLS", refused=Failure.RETRY)
                    conversation.encrypt(self._tls())
                    stage.at("EHLO", refused=Failure.RETRY)
                    conversation.introduce()
                if self._smtp.user is not None:
                    stage.at("AUTH", refused=Failure.DISABLED)
                    self._log_in(stage, conversation)
        except DeliveryError:
            if conversation is not None:
                conversation.hang_up()
            raise
        return conversation

    def _greeted(self, connected: socket.socket) -> Conversation:
        try:
            if self._smtp.security == "tls":
                connected = self._tls().wrap_socket(connected, server_hostname=self._smtp.host)
            return Conversation(
                self._smtp.host, connected, patience=self._patience, monotonic=self._monotonic
            )
        except BaseException:
            connected.close()
            raise

    def _socket(self) -> socket.socket:
        """Connect, in the clear only to an address that was allowed, the very one checked."""
        seconds = self._patience.connect
        port = self._smtp.port or _DEFAULT_PORTS[self._smtp.security]
        if self._smtp.security != "none":
            return self._connect(self._smtp.host, port, seconds)
        found = socket.getaddrinfo(self._smtp.host, port, type=socket.SOCK_STREAM)
        allowed = [each for each in found if self._may_be_unprotected(str(each[4][0]))]
        if not allowed:
            raise DeliveryError(
                "the mail server would be spoken to without encryption, and its address is not "
                "in allow_private: use starttls or tls",
                Failure.DISABLED,
            )
        problem: OSError | None = None
        for family, kind, protocol, _, address in allowed:
            candidate = socket.socket(family, kind, protocol)
            candidate.settimeout(seconds)
            try:
                candidate.connect(address)
            except OSError as error:
                candidate.close()
                problem = error
            else:
                return candidate
        raise problem or OSError("no address")

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _log_in(self, stage: "_Stage", conversation: Conversation) -> None:
        """Log in once, by one mechanism: each refused try counts towards a lock-out."""
        user, password = self._smtp.user or "", self._smtp.password or ""
        offered = conversation.esmtp_features.get("auth", "").upper().split()
        conversation.within(self._patience.reply)
        if "PLAIN" in offered:
            code, text = conversation.docmd("AUTH PLAIN", _base64(f"\0{user}\0{password}"))
        elif "LOGIN" in offered:
            code, text = conversation.docmd("AUTH LOGIN", _base64(user))
            if code == 334:
                code, text = conversation.docmd(_base64(password))
        else:
            raise DeliveryError(
                "the mail server offers no login by PLAIN or LOGIN: leave smtp_user out, or use "
                "another server",
                Failure.DISABLED,
            )
        if code == 535:
            self._refused_logins.append(self._now())
            self._refuse_when_locked_out()
            raise DeliveryError("SMTP 535: the mail server refused the login", Failure.RETRY)
        stage.check(code, text, 235)
        self._refused_logins.clear()

    def _refuse_when_locked_out(self) -> None:
        if len(self._refused_logins) < MOST_LOGINS:
            return
        if self._now() - self._refused_logins[0] < _LOCKED_FOR:
            until = self._refused_logins[-1] + _LOCKED_FOR
            raise DeliveryError(
                f"SMTP 535: the mail server refused the login {MOST_LOGINS} times in an hour: "
                "correct smtp_user and smtp_password and restart "
                f"(no further try before {until:%H:%M} UTC)",
                Failure.DISABLED,
            )

    def _secrets(self, message: Message | None) -> tuple[str, ...]:
        found = (self._smtp.password, self._smtp.user, message and message.recipient)
        return tuple(each for each in found if each)

    # --- idling ---

    def _drop(self) -> None:
        if self._open is not None:
            self._open.hang_up()
            self._open = None

    def _start_idling(self) -> None:
        if self._open is None:
            return
        self._idle = threading.Timer(self._idle_seconds, self._close_if_idle)
        self._idle.daemon = True
        self._idle.start()

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _close_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._lock.release()


class _Stage:
    """Knows how far we are, and turns what goes wrong there into a DeliveryError.

    Args:
        secrets: What must not be repeated from the server's words.
    """

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets
        self._name = ""
        self._refused = Failure.PERMANENT
        self._lost = Failure.RETRY

    def at(
        self,
        name: str,
        *,
        refused: Failure = Failure.PERMANENT,
        lost: Failure = Failure.RETRY,
    ) -> None:
        """Say what is done next, and what a refusal for good or a lost connection would mean."""
        self._name, self._refused, self._lost = name, refused, lost

    def check(self, code: int, text: bytes, *wanted: int) -> None:
        """Return if this is what was wanted, else raise what it means.

        4xx may get better. 552 is about this message even where others are about all of them.
        """
        if code in wanted:
            return
        said = redacted(text.decode("utf-8", "replace"), self._secrets)
        words = f"SMTP {code} at {self._name}: {said}".rstrip(": ")
        if 500 <= code < 600:
            raise DeliveryError(words, Failure.PERMANENT if code == 552 else self._refused)
        raise DeliveryError(words, self._lost if code < 400 else Failure.RETRY)

    def __enter__(self) -> "_Stage":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, DeliveryError):
            return
        if isinstance(error, smtplib.SMTPResponseException):
            text = error.smtp_error
            self.check(error.smtp_code, text if isinstance(text, bytes) else str(text).encode())
        if isinstance(error, smtplib.SMTPNotSupportedError):
            raise DeliveryError(
                "the mail server offers no STARTTLS, and mail is never sent in the clear instead",
                Failure.RETRY,
            ) from None
        if isinstance(error, smtplib.SMTPException | OSError):
            raise DeliveryError(f"{_cause(error)} at {self._name}", self._lost) from None


def _cause(error: Exception) -> str:
    """Say what happened in words of our own."""
    if isinstance(error, Garbled):
        return f"not understood: {error}"
    known = in_our_words(error, whose="the mail server's", name="the mail server's name")
    if known:
        return known
    if isinstance(error, TimeoutError) or "Timeout" in str(error) or "timed out" in str(error):
        return "no answer in time"
    return "the connection was lost"


def _dotted(payload: bytes) -> bytes:
    """Return the bytes with CRLF line ends, leading dots doubled, and the last line ended.

    A line end is CRLF and nothing else: a bare CR or LF that a server takes for one could end
    the message early and begin another (SMTP smuggling).
    """
    data = re.sub(rb"\r\n|\r|\n", b"\r\n", payload)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", data)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _queue_id(text: bytes) -> str | None:
    found = re.search(
        r"(?:queued as|id=)\s*([A-Za-z0-9._-]{4,60})", text.decode("ascii", "replace")
    )
    return found[1] if found else None
