"""Calls with an Idempotency-Key: repeated, they change nothing and are answered alike."""

from typing import Any

import httpx
import pytest

from monitor.access.tokens import add_token
from monitor.app import App
from monitor.web.api.once import STALE
from storage.access import Call, Scope
from storage.model import stable_id
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

SILENCES = "/api/v1/silences"
SILENCE = {"query": "storm", "reason": "enough", "for": "1h"}


def ask(browser: Browser, key: str, *, path: str = SILENCES, **given: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key, **given.pop("headers", {})}
    return browser.ask("POST", path, headers=headers, **given)


def count(app: App) -> int:
    with app.storage.reading() as tx:
        return len(tx.silences.all())


def test_a_call_that_is_repeated_is_done_once_and_answered_alike(
    app: App, browser: Browser
) -> None:
    first = ask(browser, "a", json=SILENCE)
    again = ask(browser, "a", json=SILENCE)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert count(app) == 1


def test_a_key_is_for_one_call(app: App, browser: Browser) -> None:
    ask(browser, "a", json=SILENCE)
    other = ask(browser, "a", json=SILENCE | {"query": "flood"})
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert count(app) == 1


def test_a_call_that_was_refused_may_be_made_again(app: App, browser: Browser) -> None:
    wrong = SILENCE | {"rule": "no such"}
    assert ask(browser, "a", json=wrong).status_code == 409
    assert ask(browser, "a", json=SILENCE).status_code == 201
    assert count(app) == 1


def test_keys_of_others_are_others(app: App, browser: Browser) -> None:
    fill(app.storage)
    with app.storage.transaction() as tx:
        secret = add_token(tx, "other", Scope.WRITE, now=NOW)[1]
    own = ask(browser, "a", json=SILENCE)
    bearer = {"Authorization": f"Bearer {secret}"}
    theirs = ask(browser, "a", json=SILENCE | {"reason": "theirs"}, headers=bearer)
    assert (own.status_code, theirs.status_code) == (201, 201)


def test_while_a_call_is_being_done_its_repetition_waits(app: App, browser: Browser) -> None:
    done = ask(browser, "a", json=SILENCE)
    assert done.status_code == 201
    digest = stable_id("call", "", "a")
    with app.storage.transaction() as tx:
        known = tx.calls.begin(
            Call(digest=digest, request="", begun_at=NOW), stale=NOW - STALE, old=NOW - STALE
        )
        assert known is not None
        tx.calls.drop(digest)
        call = Call(digest=digest, request=known.request, begun_at=NOW)
        tx.calls.begin(call, stale=NOW, old=NOW)
    waits = ask(browser, "a", json=SILENCE)
    assert (waits.status_code, waits.headers["retry-after"]) == (409, "1")


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
def test_a_key_that_cannot_be_one_is_refused(browser: Browser, key: str) -> None:
    assert ask(browser, key, json=SILENCE).status_code == 400


def test_a_secret_is_not_kept_to_be_shown_again(app: App, browser: Browser) -> None:
    with app.storage.transaction() as tx:
        admin = add_token(tx, "admin", Scope.ADMIN, now=NOW)[1]
    bearer = {"Authorization": f"Bearer {admin}"}
    given: dict[str, Any] = {"path": "/api/v1/tokens", "json": {"name": "new"}, "headers": bearer}
    first = ask(browser, "a", **dict(given))
    assert first.status_code == 201
    again = ask(browser, "a", **dict(given))
    assert again.status_code == 409
    assert first.json()["token"] not in again.text
    with app.storage.reading() as tx:
        assert [token.name for token in tx.access.all()] == ["admin", "new"]
