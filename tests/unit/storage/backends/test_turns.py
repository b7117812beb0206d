"""Turns on a PostgreSQL server, which one process of several has at a time."""

import psycopg
import pytest

from storage.admin.engine import open_storage
from storage.backends.turns import Turns

pytestmark = pytest.mark.postgres


def test_a_turn_is_taken_by_one_and_free_again_when_it_is_given_back(
    migrated_postgres_url: str,
) -> None:
    one, other = open_storage(migrated_postgres_url), open_storage(migrated_postgres_url)
    assert one.take_turn("host a.example")
    assert not other.take_turn("host a.example")
    assert other.take_turn("host b.example")
    one.give_turns(["host a.example"])
    assert other.take_turn("host a.example")
    other.close()
    assert one.take_turn("host b.example")
    one.close()


def test_a_turn_is_nobodys_while_the_server_is_away(migrated_postgres_url: str) -> None:
    sessions: list[psycopg.Connection[object]] = []

    def connect() -> psycopg.Connection[object]:
        if len(sessions) == 1:
            sessions.append(sessions[0])
            raise psycopg.OperationalError("away")
        sessions.append(psycopg.connect(migrated_postgres_url, autocommit=True))
        return sessions[-1]

    turns = Turns(connect)
    assert turns.take("a")
    sessions[0].close()
    turns.give(["a"])
    assert not turns.take("a")
    assert turns.take("a")
    turns.close()
