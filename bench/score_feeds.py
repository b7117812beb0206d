"""Scores our feed reading on the shared feed suites, suite by suite and field by field.

    python -m bench.score_feeds [--wrong FIELD] [--soft] [--suite NAME]

Reads `data/manifest.json` of the folder in MONITOR_SHARED (default: `shared` beside the checkout).
`--wrong` prints every case of a field that differs.
"""

import argparse
import html
import json
import os
import re
import sys
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingester import feed
from ingester.entry import Entry, ParseError
from ingester.reading import Feed

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[2] / "shared"))
FIELDS = ("parse", "entries", "title", "link", "id", "published", "updated")
MORE = ("author", "summary", "content", "categories", "enclosures")
FEED_FIELDS = ("title", "link", "description", "language")

Outcome = tuple[str, bool, object, object]


def plain(text: object) -> str:
    """Return text as the suites ask to compare it: no tags, no entities, NFC, blanks collapsed."""
    bare = html.unescape(re.sub(r"<[^>]*>", " ", html.unescape(str(text or ""))))
    return "".join(unicodedata.normalize("NFC", bare).split())


def same_url(ours: str, theirs: object) -> bool:
    """Compare after percent-decoding."""
    decoded = [urllib.parse.unquote(str(each or "")).strip() for each in (ours, theirs)]
    return decoded[0] == decoded[1] or decoded[0].rstrip("/") == decoded[1].rstrip("/")


def instant(moment: datetime | None) -> str | None:
    """Return an instant as the manifest writes it."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def compare(name: str, ours: Any, theirs: Any) -> bool:
    """Tell whether one value of ours is what the suite expects."""
    if name in ("published", "updated"):
        return instant(ours) == (theirs and re.sub(r"\.\d+", "", theirs))
    if name in ("link", "id"):
        return same_url(ours, theirs)
    if name == "author":
        return any(plain(each) in plain(theirs) for each in ours) or not (ours or theirs)
    if name == "categories":
        return {plain(each) for each in ours} == {plain(_name(each)) for each in theirs or ()}
    if name == "enclosures":
        return {each.url for each in ours} == {_name(each) for each in theirs or ()}
    return plain(ours) == plain(theirs)


def _name(value: Any) -> str:
    return str(value.get("url") or value.get("name")) if isinstance(value, dict) else str(value)


def of_entry(entry: Entry, name: str) -> Any:
    """Return our value for a field of the manifest."""
    names = {
        "link": "url",
        "author": "authors",
        "published": "published_at",
        "updated": "updated_at",
    }
    return getattr(entry, names.get(name, name))


def outcomes(case: dict[str, Any]) -> Iterator[Outcome]:
    """Yield each asserted field of a case: its name, whether we agree, ours and theirs."""
    expect = case["expect"]
    headers = {key.lower(): value for key, value in case["headers"].items()}
    body = (SHARED / "data" / case["file"]).read_bytes()
    url = urllib.parse.urljoin(case["url"] or "", headers.get("content-location", ""))
    try:
        found = feed.read(body, url=url, content_type=headers.get("content-type", ""))
    except ParseError as error:
        yield "parse", expect["parse"] in ("error", "any"), str(error), expect["parse"]
        if expect["parse"] != "ok":
            return
        found = Feed(parser="none")
    else:
        yield "parse", expect["parse"] in ("ok", "any"), "ok", expect["parse"]
    if "entries" in expect:
        yield (
            "entries",
            len(found.entries) == expect["entries"],
            len(found.entries),
            expect["entries"],
        )
    for name in FEED_FIELDS:
        if name in expect.get("feed", {}):
            theirs = expect["feed"][name]
            ours = getattr(found, name)
            yield f"feed.{name}", compare(name, ours, theirs), ours, theirs
    for item in expect.get("items", ()):
        index = item["index"]
        if index >= len(found.entries):
            yield "entries", False, f"no entry {index}", index
            continue
        entry = found.entries[index]
        for name in FIELDS + MORE:
            if name in item:
                soft = f"items[{index}].{name}" in expect.get("soft", ()) or any(
                    f"{index}.{name}" in each for each in expect.get("soft", ())
                )
                ours = of_entry(entry, name)
                yield (
                    f"soft {name}" if soft else name,
                    compare(name, ours, item[name]),
                    ours,
                    item[name],
                )


def main() -> int:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wrong", help="print the cases of this field that differ")
    arguments.add_argument("--suite")
    options = arguments.parse_args()
    manifest = SHARED / "data" / "manifest.json"
    if not manifest.exists():
        print(f"no {manifest}: set MONITOR_SHARED")
        return 1
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for case in json.loads(manifest.read_text("utf-8"))["cases"]:
        if case["kind"] != "feed" or options.suite not in (None, case["suite"]):
            continue
        for name, agrees, ours, theirs in outcomes(case):
            total[case["suite"], name] += 1
            good[case["suite"], name] += agrees
            if options.wrong == name and not agrees:
                print(f"{case['id']}\n  ours   {str(ours)[:200]!r}\n  theirs {str(theirs)[:200]!r}")
    for suite in sorted({suite for suite, _ in total}):
        cells = [
            f"{name} {good[suite, name]}/{total[suite, name]}"
            for each, name in sorted(total)
            if each == suite
        ]
        print(f"{suite:22} {'  '.join(cells)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
