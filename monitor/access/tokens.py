"""Tokens: made, found by what somebody shows, removed; of their secrets only digests are kept."""

import secrets
from datetime import datetime
from hashlib import sha256

from monitor.base.errors import Refusal, quoted
from monitor.base.names import checked_name, one_named
from storage.access import Scope, Token
from storage.api.storage import Transaction
from storage.model import stable_id

MARK = "nm_"
"""What every secret begins with, so that people and scanners know one when they see it."""

SECRET_BYTES = 32
LONGEST_SECRET = 200


def add_token(tx: Transaction, name: str, scope: Scope, *, now: datetime) -> tuple[Token, str]:
    """Make a token; return it and its secret, which nobody can read again.

    Raises:
        Refusal: The name is taken, or cannot be used.
    """
    name = checked_name(name)
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    token = Token(
        id=stable_id("token", name),
        name=name,
        scope=scope,
        digest=digest_of(secret),
        created_at=now,
    )
    if not tx.access.add(token):
        raise Refusal(f"token {quoted(name)} is there already; choose another name", misuse=False)
    return token, secret


def digest_of(secret: str) -> str:
    """Return what is kept of a secret, and what it is looked for by.

    Nothing about the secret can be told from how long a look for its digest takes.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def token_shown(tx: Transaction, secret: str) -> Token | None:
    """Return the token that has this secret."""
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    return tx.access.of_digest(digest_of(secret.strip()))


def token_named(tx: Transaction, word: str) -> Token:
    """Return the token with this name or beginning of an id; raises as `names.one_named`."""
    return one_named("token", word, lambda text: _found(tx, text), tx.access.all)


def _found(tx: Transaction, word: str) -> Token | None:
    tokens = tx.access.all()
    exact = [token for token in tokens if token.name == word]
    begun = [token for token in tokens if word and token.id.startswith(word)]
    found = exact or begun
    return found[0] if len(found) == 1 else None
