"""Passwords: which may be chosen, what is kept of one, and whether one that is typed is right."""

import hashlib
import hmac
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode

from common.records import dataclass
from monitor.base.errors import Refusal

SHORTEST = 12
LONGEST = 256
_SALT_BYTES = 16
_KEY_BYTES = 32
_KIND = "scrypt"


@dataclass(frozen=True, slots=True)
class Cost:
    """How much work a guess is: scrypt's numbers."""

    n: int
    r: int
    p: int

    @property
    def memory_bytes(self) -> int:
        """What one guess needs, with something to spare."""
        return 128 * self.r * (self.n + self.p + 8)


COST = Cost(n=2**15, r=8, p=3)
"""32 MiB and about a fifth of a second."""

MOST_AT_ONCE = 2
PATIENCE_S = 5.0
_guesses = threading.BoundedSemaphore(MOST_AT_ONCE)
"""Whoever sends many passwords shall take neither the memory nor all threads."""


class Crowded(Exception):
    """Too many passwords are being checked."""


def checked_password(text: str, *, name: str) -> str:
    """Return a password that may be chosen.

    Raises:
        Refusal: It is too short, too long or the name.
    """
    letters = len(_normal(text))
    if letters < SHORTEST:
        raise Refusal(
            f"a password has at least {SHORTEST} characters; several words make a good one"
        )
    if letters > LONGEST:
        raise Refusal(f"a password has at most {LONGEST} characters")
    if name.casefold() * (letters // max(len(name), 1)) == text.casefold() or len(set(text)) < 4:
        raise Refusal("this password is guessed first; choose another")
    return text


def kept_of(password: str, *, cost: Cost = COST) -> str:
    """Return what is kept of a password: from it nobody can make the password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _key(password, salt, cost)
    parts = (_KIND, cost.n, cost.r, cost.p, _written(salt), _written(key))
    return "$".join(map(str, parts))


def is_right(password: str, kept: str | None) -> bool:
    """Whether this is the password of which that is kept; False, as slowly, of None.

    Raises:
        Crowded: Others are being checked; it may be asked again.
    """
    cost, salt, key = COST, bytes(_SALT_BYTES), b""
    if kept is not None:
        _, n, r, p, written_salt, written_key = kept.split("$")
        cost, salt, key = (
            Cost(int(n), int(r), int(p)),
            b64decode(written_salt),
            b64decode(written_key),
        )
    if not _guesses.acquire(timeout=PATIENCE_S):
        raise Crowded
    try:
        return hmac.compare_digest(_key(password[: 2 * LONGEST], salt, cost), key)
    finally:
        _guesses.release()


def _key(password: str, salt: bytes, cost: Cost) -> bytes:
    typed = _normal(password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(
        typed,
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=2 * cost.memory_bytes,
        dklen=_KEY_BYTES,
    )


def _normal(text: str) -> str:
    """Return the text as every keyboard writes it alike."""
    return unicodedata.normalize("NFKC", text)


def _written(value: bytes) -> str:
    return b64encode(value).decode("ascii")
