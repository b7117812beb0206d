"""What becomes of what a source lists, with every store: news once, edits, nothing old."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ingester import articles
from ingester.articles import sighting_of
from ingester.entry import LISTED, MAX_ENTRIES, Entry, Polled
from ingester.fingerprints import Sighting
from ingester.stories.signature import Signature
from monitor.explain.explain import explain
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.intake import Brought, TakenIn
from monitor.pipeline.outbox import OutboxWriter
from monitor.stories.placing import Placed, StoryPlacer
from storage.api.errors import FencedOut
from storage.api.storage import Storage, Transaction
from storage.model import Article, Source
from tests.builders import LEASE, MINUTE, NOON, a_channel, a_rule, a_source, given
from tests.fakes import MemoryStorage

DAY = timedelta(days=1)
RULE = a_rule("Hanoi Convention", name="Hanoi", channel_ids=(a_channel().id,))
FEED = a_source("Feed", url="https://feed.example/rss", added_at=NOON)
HELD = "no alert, as they were listed when the source was added"


class Desk:
    """A pipeline over a store, at a time that the test sets."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.at = NOON + MINUTE
        self.besides: list[Brought] = []
        self.sightings: dict[Entry, Sighting] = {}
        self.pipeline = Pipeline(storage, OutboxWriter(lambda *_: b"{}"), now=lambda: self.at)

    def poll(self, *entries: Entry, source: Source = FEED, **polled: Any) -> TakenIn:
        self.at += MINUTE
        with self.storage.transaction() as tx:
            (claimed,) = tx.sources.claim_due(
                now=self.at, limit=1, lease=LEASE, owner="me", ids=[source.id]
            )
        found = Polled(entries=entries, **polled)
        return self.pipeline.take_in(claimed, found, next_poll_at=lambda now: now)

    def poll_together(self, *polls: tuple[Source, Sequence[Entry]]) -> list[TakenIn | Exception]:
        """Poll several sources, and take in at once what they list."""
        self.at += MINUTE
        brought = []
        for source, entries in polls:
            with self.storage.transaction() as tx:
                (claimed,) = tx.sources.claim_due(
                    now=self.at, limit=1, lease=LEASE, owner="me", ids=[source.id]
                )
            polled = Polled(entries=tuple(entries))
            brought.append(
                Brought(
                    source=claimed,
                    polled=polled,
                    next_poll_at=lambda now: now + DAY,
                    sightings=self.sightings,
                )
            )
        return self.pipeline.take_in_all([*brought, *self.besides])

    def place_with(self, stories: StoryPlacer) -> None:
        self.pipeline = Pipeline(
            self.storage,
            OutboxWriter(lambda *_: b"{}", stories=lambda: stories),
            now=lambda: self.at,
            stories=lambda: stories,
        )

    def catch_up(self) -> int:
        return self.pipeline.catch_up()

    def articles(self) -> dict[str, Article]:
        with self.storage.reading() as tx:
            return {article.title: article for article in tx.articles.recent(limit=None)}


class CountingPlacer(StoryPlacer):
    """Leaves each article to itself, and notes how many it was given at once."""

    def __init__(self) -> None:
        self.together: list[int] = []
        self.settled: list[str] = []

    def signatures(self, articles: Sequence[Article]) -> dict[str, Signature]:
        return {}

    def place(self, tx: Transaction, articles: Sequence[Article], *_: Any, **__: Any) -> Placed:
        self.together.append(len(articles))
        return Placed(articles=tuple(articles))

    def settle(self, tx: Transaction, articles: Sequence[Article], **_: Any) -> dict[str, str]:
        self.settled += [article.title for article in articles]
        return {}


@pytest.fixture
def desk(storage: Storage) -> Desk:
    given(storage, FEED, a_channel(), RULE)
    return Desk(storage)


