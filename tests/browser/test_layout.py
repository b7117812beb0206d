"""How pages lie in their window: what is read as one stays one, and nothing wastes a line."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from monitor.app import App
from monitor.base import clock
from monitor.stories.batch import membership
from storage.silence import Silence
from storage.story import Story
from tests.builders import (
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)
from tests.stored import fill

HOUR = timedelta(hours=1)
WHY = "550 5.1.1 recipient address rejected: user unknown in virtual mailbox table " * 4


def test_an_address_is_broken_for_no_long_reason_beside_it(page: Page, app: App) -> None:
    alert = fill(app.storage, at=clock.now())
    desk = a_channel("desk", kind="email")
    given(app.storage, desk, a_delivery(alert, desk, recipient="desk@example.org", last_error=WHY))
    for path in ("/deliveries", "/channels", f"/channels/{desk.id}"):
        page.goto(path)
        address = page.locator("td:nth-child(2) .long")
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


@pytest.mark.parametrize("width", [360, 720, 1280])
def test_a_path_is_broken_between_its_folders(
    chromium: Browser, site: str, app: App, width: int
) -> None:
    folder = Path("/srv/newsroom/pressoffice/harbour/documents")
    app.config = replace(app.config, seeds=folder)
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto("/about")
    [shown] = page.locator("code", has_text="pressoffice").all()
    assert shown.inner_text() == str(folder)
    lines = shown.evaluate(
        """code => [...code.childNodes].filter(node => node.nodeType === 3).map(node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return range.getClientRects().length;
        })"""
    )
    assert lines == [1] * len(folder.parts)
    context.close()


LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_name_that_is_one_long_word_makes_no_page_wider(
    chromium: Browser, site: str, app: App, width: int
) -> None:
    """As people name rules, channels, sources and tags in German, Finnish or Thai."""
    now = clock.now()
    rule = a_rule("strike", name=LONG, tags=(LONG,))
    desk = a_channel(LONG, kind="email")
    source = a_source(LONG, next_poll_at=now)
    article = an_article(source_id=source.id, first_seen_at=now)
    alert = an_alert(rule, article, raised_at=now)
    quiet = Silence(id="s", rule_id=rule.id, reason=LONG, created_at=now, until=now + HOUR)
    given(app.storage, rule, desk, source, article, alert, a_delivery(alert, desk, recipient=LONG))
    with app.storage.transaction() as tx:
        tx.silences.add(quiet)
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 844})
    page = context.new_page()
    nouns = (
        f"rules/{rule.id}",
        f"channels/{desk.id}",
        f"sources/{source.id}",
        f"alerts/{alert.id}",
    )
    lists = ("", "rules", "channels", "sources", "deliveries", "silences", "stories", "overview")
    for path in (*lists, *nouns):
        page.goto(f"/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (path, wide)
        kept = page.locator("fieldset").evaluate_all(
            "all => all.every(one => one.scrollWidth <= one.offsetWidth)"
        )
        assert kept, path
    context.close()


def test_nothing_is_wider_than_a_narrow_window_and_no_choice_hides(
    chromium: Browser, site: str, app: App
) -> None:
    alert = fill(app.storage, at=clock.now())
    given(app.storage, a_channel("desk", kind="email"), a_channel("press", kind="email"))
    for width in (320, 640):
        context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800})
        page = context.new_page()
        for path in ("/", f"/rules/{alert.rule_id}", "/rules/new", "/sources", "/channels"):
            page.goto(path)
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, (path, width)
            outside = page.evaluate(
                "[...document.querySelectorAll('main :is(input, select, textarea, button)')]"
                ".filter((one) => one.getBoundingClientRect().right > innerWidth)"
                ".map((one) => one.name || one.textContent)"
            )
            if width == 640 or path != "/":  # on a phone the choices of Today are one row
                assert not outside, (path, width)
        context.close()


def test_what_is_pressed_is_large_enough_or_far_from_the_next(page: Page, app: App) -> None:
    """As WCAG 2.2 asks (target size, 24 px), and hints in empty fields have their contrast."""
    alert = fill(app.storage, at=clock.now())
    given(app.storage, a_channel("desk", kind="email"), a_channel("press", kind="email"))
    for path in ("/", "/stories", "/rules/new", f"/alerts/{alert.id}", "/channels"):
        page.goto(path)
        small = page.evaluate(
            "[...document.querySelectorAll('.acts a, .acts button, summary, a.rule, .check')]"
            ".map((one) => [one.textContent, one.getBoundingClientRect().height])"
            ".filter(([_, height]) => height && height < 24)"
        )
        assert not small, path
    page.goto("/rules/new")
    hint, grey = page.evaluate(
        "[getComputedStyle(document.querySelector('[name=name]'), '::placeholder').color,"
        " getComputedStyle(document.querySelector('.hint')).color]"
    )
    assert hint == grey
    edge = page.locator("[name=name]").evaluate("one => getComputedStyle(one).borderTopColor")
    reds = [int(part) for part in re.findall(r"[0-9]+", edge)]
    assert max(reds) < 150, "3 to 1 on white"
