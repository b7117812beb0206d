"""Polling one URL, against a real server: what is asked, believed and remembered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import httpx
import pytest

from ingester.entry import FetchError, ParseError, Polled
from ingester.feeds.kind import MOST_MARKS, FeedKind
from ingester.fetch.conditional import TRUSTED
from ingester.fetch.http import HttpFetcher
from ingester.fetch.ports import Fetched, NotModified
from ingester.pages.kind import PageKind
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from storage.model import Source
from tests.answers import Answer, conditional, cut, redirect, reply
from tests.builders import a_source
from tests.servers import FaultServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RSS = b"<rss><channel><title>News</title>%s</channel></rss>"
ONE = RSS % b"<item><title>One</title><link>/1</link><guid isPermaLink='false'>1</guid></item>"
PAGE = b"<html lang=en><title>Ferry returns</title><p>" + b"It sails again, they said. " * 30


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    guard = AddressGuard((ip_network("127.0.0.0/8"),))
    with make_client(guard, user_agent="tests/1") as client:
        yield client


class Polls:
    """Polls one source again and again, handing back what it was handed."""

    def __init__(self, client: httpx.Client, source: Source, kind: type = FeedKind) -> None:
        self.now = NOON
        self.source = source
        self.kind = kind(HttpFetcher(client, now=lambda: self.now), lambda: self.now)

    def poll(self) -> Polled:
        polled: Polled = self.kind.poll(self.source, dict)
        self.source = replace(self.source, validators=polled.validators)
        return polled


@pytest.fixture
def polls(client: httpx.Client, server: FaultServer) -> Polls:
    return Polls(client, a_source(url=server.url("/feed")))


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def asked_with(server: FaultServer, path: str = "/feed") -> list[str | None]:
    return [request.headers.get("if-none-match") for request in server.seen(path)]


def test_a_feed_is_read_with_its_links_joined(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", reply(ONE, content_type="text/xml"))
    polled = polls.poll()
    assert [(entry.title, entry.url, entry.id) for entry in polled.entries] == [
        ("One", server.url("/1"), "1")
    ]
    assert polled.title == "News"


def test_the_second_poll_shows_the_etag_and_believes_a_304(
    polls: Polls, server: FaultServer
) -> None:
    server.on("/feed", conditional(ONE, etag='"a"'))
    first, second, third = polls.poll(), polls.poll(), polls.poll()
    assert [first.unchanged, second.unchanged, third.unchanged] == [False, True, True]
    assert asked_with(server) == [None, '"a"', '"a"']
    assert second.validators == first.validators


def test_a_304_is_believed_for_a_day_only(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", conditional(ONE, etag='"a"'))
    polls.poll()
    polls.now += timedelta(hours=23, minutes=59)
    assert polls.poll().unchanged
    polls.now += timedelta(minutes=1)
    server.on("/feed", conditional(RSS % b"", etag='"a"'))
    assert not polls.poll().unchanged
    assert asked_with(server) == [None, '"a"', None]


def test_equal_bytes_are_not_read_again(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", reply(ONE))
    assert not polls.poll().unchanged
    assert polls.poll().unchanged
    server.on("/feed", reply(RSS % b"<item><title>Two</title></item>"))
    assert polls.poll().entries[0].title == "Two"


@pytest.mark.parametrize(
    "answer",
    [
        cut(ONE + b" " * 500, after=len(ONE) - 30, headers={"ETag": '"a"'}),
        reply(ONE[:-30], headers={"ETag": '"a"'}),
    ],
    ids=["the connection ends", "the feed ends"],
)
def test_the_validators_of_half_a_feed_are_not_stored(
    polls: Polls, server: FaultServer, answer: Answer
) -> None:
    server.on("/feed", answer)
    polled = polls.poll()
    assert polled.validators == {}
    assert any("truncated" in notice for notice in polled.notices)


def test_a_permanent_redirect_is_adopted_after_three_polls(
    polls: Polls, server: FaultServer
) -> None:
    server.on("/feed", redirect(server.url("/new"), status=301))
    server.on("/new", reply(ONE))
    notices = [polls.poll().notices for _ in range(5)]
    assert len(server.seen("/feed")) == 3
    assert len(server.seen("/new")) == 5
    assert [len(notice) for notice in notices] == [0, 0, 1, 0, 0]
    assert server.url("/new") in notices[2][0]


def test_a_source_that_has_moved_says_so_with_each_change(
    polls: Polls, server: FaultServer
) -> None:
    server.on("/feed", redirect(server.url("/new"), status=301))
    server.on("/new", reply(ONE))
    for _ in range(4):
        polls.poll()
    server.on("/new", reply(ONE.replace(b"<item>", b"<item><author>A</author>", 1)))
    assert [len(polls.poll().notices) for _ in range(2)] == [1, 0]


def test_a_temporary_redirect_is_never_adopted(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", redirect(server.url("/new"), status=302))
    server.on("/new", reply(ONE))
    for _ in range(5):
        polls.poll()
    assert len(server.seen("/feed")) == 5


def test_redirects_that_change_are_not_consistent(polls: Polls, server: FaultServer) -> None:
    server.on("/a", reply(ONE))
    server.on("/b", reply(ONE))
    there = [redirect(server.url(path), status=301) for path in ("/a", "/a", "/b", "/a", "/a")]
    server.on("/feed", *there)
    for _ in range(5):
        polls.poll()
    assert len(server.seen("/feed")) == 5


def test_a_source_that_moved_back_is_found_again(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", redirect(server.url("/new"), status=301))
    server.on("/new", reply(ONE))
    for _ in range(4):
        polls.poll()
    server.on("/new", reply(status=404))
    server.on("/feed", reply(RSS % b"<item><title>Home</title></item>"))
    assert polls.poll().entries[0].title == "Home"
    assert "moved_to" not in polls.source.validators


def test_a_failure_is_told_and_forgets_nothing(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", conditional(ONE, etag='"a"'))
    polls.poll()
    server.on(
        "/feed", reply(status=503, headers={"Retry-After": "120"}), conditional(ONE, etag='"a"')
    )
    with pytest.raises(FetchError) as caught:
        polls.poll()
    assert caught.value.retry_after == timedelta(minutes=2)
    assert polls.poll().unchanged


def test_the_server_and_the_feed_may_both_ask_for_time(polls: Polls, server: FaultServer) -> None:
    body = RSS % b"<ttl>60</ttl>"
    server.on("/feed", reply(body, headers={"Cache-Control": "max-age=600"}))
    assert polls.poll().server_asks == timedelta(hours=1)
    again = polls.poll()
    assert (again.unchanged, again.server_asks) == (True, timedelta(hours=1))
    server.on("/feed", reply(body + b" ", headers={"Cache-Control": "max-age=7200"}))
    assert polls.poll().server_asks == timedelta(hours=2)


def test_the_character_set_of_the_header_is_used(polls: Polls, server: FaultServer) -> None:
    body = "<rss><channel><title>Été</title></channel></rss>".encode("cp1250")
    server.on("/feed", reply(body, content_type="text/xml; charset=windows-1250"))
    assert polls.poll().title == "Été"


def test_a_parked_page_is_an_error(polls: Polls, server: FaultServer) -> None:
    server.on("/feed", reply(PAGE, content_type="text/html"))
    with pytest.raises(ParseError, match="not a feed: text/html"):
        polls.poll()


def test_a_page_is_one_entry(client: httpx.Client, server: FaultServer) -> None:
    server.on("/story", reply(PAGE, content_type="text/html; charset=utf-8"))
    polls = Polls(client, a_source(kind="page", url=server.url("/story")), PageKind)
    polled = polls.poll()
    assert [(entry.title, entry.url) for entry in polled.entries] == [
        ("Ferry returns", server.url("/story"))
    ]
    assert polled.entries[0].text.startswith("It sails again")
    assert polls.poll().unchanged


def test_a_document_of_another_kind_is_not_a_page(
    client: httpx.Client, server: FaultServer
) -> None:
    server.on("/story", reply(b"%PDF-1.7", content_type="application/pdf"))
    polls = Polls(client, a_source(kind="page", url=server.url("/story")), PageKind)
    with pytest.raises(ParseError, match=r"^not a page: application/pdf$"):
        polls.poll()


class Page:
    """One address whose body changes."""

    def __init__(self, body: bytes, *, is_cut: bool = False) -> None:
        self.body = body
        self.is_cut = is_cut

    def get(self, url: str, **_: object) -> Fetched | NotModified:
        return Fetched(
            url=url,
            status=200,
            content_type="application/rss+xml",
            charset=None,
            body=self.body,
            truncated=self.is_cut,
        )


@pytest.mark.parametrize("end", [len("</channel></rss>"), 0], ids=["in the middle", "behind it"])
def test_an_answer_that_was_cut_off_is_told_wherever_it_was_cut(end: int) -> None:
    whole = '<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'
    page = Page(whole[: len(whole) - end].encode(), is_cut=True)
    kind = FeedKind(page, lambda: NOON)  # type: ignore[arg-type]
    polled = kind.poll(a_source(), dict)
    assert [entry.title for entry in polled.entries] == ["A"]
    assert len(polled.notices) == 1
    assert "fetched in full at the next poll" in polled.notices[0]
    page.is_cut, page.body = False, whole.encode()
    assert kind.poll(a_source(validators=polled.validators), dict).notices == ()


@pytest.mark.parametrize("body", [b"<rss", b'<?xml version="1.0"?><'])
def test_of_an_answer_that_ends_before_it_is_a_feed_is_said_that_it_ends(body: bytes) -> None:
    page = Page(body, is_cut=True)
    kind = FeedKind(page, lambda: NOON)  # type: ignore[arg-type]
    with pytest.raises(ParseError, match=rf"ends in the middle, after {len(body)} bytes"):
        kind.poll(a_source(), dict)
    page.is_cut = False
    with pytest.raises(ParseError, match="not a feed"):
        kind.poll(a_source(), dict)


def test_a_feed_in_which_only_the_time_of_its_making_is_new_is_unchanged() -> None:
    def made(at: str, *titles: str) -> bytes:
        items = "".join(f"<item><title>{title}</title></item>" for title in titles)
        head = f"<lastBuildDate>{at}</lastBuildDate>"
        return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()

    page = Page(made("Tue, 24 Nov 2026 08:00:00 GMT", "A"))
    kind = FeedKind(page, lambda: NOON)  # type: ignore[arg-type]
    first = kind.poll(a_source(), dict)
    assert len(first.entries) == 1
    page.body = made("Tue, 24 Nov 2026 08:15:00 GMT", "A")
    second = kind.poll(a_source(validators=first.validators), dict)
    assert second.unchanged
    assert second.entries == ()
    third = kind.poll(a_source(validators=second.validators), dict)
    assert third.unchanged
    assert third.validators["entries"] == first.validators["entries"]
    page.body = made("Tue, 24 Nov 2026 08:30:00 GMT", "B", "A")
    assert len(kind.poll(a_source(validators=third.validators), dict).entries) == 2


def test_a_feed_says_which_entries_it_listed_just_so_before_until_a_day_has_passed() -> None:
    def made(*titles: str) -> bytes:
        items = "".join(f"<item><title>{title}</title></item>" for title in titles)
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def known(polled: Polled) -> set[str]:
        return {entry.title for entry in polled.again}

    at = [NOON]
    page = Page(made("A", "B"))
    kind = FeedKind(page, lambda: at[0])  # type: ignore[arg-type]
    first = kind.poll(a_source(), dict)
    assert known(first) == set()
    at[0] += TRUSTED / 2
    page.body = made("C", "B", "A")
    second = kind.poll(a_source(validators=first.validators), dict)
    assert known(second) == {"A", "B"}
    assert known(kind.poll(a_source(validators=first.validators), dict)) == {"A", "B"}
    page.body = made("D", "C", "B")
    at[0] += TRUSTED / 2 - timedelta(minutes=1)
    assert known(kind.poll(a_source(validators=second.validators), dict)) == {"B", "C"}
    at[0] += timedelta(minutes=1)
    third = kind.poll(a_source(validators=second.validators), dict)
    assert known(third) == set()
    page.body = made("E", "D", "C")
    assert known(kind.poll(a_source(validators=third.validators), dict)) == {"C", "D"}


def test_of_a_feed_of_very_many_entries_it_is_only_known_whether_they_are_the_same() -> None:
    def made(*numbers: int) -> bytes:
        items = "".join(f"<item><title>Number {number}</title></item>" for number in numbers)
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    page = Page(made(*range(MOST_MARKS + 1)))
    kind = FeedKind(page, lambda: NOON)  # type: ignore[arg-type]
    first = kind.poll(a_source(), dict)
    assert len(first.validators["entries"]) < 100
    page.body = made(*range(MOST_MARKS + 2))
    second = kind.poll(a_source(validators=first.validators), dict)
    assert (second.unchanged, second.again) == (False, frozenset())
