"""Scores our feed reading on the shared feed suites, suite by suite and field by field.

    python -m bench.reading.score_feeds [--wrong FIELD] [--soft] [--suite NAME]

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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingester.discovery.inspect import inspect

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[3] / "shared"))
FIELDS = (
    "title",
    "link",
    "id",
    "published",
    "updated",
    "author",
    "summary",
    "content",
    "categories",
    "enclosures",
)
NAMES = {"published": "published_at", "updated": "updated_at"}
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


def compare(name: str, ours: Any, theirs: Any) -> bool:
    """Tell whether one value of ours is what the suite expects."""
    if name in ("published", "updated"):
        return bool(ours == (theirs and re.sub(r"\.\d+", "", theirs)))
    if name in ("link", "id"):
        return same_url(ours, theirs)
    if name == "author":
        return any(plain(part) in plain(theirs) for part in ours.split(", ")) or ours == (
            theirs or ""
        )
    if name == "categories":
        return {plain(each) for each in ours} == {plain(_name(each)) for each in theirs or ()}
    if name == "enclosures":
        return {each["url"] for each in ours} == {_name(each) for each in theirs or ()}
    return plain(ours) == plain(theirs)


def _name(value: Any) -> str:
    return str(value.get("url") or value.get("name")) if isinstance(value, dict) else str(value)


def outcomes(case: dict[str, Any]) -> Iterator[Outcome]:
    """Yield each asserted field of a case: its name, whether we agree, ours and theirs."""
    expect = case["expect"]
    headers = {key.lower(): value for key, value in case["headers"].items()}
    found = inspect(
        (SHARED / "data" / case["file"]).read_bytes(),
        url=urllib.parse.urljoin(case["url"] or "", headers.get("content-location", "")),
        content_type=headers.get("content-type", ""),
    )
    is_read = found["kind"] == "feed" and found["feed"] is not None
    wanted = {"ok": is_read, "error": not is_read, "any": True}
    yield "parse", wanted[expect["parse"]], found["problem"], expect["parse"]
    if expect["parse"] != "ok" and not is_read:
        return
    if "entries" in expect:
        count = len(found["entries"])
        yield "entries", count == expect["entries"], count, expect["entries"]
    for name in FEED_FIELDS:
        if name in expect.get("feed", {}):
            ours, theirs = (found["feed"] or {}).get(name), expect["feed"][name]
            yield f"feed.{name}", compare(name, ours, theirs), ours, theirs
    for item in expect.get("items", ()):
        yield from _of_item(item, found["entries"], expect.get("soft", ()))


def _of_item(item: dict[str, Any], entries: list[Any], soft: Sequence[str]) -> Iterator[Outcome]:
    index = item["index"]
    if index >= len(entries):
        yield "entries", False, f"no entry {index}", index
        return
    for name in FIELDS:
        if name in item:
            is_soft = f"items.{index}.{name}" in soft
            ours = entries[index][NAMES.get(name, name)]
            yield (
                f"soft {name}" if is_soft else name,
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
