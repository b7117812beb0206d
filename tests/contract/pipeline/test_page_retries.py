"""A page that fails in a way that may pass is asked for again and matched again, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ingester.articles import sighting_of
from ingester.entry import Entry, FetchError, Polled
from ingester.fetch.ports import Fetched, Limits
from ingester.kinds import Memory
from ingester.pages.fulltext import FullText
from monitor.completing.enrich import Enricher
from monitor.completing.retries import (
    KEPT,
    MOST_KEPT,
    TRIES,
    WAITS,
    Line,
    kept_for,
    with_kept,
)
from monitor.net.politeness import Backoff, HostLimiter
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.poll import Poller, PollResult
from storage.api.storage import Storage
from storage.model import Article, Source
from tests.builders import MINUTE, NOON, a_channel, a_rule, a_source, given

SECRET = "The treaty of the harbours is signed."
PROSE = "The ministers met in the old town hall and spoke for hours about piers, cranes and tides. "
ENTRIES = tuple(
    Entry(
        id=str(number),
        url=f"https://news.example/{number}",
        title=f"Ministers meet for the {number}th time",
        summary="They spoke about the harbours.",
    )
    for number in (1, 2, 3)
)
READ = {"etag": '"1"', "body": "hash", "moved_to": "m"}


def failing(status: int) -> FetchError:
    return FetchError(f"HTTP {status}", kind="http", status=status)


class Pages:
    """Pages of articles, of which some fail, and when each was asked for."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.asked: list[tuple[str, float]] = []
        self.troubles: dict[str, list[Exception | None]] = {}
        self.cut = False

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = "",
        limits: Limits | None = None,
    ) -> Fetched:
        self.asked.append((url, self._desk.seconds))
        troubles = self.troubles.get(url, [])
        trouble = troubles.pop(0) if troubles else None
        if trouble is not None:
            raise trouble
        title = next(entry.title for entry in ENTRIES if entry.url == url)
        text = f"They spoke about the harbours. {PROSE * 8}"
        end = "" if self.cut else f"<p>{SECRET} {PROSE}</p>"
        body = f"<html><title>{title}</title><article><h1>{title}</h1><p>{text}</p>{end}</article>"
        return Fetched(
            url=url,
            status=200,
            content_type="text/html",
            charset="utf-8",
            body=body.encode(),
            truncated=self.cut,
        )


