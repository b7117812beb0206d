"""Who may come in: tokens, users, sessions, and the calls they made."""

from datetime import datetime
from typing import Protocol

from storage.access import Call, Holder, Token, User


class Access(Protocol):
    """The tokens that let somebody ask over HTTP. Secrets come as their digests."""

    def add(self, token: Token) -> bool:
        """Add a token; False if its id is known."""
        ...

    def all(self) -> list[Token]:
        """Return all, by name."""
        ...

    def of_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this digest."""
        ...

    def remove(self, id: str) -> None:
        """Remove a token, and end all sessions that it began."""
        ...


class Users(Protocol):
    """The people who log in."""

    def add(self, user: User) -> bool:
        """Add a user; False if the id is known."""
        ...

    def all(self) -> list[User]:
        """Return all, by name."""
        ...

    def update(self, user: User) -> None:
        """Write role and password."""
        ...

    def remove(self, id: str) -> None:
        """Remove a user, and end all sessions of theirs."""
        ...


class Sessions(Protocol):
    """The browsers that are logged in. Secrets come as their digests."""

    def open(self, digest: str, holder: Holder, *, until: datetime, now: datetime) -> None:
        """Begin a session of a stored token or user; forget those that ended before now."""
        ...

    def holder(self, digest: str, *, now: datetime) -> Holder | None:
        """Return who began a session that has not ended."""
        ...

    def end(self, digest: str) -> None:
        """End a session."""
        ...

    def end_all(self, holder_id: str) -> int:
        """End all sessions of a token or a user; return how many there were."""
        ...


class Calls(Protocol):
    """Calls that may be repeated, because they carry a key."""

    def begin(self, call: Call, *, stale: datetime, old: datetime) -> Call | None:
        """Note that a call is being done; None when that is so from now on.

        Else what is known of it is returned: it was done, or is being done. One that was begun
        before `stale` and not done is begun again. Those begun before `old` are forgotten.
        """
        ...

    def done(self, digest: str, answer: str) -> None:
        """Note what was answered."""
        ...

    def drop(self, digest: str) -> None:
        """Forget a call, which changed nothing."""
        ...
