"""Measures the worst that a document can cost each reader: seconds of processor time, and memory.

    python -m bench.reading.bounds [--all] [--reader NAME] [--document WORDS]

Every document of `hostile.py` and `hostile_files.py` is read by the readers of its kind, each time
in a process of its own that is stopped after a minute. Prints the worst of each reader, or with
`--all` every measurement; ends with 1 when something took over 10 s or 512 MiB.
"""

import argparse
import gzip
import os
import resource
import signal
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network

from bench.reading import hostile, hostile_files
from ingester.articles import sighting_of
from ingester.discovery.inspect import inspect
from ingester.documents.parse import read_document
from ingester.entry import Entry, FetchError, ParseError
from ingester.feeds import kind
from ingester.feeds.autodiscovery import feed_links
from ingester.feeds.fast import read_strict
from ingester.fetch.http import HttpFetcher
from ingester.fetch.ports import Fetched, Limits
from ingester.fetch.robots_rules import read_robots
from ingester.pages import kind as page
from ingester.sitemaps.parse import read_sitemap
from ingester.text.encoding import decode
from monitor.feed_lists.opml import NoListError, read_opml
from monitor.net.client import make_client
from monitor.net.guard import AddressGuard
from storage.model import Source
from tests import answers
from tests.servers import FaultServer

URL = "https://news.example/section/"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
MOST_SECONDS = 10
MOST_MIB = 512
_STOPPED_AFTER_S = 60
_SOURCE = Source(id="s", kind="feed", url=URL, name="s", every=timedelta(hours=1), added_at=NOW)

Reader = Callable[[bytes], object]


def _articles(entries: tuple[Entry, ...]) -> int:
    """Make articles of them, as every poll does."""
    return len([sighting_of(entry, _SOURCE, seen_at=NOW) for entry in entries])


def _page(body: bytes) -> object:
    return _articles((page.read_page(body, url=URL, now=NOW),))


def _listing(selector: str) -> Reader:
    def read(body: bytes) -> object:
        listing = page.read_listing(body, url=URL, selector=selector)
        return _articles(listing.entries) if listing else None

    return read


def _robots(body: bytes) -> object:
    rules = read_robots(decode(body).text, robot="newsroom-monitor")
    return rules.allows(URL + "a" * 8_000)


def _document(suffix: str) -> Reader:
    def read(body: bytes) -> object:
        document = read_document(body, f"saved{suffix}", modified_at=NOW, now=NOW)
        return _articles(document.entries) if document.entries else document.notices

    return read


def _fetch(name: bytes) -> object:
    """Fetch from a server that answers so; its own part of the work is counted, too."""
    guard = AddressGuard([ip_network("127.0.0.0/8")])
    with FaultServer() as server, make_client(guard, user_agent="bench") as client:
        server.on("/", ANSWERS[name.decode()]())
        answer = HttpFetcher(client, now=lambda: NOW).get(server.url("/"), limits=_LIMITS)
    return f"{len(answer.body):,} bytes" if isinstance(answer, Fetched) else answer


_LIMITS = Limits(head=timedelta(seconds=2), total=timedelta(seconds=6))
"""A tenth of the usual time; the usual sizes."""


def _bytes_at_once(megabytes: int) -> answers.Answer:
    return answers.reply(bytes(megabytes << 20))


def _deflated(window: int) -> answers.Answer:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    body = packer.compress(bytes(200 << 20)) + packer.flush()
    return answers.reply(body, headers={"Content-Encoding": "deflate"})


def _members(count: int) -> answers.Answer:
    return answers.reply(gzip.compress(bytes(1 << 20)) * count, content_type="application/xml")


ANSWERS: Mapping[str, Callable[[], answers.Answer]] = {
    "gzip, 200 MB": lambda: answers.gzip_bomb(200),
    "gzip in gzip": lambda: answers.zipped(bytes(100 << 20), layers=2),
    "deflate, 200 MB": lambda: _deflated(15),
    "bare deflate, 200 MB": lambda: _deflated(-15),
    "gzip of 500 members": lambda: _members(500),
    "gzip of a million empty members": lambda: answers.reply(gzip.compress(b"") * 500_000),
    "200 MB": lambda: _bytes_at_once(200),
    "200 MB without a length": lambda: answers.raw(answers.head(200) + bytes(200 << 20)),
    "endless": answers.endless_body,
    "endless chunks": answers.endless_chunks,
    "endless trailers": answers.endless_trailers,
    "endless headers": answers.endless_headers,
    "endless 100 Continue": answers.endless_informational,
    "a header of 1 MB": lambda: answers.raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * (1 << 20)),
    "20,000 headers": lambda: answers.raw(b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 20_000 + b"\r\n"),
    "chunks of a byte": lambda: answers.endless(
        answers.head(200, {"Transfer-Encoding": "chunked"}), b"1\r\na\r\n" * 1000
    ),
    "a byte now and then": lambda: answers.drip(b"a" * 10_000, at_once=answers.head(200)),
    "headers now and then": lambda: answers.drip(answers.head(200) + b"a" * 10_000),
    "nothing": answers.black_hole,
}