def item(number: int, title: str = "Hanoi Convention", **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "id": f"tag:{number}",
        "url": f"https://feed.example/{number}",
        "title": f"{title} part {number}",
        "content": f"Text of item {number}, as it came.",
        "published_at": NOON - number * MINUTE,
    }
    return Entry(**{**values, **changes})


def items(count: int, **changes: Any) -> list[Entry]:
    return [item(number, **changes) for number in range(1, count + 1)]


# --- several polls at once -----------------------------------------------------------------------

OTHER = a_source("Other", url="https://other.example/rss", added_at=NOON)


def test_polls_taken_in_together_are_stored_as_if_one_came_after_the_other(desk: Desk) -> None:
    given(desk.storage, OTHER)
    desk.poll(item(9, "Nothing"))
    desk.poll(item(8, "Nothing"), source=OTHER)
    same = item(1, published_at=desk.at)
    again = item(1, id="other", published_at=desk.at)
    taken = desk.poll_together((FEED, [same]), (OTHER, [again, item(2, published_at=desk.at)]))
    assert taken == [TakenIn(articles=1, alerts=1), TakenIn(articles=1, alerts=1)]
    article = desk.articles()["Hanoi Convention part 1"]
    with desk.storage.reading() as tx:
        assert article.source_id == FEED.id
        assert tx.articles.sources_of([article.id]) == {article.id: [OTHER.id]}
    assert desk.poll(same) == desk.poll(again, source=OTHER) == TakenIn()


def test_polls_taken_in_together_are_stored_with_one_question_of_a_kind(desk: Desk) -> None:
    sources = [
        a_source(f"Feed {name}", url=f"https://{name}.example/rss", added_at=NOON) for name in "abc"
    ]
    given(desk.storage, *sources)
    placer = CountingPlacer()
    desk.place_with(placer)
    new = [
        [
            item(
                number,
                f"Hanoi Convention {source.name}",
                id=f"{source.name} {number}",
                url="",
                published_at=NOON + 2 * MINUTE,
            )
            for number in (1, 2)
        ]
        for source in sources
    ]
    taken = desk.poll_together(*zip(sources, new, strict=True))
    assert taken == [TakenIn(articles=2, alerts=2)] * 3
    assert placer.together == [6]
    # What two of them list is one article, and is placed once.
    both = item(9, published_at=desk.at)
    taken = desk.poll_together(*((source, [both]) for source in sources))
    assert taken == [TakenIn(articles=1, alerts=1), TakenIn(), TakenIn()]
    assert placer.together == [6, 1]


def numbered(number: int, title: str) -> Entry:
    url = f"https://site.example/{number}-{title.replace(' ', '-')}.html"
    entry = item(number % 10, id=title, url=url, content=f"{title} {title}.")
    return replace(entry, title=title)


def test_feeds_that_learn_at_once_how_their_site_numbers_articles_are_stored_at_once(
    desk: Desk,
) -> None:
    given(desk.storage, OTHER)
    placer = CountingPlacer()
    desk.place_with(placer)
    desk.poll(item(9, "Nothing"))
    desk.poll(item(8, "Nothing"), source=OTHER)
    one = [numbered(482173 + n, f"tram {n} stops") for n in range(3)]
    two = [numbered(582173 + n, f"bridge {n} opens") for n in range(3)]
    desk.poll_together((FEED, one), (OTHER, two))
    assert placer.together == [6]
    # A number that is known tells of an edition, whoever learned it, and waits for who may.
    desk.poll(numbered(582173, "school day is over"), source=OTHER)
    assert "school day is over" in desk.articles()
    same = [numbered(700001, "rain falls"), numbered(700001, "snow melts")]
    other = [numbered(582174, "budget is passed"), numbered(600001, "taxes rise")]
    desk.poll_together((FEED, same), (OTHER, other))
    assert placer.together == [6, 2, 2]
    assert "bridge 1 opens" in desk.articles()


