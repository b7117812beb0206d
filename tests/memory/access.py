"""Tokens, users, their sessions and their calls in memory."""

from dataclasses import replace
from datetime import datetime

from storage.access import Call, Holder, Token, User
from tests.memory.kept import Kept, checked, pointing


class MemoryAccess:
    """Implements `storage.api.access.Access`."""

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
        MemorySessions(self._kept).end_all(id)
        self._kept.access.pop(id, None)


class MemoryUsers:
    """Implements `storage.api.access.Users`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def add(self, user: User) -> bool:
        kept = self._kept.changing()
        if user.id in kept.users:
            return False
        kept.users[user.id] = checked(user)
        return True

    def all(self) -> list[User]:
        return sorted(self._kept.users.values(), key=lambda user: user.name)

    def update(self, user: User) -> None:
        kept = self._kept.changing()
        if stored := kept.users.get(user.id):
            kept.users[user.id] = replace(stored, role=user.role, password=checked(user.password))

    def remove(self, id: str) -> None:
        MemorySessions(self._kept).end_all(id)
        self._kept.users.pop(id, None)


class MemorySessions:
    """Implements `storage.api.access.Sessions`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def open(self, digest: str, holder: Holder, *, until: datetime, now: datetime) -> None:
        kept = self._kept.changing()
        pointing(kept.users if isinstance(holder, User) else kept.access, holder.id)
        kept.sessions = {key: session for key, session in kept.sessions.items() if session[1] > now}
        kept.sessions[digest] = (holder.id, checked(until))

    def holder(self, digest: str, *, now: datetime) -> Holder | None:
        id_, until = self._kept.sessions.get(digest, ("", now))
        return (self._kept.access.get(id_) or self._kept.users.get(id_)) if until > now else None

    def end(self, digest: str) -> None:
        self._kept.changing().sessions.pop(digest, None)

    def end_all(self, holder_id: str) -> int:
        kept = self._kept.changing()
        ended = [key for key, session in kept.sessions.items() if session[0] == holder_id]
        for digest in ended:
            del kept.sessions[digest]
        return len(ended)


class MemoryCalls:
    """Implements `storage.api.access.Calls`."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def begin(self, call: Call, *, stale: datetime, old: datetime) -> Call | None:
        kept = self._kept.changing()
        kept.calls = {key: each for key, each in kept.calls.items() if each.begun_at >= old}
        known = kept.calls.get(call.digest)
        if known is not None:
            is_free = known.answer is None and known.begun_at < stale
            if known.request != call.request or not is_free:
                return known
        kept.calls[call.digest] = replace(checked(call), answer=None)
        return None

    def done(self, digest: str, answer: str) -> None:
        kept = self._kept.changing()
        if digest in kept.calls:
            kept.calls[digest] = replace(kept.calls[digest], answer=checked(answer))

    def drop(self, digest: str) -> None:
        self._kept.changing().calls.pop(digest, None)
