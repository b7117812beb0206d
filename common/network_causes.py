"""Why a connection failed, in words: no number, file name, URL or address is in them.

A host name stands there where whoever asks gives it.
"""

import socket
import ssl


def in_our_words(error: BaseException, *, whose: str, name: str) -> str | None:
    """Return what happened in a clause; None when that error says nothing of its own.

    Args:
        whose: Of whose certificate it speaks: "its", "the mail server's".
        name: What was looked up: "its host name news.example".
    """
    match error:
        case ssl.SSLCertVerificationError():
            why = error.verify_message.partition(", certificate is not valid for")[0]
            return f"{whose} certificate is not valid: {why}"
        case ssl.SSLError():
            return f"no encrypted connection: {_reason(error) or 'TLS error'}"
        case socket.gaierror():
            return f"{name} cannot be resolved"
        case ConnectionRefusedError():
            return "connection refused"
        case _:
            return None


def in_the_systems_words(error: Exception) -> str:
    """Return what the system calls the trouble; the error's class when it has no words."""
    match error:
        case ssl.SSLCertVerificationError():
            return error.verify_message
        case ssl.SSLError():
            return _reason(error) or "TLS failed"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return type(error).__name__


_NO_TLS = frozenset({"HTTP_REQUEST", "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER"})


def _reason(error: ssl.SSLError) -> str:
    if error.reason in _NO_TLS:
        return "it does not speak TLS"
    return (error.reason or "").replace("_", " ").lower()