def test_a_poll_that_cannot_be_taken_in_costs_its_neighbours_nothing(desk: Desk) -> None:
    given(desk.storage, OTHER)
    desk.poll(item(9, "Nothing"))

    def trip(now: datetime) -> datetime:
        raise ZeroDivisionError

    with desk.storage.transaction() as tx:
        (claimed,) = tx.sources.claim_due(
            now=desk.at, limit=1, lease=LEASE, owner="me", ids=[OTHER.id]
        )
    found = Polled(entries=(item(2),))
    lost = Brought(source=FEED, polled=Polled(), next_poll_at=lambda now: now)
    desk.besides = [Brought(source=claimed, polled=found, next_poll_at=trip), lost]
    first, second, third = desk.poll_together((FEED, [item(1, published_at=desk.at)]))
    assert first == TakenIn(articles=1, alerts=1)
    assert isinstance(second, ZeroDivisionError)
    assert isinstance(third, FencedOut)
    assert "Hanoi Convention part 2" not in desk.articles()


def test_an_entry_of_which_an_article_was_made_already_is_not_read_again(desk: Desk) -> None:
    desk.poll(item(9, "Nothing"))
    made = sighting_of(item(1, "Geneva"), FEED, seen_at=desk.at - MINUTE)
    desk.sightings = {item(1): made}
    desk.poll_together((FEED, [item(1), item(2)]))
    articles = desk.articles()
    assert articles.keys() == {"Nothing part 9", "Geneva part 1", "Hanoi Convention part 2"}
    assert articles["Geneva part 1"].first_seen_at == desk.at


# --- edited articles -----------------------------------------------------------------------------


def test_what_is_listed_again_is_not_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(entry: Entry, *rest: Any, **named: Any) -> Sighting:
        read.append(entry.id)
        return sighting_of(entry, *rest, **named)

    monkeypatch.setattr(articles, "sighting_of", reading)
    desk.poll(*items(3))
    read.clear()
    taken = desk.poll(*items(2), item(3, title="Another"), item(4))
    assert (taken.articles, taken.revised) == (1, 1)
    assert read == ["tag:3", "tag:4"]


def test_what_a_source_lists_just_so_again_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(entry: Entry, *rest: Any, **named: Any) -> Sighting:
        read.append(entry.id)
        return sighting_of(entry, *rest, **named)

    desk.poll(*items(3))
    monkeypatch.setattr(articles, "sighting_of", reading)
    again = frozenset(items(2))
    taken = desk.poll(*items(2), item(5), again=again)
    assert (taken.articles, taken.alerts, read) == (1, 1, ["tag:5"])
    assert desk.poll(*items(2), again=again) == TakenIn()
    assert read == ["tag:5"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "https://feed.example/1"},
        {"url": "https://feed.example/1", "title": "Another at one address"},
        {"id": "tag:1"},
        {"id": "tag:1", "title": "Hanoi Convention, edited"},
        {"title": "Hanoi Convention part 1", "url": "https://feed.example/n/1"},
    ],
)
def test_what_is_left_out_changes_nothing_for_what_has_something_in_common_with_it(
    desk: Desk, changes: dict[str, Any]
) -> None:
    whole: Any = MemoryStorage()
    given(whole, FEED, a_channel(), RULE)
    came = []
    for each, again in ((desk, frozenset(items(4))), (Desk(whole), frozenset[Entry]())):
        each.poll(*items(4))
        taken = each.poll(replace(item(7), **changes), *items(4), again=again)
        came.append((taken, each.articles()))
    assert came[0] == came[1]


def test_an_entry_that_could_not_be_read_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> object:
        with desk.storage.reading() as tx:
            (source,) = tx.sources.all()
        return source.validators

    desk.poll(item(1))
    desk.poll(item(1), item(2), validators={"entries": "both", "etag": "x"})
    assert kept() == {"entries": "both", "etag": "x"}

    def tripping(*_: Any, **__: Any) -> Sighting:
        raise ZeroDivisionError

    monkeypatch.setattr(articles, "sighting_of", tripping)
    desk.poll(item(1), item(3), validators={"entries": "both", "etag": "y"})
    assert kept() == {"etag": "y"}


