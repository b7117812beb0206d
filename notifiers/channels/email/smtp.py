"""One SMTP conversation, bounded: in time as a whole, in the length of what the server says."""

import smtplib
import socket
import ssl
import time
from typing import Any

from common.records import dataclass

MOST_REPLY_BYTES = 64 * 1024
LONGEST_LINE_BYTES = 8 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait, in seconds.

    Giving up before the message is handed over costs nothing but another try, so we are less
    patient there than RFC 5321 asks for. After the final dot we wait as long as it demands
    (4.5.3.2.6): giving up there makes duplicates.
    """

    connect: float = 30
    reply: float = 60
    body: float = 180
    accepted: float = 600


class Garbled(smtplib.SMTPException):
    """The server does not speak SMTP, or says too much of it."""


class Conversation(smtplib.SMTP):
    """An `smtplib.SMTP` over a socket that is already connected.

    Reading is our own: smtplib bounds each line, but neither their number nor the time that
    they take together, and forgets what stands behind a reply when encryption begins.

    Raises:
        smtplib.SMTPConnectError: The greeting is no 220.
        smtplib.SMTPServerDisconnected: The connection ended or the time was up; so may all
            methods.
    """

    def __init__(
        self,
        host: str,
        connected: socket.socket,
        *,
        patience: Patience,
    ) -> None:
        self._server = host
        self._connected = connected
        self._patience = patience
        self._received = bytearray()
        self._ends_at = time.monotonic() + patience.reply
        # A name that is given is not looked up: getfqdn can take half a minute.
        super().__init__(host, 25, local_hostname=_own_name(connected))

    def connect(
        self, host: str = "", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        """Take the socket and read the greeting."""
        self.sock = self._connected
        return self.getreply()

    def within(self, seconds: float) -> None:
        """Let what follows take so long together."""
        self._ends_at = time.monotonic() + seconds

    def send(self, s: Any) -> None:
        """Send all of it, bytes or ASCII text, within the time that is left."""
        data = s.encode("ascii") if isinstance(s, str) else bytes(s)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            for start in range(0, len(data), _CHUNK):
                self.sock.settimeout(self._left())
                self.sock.sendall(data[start : start + _CHUNK])
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(type(error).__name__) from None

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the text of the next reply."""
        lines = []
        size = 0
        while True:
            line = self._line()
            size += len(line)
            if size > MOST_REPLY_BYTES:
                raise self._garbled("its reply has no end")
            if not line[:3].isdigit() or line[3:4] not in (b"", b" ", b"-"):
                raise self._garbled("it does not speak SMTP")
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def introduce(self) -> None:
        """Say who we are and learn what the server can.

        Raises:
            smtplib.SMTPHeloError: It does not want to know us.
        """
        code, text = self.ehlo()
        if code in (500, 502):  # it knows HELO only, and so neither TLS nor logins
            code, text = self.helo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, text)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Begin TLS, or raise; what was said in the clear is forgotten.

        Raises:
            smtplib.SMTPNotSupportedError: The server does not offer it.
            smtplib.SMTPResponseException: It offers it and refuses.
            Garbled: Something was said between its answer and TLS: an injection.
            ssl.SSLError: No encryption, or a certificate that is not valid.
        """
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("no STARTTLS")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)
        if self._received:
            raise self._garbled("it said something before encryption that it must not")
        assert self.sock is not None
        self.sock.settimeout(self._left())
        self.sock = context.wrap_socket(self.sock, server_hostname=self._server)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def hang_up(self) -> None:
        """Say goodbye, if there is somebody to say it to, and close."""
        try:
            if self.sock is not None:
                self.within(1)
                self.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            self.close()

    def _left(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _line(self) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > LONGEST_LINE_BYTES:
                raise self._garbled("its reply has no end")
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("not connected")
            try:
                self.sock.settimeout(self._left())
                more = self.sock.recv(4096)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(type(error).__name__) from None
            if not more:
                self.close()
                raise smtplib.SMTPServerDisconnected("closed")
            self._received += more
        line = bytes(self._received[:end]).rstrip(b"\r")
        del self._received[: end + 1]
        return line

    def _garbled(self, text: str) -> Garbled:
        self.close()
        return Garbled(text)


def _own_name(connected: socket.socket) -> str:
    """Return what we call ourselves: the full host name, else our address on this connection."""
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    address = str(connected.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
