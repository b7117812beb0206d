"""What goes wrong with a mail server, and what it means for the message."""

import re
import smtplib
import ssl

from common.network_causes import in_our_words
from notifiers.api import DeliveryError, Failure
from notifiers.channels.email.smtp import Garbled
from notifiers.http.redact import redacted
from notifiers.http.responses import HELD_AFTER

RECIPIENT = "RCPT TO"
_OF_US = (530, 535, 538)
"""Log in, or in another way (RFC 4954), whatever was asked."""
_WRITTEN_OF_US = re.compile(rb"\s*5\.7\.|(?!\s*5\.\d)[^\r\n]*(?:\brelay|\bauthenticat)", re.I)
"""The status of what policy forbids (RFC 3463); the words of servers that give none."""


class SmtpStage:
    """Knows how far we are, and turns what goes wrong there into a DeliveryError.

    Args:
        secrets: What must not be repeated from the server's words.
        host: How the server is called.
    """

    def __init__(self, secrets: tuple[str, ...], *, host: str) -> None:
        self._secrets = secrets
        self._host = host
        self._name = ""
        self._refused = Failure.PERMANENT
        self._lost = Failure.RETRY
        self._hint = ""
        self._advice = ""

    def advise(self, advice: str) -> None:
        """Say what is to be done where what is done now is refused."""
        self._advice = f"; {advice}"

    def at(
        self,
        name: str,
        *,
        refused: Failure = Failure.PERMANENT,
        lost: Failure = Failure.RETRY,
        hint: str = "",
    ) -> None:
        """Say what is done next, and what a refusal for good or a lost connection would mean.

        Args:
            hint: What is said beside when one side begins in TLS and the other in the clear, or
                may have: each waits for the other then.
        """
        self._name, self._refused, self._lost = name, refused, lost
        self._hint, self._advice = hint, ""

    def check(self, code: int, text: bytes, *wanted: int) -> None:
        """Return if this is what was wanted, else raise what it means.

        4xx may get better. 552 is about this message even where others are about all of them; what
        is about all may be a moment's, since one server is every address's, and holds them when it
        has been said for a day. Most servers say that at the recipient only.
        """
        if code in wanted:
            return
        said = redacted(text.decode("utf-8", "replace"), self._secrets)
        words = f"SMTP {code} at {self._name}: {said}".rstrip(": ") + self._advice
        if 500 <= code < 600:
            refused = self._refused
            if self._name == RECIPIENT and _is_of_us(code, text):
                refused = Failure.RETRY
            refused = Failure.PERMANENT if code == 552 else refused
            held = HELD_AFTER if refused is Failure.RETRY else None
            raise DeliveryError(words, refused, hold_after=held)
        raise DeliveryError(words, self._lost if code < 400 else Failure.RETRY)

    def __enter__(self) -> "SmtpStage":
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
            hint = f"; {self._hint}" if self._hint and _is_at_odds(error) else ""
            if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _UNTRUSTED:
                hint = "; an authority of your own counts when SSL_CERT_FILE names its certificate"
            raise DeliveryError(
                f"{_cause(error, self._host)} at {self._name}{hint}", self._lost
            ) from None


_UNTRUSTED = frozenset({18, 19, 20})
"""OpenSSL's codes of a certificate that is signed by itself, or by whom nobody here knows."""


def _is_of_us(code: int, text: bytes) -> bool:
    """Whether a recipient is refused because of who we are, whoever the recipient is."""
    return code in _OF_US or _WRITTEN_OF_US.match(text) is not None


def _is_at_odds(error: Exception) -> bool:
    """Whether two may have waited for each other, or one did not understand the other's TLS."""
    if isinstance(error, ssl.SSLError):
        return not isinstance(error, ssl.SSLCertVerificationError)
    return isinstance(error, smtplib.SMTPServerDisconnected) and "Timeout" in str(error)


def _cause(error: Exception, host: str) -> str:
    """Say what happened in words of our own."""
    if isinstance(error, Garbled):
        return f"not understood: {error}"
    known = in_our_words(error, whose="the mail server's", name=f"the mail server's name {host}")
    if known:
        return known
    if isinstance(error, TimeoutError) or "Timeout" in str(error) or "timed out" in str(error):
        return "no answer in time"
    return "the connection was lost"
