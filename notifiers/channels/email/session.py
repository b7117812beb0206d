"""What is said to the mail server: how a session begins, and how a message is handed over."""

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import datetime

from notifiers.api import DeliveryError, Failure, Message
from notifiers.channels.email.logins import RefusedLogins
from notifiers.channels.email.outcomes import RECIPIENT, SmtpStage
from notifiers.channels.email.smtp import Conversation, Patience
from notifiers.http.responses import HELD_AFTER
from notifiers.spec import SmtpSettings

_OTHER_WAY = {
    "tls": "if the server begins in the clear, set smtp_security to starttls",
    "starttls": "if the server begins with TLS, set smtp_security to tls",
    "none": "if the server begins with TLS, set smtp_security to tls",
}
_DEFAULT_PORTS = {"tls": 465, "starttls": 587, "none": 25}


class MailServer:
    """The server that all mail leaves by.

    Args:
        connect, may_be_unprotected, login_let_at: As `notifiers.spec.NotifierTools` has them.
        context: What TLS trusts; None for the system's authorities (`SSL_CERT_FILE`) and certifi's.
    """

    def __init__(
        self,
        smtp: SmtpSettings,
        *,
        now: Callable[[], datetime],
        connect: Callable[[str, int, float], socket.socket],
        may_be_unprotected: Callable[[str], bool],
        login_let_at: Callable[[], datetime | None] = lambda: None,
        context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sender = smtp.sender
        self._smtp = smtp
        self._now = now
        self._connect = connect
        self._may_be_unprotected = may_be_unprotected
        self._context = context
        self._patience = patience or Patience()
        self._monotonic = monotonic
        self._refused_logins = RefusedLogins(login_let_at)
        self._silence: tuple[float, str] | None = None
        """Until when nobody is kept waiting by a server that was silent, and what it was like."""
        self._password = smtp.password
        self._secrets = tuple(filter(None, (smtp.password, smtp.user)))

    def open(self) -> Conversation:
        """Connect, encrypt and log in, as it was set and never less.

        Raises:
            DeliveryError: One of them failed; nothing is left open.
        """
        password = self._smtp.password
        if password != self._password:  # it was mended
            self._refused_logins.clear()
            self._password = password
            self._secrets = tuple(filter(None, (password, self._smtp.user)))
        self._refused_logins.check(self._now())
        begun = self._monotonic()
        if self._silence is not None and begun < self._silence[0]:
            raise DeliveryError(self._silence[1], Failure.RETRY)
        self._silence = None
        stage = SmtpStage(self._secrets, host=self._smtp.host)
        conversation: Conversation | None = None
        try:
            with stage:
                other_way = _OTHER_WAY[self._smtp.security]
                stage.at("connecting", refused=Failure.RETRY, hint=other_way)
                conversation = self._greeted(self._socket())
                stage.at("EHLO", refused=Failure.RETRY)
                conversation.introduce()
                if self._smtp.security == "starttls":
                    stage.at("STARTTLS", refused=Failure.RETRY)
                    conversation.encrypt(self._tls())
                    stage.at("EHLO", refused=Failure.RETRY)
                    conversation.introduce()
                if self._smtp.user is not None:
                    stage.at("AUTH", refused=Failure.RETRY)
                    self._log_in(stage, conversation)
        except DeliveryError as error:
            if conversation is not None:
                conversation.hang_up()
            # Whoever waits behind this message need not wait as long for the same.
            ended = self._monotonic()
            if error.failure is Failure.RETRY and ended - begun >= self._patience.reply / 2:
                self._silence = (ended + (ended - begun), str(error))
            raise
        return conversation

    def hand_over(self, conversation: Conversation, message: Message) -> str | None:
        """Hand one message over and return what the server calls it, if it says so.

        Raises:
            DeliveryError: It was not taken; UNKNOWN when it may have been.
        """
        stage = SmtpStage((*self._secrets, message.recipient), host=self._smtp.host)
        with stage:
            stage.at("MAIL FROM", refused=Failure.RETRY)
            size = f" SIZE={len(message.payload)}" if conversation.has_extn("size") else ""
            self._say(stage, conversation, f"MAIL FROM:<{self.sender}>{size}", 250)
            stage.at(RECIPIENT)
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
        return _queue_id(text)

    def _say(
        self, stage: SmtpStage, conversation: Conversation, command: str, *wanted: int
    ) -> None:
        conversation.within(self._patience.reply)
        code, text = conversation.docmd(command)
        stage.check(code, text, *wanted)

    def still_takes(self, conversation: Conversation) -> bool:
        """Whether the server is there and has nothing under way, as after RSET."""
        try:
            conversation.within(self._patience.reply)
            return conversation.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _greeted(self, connected: socket.socket) -> Conversation:
        try:
            if self._smtp.security == "tls":
                connected = self._tls().wrap_socket(connected, server_hostname=self._smtp.host)
            return Conversation(self._smtp.host, connected, patience=self._patience)
        except BaseException:
            connected.close()
            raise

    def _socket(self) -> socket.socket:
        """Connect, in the clear only to an address that was allowed, the very one checked."""
        seconds = self._patience.connect
        port = self._smtp.port or _DEFAULT_PORTS[self._smtp.security]
        if self._smtp.security != "none":
            return self._connect(self._smtp.host, port, seconds)
        places = socket.getaddrinfo(self._smtp.host, port, type=socket.SOCK_STREAM)
        allowed = [place for place in places if self._may_be_unprotected(str(place[4][0]))]
        if not allowed:
            raise DeliveryError(
                "the mail server would be spoken to without encryption, and its address is not "
                "in allow_private: use starttls or tls",
                Failure.RETRY,
                hold_after=HELD_AFTER,
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
            import certifi

            # As all else that we connect to: SSL_CERT_FILE adds authorities and takes none away.
            self._context = ssl.create_default_context()
            self._context.load_verify_locations(cafile=certifi.where())
        return self._context

    def _log_in(self, stage: SmtpStage, conversation: Conversation) -> None:
        """Log in once, by one mechanism: each refused try counts towards a lock-out."""
        user, password = self._smtp.user or "", self._password or ""
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
                Failure.RETRY,
                hold_after=HELD_AFTER,
            )
        if 500 <= code < 600:  # mostly 535; a provider that wants another password says 534
            self._refused_logins.add(self._now())
            self._refused_logins.check(self._now())
            stage.advise("correct smtp_user and smtp_password; some services want an app password")
        stage.check(code, text, 235)
        self._refused_logins.clear()


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
    said = text.decode("ascii", "replace")
    match = re.search(r"(?:queued as|id=)\s*([A-Za-z0-9._-]{4,60})", said)
    return match[1] if match else None
