"""The JSON of a token, and of a user."""

from typing import Annotated, TypedDict

from monitor.base.times import show_instant
from storage.access import Role, Scope, Token, User


class TokenShape(TypedDict):
    """Somebody who may ask over HTTP, and for what."""

    id: str
    name: str
    scope: Annotated[str, Scope]
    created_at: Annotated[str, "date-time"] | None


class AddedTokenShape(TokenShape):
    """A token that was made; `token` is its secret, which is shown this once."""

    token: str


def token_shape(token: Token) -> TokenShape:
    """Return a token without anything secret."""
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope.value,
        "created_at": show_instant(token.created_at),
    }


class UserShape(TypedDict):
    """A person who logs in, and what they may do."""

    id: str
    name: str
    role: Annotated[str, Role]
    created_at: Annotated[str, "date-time"] | None


def user_shape(user: User) -> UserShape:
    """Return a user without anything secret."""
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "created_at": show_instant(user.created_at),
    }
