"""The archive is searched for new rules while the news goes on, and never in its way."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingester.entry import Polled
from ingester.kinds import Memory
from monitor.app import App
from monitor.base.right_of_way import RightOfWay
from monitor.config.load import load
from monitor.daemon.long_work import LongWork
from notifiers.api import Message, Settings
from storage.model import Source
from tests.builders import (
    NOON,
    a_channel,
    a_delivery,
    a_rule,
    a_source,
    an_alert,
    an_article,
    given,
)

SOURCE = a_source()
RULE = replace(a_rule("strike", name="Strike"), backfill_since=NOON.replace(year=2000))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    environ = {"MONITOR_HOME": str(tmp_path), "MONITOR_SEEDS": "none"}
    with App.open(load(environ=environ, path=None, home=None), daemon=True) as opened:
        opened.right_of_way = RightOfWay(longest_wait_s=3600.0, between_s=0.0)
        yield opened


def is_caught_up(app: App) -> bool:
    with app.storage.reading() as tx:
        rule = tx.rules.get(RULE.id)
    assert rule is not None
    return rule.caught_up


def test_a_search_of_the_archive_stands_aside_for_news_and_is_done_after_it(app: App) -> None:
    given(app.storage, SOURCE, RULE)
    for number in range(3):
        given(app.storage, an_article(f"Strike {number}", source_id=SOURCE.id))
    found: list[int] = []
    search = threading.Thread(target=lambda: found.append(app.pipeline.catch_up()), daemon=True)
    with app.right_of_way.news():
        search.start()
        with app.storage.transaction() as tx:  # which the search does not keep from us
            tx.meta.set("news", "stored")
        assert not is_caught_up(app)
    search.join()
    assert found == [3]
    assert is_caught_up(app)


@pytest.mark.parametrize("step", ["place_stored", "renew_variants"])
def test_what_nobody_waits_for_stands_aside_for_news(app: App, step: str) -> None:
    given(app.storage, SOURCE, RULE, an_article("Strike", source_id=SOURCE.id))
    run = getattr(LongWork(app, threading.Event()), step)
    working = threading.Thread(target=run, daemon=True)
    with app.right_of_way.news():
        working.start()
        working.join(0.3)
        assert working.is_alive()
    working.join(60)
    assert not working.is_alive()
    with app.storage.reading() as tx:
        assert bool(tx.stories.unplaced(1)) == (step != "place_stored")


def test_a_damaged_index_is_made_anew_in_the_background_once_a_day(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given(app.storage, SOURCE, an_article("Strike", source_id=SOURCE.id))
    still = [0.0]
    monkeypatch.setattr("monitor.daemon.long_work.monotonic", lambda: still[0])
    work = LongWork(app, threading.Event())
    healed = []
    for still[0] in (0.0, 3600.0, 7200.0, 90_000.0):
        with app.storage.transaction() as tx:
            tx.index.give_up()  # type: ignore[attr-defined]
        work.fill_index()
        with app.storage.reading() as tx:
            healed.append(tx.articles.index_is_full())
    assert healed == [True, False, False, True]
    assert caplog.text.count("the search index is damaged") == 2


def test_a_poll_is_news(app: App) -> None:
    given(app.storage, SOURCE)
    taken: list[bool] = []

    class Looking:
        def poll(self, source: Source, memory: Memory) -> Polled:
            taken.append(app.right_of_way.is_taken)
            return Polled()

    poller = replace(app.looking.poller, kinds={SOURCE.kind: Looking()})
    [claimed] = poller.claim(limit=1).taken
    poller.poll_claimed(claimed)
    assert taken == [True]
    assert not app.right_of_way.is_taken


def test_a_delivery_is_news(app: App) -> None:
    desk = a_channel("desk")
    given(app.storage, desk, a_delivery(an_alert(), desk))
    taken: list[bool] = []

    class Looking:
        def send(self, message: Message, settings: Settings) -> None:
            taken.append(app.right_of_way.is_taken)

    courier = replace(
        app.sending.courier,
        notifier_of=lambda _: Looking(),
        settings=lambda _: {},
        now=lambda: NOON,
    )
    assert not courier.deliver_due(desk.id)
    assert taken == [True]
    assert not app.right_of_way.is_taken
