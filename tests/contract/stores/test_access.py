"""Tokens, users, their sessions and their calls, on every store."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.access.sessions import SESSION, end_session, open_session, session_shown
from monitor.access.tokens import add_token, token_named, token_shown
from monitor.access.users import add_user, change_user, user_named
from monitor.base.errors import Missing, Refusal
from storage.access import Call, Role, Scope, User
from storage.api.storage import Storage
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


def a_user(name: str = "Anna", role: Role = Role.EDITOR) -> User:
    return User(id=f"id of {name}", name=name, role=role, password="kept", created_at=NOON)


def test_a_user_is_found_by_name_until_removed(storage: Storage) -> None:
    anna, bo = a_user(), a_user("Bo", Role.ADMIN)
    with storage.transaction() as tx:
        add_user(tx, bo)
        add_user(tx, anna)
    with pytest.raises(Refusal, match="is there already"), storage.transaction() as tx:
        add_user(tx, replace(anna, role=Role.ADMIN))
    with storage.transaction() as tx:
        assert tx.users.all() == [anna, bo]
        assert user_named(tx, "Bo") == bo
        tx.users.remove(bo.id)
    with storage.transaction() as tx, pytest.raises(Missing):
        user_named(tx, "Bo")


def test_a_new_role_counts_at_once_and_a_new_password_ends_all_sessions(storage: Storage) -> None:
    with storage.transaction() as tx:
        for user in (a_user(), a_user("Bo")):
            add_user(tx, user)
        anna, bo = tx.users.all()
        token, _ = add_token(tx, "board", Scope.READ, now=NOON)
        hers = [open_session(tx, anna, now=NOON) for _ in range(2)]
        others = [open_session(tx, holder, now=NOON) for holder in (bo, token)]
    with storage.transaction() as tx:
        change_user(tx, anna, role=Role.ADMIN)
    with storage.reading() as tx:
        shown = session_shown(tx, hers[0], now=NOON)
        assert shown == replace(anna, role=Role.ADMIN)
        assert shown.scope is Scope.ADMIN
    with storage.transaction() as tx:
        change_user(tx, anna, password="other")
    with storage.reading() as tx:
        assert [session_shown(tx, secret, now=NOON) for secret in hers] == [None, None]
        assert [session_shown(tx, secret, now=NOON) for secret in others] == [bo, token]
    with storage.transaction() as tx:
        tx.users.remove(bo.id)
        assert session_shown(tx, others[0], now=NOON) is None
        assert tx.sessions.end_all(token.id) == 1
        assert session_shown(tx, others[1], now=NOON) is None


def a_call(request: str = "pause", **changes: object) -> Call:
    call = Call(digest="key", request=request, begun_at=NOON)
    return replace(call, **changes)  # type: ignore[arg-type]


def begun(storage: Storage, call: Call) -> Call | None:
    at = call.begun_at
    with storage.transaction() as tx:
        return tx.calls.begin(call, stale=at - 5 * MINUTE, old=at - 60 * MINUTE)


def test_a_call_is_begun_once_and_its_answer_kept_for_a_while(storage: Storage) -> None:
    assert begun(storage, a_call()) is None
    assert begun(storage, a_call(begun_at=NOON + MINUTE)) == a_call()
    with storage.transaction() as tx:
        tx.calls.done("key", "{}")
    for request in ("pause", "resume"):
        known = begun(storage, a_call(request, begun_at=NOON + 60 * MINUTE))
        assert known == a_call(answer="{}"), request
    assert begun(storage, a_call("resume", begun_at=NOON + 61 * MINUTE)) is None


def test_a_call_whose_process_died_is_begun_again_for_the_same_request_only(
    storage: Storage,
) -> None:
    later = NOON + 6 * MINUTE
    assert begun(storage, a_call()) is None
    assert begun(storage, a_call("resume", begun_at=later)) == a_call()
    assert begun(storage, a_call(begun_at=later)) is None
    assert begun(storage, a_call(begun_at=later)) == a_call(begun_at=later)
    with storage.transaction() as tx:
        tx.calls.drop("key")
    assert begun(storage, a_call("resume")) is None


def test_of_many_who_make_a_call_at_once_one_does_it(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as pool:
        known = list(pool.map(lambda _: begun(storage, a_call()), range(16)))
    assert known.count(None) == 1
