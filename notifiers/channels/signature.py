"""Standard Webhooks signatures: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"
SHORTEST_BYTES = 24
LONGEST_BYTES = 64


def sign(id: str, seconds: int, payload: bytes, keys: tuple[bytes, ...]) -> str:
    """Return the `webhook-signature` header: one `v1,...` for each key, newest key first."""
    signed = b".".join((id.encode(), str(seconds).encode(), payload))
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def keys_of(secret: str) -> tuple[bytes, ...]:
    """Return the keys in a secret: one a line, newest first, so that two serve a rotation.

    After `whsec_` stands base64. Without it, base64 of 24 to 64 bytes is decoded too, as the
    Standard Webhooks libraries do; anything else is the key itself, as UTF-8.

    Raises:
        ValueError: A line cannot be a key, or there is none; the text never repeats it.
    """
    lines = [line.strip() for line in secret.splitlines()]
    keys = tuple(_key(line) for line in lines if line)
    if not keys:
        raise ValueError("the secret is empty: write one a line, whsec_ and base64")
    return keys


def weakness_of(secret: str) -> str:
    """Return what speaks against a secret that has a short key, or ""."""
    shortest = min(map(len, keys_of(secret)))
    if shortest >= SHORTEST_BYTES:
        return ""
    asked = f"Standard Webhooks asks for {SHORTEST_BYTES} to {LONGEST_BYTES}"
    return f"a key of the secret has {shortest} bytes, where {asked}; it may be guessed"


def _key(line: str) -> bytes:
    if line.startswith(PREFIX):
        key = _decoded(line.removeprefix(PREFIX))
        if not key:
            raise ValueError("the secret is not base64 after whsec_: copy it again, whole")
        return key
    key = _decoded(line)
    if key is not None and SHORTEST_BYTES <= len(key) <= LONGEST_BYTES:
        return key
    return line.encode("utf-8", "replace")


def _decoded(text: str) -> bytes | None:
    padded = text.rstrip("=")
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
