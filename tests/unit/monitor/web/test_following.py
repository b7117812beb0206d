"""Programs that follow: articles in the order in which they were stored, alerts as they come."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from monitor.app import App
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.model import Article
from tests.builders import MINUTE, NOON, a_source, an_article, fingerprints_of, given
from tests.stored import fill
from tests.unit.monitor.web.asking import NOW, Browser, app, browser

__all__ = ["app", "browser"]

ARTICLES = "/api/v1/articles"
STREAM = "/api/v1/alerts/stream"


def add(app: App, *articles: Article) -> None:
    with app.storage.transaction() as tx:
        tx.articles.add([(each, fingerprints_of(each)) for each in articles], now=NOON)


def page(browser: Browser, since: str, **asked: object) -> tuple[list[str], str, bool]:
    params = {"since": since, **asked}
    body = browser.get(ARTICLES, params=params).json()
    return [article["title"] for article in body["articles"]], body["next"], body["more"]


def test_a_program_takes_everything_in_order_and_what_comes_later(
    app: App, browser: Browser
) -> None:
    given(app.storage, a_source())
    made = [an_article(f"N {n}", first_seen_at=NOON - n * MINUTE) for n in range(5)]
    for each in made:
        add(app, each)
    seen, since, more = page(browser, "", limit=2)
    while more:
        some, since, more = page(browser, since, limit=2)
        seen += some
    assert seen == [f"N {n}" for n in range(5)]
    assert page(browser, since) == ([], since, False)
    add(app, an_article("new"))
    with app.storage.transaction() as tx:
        tx.articles.revise(replace(made[0], text="corrected"), now=NOON)
    later, last, _ = page(browser, since)
    assert later == ["new", "N 0"]
    assert page(browser, since, language="sv") == ([], last, False)


def test_it_may_begin_at_a_time(app: App, browser: Browser) -> None:
    given(app.storage, a_source())
    add(app, an_article("old", first_seen_at=NOW - 60 * MINUTE))
    add(app, an_article("new", first_seen_at=NOW))
    seen, since, _ = page(browser, "30m")
    assert seen == ["new"]
    assert page(browser, since) == ([], since, False)


@pytest.mark.parametrize("since", ["stored-", "stored-x", "stored--1", "soon", "1e9"])
def test_a_place_that_nobody_gave_out_is_refused(browser: Browser, since: str) -> None:
    assert browser.get(ARTICLES, params={"since": since}).status_code == 400


def test_it_goes_one_way(browser: Browser) -> None:
    assert browser.get(ARTICLES, params={"since": "", "before": "x"}).status_code == 400


@pytest.fixture
def address(app: App) -> Iterator[str]:
    """Where the site is served in a thread."""
    place = Listening("127.0.0.1", 0)
    with bound(place) as listener:
        server = server_of(app, place)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(60)


def events(address: str, count: int, **headers: str) -> Iterator[tuple[int, str]]:
    """Yield the titles of alerts as they come, each with its number; 0 and "" when it begins."""
    with (
        httpx.Client(timeout=60) as client,
        client.stream("GET", f"{address}{STREAM}", headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        id_ = 0
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "retry":
                yield 0, ""
            elif name == "id":
                id_ = int(value)
            elif name == "data":
                shape = json.loads(value)
                assert shape["seq"] == id_
                yield id_, shape["article"]["title"]
                count -= 1
            if not count:
                return


def test_alerts_come_as_they_are_raised_and_none_is_missed_on_the_way(
    app: App, address: str
) -> None:
    fill(app.storage, title="before strike")
    coming = events(address, 1)
    assert next(coming) == (0, "")
    fill(app.storage, title="first strike")
    number, title = next(coming)
    assert title == "first strike"
    coming.close()
    missed = [f"strike {n}" for n in range(3)]
    for each in missed:
        fill(app.storage, title=each)
    back = events(address, 3, **{"Last-Event-ID": str(number)})
    next(back)
    assert [title for _, title in back] == missed


def test_a_number_from_before_a_backup_was_put_back_begins_now(app: App, address: str) -> None:
    fill(app.storage)
    coming = events(address, 1, **{"Last-Event-ID": "900000"})
    next(coming)
    fill(app.storage, title="strike again")
    assert next(coming)[1] == "strike again"
    coming.close()


def test_a_number_that_is_none_is_refused(address: str) -> None:
    answer = httpx.get(f"{address}{STREAM}", headers={"Last-Event-ID": "x"})
    assert answer.status_code == 400
