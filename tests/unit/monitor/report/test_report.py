"""What is printed about a rule or a tag, and what came of each source."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from monitor.app import App
from monitor.base.errors import Refusal
from monitor.report.coverage import coverage
from monitor.report.report import Report, report_of
from monitor.web.base.render import Renderer
from monitor.web.pages.report import file_of
from storage.model import stable_id
from tests.builders import NOON
from tests.stored import fill, source_of, telling
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STRIKE = stable_id("rule", "strike")


def _report(app: App, word: str = "strike", days: int = 7) -> Report:
    with app.storage.reading() as tx:
        return report_of(tx, word, since=NOW - days * DAY, until=NOW, zone=UTC)


def test_stories_are_counted_once_and_the_most_told_come_first(app: App) -> None:
    before = fill(app.storage, title="Before", at=NOON - 9 * DAY)
    one = fill(app.storage, title="One", at=NOON - 2 * DAY)
    two = fill(app.storage, title="Zwei", language="de", at=NOON - DAY)
    fill(app.storage, title="Alone", at=NOON)
    telling(app.storage, one, two, outlets=("ndr.example", "kn.example"))
    with app.storage.transaction() as tx:
        tx.feedback.give(one.id, "useful", at=NOON)
        tx.feedback.give(two.id, "noise", at=NOON)
        tx.feedback.give(before.id, "noise", at=NOON)
    report = _report(app)
    assert (report.stories, report.articles, report.before) == (2, 3, 1)
    assert [told.title for told in report.top] == ["One", "Alone"]
    assert report.top[0].carried.outlets == ("ndr.example", "kn.example")
    assert dict(report.by_outlet) == {"kn.example": 1, "ndr.example": 1}
    days = dict(report.days)
    assert len(days) == 8
    assert days[(NOON - 2 * DAY).date()] == days[NOON.date()] == 1
    assert days[(NOON - DAY).date()] == 0, "the story was told the day before"
    assert (report.useful, report.noise, report.is_whole) == (1, 1, True)


def test_a_tag_tells_of_all_its_rules(app: App) -> None:
    fill(app.storage)
    with app.storage.transaction() as tx:
        rule = tx.rules.get(STRIKE)
        assert rule is not None
        tx.rules.update(replace(rule, tags=("harbours",)))
    report = _report(app, "harbours")
    assert (report.name, report.rules) == ("harbours", (("strike", "strike"),))
    assert report.stories == 1
    assert _report(app, "strike").name == "strike"


def test_what_is_not_there_is_refused(app: App) -> None:
    fill(app.storage)
    with pytest.raises(Refusal, match="ferries"):
        _report(app, "ferries")
    with pytest.raises(Refusal, match="nothing lies between"):
        _report(app, days=-1)


def test_the_file_needs_no_other_and_holds_no_markup_of_others(app: App) -> None:
    fill(app.storage, title="<script>alert(1)</script>")
    html = file_of(Renderer(zone=UTC, command="monitor"), _report(app), now=NOW)
    assert "<style>" in html
    assert "<link" not in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert '"Segoe UI"' in style  # within <style> a reference is no sign, and ends a declaration
    assert "&#" not in style


def test_the_page_shows_the_same_report(app: App, browser: Browser) -> None:
    fill(app.storage)
    page = browser.get("/report?rule=strike").text
    assert "Strike at the port of Kiel" in page
    assert "<b>1 story</b>" in page
    assert "<style" not in page
    assert browser.get("/report").status_code == 400
    assert "/report?rule=strike" in browser.get(f"/rules/{STRIKE}").text


def test_sources_that_gave_least_come_first(app: App) -> None:
    fill(app.storage, at=NOON - DAY)
    silent = replace(source_of("A silent one"), added_at=NOON - 9 * DAY)
    with app.storage.transaction() as tx:
        tx.sources.add(silent)
    with app.storage.reading() as tx:
        first, second = coverage(tx, since=NOW - 3 * DAY, until=NOW)
    assert (first.source.name, first.articles, first.days_without) == ("A silent one", 0, 3)
    assert (second.days, second.alerts) == ((0, 1, 0), 1)


def test_days_before_a_source_was_followed_are_none_without_news(app: App) -> None:
    with app.storage.transaction() as tx:
        tx.sources.add(replace(source_of(), added_at=NOW - DAY / 2))
    with app.storage.reading() as tx:
        [covered] = coverage(tx, since=NOW - 7 * DAY, until=NOW)
    assert (len(covered.days), covered.followed, covered.days_without) == (7, 1, 1)


def test_the_time_that_a_command_takes_is_no_day_without_news(app: App) -> None:
    with app.storage.transaction() as tx:
        tx.sources.add(replace(source_of(), added_at=NOW - 9 * DAY))
    with app.storage.reading() as tx:
        since = NOW - 7 * DAY
        [covered] = coverage(tx, since=since, until=NOW + timedelta(milliseconds=40))
        [partly] = coverage(tx, since=since, until=NOW + HOUR)
    assert (len(covered.days), covered.days_without) == (7, 7)
    assert (len(partly.days), partly.days_without) == (8, 8)
