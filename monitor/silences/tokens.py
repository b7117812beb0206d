"""Signed tokens with which whoever has a message may do one thing, and nothing else.

Silence the story of an alert, or leave the list that an e-mail came over. A token is made of the
alert's or the delivery's id and a key that lies in the data folder, so that it is always the same.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_FILE = "tokens.key"
_KEY_BYTES = 32
_MUTE, _LEAVE = "m1", "l1"
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
    return _token(key, _MUTE, alert_id)


def alert_of_token(key: bytes, token: str) -> str | None:
    """Return the alert whose story a token silences; None when it is not one of ours."""
    return _id_in(key, _MUTE, token)


def leave_token(key: bytes, delivery_id: str) -> str:
    """Return the token with which the recipient of a delivery may leave its channel."""
    return _token(key, _LEAVE, delivery_id)


def leave_url(base: str | None, key: bytes, delivery_id: str) -> str:
    """Return where the recipient leaves on the page that is reached there, if any; else ""."""
    return f"{base.rstrip('/')}/leave/{leave_token(key, delivery_id)}" if base else ""


def delivery_of_token(key: bytes, token: str) -> str | None:
    """Return the delivery whose recipient may leave; None when the token is not one of ours."""
    return _id_in(key, _LEAVE, token)


def _token(key: bytes, version: str, id: str) -> str:
    signed = hmac.new(key, f"{version}.{id}".encode(), hashlib.sha256).digest()
    proof = base64.b32encode(signed).decode("ascii").lower()[:_DIGITS]
    return f"{version}.{id}.{proof}"


def _id_in(key: bytes, version: str, token: str) -> str | None:
    given, _, rest = token.strip().partition(".")
    id_, _, _ = rest.rpartition(".")
    if given != version or not id_:
        return None
    is_ours = hmac.compare_digest(_token(key, version, id_).encode(), token.strip().encode())
    return id_ if is_ours else None