class Exchanged:
    """A store that is exchanged for another under a program that runs."""

    def __init__(self, current: Storage) -> None:
        self.current = current

    def __getattr__(self, name: str) -> Any:
        return getattr(self.current, name)


def test_what_was_seen_before_and_is_new_to_the_store_is_read_anew(storage: Storage) -> None:
    store: Any = Exchanged(MemoryStorage())
    given(store, FEED, a_channel(), RULE)
    desk = Desk(store)
    desk.poll(item(1))
    store.current = storage
    given(storage, replace(FEED, baseline_done=True, last_ok_at=NOON), a_channel(), RULE)
    desk.poll(item(1))
    seen_at = {title: article.first_seen_at for title, article in desk.articles().items()}
    assert seen_at["Hanoi Convention part 1"] == desk.at


def test_what_has_just_been_placed_is_not_asked_for_its_story(desk: Desk) -> None:
    placer = CountingPlacer()
    desk.place_with(placer)
    desk.poll(item(1, "Nothing"))
    assert desk.poll(item(2)).alerts == 1
    assert not placer.settled
    assert desk.poll(item(1, "Hanoi Convention at last", updated_at=NOON)).alerts == 1
    assert placer.settled == ["Hanoi Convention at last part 1"]


@pytest.mark.parametrize("asks_again", [True, False])
def test_who_asks_again_keeps_what_was_made_of_entries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asks_again: bool
) -> None:
    def tripping(*_: Any, **__: Any) -> Sighting:
        raise ZeroDivisionError

    desk.pipeline.asks_again = asks_again
    desk.poll(item(1))
    desk.poll(item(1))
    monkeypatch.setattr(articles, "sighting_of", tripping)
    assert bool(desk.poll(item(1)).notices) is not asks_again


def test_an_edit_that_brings_a_rule_its_first_match_alerts_once(desk: Desk) -> None:
    desk.poll(item(9, "Nothing"))
    assert desk.poll(item(1, "Ministers meet in Geneva")).alerts == 0
    first = desk.articles()["Ministers meet in Geneva part 1"]
    edited = item(1, "Ministers agree on Hanoi Convention", updated_at=NOON)
    taken = desk.poll(edited)
    assert (taken.articles, taken.revised, taken.alerts) == (0, 1, 1)
    article = desk.articles()["Ministers agree on Hanoi Convention part 1"]
    assert (article.id, article.first_seen_at) == (first.id, first.first_seen_at)
    with desk.storage.reading() as tx:
        (version,) = tx.articles.versions(article.id)
    assert version == (first.title, first.text, desk.at)
    assert desk.poll(edited) == TakenIn()
    mended = desk.poll(item(1, "Ministers agree on the Hanoi Convention"))
    assert (mended.revised, mended.alerts) == (1, 0)


def test_a_slip_mended_in_what_was_there_from_the_beginning_alerts_nobody(desk: Desk) -> None:
    desk.poll(item(1))
    taken = desk.poll(item(1, content="Text of item 1, as it came, mended."))
    assert (taken.revised, taken.alerts) == (1, 0)


def test_an_edit_of_what_was_there_from_the_beginning_may_alert(desk: Desk) -> None:
    desk.poll(item(1, "Ministers meet"))
    assert desk.poll(item(1, "Hanoi Convention")).alerts == 1


# --- what was there when the source was added ----------------------------------------------------


def test_a_first_poll_is_silent_and_says_how_many_matches_it_held(desk: Desk) -> None:
    taken = desk.poll(*items(3), item(4, "Nothing"))
    assert (taken.articles, taken.alerts) == (4, 0)
    (notice,) = taken.notices
    assert notice.startswith(f"a rule matches 3 articles: {HELD}; ")
    assert "--backfill 7d" in notice
    with desk.storage.reading() as tx:  # nobody need do anything about it
        assert [each.routine for each in tx.sources.notices()] == [True]
        assert tx.figures.notices() == {}
    assert desk.poll(item(5)).alerts == 1


