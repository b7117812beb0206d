"""Tokens and the sessions of browsers that showed one, as they are kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Row, Table, delete, select

from storage.access import Scope, Token
from storage.sql import rows
from storage.sql.columns import Instant, Words
from storage.sql.metadata import metadata, one_of

access_token = Table(
    "access_token",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    one_of("scope", Scope),
)
Index("access_token_digest", access_token.c.digest, unique=True)

web_session = Table(
    "web_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("token_id", Words, ForeignKey("access_token.id"), nullable=False),
    Column("until", Instant, nullable=False),
)
Index("web_session_token", web_session.c.token_id)


class SqlAccess:
    """Implements `storage.api.Access` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def add(self, token: Token) -> bool:
        values = {
            "id": token.id,
            "name": token.name,
            "scope": token.scope.value,
            "digest": token.digest,
            "created_at": token.created_at,
        }
        return rows.insert_new(self._connection, self._insert, access_token, [values]) > 0

    def all(self) -> list[Token]:
        found = select(access_token).order_by(access_token.c.name)
        return sorted(map(_token, self._connection.execute(found)), key=lambda each: each.name)

    def of_digest(self, digest: str) -> Token | None:
        found = select(access_token).where(access_token.c.digest == digest)
        row = self._connection.execute(found).first()
        return _token(row) if row else None

    def remove(self, id: str) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.token_id == id))
        self._connection.execute(delete(access_token).where(access_token.c.id == id))

    def open_session(self, digest: str, token_id: str, *, until: datetime, now: datetime) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.until <= now))
        values = {"digest": digest, "token_id": token_id, "until": until}
        rows.insert_new(self._connection, self._insert, web_session, [values])

    def of_session(self, digest: str, *, now: datetime) -> Token | None:
        found = select(access_token).join(web_session, web_session.c.token_id == access_token.c.id)
        found = found.where(web_session.c.digest == digest, web_session.c.until > now)
        row = self._connection.execute(found).first()
        return _token(row) if row else None

    def end_session(self, digest: str) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.digest == digest))


def _token(row: Row[Any]) -> Token:
    values = dict(row._mapping)
    return Token(**{**values, "scope": Scope(values["scope"])})
