"""How pages lie in their window: what is read as one stays one, and nothing wastes a line."""

from playwright.sync_api import Browser, Page

from monitor.app import App
from monitor.base import clock
from monitor.stories.batch import membership
from storage.story import Story
from tests.builders import a_channel, a_delivery, an_article, given
from tests.stored import fill

WHY = "550 5.1.1 recipient address rejected: user unknown in virtual mailbox table " * 4


def test_an_address_is_broken_for_no_long_reason_beside_it(page: Page, app: App) -> None:
    alert = fill(app.storage, at=clock.now())
    desk = a_channel("desk", kind="email")
    given(app.storage, desk, a_delivery(alert, desk, recipient="desk@example.org", last_error=WHY))
    for path in ("/deliveries", "/channels", f"/channels/{desk.id}"):
        page.goto(path)
        address = page.locator("td .long")
        lines = address.evaluate(
            "one => one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)"
        )
        assert lines < 2, path


def test_what_chooses_an_article_of_a_story_takes_no_line_on_a_phone(
    chromium: Browser, site: str, app: App
) -> None:
    alert = fill(app.storage, at=clock.now())
    other = an_article("Another", url="https://example.com/2", story_id=alert.story_id)
    given(app.storage, other)
    with app.storage.transaction() as tx:
        first = tx.articles.get(alert.article_id)
        assert first is not None
        both = (first, other)
        tx.stories.put([Story(id=alert.story_id, seen_at=clock.now())])
        tx.stories.join(
            [membership(one, alert.story_id, now=clock.now(), reason="") for one in both]
        )
    context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"/stories/{alert.story_id}")
    box = page.get_by_role("checkbox").first.bounding_box()
    when = page.locator("table time").first.bounding_box()
    assert box is not None
    assert when is not None
    assert box["y"] < when["y"] + when["height"], "beside the time, not below all else"
    assert box["x"] > when["x"] + when["width"]
    context.close()