def test_a_first_reading_in_another_way_is_silent_but_of_what_came_since_the_last(
    desk: Desk,
) -> None:
    desk.poll(item(1, "Nothing"))
    read_at = desk.at
    old = [item(n, published_at=read_at - n * MINUTE / 4) for n in (2, 3)]
    fresh = item(4, published_at=read_at + MINUTE / 4)
    taken = desk.poll(item(1, "Hanoi Convention"), item(5), *old, fresh, anew=True)
    assert (taken.articles, taken.alerts) == (4, 1)
    (notice,) = taken.notices
    assert "4 articles: no alert, as they were listed when the page was first read as" in notice
    assert desk.poll(item(6)).alerts == 1


def test_what_was_published_after_its_source_was_added_speaks_at_the_first_poll(
    desk: Desk,
) -> None:
    desk.at = NOON + DAY
    news = item(3, published_at=NOON + 9 * MINUTE)
    ahead = item(4, published_at=NOON + 1.5 * DAY)
    taken = desk.poll(item(1), item(2, published_at=None), news, ahead)
    assert (taken.articles, taken.alerts) == (4, 1)
    baseline = {title for title, article in desk.articles().items() if article.baseline}
    assert baseline == {f"Hanoi Convention part {number}" for number in (1, 2, 4)}


@pytest.mark.parametrize(
    ("published_at", "alerts"),
    [
        pytest.param(None, 1, id="no date"),
        pytest.param(NOON + 2 * MINUTE, 1, id="published since"),
        pytest.param(NOON.replace(hour=0), 1, id="dated by its day"),
        pytest.param(NOON - 2 * DAY, 0, id="dated before"),
    ],
)
def test_what_a_feed_lists_that_was_empty_when_it_was_added_is_news(
    desk: Desk, published_at: datetime | None, alerts: int
) -> None:
    empty: dict[str, Any] = {"validators": {LISTED: "the mark of no entry"}}
    assert desk.poll(**empty) == TakenIn()
    desk.poll(**empty, unchanged=True)
    taken = desk.poll(item(1, published_at=published_at), **empty)
    assert (taken.articles, taken.alerts, len(taken.notices)) == (1, alerts, 1 - alerts)
    assert desk.poll(item(2, published_at=NOON - DAY)).alerts == 1


def test_of_what_is_older_than_an_empty_feed_the_newest_may_speak(storage: Storage) -> None:
    given(storage, replace(FEED, backfill=2), a_channel(), RULE)
    desk = Desk(storage)
    empty: dict[str, Any] = {"validators": {LISTED: "the mark of no entry"}}
    desk.poll(**empty)
    old = [item(number, published_at=NOON - number * 2 * DAY) for number in (1, 2, 3)]
    assert desk.poll(*old, item(4, published_at=None), **empty).alerts == 2


@pytest.mark.parametrize("published_at", [NOON - DAY, None])
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(lambda: ([], {}), id="nothing found on a page"),
        pytest.param(lambda: (items(3), {"partial": True}), id="truncated"),
        pytest.param(lambda: ([], {"partial": True}), id="nothing of it whole"),
    ],
)
def test_what_a_first_poll_did_not_see_is_no_news_when_the_next_one_does(
    desk: Desk,
    first: Callable[[], tuple[list[Entry], dict[str, Any]]],
    published_at: datetime | None,
) -> None:
    entries, polled = first()
    assert desk.poll(*entries, **polled).alerts == 0
    assert desk.poll(*items(50, published_at=published_at)).alerts == 0
    assert desk.poll(item(51, published_at=published_at), *items(50)).alerts == (
        0 if published_at and polled and entries else 1
    )


