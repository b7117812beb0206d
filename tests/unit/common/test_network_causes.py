"""Why a connection failed, in words."""

import socket
import ssl

import pytest

from common.network_causes import in_our_words, in_the_systems_words


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "Hostname mismatch, certificate is not valid for 'hook.example'."
    return error


def tls_error(reason: str | None) -> ssl.SSLError:
    error = ssl.SSLError(1, "[SSL] wrong version number (_ssl.c:1000)")
    error.reason = reason  # type: ignore[assignment]
    return error


@pytest.mark.parametrize(
    ("error", "ours", "systems"),
    [
        pytest.param(
            certificate_error(),
            "its certificate is not valid: Hostname mismatch",
            "Hostname mismatch, certificate is not valid for 'hook.example'.",
            id="a certificate",
        ),
        pytest.param(
            tls_error("WRONG_VERSION_NUMBER"),
            "no encrypted connection: it does not speak TLS",
            "it does not speak TLS",
            id="no TLS",
        ),
        pytest.param(
            tls_error("NO_SHARED_CIPHER"),
            "no encrypted connection: no shared cipher",
            "no shared cipher",
            id="TLS that fails",
        ),
        pytest.param(
            tls_error(None), "no encrypted connection: TLS error", "TLS failed", id="TLS, no reason"
        ),
        pytest.param(
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "its host name cannot be resolved",
            "Name or service not known",
            id="no such name",
        ),
        pytest.param(
            ConnectionRefusedError(111, "Connection refused"),
            "connection refused",
            "Connection refused",
            id="refused",
        ),
        pytest.param(OSError(113, "No route to host"), None, "No route to host", id="no route"),
        pytest.param(ValueError("x"), None, "ValueError", id="a mistake"),
    ],
)
def test_what_happened_is_said_in_words(error: Exception, ours: str | None, systems: str) -> None:
    assert in_our_words(error, whose="its", name="its host name") == ours
    assert in_the_systems_words(error) == systems
