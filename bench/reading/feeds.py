"""How long feeds take to read: feedparser, the strict way, and ours, on the same real feeds.

    python -m bench.reading.feeds [--least KB] [--times N] [FOLDER]

Reads the feeds of the shared suites (MONITOR_SHARED) of at least so many KB, or all files of a
folder. Each reader runs in a process of its own; the figures are CPU ms a feed (median of N runs,
then the mean over the feeds), MB a second, and how much its memory grew.
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[3] / "shared")) / "data"
URL = "https://news.example/feed.xml"


def feeds(folder: Path | None, least: int) -> list[bytes]:
    """Return the bodies of the XML feeds, in a fixed order."""
    if folder:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    else:
        cases = json.loads((SHARED / "manifest.json").read_text(encoding="utf-8"))["cases"]
        paths = [SHARED / case["file"] for case in cases if case["kind"] == "feed"]
    found = []
    for path in paths:
        body = path.read_bytes()
        if len(body) >= least and body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
            found.append(body)
    return found


def readers() -> dict[str, Callable[[bytes], object]]:
    """Return the readers by name; each returns None when it declines."""
    import feedparser

    from ingester.entry import ParseError
    from ingester.feeds.fast import read_strict
    from ingester.feeds.kind import read
    from ingester.text.encoding import decode

    def ours(body: bytes) -> object:
        try:
            return read(body, url=URL)
        except ParseError:
            return None

    def strict(body: bytes) -> object:
        return read_strict(decode(body).text.lstrip("\ufeff \t\r\n"), url=URL)

    def arbiter(body: bytes) -> object:
        return feedparser.parse(io.BytesIO(body))

    return {"feedparser": arbiter, "strict": strict, "ours": ours}


def measure(name: str, bodies: list[bytes], times: int, *, only_taken: bool) -> dict[str, float]:
    """Return what a reader takes, in this process."""
    reader = readers()[name]
    taken = [reader(body) is not None for body in bodies]
    if name == "strict" or only_taken:
        known = (
            taken
            if name == "strict"
            else [readers()["strict"](body) is not None for body in bodies]
        )
        bodies = [body for body, is_taken in zip(bodies, known, strict=True) if is_taken]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent = []
    for body in bodies:
        runs = []
        for _ in range(times):
            begin = time.process_time()
            reader(body)
            runs.append(time.process_time() - begin)
        spent.append(statistics.median(runs))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    size = sum(map(len, bodies))
    return {
        "feeds": len(bodies),
        "taken": sum(taken),
        "ms": sum(spent) / max(len(bodies), 1) * 1e3,
        "mb_s": size / 1e6 / max(sum(spent), 1e-9),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "grown": grown / 1024,
    }


def main() -> None:
    """Print the table, or one reader's figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--least", type=int, default=3, metavar="KB")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only-taken", action="store_true", help="feeds that the strict way takes")
    parser.add_argument("--one", choices=("feedparser", "strict", "ours"))
    options = parser.parse_args()
    bodies = feeds(options.folder, options.least * 1024)
    if options.one:
        print(
            json.dumps(measure(options.one, bodies, options.times, only_taken=options.only_taken))
        )
        return
    print(
        f"{len(bodies)} feeds of at least {options.least} KB, {sum(map(len, bodies)) / 1e6:.1f} MB"
    )
    print("| reader | feeds | ms CPU a feed | MB/s | peak MiB of the process |")
    print("|---|---:|---:|---:|---:|")
    arguments = [str(options.folder)] if options.folder else []
    arguments += ["--only-taken"] if options.only_taken else []
    for name in ("feedparser", "ours", "strict"):
        command = [sys.executable, "-m", "bench.reading.feeds", "--one", name, *arguments]
        command += ["--least", str(options.least), "--times", str(options.times)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        said = json.loads(done.stdout)
        share = "" if name != "strict" else f" ({said['taken'] / len(bodies):.0%} taken)"
        print(
            f"| {name}{share} | {said['feeds']} | {said['ms']:.2f} | {said['mb_s']:.1f} "
            f"| {said['peak']:.0f} |"
        )


if __name__ == "__main__":
    main()
