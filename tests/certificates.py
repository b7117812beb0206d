"""Certificates for test servers: a good one, and each kind that a client must refuse."""

import functools
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import trustme

TlsKind = Literal["good", "expired", "wrong-host", "unknown-ca"]


@functools.cache
def _authority(name: str) -> trustme.CA:
    return trustme.CA(organization_name=name)


@functools.cache
def server_context(kind: TlsKind) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = _authority("stranger" if kind == "unknown-ca" else "tests")
    good = ("localhost", "127.0.0.1", "news.test", "dantri.com.vn")
    names = ("elsewhere.test",) if kind == "wrong-host" else good
    expiry = datetime.now(UTC) - timedelta(days=2) if kind == "expired" else None
    authority.issue_cert(*names, not_after=expiry).configure_cert(context)
    return context


def trust(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a client's context trust the certificates that are good; return it."""
    _authority("tests").configure_trust(context)
    return context


@functools.cache
def trusting() -> ssl.SSLContext:
    """A client's context that trusts the good authority besides the system's."""
    return trust(ssl.create_default_context())


def ca_file(folder: Path) -> Path:
    """Write the good authority's certificate into a folder; return the file."""
    path = folder / "ca.pem"
    _authority("tests").cert_pem.write_to_path(path)
    return path
