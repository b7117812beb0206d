"""The tables of who may ask over HTTP: tokens, users, their sessions, and calls with a key."""

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.access import Role, Scope
from storage.sql.tables.columns import Instant, Words
from storage.sql.tables.metadata import metadata, one_of

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

web_user = Table(
    "web_user",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("password", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    one_of("role", Role),
)

web_session = Table(
    "web_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("token_id", Words, ForeignKey("access_token.id")),
    Column("user_id", Words, ForeignKey("web_user.id")),
    Column("until", Instant, nullable=False),
)
Index("web_session_token", web_session.c.token_id)
Index("web_session_user", web_session.c.user_id)

web_call = Table(
    "web_call",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("request", Words, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("answer", Words),
)
Index("web_call_begun", web_call.c.begun_at)
