"""The nouns of who may ask over HTTP: a token, which a program or a person holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
