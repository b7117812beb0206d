"""Tokens and sessions in memory."""

from datetime import datetime

from storage.access import Token
from tests.memory_kept import Kept, checked, pointing


class MemoryAccess:
    """Implements `storage.api.Access`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, token: Token) -> bool:
        kept = self._kept.changing()
        if token.id in kept.access:
            return False
        kept.access[token.id] = checked(token)
        return True

    def all(self) -> list[Token]:
        return sorted(self._kept.access.values(), key=lambda token: token.name)

    def of_digest(self, digest: str) -> Token | None:
        found = (token for token in self._kept.access.values() if token.digest == digest)
        return next(found, None)

    def remove(self, id: str) -> None:
        kept = self._kept.changing()
        kept.access.pop(id, None)
        kept.sessions = {
            digest: session for digest, session in kept.sessions.items() if session[0] != id
        }

    def open_session(self, digest: str, token_id: str, *, until: datetime, now: datetime) -> None:
        kept = self._kept.changing()
        pointing(kept.access, token_id)
        kept.sessions = {key: session for key, session in kept.sessions.items() if session[1] > now}
        kept.sessions[digest] = (token_id, checked(until))

    def of_session(self, digest: str, *, now: datetime) -> Token | None:
        token_id, until = self._kept.sessions.get(digest, ("", now))
        return self._kept.access.get(token_id) if until > now else None

    def end_session(self, digest: str) -> None:
        self._kept.changing().sessions.pop(digest, None)
