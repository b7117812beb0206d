"""Measures what the parsers' own process costs a page, and that nothing gets past its bounds.

    python -m bench.reading.bounded [FOLDER ...] [--hostile]

Reads each HTML page (plain or .gz) below the folders here and in the process, and prints how long
both take and whether they say the same. With `--hostile` every page and feed of `hostile.py` is
read there, too, each followed by an ordinary page, which must be answered; ends with 1 if one is
not, or if the process held more than 512 MiB.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from bench.reading import hostile
from ingester.entry import ParseError
from ingester.feeds import kind
from ingester.pages.kind import read_page
from ingester.sandbox.process import BoundedWork
from ingester.sandbox.tasks import BoundedReader

URL = "https://news.example/2026/11/24/a-story-of-the-day-1001.html"
GOOD = ("<html><head><title>A story</title></head><body><p>" + "Some words. " * 90).encode()
MOST_MIB = 512


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--hostile", action="store_true")
    given = parser.parse_args()
    failed = 0
    with closing(BoundedWork()) as work:
        reading = BoundedReader(work)
        began = time.perf_counter()
        reading.read_page(GOOD, url=URL)
        print(f"first page, with the start of the process: {time.perf_counter() - began:.2f} s")
        bodies = list(_pages(given.folders))
        if bodies:
            _compare(bodies, reading)
        if given.hostile:
            failed = _provoke(work, reading)
    return 1 if failed else 0


def _pages(folders: Sequence[Path]) -> Iterator[bytes]:
    for folder in folders:
        for path in sorted(folder.rglob("*.htm*")):
            body = path.read_bytes()
            yield gzip.decompress(body) if path.suffix == ".gz" else body


def _compare(bodies: Sequence[bytes], reading: BoundedReader) -> None:
    here, there, different = [], [], 0
    for body in bodies:
        one, seconds = _timed(lambda body: read_page(body, url=URL), body)
        here.append(seconds)
        other, seconds = _timed(lambda body: reading.read_page(body, url=URL), body)
        there.append(seconds)
        different += one != other
    print(f"{len(bodies)} pages, {different} read differently")
    for name, found in (("in the program", here), ("in the process", there)):
        median, mean = statistics.median(found) * 1000, statistics.mean(found) * 1000
        print(f"  {name}: {median:.1f} ms at the median, {mean:.1f} ms on average")


def _provoke(work: BoundedWork, reading: BoundedReader) -> int:
    def page(body: bytes) -> object:
        return reading.read_page(body, url=URL)

    def a_feed(body: bytes) -> object:
        return kind.read(body, url=URL, reader=reading)

    failed = 0
    pages = [(name, made, page) for name, made in hostile.PAGES.items()]
    feeds = [(name, made, a_feed) for name, made in hostile.FEEDS.items()]
    expected = read_page(GOOD, url=URL)
    for name, made, read in (cases := [*pages, *feeds]):
        answer, seconds = _timed(read, made())
        held = _peak_mib(work)
        is_bad = held > MOST_MIB or _timed(page, GOOD)[0] != expected
        failed += is_bad
        said = answer if isinstance(answer, str) else "read"
        print(
            f"{name:34} {seconds:6.2f} s  {held:4.0f} MiB  {said[:60]}{'  BAD' if is_bad else ''}"
        )
    print(f"{failed} of {len(cases)} got past a bound")
    return failed


def _timed(read: Callable[[bytes], object], body: bytes) -> tuple[object, float]:
    began = time.perf_counter()
    try:
        found = read(body)
    except ParseError as error:
        found = str(error)
    return found, time.perf_counter() - began


def _peak_mib(work: BoundedWork) -> float:
    """Return the most that the process has held, on Linux; 0 when it has ended."""
    child = work._child
    try:
        status = Path(f"/proc/{child.pid if child else 0}/status").read_text()
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