def test_what_was_cut_off_stays_no_news_for_good(desk: Desk) -> None:
    listed = [
        item(number, title=f"Other {number}", published_at=NOON - number * MINUTE)
        for number in range(MAX_ENTRIES)
    ]
    desk.poll(*listed)
    desk.poll(*listed)
    old = item(MAX_ENTRIES + 5)
    assert desk.poll(old, *listed[:9]).alerts == 0
    assert desk.poll(item(1, id="new", published_at=NOON + MINUTE)).alerts == 1


def test_a_feed_of_which_every_item_is_sent_again_under_new_names_alerts_nobody(
    desk: Desk,
) -> None:
    desk.poll(item(99))
    assert desk.poll(*items(30)).alerts == 30
    moved = [
        item(number, id=f"new:{number}", url=f"https://moved.example/{number}")
        for number in range(1, 31)
    ]
    assert desk.poll(*moved) == TakenIn()


def test_undated_items_whose_id_and_link_change_at_each_fetch_come_once(desk: Desk) -> None:
    desk.poll(item(99))
    for day in range(3):
        desk.at += DAY
        fresh = [
            item(n, id=f"{day}/{n}", url=f"https://feed.example/?s={day}-{n}", published_at=None)
            for n in range(5)
        ]
        assert desk.poll(*fresh).articles == (5 if day == 0 else 0)


def test_ids_that_change_at_each_fetch_bring_nothing(desk: Desk) -> None:
    desk.poll(item(99))
    for fetch in range(4):
        desk.at += MINUTE
        taken = desk.poll(*(item(n, id=f"{fetch}/{n}") for n in range(5)))
        assert (taken.articles, taken.alerts) == ((5, 5) if fetch == 0 else (0, 0))


# --- several entries, several sources ------------------------------------------------------------


def test_entries_that_share_a_link_are_kept_and_it_is_said_once(desk: Desk) -> None:
    desk.poll(item(99))
    shared = [item(n, url="https://feed.example/live") for n in range(5)]
    taken = desk.poll(*shared)
    assert (taken.articles, taken.alerts) == (5, 5)
    (notice,) = taken.notices
    assert notice.startswith("several entries have one id or link")
    assert desk.poll(*shared, item(6, url="https://feed.example/live")).notices == ()


def test_a_rule_of_one_source_alerts_when_that_lists_what_came_first_from_another(
    desk: Desk,
) -> None:
    other = a_source("Other", url="https://other.example/rss", added_at=NOON)
    of_other = a_rule("Hanoi", name="Only other", sources=("Other",))
    given(desk.storage, other, of_other)
    desk.poll(item(99), source=FEED)
    desk.poll(item(98, id="x"), source=other)
    assert desk.poll(item(1)).alerts == 1
    desk.at += DAY
    desk.poll(item(98, id="x"), source=other)
    desk.at += DAY
    taken = desk.poll(item(1, id="theirs"), source=other)
    assert (taken.articles, taken.alerts) == (0, 1)
    with desk.storage.reading() as tx:
        (newest, _) = tx.alerts.recent()
        (article,) = tx.articles.recent(source_ids=[other.id], limit=1)
        explained = explain(of_other, article, FEED, now=desk.at, tx=tx)
    assert newest.rule_id == of_other.id
    assert explained.verdict.startswith("It matches, and raised an alert")
    assert desk.poll(item(1, id="theirs"), source=other).alerts == 0
    edited = item(1, "Hanoi Convention and more")
    assert desk.poll(edited).alerts == 0


def test_a_rule_of_one_source_that_searches_the_archive_finds_what_that_lists_too(
    desk: Desk,
) -> None:
    other = a_source("Other", url="https://other.example/rss", added_at=NOON)
    given(desk.storage, other)
    desk.poll(item(1))
    desk.poll(item(1, id="theirs"), source=other)
    rules = [
        a_rule("Hanoi", name=name, sources=(name,), backfill_since=NOON - DAY)
        for name in ("Other", "Nobody")
    ]
    given(desk.storage, *rules)
    assert desk.catch_up() == 1
