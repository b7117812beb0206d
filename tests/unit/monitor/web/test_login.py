"""People who log in with a password: let in by role, thrown out when theirs has ended."""

import re

import httpx
import pytest

from monitor.access import passwords
from monitor.access.passwords import Cost
from monitor.access.users import add_user, new_user
from monitor.app import App
from monitor.web.base.peers import MOST_PASSED_ON, MOST_TRIES
from storage.access import Role
from storage.model import stable_id
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app

__all__ = ["app"]

RULE = stable_id("rule", "strike")
PASSWORD = "several good words"
OTHER = "several other words"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs next to nothing."""
    monkeypatch.setattr(passwords, "COST", Cost(n=2**4, r=8, p=1))
    monkeypatch.setattr(passwords.kept_of, "__kwdefaults__", {"cost": passwords.COST})


def add(app: App, role: Role) -> None:
    with app.storage.transaction() as tx:
        add_user(tx, new_user(f"the {role}", role, PASSWORD, now=NOW))


def browser_of(app: App) -> Browser:
    made = Browser(app, is_open=False)
    made.get("/", headers={"Accept": "text/html"})
    return made


def send(browser: Browser, path: str, **fields: str) -> httpx.Response:
    return browser.ask("POST", path, data={"csrf": browser.cookies["monitor_csrf"], **fields})


def log_in(browser: Browser, role: Role, password: str = PASSWORD) -> httpx.Response:
    return send(browser, "/login", name=f"the {role}", password=password)


def test_each_role_may_do_what_it_is_for(app: App) -> None:
    fill(app.storage)
    json = {"json": {}}
    calls = [
        ("GET", "/api/v1/rules", {}, Role.READER),
        ("POST", f"/api/v1/rules/{RULE}/pause", json, Role.EDITOR),
        ("POST", f"/api/v1/rules/{RULE}/resume", json, Role.EDITOR),
        ("POST", "/api/v1/channels/console/pause", json, Role.ADMIN),
        ("GET", "/api/v1/users", {}, Role.ADMIN),
        ("GET", "/api/v1/tokens", {}, Role.ADMIN),
    ]
    for role in Role:
        add(app, role)
        browser = browser_of(app)
        assert log_in(browser, role).status_code == 303
        for method, path, given, needed in calls:
            answer = browser.ask(method, path, **given)
            wanted = 200 if list(Role).index(role) >= list(Role).index(needed) else 403
            assert answer.status_code == wanted, (role, path, answer.text)
            if wanted == 403:
                assert f"the {role} is {role}; this needs {needed}" in answer.text


def test_a_wrong_password_and_a_wrong_name_are_refused_alike(app: App) -> None:
    add(app, Role.READER)
    browser = browser_of(app)
    wrong = log_in(browser, Role.READER, OTHER)
    nobody = log_in(browser, Role.ADMIN)
    assert (wrong.status_code, nobody.status_code) == (401, 401)

    def said(answer: httpx.Response) -> list[str]:
        return re.findall(r'role="alert">([^<]*)<', answer.text)

    assert said(wrong) == said(nobody) == ["There is no such name with this password."]
    assert "monitor_session" not in browser.cookies


def test_who_guesses_waits_and_who_logs_in_well_does_not(app: App) -> None:
    add(app, Role.READER)
    browser = browser_of(app)
    for _ in range(2 * MOST_TRIES):
        assert log_in(browser, Role.READER).status_code == 303
    codes = [log_in(browser, Role.READER, OTHER).status_code for _ in range(MOST_TRIES + 1)]
    assert codes == [401] * MOST_TRIES + [429]
    late = log_in(browser, Role.READER)
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")


def test_who_is_logged_in_behind_a_server_can_log_in_again_while_others_guess(app: App) -> None:
    add(app, Role.READER)
    mine, guessing = browser_of(app), browser_of(app)

    def log_in_from(browser: Browser, address: str, password: str) -> int:
        fields = {"csrf": browser.cookies["monitor_csrf"], "name": "the reader"}
        answer = browser.ask(
            "POST",
            "/login",
            data=fields | {"password": password},
            headers={"X-Forwarded-For": address},
        )
        return answer.status_code

    assert log_in_from(mine, "203.0.113.7", PASSWORD) == 303
    for number in range(MOST_PASSED_ON):
        assert log_in_from(guessing, f"198.51.100.{number % 10}", OTHER) == 401
    assert log_in_from(guessing, "198.51.100.99", OTHER) == 429
    assert log_in_from(mine, "203.0.113.7", OTHER) == 401
    assert log_in_from(mine, "203.0.113.7", PASSWORD) == 303
    # Whom the session shows when the program has just started is known, too.
    assert mine.get("/rules", headers={"X-Forwarded-For": "203.0.113.8"}).is_success
    assert log_in_from(mine, "203.0.113.8", PASSWORD) == 303


def test_a_new_password_throws_out_all_other_browsers(app: App) -> None:
    add(app, Role.READER)
    mine, other = browser_of(app), browser_of(app)
    for browser in (mine, other):
        log_in(browser, Role.READER)
    change = {"old": PASSWORD, "new": OTHER, "again": OTHER}
    wrong = [{"old": OTHER}, {"again": PASSWORD}, {"new": "short", "again": "short"}]
    for one in wrong:
        refused = send(mine, "/account/password", **(change | one))
        assert refused.status_code in (400, 401)
        assert 'role="alert"' in refused.text
    assert other.get("/rules").status_code == 200
    assert send(mine, "/account/password", **change).status_code == 303
    assert "Your password is changed" in mine.get("/account").text
    assert other.get("/rules").status_code == 401
    assert log_in(other, Role.READER).status_code == 401
    assert log_in(other, Role.READER, OTHER).status_code == 303


def test_all_other_browsers_can_be_logged_out(app: App) -> None:
    add(app, Role.READER)
    mine, other = browser_of(app), browser_of(app)
    for browser in (mine, other):
        log_in(browser, Role.READER)
    assert send(mine, "/account/sessions").status_code == 303
    assert mine.get("/account").status_code == 200
    assert other.get("/account").status_code == 401


def test_a_user_who_is_removed_or_changed_is_so_at_once(app: App) -> None:
    fill(app.storage)
    add(app, Role.ADMIN)
    browser = browser_of(app)
    log_in(browser, Role.ADMIN)
    answer = browser.ask("PATCH", "/api/v1/users/the%20admin", json={"role": "reader"})
    assert answer.json()["role"] == "reader"
    assert browser.ask("GET", "/api/v1/users").status_code == 403
    with app.storage.transaction() as tx:
        tx.users.remove(tx.users.all()[0].id)
    assert browser.get("/rules").status_code == 401


def test_a_new_session_is_begun_at_each_login(app: App) -> None:
    add(app, Role.READER)
    browser = browser_of(app)
    log_in(browser, Role.READER)
    first = browser.cookies["monitor_session"]
    log_in(browser, Role.READER)
    browser.cookies.set("monitor_session", first)
    assert browser.get("/rules").status_code == 401


def test_the_account_page_says_who_one_is(app: App) -> None:
    assert "Nobody is logged in here" in Browser(app).get("/account").text
    add(app, Role.EDITOR)
    browser = browser_of(app)
    log_in(browser, Role.EDITOR)
    page = browser.get("/account").text
    assert "<b>the editor</b>, editor" in page
    assert f'minlength="{passwords.SHORTEST}"' in page
    assert '<a class="me" href="/account"' in browser.get("/rules").text
    assert 'class="me"' not in Browser(app).get("/rules").text, "nobody is logged in"


def test_who_comes_first_is_told_of_no_fault_and_goes_on_to_what_was_asked_for(app: App) -> None:
    add(app, Role.READER)
    browser = Browser(app, is_open=False)
    shown = browser.get("/rules?query=port", headers={"Accept": "text/html"})
    assert shown.status_code == 401
    assert 'role="alert"' not in shown.text
    wanted = "/rules?query=port"
    assert f'name="next" value="{wanted}"' in shown.text
    wrong = send(browser, "/login", name="the reader", password="wrong", next=wanted)
    assert f'name="next" value="{wanted}"' in wrong.text
    right = send(browser, "/login", name="the reader", password=PASSWORD, next=wanted)
    assert right.headers["location"] == wanted


def test_whose_session_ends_while_typing_is_told_where_it_was_typed(app: App) -> None:
    add(app, Role.EDITOR)
    browser = browser_of(app)
    log_in(browser, Role.EDITOR)
    del browser.cookies["monitor_session"]
    fields = {"csrf": browser.cookies["monitor_csrf"], "query": "strike"}
    ours = {"HX-Request": "true", "X-In-Place": "yes"}
    for path in ("/rules", "/rules/preview", f"/alerts/{RULE}/rate"):
        part = browser.ask("POST", path, data=fields, headers=ours)
        assert part.status_code == 401
        assert "not logged in any more" in part.text, path
        assert "<form" not in part.text, "a part, which leaves the page as it is"
    page = browser.ask("POST", "/rules", data=fields, headers={"Accept": "text/html"})
    assert "that was not done" in page.text
