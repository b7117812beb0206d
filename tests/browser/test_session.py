"""What people see whose session ends while they are at work."""

from playwright.sync_api import Browser, expect

from monitor.access.users import add_user, new_user
from monitor.app import App
from monitor.base import clock
from monitor.web.listening import Listening
from storage.access import Role
from tests.browser.conftest import served
from tests.stored import fill

PASSWORD = "several good words"


def test_what_was_typed_stays_when_the_session_ends_and_is_saved_after_a_new_login(
    chromium: Browser, app: App
) -> None:
    fill(app.storage, at=clock.now())
    with app.storage.transaction() as tx:
        add_user(tx, new_user("ann", Role.EDITOR, PASSWORD, now=clock.now()))
    with served(app, Listening("0.0.0.0", 8420)) as address:
        context = chromium.new_context(base_url=address)
        page, other = context.new_page(), context.new_page()

        def log_in() -> None:
            other.goto("/login?next=/about")
            other.get_by_label("Name").fill("ann")
            other.get_by_label("Password").fill(PASSWORD)
            other.get_by_role("button", name="Log in").first.click()
            other.wait_for_url("**/about")

        log_in()
        page.goto("/rules/new")
        context.clear_cookies(name="monitor_session")
        query = page.get_by_label("What to find")
        query.fill("ferry strike")
        expect(page.locator(".preview")).to_contain_text("not logged in any more")
        expect(query).to_be_focused()
        page.get_by_role("button", name="Add the rule").click()
        expect(page.get_by_role("alert").first).to_contain_text("not logged in any more")
        expect(query).to_have_value("ferry strike")
        log_in()
        page.get_by_role("button", name="Add the rule").click()
        page.wait_for_url(lambda url: "/rules/new" not in url)
        context.close()
    with app.storage.reading() as tx:
        assert tx.rules.find("ferry strike") is not None


def test_who_is_logged_in_finds_the_account_from_every_page(chromium: Browser, app: App) -> None:
    with app.storage.transaction() as tx:
        add_user(tx, new_user("ann", Role.EDITOR, PASSWORD, now=clock.now()))
    with served(app, Listening("0.0.0.0", 8420)) as address:
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.goto("/rules")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").first.click()
        page.wait_for_url("**/rules")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("link", name="ann", exact=True).click()
        page.wait_for_url("**/account")
        expect(page).to_have_title("Account · Monitor")
        expect(page.get_by_label("New password")).to_be_editable()
        page.wait_for_load_state()
        assert not [url for url in asked if url.endswith("/live")], "no news is waited for here"
        page.get_by_role("button", name="Log out", exact=True).click()
        expect(page.get_by_label("Password")).to_be_visible()
        context.close()


def test_nobody_is_offered_what_would_be_refused(chromium: Browser, app: App) -> None:
    fill(app.storage, at=clock.now())
    with app.storage.transaction() as tx:
        for role in Role:
            add_user(tx, new_user(role.value, role, PASSWORD, now=clock.now()))
    with served(app, Listening("0.0.0.0", 8420)) as address:
        for role, offered in (
            (Role.READER, []),
            (Role.EDITOR, ["Useful", "Pause rule"]),
            (Role.ADMIN, ["Useful", "Pause rule", "Pause channel"]),
        ):
            context = chromium.new_context(base_url=address)
            page = context.new_page()
            page.goto("/")
            page.get_by_label("Name").fill(role.value)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").first.click()
            page.wait_for_url("**/")
            expect(page.get_by_role("link", name=role.value, exact=True)).to_be_visible()
            shown = ["Useful"] if page.get_by_role("button", name="Useful").count() else []
            for noun in ("rule", "channel"):
                page.goto(f"/{noun}s")
                shown += (
                    [f"Pause {noun}"] if page.get_by_role("button", name="Pause").count() else []
                )
            assert shown == offered
            context.close()