_ALL = {
    **{f"feed: {name}": made for name, made in {**hostile.FEEDS, **hostile.JSON}.items()},
    **{f"page: {name}": made for name, made in hostile.PAGES.items()},
    **{f"sitemap: {name}": made for name, made in hostile.SITEMAPS.items()},
}
READERS: Mapping[str, tuple[Reader, Mapping[str, hostile.Maker]]] = {
    "fetch": (_fetch, {name: partial(str.encode, name) for name in ANSWERS}),
    "feed": (
        lambda body: _articles(kind.read(body, url=URL).entries),
        {**hostile.FEEDS, **hostile.JSON},
    ),
    "strict feed": (lambda body: read_strict(decode(body).text, url=URL), hostile.FEEDS),
    "page": (_page, hostile.PAGES),
    "list page": (_listing(""), hostile.PAGES),
    "list page, selector": (_listing("article a, h3 > a, p a[href]"), hostile.PAGES),
    "feeds of a page": (lambda body: feed_links(body, URL), hostile.PAGES),
    "saved page": (_document(".html"), hostile.PAGES),
    "message": (_document(".eml"), hostile_files.MESSAGES),
    "rich text": (_document(".rtf"), hostile_files.RICH_TEXTS),
    "OpenDocument": (_document(".odt"), hostile_files.OPEN_TEXTS),
    "sitemap": (lambda body: _articles(read_sitemap(body, url=URL).entries), hostile.SITEMAPS),
    "robots.txt": (_robots, hostile.ROBOTS),
    "OPML": (lambda body: len(read_opml(decode(body).text)), hostile.LISTS),
    "inspect": (lambda body: inspect(body, url=URL, now=NOW)["problem"], _ALL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one reading has cost.

    Attributes:
        seconds: Of processor time.
        mib: The most memory that the process held, the program itself and the document included.
        outcome: What came of it, in a few words.
    """

    reader: str
    document: str
    seconds: float
    mib: float
    outcome: str

    @property
    def is_over(self) -> bool:
        """Whether it is more than a document may cost."""
        return self.seconds > MOST_SECONDS or self.mib > MOST_MIB or "stopped" in self.outcome


def measured(reader: str, document: str) -> Cost:
    """Have one document read in a process of its own."""
    read, documents = READERS[reader]
    at_end, at_start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(at_end)
        os.write(at_start, _in_child(read, documents[document]).encode("utf-8", "replace")[:4000])
        os._exit(0)
    os.close(at_start)
    with os.fdopen(at_end, "rb") as pipe:
        said = pipe.read().decode()
    _, status, used = os.wait4(child, 0)
    seconds, _, outcome = said.partition(" ")
    if not said:
        seconds = f"{used.ru_utime + used.ru_stime}"
        outcome = f"stopped by signal {os.waitstatus_to_exitcode(status)}"
    return Cost(
        reader=reader,
        document=document,
        seconds=float(seconds),
        mib=used.ru_maxrss / 1024,
        outcome=outcome,
    )


def _in_child(read: Reader, make: hostile.Maker) -> str:
    resource.setrlimit(resource.RLIMIT_CPU, (_STOPPED_AFTER_S, _STOPPED_AFTER_S))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    signal.alarm(5 * _STOPPED_AFTER_S)
    body = make()
    begun = time.process_time()
    try:
        outcome = f"read: {str(read(body))[:60]}"
    except (FetchError, ParseError, NoListError) as refusal:
        outcome = f"refused: {refusal}"
    except MemoryError:
        outcome = "stopped: out of memory"
    except Exception as bug:
        outcome = f"stopped: {type(bug).__name__}: {bug}"
    return f"{time.process_time() - begun:.3f} {outcome}"


def costs(reader: str, words: str) -> Iterator[Cost]:
    """Measure the documents of one reader whose names hold these words."""
    for document in READERS[reader][1]:
        if words in document:
            yield measured(reader, document)


def row(cost: Cost, name: str) -> str:
    """Return a line of the table."""
    mark = "!" if cost.is_over else " "
    said = " ".join(cost.outcome.split())[:70]
    return f"{mark} {name:<22}{cost.seconds:>7.2f} s{cost.mib:>6.0f} MiB  {cost.document}  ({said})"


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--all", action="store_true", help="print every measurement")
    options.add_argument("--reader", choices=READERS, help="only this reader")
    options.add_argument("--document", default="", help="only documents with these words")
    chosen = options.parse_args()
    page.read_page(b"<html><body><p>Load what is dear to import.</p></body></html>", now=NOW)
    over = 0
    for reader in [chosen.reader] if chosen.reader else READERS:
        found = []
        for cost in costs(reader, chosen.document):
            found.append(cost)
            if chosen.all:
                print(row(cost, reader), flush=True)
        over += sum(each.is_over for each in found)
        if found and not chosen.all:
            print(row(max(found, key=lambda each: each.seconds), f"{reader}, slowest"))
            print(row(max(found, key=lambda each: each.mib), f"{reader}, largest"))
        sys.stdout.flush()
    print(f"{over} over {MOST_SECONDS} s or {MOST_MIB} MiB")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
