"""Who may ask over HTTP, as it is kept: tokens, users, their sessions, and calls with a key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    delete,
    or_,
    select,
    update,
)

from storage.access import Call, Holder, Role, Scope, Token, User
from storage.sql import rows
from storage.sql.tables.access_tables import access_token, web_call, web_session, web_user


class SqlAccess:
    """Implements `storage.api.access.Access` inside one open transaction."""

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


class SqlUsers:
    """Implements `storage.api.access.Users` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def add(self, user: User) -> bool:
        values = {
            "id": user.id,
            "name": user.name,
            "role": user.role.value,
            "password": user.password,
            "created_at": user.created_at,
        }
        return rows.insert_new(self._connection, self._insert, web_user, [values]) > 0

    def all(self) -> list[User]:
        found = map(_user, self._connection.execute(select(web_user)))
        return sorted(found, key=lambda each: each.name)

    def update(self, user: User) -> None:
        statement = update(web_user).where(web_user.c.id == user.id)
        values = {"role": user.role.value, "password": user.password}
        self._connection.execute(statement.values(values))

    def remove(self, id: str) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.user_id == id))
        self._connection.execute(delete(web_user).where(web_user.c.id == id))


class SqlSessions:
    """Implements `storage.api.access.Sessions` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def open(self, digest: str, holder: Holder, *, until: datetime, now: datetime) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.until <= now))
        is_user = isinstance(holder, User)
        values = {
            "digest": digest,
            "token_id": None if is_user else holder.id,
            "user_id": holder.id if is_user else None,
            "until": until,
        }
        rows.insert_new(self._connection, self._insert, web_session, [values])

    def holder(self, digest: str, *, now: datetime) -> Holder | None:
        kept = web_session.c
        found = select(kept.token_id, kept.user_id).where(kept.digest == digest, kept.until > now)
        row = self._connection.execute(found).first()
        if row is None:
            return None
        table = access_token if row.user_id is None else web_user
        holder = select(table).where(table.c.id == (row.user_id or row.token_id))
        held = self._connection.execute(holder).one()
        return _token(held) if row.user_id is None else _user(held)

    def end(self, digest: str) -> None:
        self._connection.execute(delete(web_session).where(web_session.c.digest == digest))

    def end_all(self, holder_id: str) -> int:
        kept = web_session.c
        of_it = or_(kept.token_id == holder_id, kept.user_id == holder_id)
        return self._connection.execute(delete(web_session).where(of_it)).rowcount


class SqlCalls:
    """Implements `storage.api.access.Calls` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def begin(self, call: Call, *, stale: datetime, old: datetime) -> Call | None:
        kept = web_call.c
        self._connection.execute(delete(web_call).where(kept.begun_at < old))
        values = {
            "digest": call.digest,
            "request": call.request,
            "begun_at": call.begun_at,
            "answer": None,
        }
        if rows.insert_new(self._connection, self._insert, web_call, [values]):
            return None
        again = (
            update(web_call)
            .where(kept.digest == call.digest, kept.request == call.request)
            .where(kept.answer.is_(None), kept.begun_at < stale)
            .values(begun_at=call.begun_at)
        )
        if self._connection.execute(again).rowcount:
            return None
        known = select(web_call).where(kept.digest == call.digest)
        return Call(**self._connection.execute(known).one()._mapping)

    def done(self, digest: str, answer: str) -> None:
        of_it = web_call.c.digest == digest
        self._connection.execute(update(web_call).where(of_it).values(answer=answer))

    def drop(self, digest: str) -> None:
        self._connection.execute(delete(web_call).where(web_call.c.digest == digest))


def _token(row: Row[Any]) -> Token:
    values = dict(row._mapping)
    return Token(**{**values, "scope": Scope(values["scope"])})


def _user(row: Row[Any]) -> User:
    values = dict(row._mapping)
    return User(**{**values, "role": Role(values["role"])})
