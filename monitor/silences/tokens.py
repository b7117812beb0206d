"""Signed tokens with which the reader of an alert may silence its story, without anything else.

A token is made of the alert's id and a key that lies in the data folder, so that the same alert
always carries the same; whoever has one can silence that story and nothing more.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_FILE = "tokens.key"
_KEY_BYTES = 32
_VERSION = "m1"
_DIGITS = 26


def key_in(home: Path) -> bytes:
    """Return this data folder's key, made when there is none; readable by this user alone."""
    path = home / KEY_FILE
    try:
        return _read(path)
    except FileNotFoundError:
        draft = path.with_suffix(f".{secrets.token_hex(8)}.new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, path)  # of several at once, one key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return _read(path)


def _read(path: Path) -> bytes:
    return path.read_text(encoding="ascii").strip().encode("ascii")


def mute_token(key: bytes, alert_id: str) -> str:
    """Return the token with which the story of an alert may be silenced."""
    signed = hmac.new(key, f"{_VERSION}.{alert_id}".encode(), hashlib.sha256).digest()
    proof = base64.b32encode(signed).decode("ascii").lower()[:_DIGITS]
    return f"{_VERSION}.{alert_id}.{proof}"


def alert_of_token(key: bytes, token: str) -> str | None:
    """Return the alert whose story a token silences; None when it is not one of ours."""
    version, _, rest = token.strip().partition(".")
    alert_id, _, _ = rest.rpartition(".")
    if version != _VERSION or not alert_id:
        return None
    expected = mute_token(key, alert_id)
    is_ours = hmac.compare_digest(expected.encode(), token.strip().encode())
    return alert_id if is_ours else None
