"""Old articles taken out of an archive that goes on being fed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.archive.pruning import Keep, Room, look, note_room, prune
from monitor.config.load import load
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.rules import rules
from monitor.services.sources import sources
from storage.model import Source
from tests.answers import reply
from tests.builders import NOON
from tests.servers import FaultServer, fault_server

__all__ = ["fault_server"]

DAY = timedelta(days=1)
KEEP = Keep(articles=30 * DAY)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def app(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Iterator[App]:
    environ = {
        "MONITOR_HOME": str(tmp_path),
        "MONITOR_SEEDS": "none",
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_DICTIONARIES": "none",
    }
    if request.param == "postgres":
        environ["MONITOR_DATABASE_URL"] = request.getfixturevalue("migrated_postgres_url")
    with App.open(load(environ=environ), now=clock, daemon=True) as opened:
        yield opened


def feed(*titles: str, at: datetime) -> bytes:
    items = "".join(
        f"<item><guid>{title.split()[0]}</guid><title>{title}</title>"
        f"<link>https://harbour.example/{title.split()[0]}</link>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for title in titles
    )
    return f'<rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'.encode()


def follow(app: App, url: str) -> Source:
    with app.storage.transaction() as tx:
        wish = SourceChanges(name="Harbour", backfill=9, reading={"full_text": "no"})
        source = sources.add_source(tx, kind="feed", url=url, now=app.now(), wish=wish)
        made = app.lexicons.made("strike", "en").variants
        rules.add_rule(
            tx, RuleChanges(query="strike", language="en", made=made, notify=()), now=app.now()
        )
    app.pipeline.catch_up()
    return source


def found(app: App) -> tuple[list[str], int]:
    with app.storage.reading() as tx:
        articles = sorted(article.title for article in tx.articles.recent(limit=None))
        return articles, tx.alerts.count()


def test_what_is_pruned_stays_away_though_its_feed_lists_and_edits_it(
    app: App, clock: Clock, fault_server: FaultServer
) -> None:
    then, later = NOON, NOON + 90 * DAY
    url = fault_server.on(
        "/feed",
        reply(feed("a strike in Kiel", "b harvest in Turku", at=then), content_type="text/xml"),
        reply(feed("c fair in Porto", at=later), content_type="text/xml"),
        reply(feed("b strike in Turku", "a strike in Kiel", at=then), content_type="text/xml"),
    )
    source = follow(app, url)
    app.looking.poller.poll([source.id])
    assert found(app) == (["a strike in Kiel", "b harvest in Turku"], 1)
    clock.at = later
    app.looking.poller.poll([source.id])  # what is told 90 days later retires the stories of before
    outlook = look(app.storage, KEEP, now=later)
    assert (outlook.prunable.articles, outlook.prunable.kept) == (1, 1)
    assert sum(articles for articles, _ in prune(app.storage, KEEP, now=later)) == 1
    assert found(app) == (["a strike in Kiel", "c fair in Porto"], 1)
    app.looking.poller.poll([source.id])
    assert found(app) == (["a strike in Kiel", "c fair in Porto"], 1)
    with app.storage.reading() as tx:
        [stored] = tx.sources.all()
    assert (stored.last_error, stored.failures) == (None, 0)
    assert app.storage.problems() == []


def test_nothing_goes_before_a_new_rule_has_searched_the_archive(
    app: App, clock: Clock, fault_server: FaultServer
) -> None:
    answer = reply(feed("b harvest in Turku", at=NOON), content_type="text/xml")
    source = follow(app, fault_server.on("/feed", answer))
    app.looking.poller.poll([source.id])
    with app.storage.transaction() as tx:
        [rule] = tx.rules.all()
        tx.placing.retire(before=NOON + DAY, limit=9)
        tx.rules.update(replace(rule, caught_up=False))
    clock.at = NOON + 90 * DAY
    assert look(app.storage, KEEP, now=clock.at).waits_for == ("strike",)
    assert list(prune(app.storage, KEEP, now=clock.at)) == []
    app.pipeline.catch_up()
    assert sum(articles for articles, _ in prune(app.storage, KEEP, now=clock.at)) == 1


@pytest.mark.parametrize(("keep", "left"), [(None, 3), (3, 3), (2, 2), (1, 1), (30 * DAY, 3)])
def test_so_many_are_kept_as_was_chosen(
    app: App, clock: Clock, fault_server: FaultServer, keep: int | timedelta | None, left: int
) -> None:
    three_days(app, clock, fault_server)
    kept = Keep(articles=keep)
    outlook = look(app.storage, kept, now=clock.at)
    assert outlook.prunable.remaining == left
    list(prune(app.storage, kept, now=clock.at))
    assert len(found(app)[0]) == left


def three_days(app: App, clock: Clock, fault_server: FaultServer) -> None:
    """Take in an article a day, and be at the end of the third."""
    source = None
    for place, title in enumerate(("a fair", "b harvest", "c regatta")):
        answer = reply(feed(title, at=clock.at), content_type="text/xml")
        url = fault_server.on("/feed", answer)
        source = source or follow(app, url)
        app.looking.poller.poll([source.id])
        clock.at = NOON + (place + 1) * DAY
    with app.storage.transaction() as tx:
        tx.placing.retire(before=clock.at, limit=9)


def of_its_size(app: App, share: float, *, articles: timedelta | None = None) -> Keep:
    return Keep(articles=articles, size_bytes=int(share * app.storage.size_bytes()))


def test_what_fits_is_kept_and_the_oldest_goes_first(
    app: App, clock: Clock, fault_server: FaultServer
) -> None:
    three_days(app, clock, fault_server)
    assert look(app.storage, of_its_size(app, 1.2), now=clock.at).prunable.remaining == 3
    keep = of_its_size(app, 0.8)  # 0.76 are filled, and 3 are there
    assert look(app.storage, keep, now=clock.at).prunable.articles == 1
    assert sum(gone for gone, _ in prune(app.storage, keep, now=clock.at)) == 1
    assert found(app)[0] == ["b harvest", "c regatta"]
    # The database did not become smaller: what went has left room.
    for _ in range(3):
        assert look(app.storage, keep, now=clock.at).too_many == 0
        assert list(prune(app.storage, keep, now=clock.at)) == []
    # Now it is known that two fill it.
    note_room(app.storage, is_full=True)
    assert look(app.storage, keep, now=clock.at).prunable.articles == 1


def test_by_size_what_is_young_or_was_told_of_stays_and_that_is_said(
    app: App, clock: Clock, fault_server: FaultServer
) -> None:
    three_days(app, clock, fault_server)
    outlook = look(app.storage, of_its_size(app, 0.1), now=NOON + 2 * DAY)
    assert (outlook.prunable.articles, outlook.prunable.remaining) == (1, 2)
    assert outlook.too_many == 2
    both = of_its_size(app, 0.8, articles=1.5 * DAY)
    assert look(app.storage, both, now=clock.at).prunable.articles == 2


def test_how_many_fit_is_told_by_the_most_that_were_there() -> None:
    assert Room(3_000, 100).holding(2_000) == 66
    assert Room(3_000, 100).as_of(Room(3_000, 60)) == Room(3_000, 100)
    assert Room(3_000, 100).as_of(Room(3_300, 110)) == Room(3_300, 110)
    # Somebody gave back what was free: what is there takes as much as before.
    assert Room(3_000, 100).as_of(Room(1_800, 60)) == Room(1_800, 60)
    assert Room(3_000, 100).as_of(Room(2_700, 60)) == Room(2_700, 90)
