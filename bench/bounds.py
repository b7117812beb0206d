"""Measures the worst that a document can cost each reader: seconds of processor time, and memory.

    python -m bench.bounds [--all] [--reader NAME] [--document WORDS]

Every document of `bench.hostile` is read by the readers of its kind, each time in a process of
its own that is stopped after a minute. Prints the worst of each reader, or with `--all` every
measurement; ends with 1 when something took over 10 s or 512 MiB.
"""

import argparse
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench import hostile
from ingester import feed, page
from ingester.articles import article_from
from ingester.document import read_document
from ingester.encoding import decode
from ingester.entry import Entry, ParseError
from ingester.feed_links import named_feeds
from ingester.inspection import inspect
from ingester.robots_rules import read_robots
from ingester.sitemap import read_sitemap
from ingester.strictfeed import read_strict
from monitor.opml import NoListError, read_opml
from storage.model import Source

URL = "https://news.example/section/"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
MOST_SECONDS = 10
MOST_MIB = 512
_STOPPED_AFTER_S = 60
_SOURCE = Source(id="s", kind="feed", url=URL, name="s", every=timedelta(hours=1), added_at=NOW)

Reader = Callable[[bytes], object]


def _articles(entries: tuple[Entry, ...]) -> int:
    """Make articles of them, as every poll does."""
    return len([article_from(each, _SOURCE, seen_at=NOW) for each in entries])


def _page(body: bytes) -> object:
    return _articles((page.read_page(body, url=URL, now=NOW),))


def _listing(selector: str) -> Reader:
    def read(body: bytes) -> object:
        found = page.read_listing(body, url=URL, selector=selector)
        return _articles(found.entries) if found else None

    return read


def _robots(body: bytes) -> object:
    rules = read_robots(decode(body).text, robot="newsroom-monitor")
    return rules.allows(URL + "a" * 8_000)


def _document(body: bytes) -> object:
    return _articles(read_document(body, "saved.html", modified_at=NOW, now=NOW).entries)


_ALL = {
    **{f"feed: {name}": made for name, made in {**hostile.FEEDS, **hostile.JSON}.items()},
    **{f"page: {name}": made for name, made in hostile.PAGES.items()},
    **{f"sitemap: {name}": made for name, made in hostile.SITEMAPS.items()},
}
READERS: Mapping[str, tuple[Reader, Mapping[str, hostile.Maker]]] = {
    "feed": (
        lambda body: _articles(feed.read(body, url=URL).entries),
        {**hostile.FEEDS, **hostile.JSON},
    ),
    "strict feed": (lambda body: read_strict(decode(body).text, url=URL), hostile.FEEDS),
    "page": (_page, hostile.PAGES),
    "list page": (_listing(""), hostile.PAGES),
    "list page, selector": (_listing("article a, h3 > a, p a[href]"), hostile.PAGES),
    "feeds of a page": (lambda body: named_feeds(body, URL), hostile.PAGES),
    "saved page": (_document, hostile.PAGES),
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
    except (ParseError, NoListError) as refusal:
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
