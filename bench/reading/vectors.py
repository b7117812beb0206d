"""Scores dates, addresses, robots.txt and lists of feeds on the shared vectors.

python -m bench.reading.vectors [--wrong NAME]
"""

import argparse
import gzip
import json
import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingester.fetch.robots_rules import read_robots
from ingester.text.dates import parse_date
from ingester.text.encoding import decode
from ingester.urls.urls import absolute_url, canonical_url
from monitor.feed_lists.opml import NoListError, read_opml

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[3] / "shared")) / "data"

Outcome = tuple[object, object, object]
"""What was given, what we say, what is expected."""


def _vectors(name: str) -> list[dict[str, Any]]:
    path = SHARED / "vectors" / name
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def dates() -> Iterator[Outcome]:
    """Yield date strings of real feeds, as UTC instants."""
    for case in _vectors("dates/feedparser-dates.json"):
        found = parse_date(case["input"])
        said = found and found.isoformat().replace("+00:00", "Z")
        yield case["input"], said, case["expect"]


def resolved() -> Iterator[Outcome]:
    """Yield http(s) addresses joined with a base, as browsers do; user names are left out."""
    for case in _vectors("urls/wpt-urltestdata.json"):
        base = case.get("base") or ""
        if case.get("failure"):
            yield (case["input"], base), absolute_url(case["input"], base or None), None
        elif case["protocol"] in ("http:", "https:"):
            href = case["href"].partition("#")[0]
            user = case.get("username", "") or case.get("password", "")
            if user:
                parts = urllib.parse.urlsplit(href)
                href = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
            yield (case["input"], base), absolute_url(case["input"], base or None), href


def normalised() -> Iterator[Outcome]:
    """Yield addresses and what they are when normalised; both as ours makes one of them."""
    for case in _vectors("urls/url-normalize.json"):
        if str(case["expect"]).startswith(("http:", "https:")):
            yield case["input"], canonical_url(case["input"]), canonical_url(case["expect"])


def robots() -> Iterator[Outcome]:
    """Yield what robots.txt files allow."""
    for case in _vectors("robots/google-robots.json"):
        rules = read_robots(case["robots"], robot=case["agent"])
        yield (case["robots"], case["url"]), rules.allows(case["url"]), case["allowed"]


def lists() -> Iterator[Outcome]:
    """Yield lists of feeds, and how many feeds they name."""
    cases = json.loads((SHARED / "manifest.json").read_text(encoding="utf-8"))["cases"]
    for case in cases:
        if case["kind"] != "opml":
            continue
        body = (SHARED / case["file"]).read_bytes()
        body = gzip.decompress(body) if case["file"].endswith(".gz") else body
        wanted = case["expect"].get("urls")
        try:
            found = [each.url for each in read_opml(decode(body).text)]
        except NoListError:
            found = []
        if wanted is not None:
            yield case["id"], len(found) if isinstance(wanted, int) else found, wanted


SUITES = {
    "dates": dates,
    "addresses joined with a base": resolved,
    "addresses normalised": normalised,
    "robots.txt": robots,
    "lists of feeds": lists,
}


def main() -> None:
    """Print a line a suite."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wrong", choices=SUITES)
    options = parser.parse_args()
    print("| suite | cases | as expected |")
    print("|---|---:|---:|")
    for name, suite in SUITES.items():
        outcomes = list(suite())
        right = sum(said == expected for _, said, expected in outcomes)
        print(f"| {name} | {len(outcomes)} | {right} |")
        if options.wrong == name:
            for given, said, expected in outcomes:
                if said != expected:
                    print(f"  {given!r}\n    ours   {said!r}\n    theirs {expected!r}")
    feeds = sum(len(e) if isinstance(e, list) else int(str(e)) for _, _, e in lists())
    print(f"\nThe lists name {feeds:,} feeds.")


if __name__ == "__main__":
    main()
