"""How pages show what is hard to show: names of any script, times to come, what is long."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from monitor.app import App
from monitor.base.times import show_instant
from monitor.services import search
from monitor.web.base.render import LISTED_TITLE, clock, shown_target
from monitor.web.pages.sources import sources_of
from storage.model import SourceState, Variant
from tests.builders import MINUTE, NOON, a_channel, a_rule, a_source, an_article, given
from tests.stored import fill, source_of
from tests.unit.monitor.web.asking import Browser, app, browser

__all__ = ["app", "browser"]

ARABIC = "صحيفة الميناء 3"


def test_a_name_in_another_direction_moves_nothing_beside_it(app: App, browser: Browser) -> None:
    fill(app.storage, at=app.now())
    with app.storage.transaction() as tx:
        tx.sources.update(replace(source_of(), name=ARABIC))
    for path in ("/", "/overview", "/search?query=strike"):
        page = browser.get(path).text
        assert f"<bdi>{ARABIC}</bdi>" in page, path


@pytest.mark.parametrize(
    ("later", "shown"),
    [
        (timedelta(hours=3), "15:00"),
        (timedelta(hours=15), "3 Mar 03:00"),
        (timedelta(days=400), "6 Apr 2027"),
    ],
)
def test_a_time_to_come_has_its_day_unless_it_is_today(later: timedelta, shown: str) -> None:
    assert clock(NOON + later, NOON, UTC) == shown


def test_a_source_that_asked_not_to_be_polled_comes_first_and_says_why(
    app: App, browser: Browser
) -> None:
    gone = a_source("Zeit", state=SourceState.GONE, last_error="410 Gone")
    failing = a_source("Post", failures=3, last_error="timed out")
    chosen = {"query": "", "tag": "", "state": "", "order": ""}
    ordered = sources_of([a_source("Aftenposten"), failing, gone], chosen)
    assert [source.name for source in ordered] == ["Zeit", "Post", "Aftenposten"]
    given(app.storage, gone, failing)
    assert "410 Gone" in browser.get("/sources").text
    assert "410 Gone. It asked not to be read again" in browser.get(f"/sources/{gone.id}").text
    assert "timed out. It is tried again" in browser.get(f"/sources/{failing.id}").text


def test_a_search_says_where_other_spellings_were_not_looked_for(
    app: App, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [NOON + number * MINUTE for number in range(3)]
    given(app.storage, *(an_article(f"Ports {at}", first_seen_at=at) for at in seen))
    said = "other spellings, and parts of longer words, only since"
    asked = "query=Gorbachev&match=all"
    assert said not in browser.get(f"/search/hits?{asked}").text
    assert browser.get(f"/api/v1/search?{asked}").json()["spelled_since"] is None
    monkeypatch.setattr(search, "_FEWEST", 1)
    monkeypatch.setattr(search, "_FOR_SPELLINGS", -1.0)
    assert said in browser.get(f"/search/hits?{asked}").text
    since = browser.get(f"/api/v1/search?{asked}").json()["spelled_since"]
    assert since == show_instant(seen[-1])


def test_a_form_that_stands_for_two_words_is_shown_once(app: App, browser: Browser) -> None:
    rule = a_rule("port OR harbour")
    variants = tuple(
        Variant(language="sv", text="hamn", of=of, kind="word", source="a list", score=0.9)
        for of in ("port", "harbour")
    )
    given(app.storage, replace(rule, variants=variants))
    page = browser.get(f"/rules/{rule.id}").text
    assert page.count('value="sv:hamn"') == 1


def test_a_list_shows_the_beginning_of_a_long_title(app: App, browser: Browser) -> None:
    title = "Strike at the port of Kiel " * 15
    fill(app.storage, title=title.strip(), at=app.now())
    page = browser.get(f"/sources/{source_of().id}").text
    assert title[: LISTED_TITLE - 30] in page
    assert title[: LISTED_TITLE + 1] not in page


def test_addresses_of_a_channel_are_shown_apart() -> None:
    channel = a_channel(kind="email", target="mailto:ann@a.example,bo@b.example")
    assert shown_target(channel) == "ann@a.example, bo@b.example"


def test_a_delivery_is_found_under_channels(app: App, browser: Browser) -> None:
    page = browser.get("/deliveries").text
    assert '<a href="/channels" aria-current="page">' in page
