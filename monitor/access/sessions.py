"""Sessions of browsers: begun by who shows a token or a password, found again, ended."""

import secrets
from datetime import datetime, timedelta

from monitor.access.tokens import LONGEST_SECRET, SECRET_BYTES, digest_of
from storage.access import Holder
from storage.api.storage import Transaction

SESSION = timedelta(days=30)


def open_session(tx: Transaction, holder: Holder, *, now: datetime) -> str:
    """Let a browser in; return the secret of its cookie."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    tx.sessions.open(digest_of(secret), holder, until=now + SESSION, now=now)
    return secret


def session_shown(tx: Transaction, secret: str, *, now: datetime) -> Holder | None:
    """Return who began the session with this cookie; None when it has ended."""
    if not 0 < len(secret) <= LONGEST_SECRET:
        return None
    return tx.sessions.holder(digest_of(secret), now=now)


def end_session(tx: Transaction, secret: str) -> None:
    """Let the browser with this cookie in no more."""
    tx.sessions.end(digest_of(secret))
