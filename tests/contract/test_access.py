"""Tokens and sessions, on every store."""

from datetime import timedelta

import pytest

from monitor.access.tokens import (
    SESSION,
    add_token,
    end_session,
    open_session,
    session_shown,
    token_named,
    token_shown,
)
from monitor.base.errors import Refusal
from storage.access import Scope
from storage.api import Storage
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


def test_a_token_is_found_by_its_secret_and_by_nothing_that_is_stored(storage: Storage) -> None:
    with storage.transaction() as tx:
        token, secret = add_token(tx, "board", Scope.READ, now=NOON)
    with storage.reading() as tx:
        assert token_shown(tx, secret) == token
        assert tx.access.all() == [token]
        assert secret not in repr(tx.access.all())
        for wrong in ("", token.digest, token.id, secret[:-1], secret * 9, "\ud800"):
            assert token_shown(tx, wrong) is None, wrong


def test_a_name_is_taken_until_its_token_is_removed(storage: Storage) -> None:
    with storage.transaction() as tx:
        token, old = add_token(tx, "board", Scope.ADMIN, now=NOON)
    with pytest.raises(Refusal, match="is there already"), storage.transaction() as tx:
        add_token(tx, "board", Scope.READ, now=NOON)
    with storage.transaction() as tx:
        assert token_named(tx, token.id[:6]) == token
        tx.access.remove(token.id)
        add_token(tx, "board", Scope.READ, now=NOON)
        add_token(tx, "Alarm", Scope.WRITE, now=NOON)
    with storage.reading() as tx:
        assert token_shown(tx, old) is None
        assert [each.name for each in tx.access.all()] == ["Alarm", "board"]


def test_a_session_ends_by_time_by_logging_out_and_with_its_token(storage: Storage) -> None:
    with storage.transaction() as tx:
        token, _ = add_token(tx, "me", Scope.WRITE, now=NOON)
        first = open_session(tx, token, now=NOON)
    later = NOON + SESSION - MINUTE
    with storage.transaction() as tx:
        second = open_session(tx, token, now=later)
        assert session_shown(tx, first, now=later) == token
        assert session_shown(tx, first, now=NOON + SESSION) is None
        assert session_shown(tx, "", now=NOON) is None
        end_session(tx, first)
        assert session_shown(tx, first, now=NOON) is None
        assert session_shown(tx, second, now=later) == token
        tx.access.remove(token.id)
        assert session_shown(tx, second, now=later) is None


def test_sessions_that_are_over_are_forgotten(storage: Storage) -> None:
    with storage.transaction() as tx:
        token, _ = add_token(tx, "me", Scope.READ, now=NOON)
        old = open_session(tx, token, now=NOON)
        open_session(tx, token, now=NOON + SESSION)
        assert session_shown(tx, old, now=NOON) is None


def test_each_scope_covers_those_before_it() -> None:
    covered = {one: [other for other in Scope if one.covers(other)] for one in Scope}
    assert covered == {
        Scope.READ: [Scope.READ],
        Scope.WRITE: [Scope.READ, Scope.WRITE],
        Scope.ADMIN: list(Scope),
    }