class Desk:
    """A feed of three summaries, a rule for what only a page says, and a clock of its own."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.seconds = storage, 1e6
        self.pages = Pages(self)
        self.lists = {entry.id for entry in ENTRIES}
        self.source = a_source(baseline_done=True, every=timedelta(hours=1))
        rule = a_rule("treaty", channel_ids=(a_channel().id,))
        given(storage, self.source, a_channel(), rule)
        self.poller = self.started()

    def started(self) -> Poller:
        hosts = HostLimiter(lambda: self.seconds)
        enricher = Enricher(
            FullText(self.pages, None, lambda: NOON),
            self.storage,
            hosts,
            Backoff(lambda: self.seconds),
            now=lambda: NOON,
            slots=1,
            pause=self.passes,
            seconds=lambda: self.seconds,
        )
        return Poller(
            storage=self.storage,
            pipeline=Pipeline(self.storage, OutboxWriter(lambda *_: b""), now=lambda: NOON),
            kinds={"feed": self},
            hosts=hosts,
            owner="me",
            now=lambda: NOON,
            chance=lambda: 0.0,
            notices=Notices(render=lambda *_: b""),
            seconds=lambda: self.seconds,
            enricher=lambda: enricher,
        )

    def poll(self, source: Source, memory: Memory) -> Polled:
        """List what the feed lists: it is the kind of its own source."""
        listed = tuple(entry for entry in ENTRIES if entry.id in self.lists)
        return Polled(entries=listed, validators=READ)

    def passes(self, seconds: float) -> None:
        self.seconds += seconds

    def next(self) -> PollResult:
        [result] = self.poller.poll([self.source.id])
        assert result.error is None
        with self.storage.reading() as tx:
            found = tx.sources.get(self.source.id)
        assert found is not None
        self.source = found
        return result

    @property
    def due_in(self) -> timedelta:
        assert self.source.next_poll_at is not None
        return self.source.next_poll_at - NOON

    def article(self, number: int) -> Article:
        with self.storage.reading() as tx:
            article = tx.articles.find(f"https://news.example/{number}")
        assert article is not None
        return article

    def times_asked(self, number: int) -> int:
        return sum(url.endswith(f"/{number}") for url, _ in self.pages.asked)


@pytest.fixture
def desk(storage: Storage) -> Desk:
    return Desk(storage)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(failing(503), id="503"),
        pytest.param(failing(429), id="429"),
        pytest.param(FetchError("cut", kind="connect"), id="cut"),
        pytest.param(FetchError("late", kind="timeout"), id="late"),
    ],
)
def test_the_alert_that_only_a_page_holds_comes_after_its_failure(
    desk: Desk, trouble: Exception
) -> None:
    desk.pages.troubles = {"https://news.example/2": [trouble]}
    first = desk.next()
    assert (first.new_articles, first.alerts) == (3, 2)
    assert SECRET not in desk.article(2).text
    (notice,) = first.notices
    assert notice.endswith("it is asked for 5 times in all, within 2.7 h")
    assert timedelta(minutes=1) < desk.due_in <= WAITS[0]
    assert set(desk.source.validators) == {"moved_to", KEPT}
    desk.passes(WAITS[0].total_seconds())
    again = desk.next()
    assert (again.new_articles, again.alerts, again.notices) == (0, 1, ())
    assert SECRET in desk.article(2).text
    assert (desk.source.validators, desk.due_in > WAITS[0]) == (READ, True)
    for _ in range(2):
        desk.passes(7200)
        assert desk.next().alerts == 0
    assert [desk.times_asked(number) for number in (1, 2, 3)] == [1, 2, 1]
    assert SECRET in desk.article(2).text


def test_a_page_is_asked_for_at_growing_distances_and_at_last_given_up(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)] * 99}
    desk.next()
    waits = []
    while desk.source.validators != READ:
        waits.append(desk.due_in)
        desk.passes(desk.due_in.total_seconds() + 1)
        notices = desk.next().notices
    assert desk.times_asked(2) == TRIES
    assert len(waits) >= len(WAITS)
    assert any(
        "HTTP 503 Service Unavailable, 5 times; of such articles" in text for text in notices
    )
    desk.passes(99_999)
    desk.next()
    assert desk.times_asked(2) == TRIES


def test_a_page_is_not_asked_for_before_its_time(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)]}
    desk.next()
    desk.passes(10)
    assert desk.next().alerts == 0
    assert desk.times_asked(2) == 1
    desk.passes(WAITS[0].total_seconds())
    assert desk.next().alerts == 1


def test_a_new_start_forgets_no_page(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)]}
    desk.next()
    desk.poller = desk.started()
    assert desk.next().alerts == 1


@pytest.mark.parametrize("lists", [{"1", "3"}, set()], ids=["others", "nothing"])
@pytest.mark.parametrize("is_new_start", [False, True])
def test_a_page_is_asked_for_again_though_its_source_lists_it_no_more(
    desk: Desk, lists: set[str], is_new_start: bool
) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)]}
    desk.next()
    desk.lists = lists
    desk.passes(WAITS[0].total_seconds())
    if is_new_start:
        desk.poller = desk.started()
    again = desk.next()
    assert (again.new_articles, again.alerts, again.notices) == (0, 1, ())
    article = desk.article(2)
    assert SECRET in article.text
    assert article.summary == ENTRIES[1].summary
    assert desk.source.validators == READ
    desk.passes(7200)
    assert desk.next().new_articles == 0
    assert desk.times_asked(2) == 2
    assert desk.article(2) == article


def test_a_page_of_what_is_listed_no_more_is_given_up_at_last(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)] * 99}
    desk.next()
    desk.lists = set()
    notices: list[str] = []
    for _ in range(TRIES):
        desk.passes(7200)
        notices += desk.next().notices
    assert desk.times_asked(2) == TRIES
    assert any("HTTP 503 Service Unavailable, 5 times" in text for text in notices)
    assert desk.source.validators == READ
    assert desk.article(2).text == ENTRIES[1].summary


def test_so_many_entries_are_kept_and_no_more(desk: Desk) -> None:
    batch = [
        Line(number, entry, sighting_of(entry, desk.source, seen_at=NOON))
        for number in range(MOST_KEPT + 5)
        for entry in [
            Entry(id=str(number), url="https://a.example/", published_at=NOON + MINUTE * number)
        ]
    ]
    kept = with_kept(Polled(), batch, {line.place: 1 for line in batch}).validators
    entries = kept_for(replace(desk.source, validators=kept))
    assert [entry.id for entry in entries] == [str(104 - n) for n in range(MOST_KEPT)]
    assert entries[0].published_at == batch[-1].entry.published_at


def test_a_page_is_asked_for_again_though_its_source_gives_whole_texts_now(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)]}
    desk.next()
    whole = [Entry(id=f"w{n}", title=f"Whole {n}", content=f"{PROSE * 30}{n}") for n in range(9)]
    listed = desk.poll

    def more(source: Source, memory: Memory) -> Polled:
        polled = listed(source, memory)
        return replace(polled, entries=(*whole, *polled.entries))

    desk.poll = more  # type: ignore[method-assign]  # a feed that gives more from now on
    desk.passes(WAITS[0].total_seconds())
    assert desk.next().alerts == 1
    assert desk.due_in > WAITS[0]


def test_a_page_that_was_cut_off_is_read_as_far_as_it_came_and_asked_for_again(desk: Desk) -> None:
    desk.pages.cut = True
    assert desk.next().alerts == 0
    assert all(PROSE.strip() in desk.article(number).text for number in (1, 2, 3))
    desk.pages.cut = False
    desk.passes(WAITS[0].total_seconds() + 99)
    assert desk.next().alerts == 3


def test_what_will_not_pass_is_not_asked_for_again(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(404)] * 9}
    (notice,) = desk.next().notices
    assert "HTTP 404 Not Found; of such articles" in notice
    desk.passes(7200)
    desk.next()
    assert desk.times_asked(2) == 1
    assert desk.source.validators == READ


def test_what_a_site_asked_for_is_waited_for(desk: Desk) -> None:
    desk.pages.troubles = {"https://news.example/2": [failing(503)]}
    asked = timedelta(minutes=20)
    listed = desk.poll

    def slowly(source: Source, memory: Memory) -> Polled:
        return replace(listed(source, memory), server_asks=asked)

    desk.poll = slowly  # type: ignore[method-assign]  # a feed that may be kept for a while
    desk.next()
    assert desk.due_in == asked
