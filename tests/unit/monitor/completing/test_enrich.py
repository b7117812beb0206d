"""New entries get the text of their pages before they are taken in: which, when, how politely."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from ingester.entry import EndingError, Entry, Polled
from ingester.kinds import Memory
from ingester.pages.fulltext import Enriched, Trouble
from ingester.pages.kind import LINKS
from monitor.completing.enrich import (
    FULL,
    LONGEST_WAIT,
    Enricher,
    may_want_pages,
)
from monitor.completing.enrichment import Enrichment
from monitor.completing.fetching import MOST_PAGES
from monitor.net.politeness import REST, Backoff, HostLimiter
from monitor.pipeline.ingest import Pipeline
from monitor.pipeline.notices import Notices
from monitor.pipeline.outbox import OutboxWriter
from monitor.pipeline.poll import Poller, PollResult
from storage.model import Article, Source
from storage.notice import Notice
from tests.builders import MINUTE, NOON, a_channel, a_rule, a_source, given
from tests.fakes import MemoryStorage

FORBIDDEN = Trouble(text="the pages answer HTTP 403 Forbidden", of_site=True)
STUB = Trouble(text="the pages show no more text than the source gives")
GONE = Trouble(text="the pages answer HTTP 404 Not Found", of_page=True)
SECRET = "The treaty of the harbours is signed."
READ_BODY = {"etag": '"1"', "last_modified": "x", "body": "y", "read_at": "z", "moved_to": "m"}


class World:
    """A virtual clock, pages, and when each was asked for."""

    def __init__(self) -> None:
        # Far from the clock of any machine: who mixes the two is seen on all of them.
        self.at = 1e9
        self.asked: list[tuple[str, float]] = []
        self.troubles: dict[str, Trouble | Exception] = {}
        self.delays: dict[str, timedelta] = {}
        self.takes = 0.0

    def seconds(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.at += seconds

    def delay(self, url: str) -> timedelta | None:
        self.asked.append((f"{urlsplit(url).netloc}/robots.txt", self.at))
        return self.delays.get(urlsplit(url).netloc)

    def enrich(self, entry: Entry, source: Source) -> Enriched:
        self.asked.append((entry.url, self.at))
        self.at += self.takes
        trouble = self.troubles.get(entry.url) or self.troubles.get(urlsplit(entry.url).netloc)
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            return Enriched(entry=entry, trouble=trouble)
        return Enriched(entry=replace(entry, text=f"{entry.summary}\n\n{SECRET}"))

    @property
    def pages(self) -> list[str]:
        return [url for url, _ in self.asked if not url.endswith("robots.txt")]


class Listing:
    """A kind of source that lists what it is told to."""

    def __init__(self) -> None:
        self.polled = Polled()

    def poll(self, source: Source, memory: Memory) -> Polled:
        return self.polled


class Desk:
    """A store with a rule, and a poller whose world is a virtual one."""

    def __init__(self, **changes: Any) -> None:
        self.world = World()
        self.storage = MemoryStorage()
        self.hosts = HostLimiter(self.world.seconds)
        self.listing = Listing()
        self.source = a_source(**{"baseline_done": True, **changes})
        given(
            self.storage, self.source, a_channel(), a_rule("treaty", channel_ids=(a_channel().id,))
        )
        self.enricher = self.another()

    def another(self, slots: int = 1) -> Enricher:
        return Enricher(
            self.world,
            self.storage,
            self.hosts,
            Backoff(self.world.seconds),
            now=lambda: NOON,
            slots=slots,
            pause=self.world.pause,
            seconds=self.world.seconds,
        )

    def enrich(self, *entries: Entry, **polled: Any) -> Enrichment:
        found = Polled(entries=entries, **polled)
        return self.enricher.enrich(self.source, found, began_s=self.world.at)

    def poll(self, *entries: Entry, **polled: Any) -> PollResult:
        self.listing.polled = Polled(entries=entries, **polled)
        outbox = OutboxWriter(lambda *_: b"")
        poller = Poller(
            storage=self.storage,
            pipeline=Pipeline(self.storage, outbox, now=lambda: NOON),
            kinds={self.source.kind: self.listing},
            hosts=self.hosts,
            owner="me",
            now=lambda: NOON,
            chance=lambda: 0.0,
            enricher=lambda: self.enricher,
            seconds=self.world.seconds,
            notices=Notices(render=lambda *_: b""),
        )
        [result] = poller.poll([self.source.id])
        with self.storage.reading() as tx:
            found = tx.sources.get(self.source.id)
        assert found is not None
        self.source = found
        return result

    def articles(self) -> dict[str, Article]:
        with self.storage.reading() as tx:
            return {article.title: article for article in tx.articles.recent(limit=1_000)}

    def notices(self) -> list[Notice]:
        with self.storage.reading() as tx:
            return tx.sources.notices(self.source.id)


def entry(number: int = 1, *, host: str = "harbour-news.example", **changes: Any) -> Entry:
    given_: Mapping[str, Any] = {
        "id": f"id-{number}",
        "url": f"https://{host}/story-{number}",
        "title": f"Harbours agree on part {number}",
        "summary": "Ministers met.",
        "published_at": NOON - number * MINUTE,
        **changes,
    }
    return Entry(**given_)


# --- which entries --------------------------------------------------------------------------------

LONG = "It is a long story of many words. " * 30


@pytest.mark.parametrize(
    ("changes", "polled", "expected"),
    [
        pytest.param({}, {}, True, id="a feed"),
        pytest.param({"kind": "sitemap"}, {}, True, id="a sitemap"),
        pytest.param({"kind": "page"}, {}, True, id="a list page"),
        pytest.param({"kind": "page"}, {"complete": True}, False, id="a page that is an article"),
        pytest.param({"kind": "folder"}, {}, False, id="a folder"),
        pytest.param({"options": {"full_text": "no"}}, {}, False, id="its owner wants none"),
        pytest.param({"kind": "folder", "options": {"full_text": "yes"}}, {}, False, id="folder"),
        pytest.param({"baseline_done": False}, {}, True, id="what is newer than its source"),
        pytest.param({"baseline_done": False, "backfill": None}, {}, True, id="all may speak"),
        pytest.param({}, {"unchanged": True}, False, id="nothing new"),
        pytest.param({}, {"entries": ()}, False, id="nothing at all"),
    ],
)
def test_which_polls_may_want_pages(
    changes: dict[str, Any], polled: dict[str, Any], expected: bool
) -> None:
    source = a_source(**{"baseline_done": True, **changes})
    assert may_want_pages(source, Polled(**{"entries": (entry(),), **polled})) is expected


def test_a_feed_of_short_items_is_completed_before_it_is_matched() -> None:
    desk = Desk()
    assert desk.poll(entry(1)).alerts == 1
    assert desk.articles()["Harbours agree on part 1"].text == f"Ministers met.\n\n{SECRET}"
    assert desk.poll(entry(1)).new_articles == 0
    assert len(desk.world.pages) == 1


def test_a_feed_of_whole_articles_is_left_as_it_is_unless_its_owner_wants_the_pages() -> None:
    items = (entry(1, content=LONG), entry(2, content=LONG), entry(3))
    desk = Desk()
    desk.poll(*items)
    assert desk.world.pages == []
    desk = Desk(options={"full_text": "yes"})
    desk.poll(*items)
    assert len(desk.world.pages) == 3


def test_in_a_feed_of_summaries_a_whole_article_is_left_as_it_is() -> None:
    desk = Desk()
    desk.poll(entry(1), entry(2), entry(3, content=LONG))
    assert len(desk.world.pages) == 2


@pytest.mark.parametrize(
    "changes",
    [{"url": ""}, {"url": "not a link"}, {"url": "ftp://harbour-news.example/1"}],
)
def test_an_entry_without_a_link_is_taken_in_as_it_is(changes: dict[str, Any]) -> None:
    desk = Desk()
    assert desk.poll(entry(1, **changes)).new_articles == 1
    assert desk.world.asked == []


def test_an_article_that_is_listed_twice_is_fetched_once() -> None:
    desk = Desk()
    desk.poll(entry(1), entry(1), entry(1, id="other"))
    assert len(desk.world.pages) == 1


def test_of_a_first_poll_the_newest_that_may_speak_are_completed_and_only_they_speak() -> None:
    desk = Desk(baseline_done=False, backfill=2)
    # The pages say when they were published, which the source does not.
    items = [entry(number, published_at=None) for number in range(5)]
    result = desk.poll(*items)
    assert desk.world.pages == [items[0].url, items[1].url]
    assert (result.new_articles, result.alerts) == (5, 2)
    baseline = {article.title for article in desk.articles().values() if article.baseline}
    assert baseline == {items[number].title for number in (2, 3, 4)}


def test_articles_whose_link_changes_at_a_first_poll_speak() -> None:
    desk = Desk(baseline_done=False, backfill=1)
    inner = desk.world.enrich

    def moved(entry: Entry, source: Source) -> Enriched:
        done = inner(entry, source).entry
        return Enriched(entry=replace(done, url=f"{entry.url}-canonical"))

    desk.world.enrich = moved  # type: ignore[method-assign]
    assert desk.poll(entry(1), entry(2)).alerts == 1
    assert desk.poll(entry(1), entry(2)).new_articles == 0


# --- how politely ---------------------------------------------------------------------------------


def test_requests_to_one_host_are_a_second_apart_robots_txt_among_them() -> None:
    desk = Desk()
    desk.enrich(entry(1), entry(2))
    at = [moment for _, moment in desk.world.asked]
    assert next(url for url, _ in desk.world.asked) == "harbour-news.example/robots.txt"
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(at))


def test_the_first_page_does_not_follow_the_feed_at_once() -> None:
    desk = Desk()
    desk.poll(entry(1))
    assert desk.world.asked[0][1] >= 1


def test_the_time_that_robots_txt_asks_for_is_given() -> None:
    desk = Desk()
    desk.world.delays["harbour-news.example"] = timedelta(seconds=20)
    desk.enrich(entry(1), entry(2))
    at = [moment for _, moment in desk.world.asked]
    assert at[1] - at[0] >= 20
    assert at[2] - at[1] >= 20


def test_a_site_that_asks_for_minutes_is_not_asked_for_pages() -> None:
    desk = Desk()
    desk.world.delays["harbour-news.example"] = timedelta(minutes=5)
    result = desk.poll(entry(1), entry(2))
    assert (desk.world.pages, result.new_articles) == ([], 2)
    assert "robots.txt asks for 300 s" in result.notices[0]


def test_the_turn_of_a_host_is_waited_for_and_others_go_first() -> None:
    desk = Desk()
    assert desk.hosts.enter("busy.example")
    found = desk.enrich(entry(1, host="busy.example"), entry(2, host="free.example"))
    assert [urlsplit(url).netloc for url in desk.world.pages] == ["free.example"]
    assert len(found.polled.entries) == 1
    assert found.polled.more


def test_a_host_is_free_again_after_its_page() -> None:
    desk = Desk()
    desk.enrich(entry(1))
    desk.world.at += 2
    assert desk.hosts.enter("harbour-news.example")


# --- bounds ---------------------------------------------------------------------------------------


def test_what_is_left_over_comes_at_the_next_poll_and_nothing_is_lost() -> None:
    desk = Desk()
    items = [entry(number) for number in range(MOST_PAGES + 5)]
    first = desk.poll(*items, validators=READ_BODY, remember={"a": "b"})
    assert first.new_articles == first.alerts == MOST_PAGES
    assert desk.source.next_poll_at == NOON
    assert desk.source.validators == {"moved_to": "m"}
    with desk.storage.reading() as tx:
        assert tx.sources.memory(desk.source.id) == {}
    assert desk.world.pages[0] == items[0].url  # the newest first
    second = desk.poll(*items, validators=READ_BODY, remember={"a": "b"})
    assert second.new_articles == second.alerts == 5
    assert desk.source.validators == READ_BODY
    assert desk.source.next_poll_at is not None
    assert desk.source.next_poll_at > NOON
    assert len(desk.world.pages) == MOST_PAGES + 5


def test_after_two_minutes_no_further_page_is_begun() -> None:
    desk = Desk()
    desk.world.takes = 50
    found = desk.enrich(*map(entry, range(10)))
    assert 2 <= len(desk.world.pages) <= 3
    assert len(found.polled.entries) == len(desk.world.pages)


def test_a_poll_that_was_slow_before_leaves_less_time() -> None:
    desk = Desk()
    desk.world.takes = 50
    desk.world.at = 200.0
    items = (entry(1), entry(2))
    polled = Polled(entries=items)
    found = desk.enricher.enrich(desk.source, polled, began_s=0.0)
    assert len(desk.world.pages) == 1
    assert len(found.polled.entries) == 1


def test_a_poll_that_comes_to_nothing_in_time_is_taken_in_as_it_is() -> None:
    desk = Desk()
    desk.hosts.enter("harbour-news.example")
    found = desk.enrich(entry(1), entry(2))
    assert found.polled.entries == (entry(1), entry(2))
    assert not found.polled.more
    assert "no turn" in found.polled.notices[0]


def test_when_all_slots_are_taken_the_source_comes_again_soon_but_not_for_ever() -> None:
    desk = Desk()
    desk.enricher = desk.another(slots=0)
    result = desk.poll(entry(1), validators=READ_BODY)
    assert (result.new_articles, desk.world.asked) == (0, [])
    assert desk.source.next_poll_at == NOON + FULL
    assert desk.source.validators == {"moved_to": "m"}
    desk.world.at += LONGEST_WAIT.total_seconds() + 1
    result = desk.poll(entry(1), validators=READ_BODY)
    assert (result.new_articles, desk.world.asked) == (1, [])
    assert "poll_threads" in result.notices[0]


# --- trouble --------------------------------------------------------------------------------------


def test_a_page_that_cannot_be_had_leaves_the_summary_and_one_notice() -> None:
    desk = Desk()
    desk.world.troubles = {entry(number).url: STUB for number in (1, 2, 3)}
    result = desk.poll(entry(1), entry(2), entry(3), entry(4))
    assert (result.new_articles, result.alerts) == (4, 1)
    assert desk.articles()["Harbours agree on part 1"].text == "Ministers met."
    [notice] = desk.notices()
    assert STUB.text in notice.text
    assert "the summary that the source gives" in notice.text
    desk.world.troubles[entry(5).url] = STUB
    assert desk.poll(entry(5)).notices == ()


def test_a_page_that_is_gone_asks_nothing_of_anybody_until_none_can_be_had() -> None:
    desk = Desk()
    desk.world.troubles = {entry(number).url: GONE for number in range(1, 6)}
    desk.poll(entry(1), entry(9))
    [notice] = desk.notices()
    assert GONE.text in notice.text
    assert notice.routine
    desk.poll(entry(2))
    assert [each.routine for each in desk.notices()] == [True]
    desk.poll(entry(3), entry(4), entry(5))
    assert [each.routine for each in desk.notices()] == [False]


def test_a_bug_in_reading_a_page_costs_its_text_only() -> None:
    desk = Desk()
    desk.world.troubles[entry(1).url] = ZeroDivisionError()
    result = desk.poll(entry(1), entry(2))
    assert (result.new_articles, result.alerts) == (2, 1)
    assert "internal error: ZeroDivisionError" in result.notices[0]
    desk.world.at += 2
    assert desk.hosts.enter("harbour-news.example")


def test_what_the_end_of_the_program_cuts_off_is_not_taken_in_without_its_text() -> None:
    desk = Desk()
    desk.world.troubles[entry(2).url] = EndingError()
    assert desk.poll(entry(1), entry(2)).error == "the program is about to end"
    assert desk.articles() == {}


def test_a_site_that_refuses_twice_is_left_alone_for_a_while() -> None:
    desk = Desk()
    desk.world.troubles["harbour-news.example"] = FORBIDDEN
    assert desk.poll(*map(entry, range(6))).new_articles == 6
    assert len(desk.world.pages) == 2
    assert desk.poll(entry(7)).new_articles == 1
    assert len(desk.world.pages) == 2
    desk.world.at += REST.total_seconds()
    desk.world.troubles.clear()
    # With those that were not asked for, though they are not listed any more.
    assert desk.poll(entry(8)).alerts == 1 + len((2, 3, 4, 5, 7))


def test_pages_that_say_nothing_are_asked_for_a_little_longer() -> None:
    desk = Desk()
    desk.world.troubles["harbour-news.example"] = STUB
    assert desk.poll(*map(entry, range(9))).new_articles == 9
    assert len(desk.world.pages) == 5


def test_pages_that_are_known_to_be_no_articles_do_not_make_the_site_rest() -> None:
    desk = Desk(kind="sitemap")
    listing = Trouble(text="the pages list articles and are none themselves", is_known=True)
    desk.world.troubles = {entry(number).url: listing for number in range(9)}
    desk.poll(*map(entry, range(10)))
    assert len(desk.world.pages) == 10


def test_what_robots_txt_forbids_costs_no_turn_and_no_rest() -> None:
    desk = Desk()
    refused = Trouble(text="robots.txt does not let us", asked=False)
    desk.world.troubles["harbour-news.example"] = refused
    began = desk.world.at
    desk.poll(*map(entry, range(30)))
    assert len(desk.articles()) == 30
    assert desk.world.at - began < 3


def test_of_a_list_page_what_it_lists_is_what_remains() -> None:
    desk = Desk(kind="page")
    desk.world.troubles["harbour-news.example"] = STUB
    result = desk.poll(entry(1, summary=""), validators={LINKS: "1"})
    assert "what the source itself lists" in result.notices[0]
