"""The nouns of who may ask over HTTP: tokens of programs, people with a password, their calls."""

from datetime import datetime
from enum import StrEnum

from common.records import dataclass


class Scope(StrEnum):
    """What a token is for; each may do what those before it may."""

    READ = "read"
    WRITE = "write"
    """Change rules, sources and silences, and say what one thinks of alerts."""
    ADMIN = "admin"
    """Change channels, too: where alerts go."""

    def covers(self, other: "Scope") -> bool:
        """Whether who has this may do what needs the other."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What somebody shows to be let in.

    Attributes:
        id: `stable_id("token", name)`.
        digest: SHA-256 of the secret, in hex; the secret itself is nowhere. It is drawn from
            256 bits, so that nothing slower is needed.
    """

    id: str
    name: str
    scope: Scope
    digest: str
    created_at: datetime


class Role(StrEnum):
    """What a person may do; each may do what those before it may."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def scope(self) -> Scope:
        """What a token would have to be for that may do the same."""
        return list(Scope)[list(Role).index(self)]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who logs in.

    Attributes:
        id: `stable_id("user", name)`.
        password: What `monitor.access.passwords` keeps of it; the password itself is nowhere.
    """

    id: str
    name: str
    role: Role
    password: str
    created_at: datetime

    @property
    def scope(self) -> Scope:
        """What this person may do."""
        return self.role.scope


Holder = Token | User
"""Who has shown that they may ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that changes something and carries a key, so that it may be repeated.

    Attributes:
        digest: Of the key and of who called.
        request: Digest of what was asked for: one key is for one request.
        begun_at: When it was begun last.
        answer: What was answered, as JSON; None while it is being done.
    """

    digest: str
    request: str
    begun_at: datetime
    answer: str | None = None
