"""Counts whether all that feeds list is kept, and whether a day of polls is told of once.

    python -m bench.reading.entry_counts [--wrong]

Reads the shared feed suites and replays (MONITOR_SHARED, as `score_feeds.py`). Of each feed:
what feedparser lists less true repeats (id, link, title and text), what we read, what is stored,
and what a second poll would store. Of each replayed day: entries, articles, and articles whose
number in the address or whose title and day another one of the same site has. `--wrong` prints
each that differs.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser

from bench.reading.score_feeds import SHARED
from ingester.articles import sighting_of
from ingester.entry import Entry, ParseError
from ingester.feeds.kind import parse
from ingester.recognition import Recognised, recognise
from ingester.urls.urls import number_of, site_of
from storage.api.articles import Known
from storage.model import Article, Source

NOW = datetime(2026, 3, 20, tzinfo=UTC)


class Archive:
    """What is stored, as far as recognising asks for it."""

    def __init__(self) -> None:
        self.prints: dict[str, Known] = {}
        self.articles: dict[str, Article] = {}

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        return {key: self.prints[key] for key in keys if key in self.prints}

    def some(self, ids: Iterable[str]) -> dict[str, Article]:
        return {id_: self.articles[id_] for id_ in ids if id_ in self.articles}

    def take(self, entries: Iterable[Entry], source: Source, at: datetime) -> Recognised:
        """Store what a poll lists."""
        sightings = [sighting_of(e, source, seen_at=at, with_language=False) for e in entries]
        found = recognise(sightings, self)
        listed = [(print_, each.article.id) for each in found.new for print_ in each.fingerprints]
        for each in (*found.new, *found.edited):
            self.articles[each.article.id] = each.article
        for print_, id_ in (*listed, *found.listed):
            known = self.prints.get(print_.key, Known(id_, ""))
            self.prints[print_.key] = Known(known.article_id, print_.said or known.said)
        return found


def a_source(name: str, url: str) -> Source:
    """Return a source as it is followed."""
    every = timedelta(minutes=15)
    return Source(id=name, kind="feed", url=url, name=name, every=every, added_at=NOW)


def of_feeds(*, wrong: bool) -> None:
    """Print the counts of each suite."""
    cases = json.loads((SHARED / "data" / "manifest.json").read_text())["cases"]
    totals: dict[str, Counter[str]] = {}
    for case in cases:
        if case["kind"] == "feed":
            counts = _of_feed(case)
            totals.setdefault(case["suite"], Counter()).update(counts)
            if wrong and counts["theirs"] > counts["stored"] + counts["unread"]:
                print(case["id"], dict(counts))
    for suite, counts in totals.items():
        print(f"{suite:24}", " ".join(f"{name} {count:5}" for name, count in counts.items()))


def _of_feed(case: dict[str, Any]) -> Counter[str]:
    body = (SHARED / "data" / case["file"]).read_bytes()
    body = gzip.decompress(body) if case["file"].endswith(".gz") else body
    url = case["url"] or "https://feed.example/feed"
    theirs = {
        tuple(str(entry.get(name, "")) for name in ("id", "link", "title", "summary", "content"))
        for entry in feedparser.parse(body).entries
    }
    counts = Counter(theirs=len(theirs), ours=0, stored=0, again=0, unread=0)
    try:
        entries = parse(body, url=url).entries
    except ParseError:
        counts["unread"] = len(theirs)
        return counts
    archive, source = Archive(), a_source("feed", url)
    counts["ours"] = len(entries)
    counts["stored"] = len(archive.take(entries, source, NOW).new)
    counts["again"] = len(archive.take(entries, source, NOW + timedelta(hours=1)).new)
    return counts


def of_days(*, wrong: bool) -> None:
    """Print the counts of each replayed day."""
    for path in sorted((SHARED / "data" / "replay" / "replay-vn").iterdir()):
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        archive, polls = Archive(), {}
        for line in lines:
            polls.setdefault((line["fetched"][:13], line["source"]), []).append(line)
        for (hour, name), items in sorted(polls.items()):
            source = a_source(name, f"https://{site_of(items[0]['link'])}/{name}")
            archive.take(map(_entry, items), source, datetime.fromisoformat(f"{hour}:00:00Z"))
        articles = archive.articles.values()
        names = Counter(
            (site_of(article.url), name)
            for article in articles
            for name in (number_of(article.url), article.title)
            if name
        )
        twice = [name for name, count in names.items() if count > 1]
        links = len({line["link"] for line in lines})
        print(f"{path.name:24} items {len(lines)} links {links} articles {len(articles)}", end=" ")
        print(f"twice {len(twice)}")
        if wrong:
            print(*twice, sep="\n")


def _entry(line: dict[str, Any]) -> Entry:
    published_at = line["published"] and datetime.fromisoformat(line["published"])
    return Entry(
        id=line["link"],
        url=line["link"],
        title=line["title"],
        summary=re.sub(r"<[^>]*>", " ", line["summary"] or ""),
        published_at=published_at or None,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true")
    wrong = parser.parse_args().wrong
    of_feeds(wrong=wrong)
    of_days(wrong=wrong)


if __name__ == "__main__":
    main()
