"""What every kind of source must do. To add a kind, add a `Place` that publishes for it.

The kinds are made as the program makes them, from the registry.

A place is where something is published, and the kind that looks at it: here a folder with
documents in it, elsewhere a server with a feed.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from ingester.entry import FetchError, ParseError, Polled
from ingester.fetch.http import HttpFetcher
from ingester.fetch.robots import CachedRobots
from ingester.kinds import FEED, FOLDER, KINDS, PAGE, SITEMAP, SourceKind, SourceTools
from ingester.sandbox.process import BoundedWork
from ingester.sandbox.tasks import BoundedReader
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from storage.model import Source
from tests.answers import conditional
from tests.builders import NOON, a_source
from tests.servers import FaultServer


@dataclass(frozen=True)
class Place:
    """Something to poll.

    Attributes:
        publish: Publishes one more article with this title at the source.
        nowhere: A source of the same kind that is not there.
    """

    kind: SourceKind
    source: Source
    nowhere: Source
    publish: Callable[[str], None]


@contextmanager
def a_folder(tmp_path: Path) -> Iterator[Place]:
    """A folder that documents are written into."""
    folder = tmp_path / "seeds"
    folder.mkdir()

    def publish(title: str) -> None:
        count = len(list(folder.iterdir()))
        (folder / f"{count:03}.txt").write_text(f"{title}\n\nThe text of {title}.\n")

    later = NOON + timedelta(days=36_500)  # by then the files have stood still for long
    with tools(now=lambda: later) as given:
        yield Place(
            kind=KINDS[FOLDER].make(given),
            source=a_source("seeds", kind=FOLDER, url=str(folder)),
            nowhere=a_source("gone", kind=FOLDER, url=str(tmp_path / "gone")),
            publish=publish,
        )


@contextmanager
def a_feed(tmp_path: Path) -> Iterator[Place]:
    """A server that articles are added to the feed of."""
    del tmp_path
    with served(FEED, "/feed", feed_of) as place:
        yield place


@contextmanager
def a_list_page(tmp_path: Path) -> Iterator[Place]:
    """A page that links its articles. (A page that is one article is no place.)"""
    del tmp_path
    with served(PAGE, "/news", list_of, selector="h2 a") as place:
        yield place


@contextmanager
def a_sitemap(tmp_path: Path) -> Iterator[Place]:
    """A sitemap of news that articles are added to."""
    del tmp_path
    with served(SITEMAP, "/sitemap.xml", sitemap_of) as place:
        yield place


def feed_of(titles: list[str], site: str) -> str:
    items = (f"<item><title>{t}</title><link>/{n}</link></item>" for n, t in enumerate(titles))
    return f"<rss><channel><title>News</title>{''.join(items)}</channel></rss>"


def list_of(titles: list[str], site: str) -> str:
    items = (f'<h2><a href="/{n}">{t}</a></h2>' for n, t in enumerate(titles))
    return f"<html><body>{''.join(items)}</body></html>"


def sitemap_of(titles: list[str], site: str) -> str:
    items = (
        f"<url><loc>{site}{n}</loc><n:news><n:title>{t}</n:title></n:news></url>"
        for n, t in enumerate(titles)
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{"".join(items)}</urlset>'
    )


@contextmanager
def served(
    kind: str, path: str, write: Callable[[list[str], str], str], **options: str
) -> Iterator[Place]:
    """A place on a server whose document `write` writes, of all titles so far."""
    titles: list[str] = []
    with FaultServer() as server, tools(now=lambda: NOON) as given:

        def publish(title: str) -> None:
            titles.append(title)
            body = write(titles, server.url("/"))
            server.on(path, conditional(body, etag=f'"{len(titles)}"'))

        yield Place(
            kind=KINDS[kind].make(given),
            source=a_source("news", kind=kind, url=server.url(path), options=options),
            nowhere=a_source("gone", kind=kind, url=server.url("/gone"), options=options),
            publish=publish,
        )


@contextmanager
def tools(now: Callable[[], datetime]) -> Iterator[SourceTools]:
    """What the program gives the kinds, without waiting."""
    guard = AddressGuard((ip_network("127.0.0.0/8"),))
    with make_client(guard, user_agent="tests/1") as client, closing(BoundedWork()) as work:
        fetcher = HttpFetcher(client, now=now)
        yield SourceTools(
            fetcher=fetcher,
            robots=CachedRobots(fetcher, now),
            reader=BoundedReader(work),
            now=now,
            pause=lambda seconds: None,
        )


PLACES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    FOLDER: a_folder,
    FEED: a_feed,
    PAGE: a_list_page,
    SITEMAP: a_sitemap,
}


def test_every_kind_has_a_place_here() -> None:
    assert set(PLACES) == set(KINDS)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with PLACES[request.param](tmp_path) as made:
        made.publish("The harbour is closed")
        made.publish("The bridge is open")
        yield made


def poll(place: Place, memory: Mapping[str, str] | None = None) -> Polled:
    return place.kind.poll(place.source, lambda: memory or {})


def after(place: Place, polled: Polled) -> Place:
    """The place as the next poll finds it: with what the last one asked to be kept."""
    return replace(place, source=replace(place.source, validators=polled.validators))


def titles(polled: Polled) -> set[str]:
    return {entry.title for entry in polled.entries}


def test_what_is_published_is_listed(place: Place) -> None:
    polled = poll(place)
    assert titles(polled) == {"The harbour is closed", "The bridge is open"}
    assert not polled.unchanged


def test_a_poll_whose_outcome_was_lost_finds_the_same_again(place: Place) -> None:
    assert poll(place) == poll(place)


def test_a_poll_that_was_kept_lets_the_next_one_find_nothing_new(place: Place) -> None:
    first = poll(place)
    second = poll(after(place, first), first.remember)
    assert second.unchanged
    assert second.entries == ()


def test_what_is_published_later_is_listed_at_the_next_poll(place: Place) -> None:
    first = poll(place)
    place.publish("The tunnel is flooded")
    second = poll(after(place, first), first.remember)
    assert "The tunnel is flooded" in titles(second)


def test_what_is_kept_between_polls_is_text_that_every_store_keeps(place: Place) -> None:
    polled = poll(place)
    for kept in (polled.validators, polled.remember):
        for key, value in kept.items():
            assert "\x00" not in key + value
            (key + value).encode()
            assert len(key) <= 500


def test_entries_have_an_identity_and_http_links_or_none(place: Place) -> None:
    for entry in poll(place).entries:
        assert entry.id or entry.url
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.utcoffset() == timedelta(0)


def test_a_source_that_is_not_there_fails_with_one_sentence(place: Place) -> None:
    with pytest.raises((FetchError, ParseError)) as caught:
        poll(replace(place, source=place.nowhere))
    text = str(caught.value)
    assert text.isprintable()
    assert len(text) > 10


def test_many_threads_may_poll_at_once(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: titles(poll(place)), range(16)))
    assert results == [{"The harbour is closed", "The bridge is open"}] * 16
