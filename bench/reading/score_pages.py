"""Scores our reading of article pages on the shared page suites, suite by suite, field by field.

    python -m bench.reading.score_pages [--wrong FIELD] [--suite NAME] [--case PART]

Reads `data/manifest.json` of the folder in MONITOR_SHARED (default: `shared` beside the checkout).
`--wrong` prints every case of a field that differs; `--wrong text` every page by its F1, worst
first, and `--case` what is missing from and too much in the texts of the pages so named.

Text: the measure of Scrapinghub's article-extraction-benchmark. Tokens are runs of word characters,
shingles are four tokens in a row with their counts; precision and recall are taken a page, each is
averaged over the pages, and F1 is the harmonic mean of the two averages.
"""

import argparse
import gzip
import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bench.reading.score_feeds import SHARED, plain
from ingester.discovery.inspect import inspect
from ingester.urls.dates import home_zone

SHINGLE = 4
VIETNAM = timedelta(hours=7)
_WORD = re.compile(r"\w+")
_NAMES = re.compile(r"; |, (?!(?:Jr|Sr|MA|MD|PhD)\b)")

Outcome = tuple[str, bool, object, object]


@dataclass
class Tally:
    """What one suite comes to: agreed and all values a field, texts, milliseconds."""

    good: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[float, float]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return each run of four tokens with how often it occurs; one run if there are fewer."""
    tokens = _WORD.findall(text)
    starts = range(max(1, len(tokens) - SHINGLE + 1)) if tokens else ()
    return Counter(tuple(tokens[start : start + SHINGLE]) for start in starts)


def precision_recall(ours: str, theirs: str) -> tuple[float, float]:
    """Return how much of our text is theirs, and how much of theirs we have, each in [0, 1]."""
    found, wanted = (shingles(unicodedata.normalize("NFC", each)) for each in (ours, theirs))
    both = (found & wanted).total()
    if not found and not wanted:
        return 1.0, 1.0
    return both / (found.total() or 1), both / (wanted.total() or 1)


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def names(value: object) -> set[str]:
    """Return authors to compare: folded, blanks collapsed, the order and the case do not matter."""
    listed = _NAMES.split(value) if isinstance(value, str) else list(value or ())  # type: ignore[call-overload]
    return {_loose(each) for each in listed}


def _loose(text: object) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def same_time(ours: str | None, theirs: str, zone: tzinfo | None = None) -> bool:
    """Compare instants.

    Where the suite gives a day only, the day in UTC or in its own zone; where it gives a clock
    without a zone, as the page shows it, that of UTC or of the site's country.
    """
    if not ours:
        return False
    found = datetime.fromisoformat(ours)
    if len(theirs) == 10:
        return theirs in {(found + timedelta(hours=hours)).date().isoformat() for hours in (0, 2)}
    wanted = datetime.fromisoformat(theirs)
    wanted = wanted.replace(microsecond=0)
    if wanted.tzinfo:
        return found == wanted
    return found in {wanted.replace(tzinfo=each or UTC) for each in (UTC, zone)}


def outcomes(case: dict[str, Any], article: dict[str, Any]) -> Iterator[Outcome]:
    """Yield each asserted field of a page but its text: name, whether we agree, ours, theirs."""
    expect = case["expect"]
    if "title" in expect:
        ours, theirs = article["title"], expect["title"]
        yield "title", plain(ours) == plain(theirs), ours, theirs
    if "authors" in expect:
        ours, theirs = article["authors"], expect["authors"]
        yield "authors", names(ours) == names(theirs), ours, theirs
    if "published" in expect:
        ours, theirs = article["published_at"], expect["published"]
        zone = home_zone(case.get("url") or article.get("url") or "")
        yield "published", same_time(ours, theirs, zone), ours, theirs
    if "url_day" in expect:
        moment = article["published_at"]
        ours = moment and (datetime.fromisoformat(moment) + VIETNAM).date().isoformat()
        yield "url_day", ours == expect["url_day"], ours, expect["url_day"]
    if "lang" in expect:
        ours, theirs = article["language"], expect["lang"]
        yield "lang", ours == theirs.partition("-")[0].lower(), ours, theirs
    text = _loose(article["text"])
    for each in expect.get("with", ()):
        yield "with", _loose(each) in text, "", each
    for each in expect.get("without", ()):
        yield "without", _loose(each) not in text, "", each


def _differences(ours: str, theirs: str) -> Iterator[str]:
    """Yield the lines of either text that the other does not have."""
    for sign, one, other in (("-", theirs, shingles(ours)), ("+", ours, shingles(theirs))):
        for line in re.split(r"\n+", one):
            parts = shingles(line)
            if parts and len(_WORD.findall(line)) >= SHINGLE:
                missing = sum(1 for part in parts if part not in other)
                if missing > 0.5 * len(parts):
                    yield f"  {sign} {line[:200]}"
            elif parts and line.strip() and line.strip() not in (theirs if sign == "+" else ours):
                yield f"  {sign} {line[:200]}"


def cases_of(suite: str | None, part: str | None) -> Iterator[dict[str, Any]]:
    for case in json.loads((SHARED / "data" / "manifest.json").read_text("utf-8"))["cases"]:
        if case["kind"] == "html" and suite in (None, case["suite"]) and (part or "") in case["id"]:
            yield case


def _read(case: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Return what we make of a page, all empty if it is none, and the CPU milliseconds."""
    body = gzip.decompress((SHARED / "data" / case["file"]).read_bytes())
    start = time.process_time()
    shown = inspect(body, url=case["url"] or "", content_type="text/html")
    milliseconds = (time.process_time() - start) * 1000
    nothing = dict.fromkeys(("title", "text", "language", "published_at"), "")
    return shown["article"] or {**nothing, "authors": []}, milliseconds


def main() -> int:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--wrong", help="print the cases of this field that differ")
    arguments.add_argument("--suite")
    arguments.add_argument("--case", help="only pages whose id holds this; their texts compared")
    options = arguments.parse_args()
    if not (SHARED / "data" / "manifest.json").exists():
        print(f"no {SHARED / 'data' / 'manifest.json'}: set MONITOR_SHARED")
        return 1
    tallies: dict[str, Tally] = {}
    by_text: list[tuple[float, str]] = []
    for case in cases_of(options.suite, options.case):
        tally = tallies.setdefault(case["suite"], Tally())
        article, milliseconds = _read(case)
        tally.milliseconds.append(milliseconds)
        for name, agrees, ours, theirs in outcomes(case, article):
            tally.total[name] += 1
            tally.good[name] += agrees
            if options.wrong == name and not agrees:
                print(f"{case['id']}\n  ours   {str(ours)[:200]!r}\n  theirs {str(theirs)[:200]!r}")
        if "text" in case["expect"]:
            scores = precision_recall(article["text"], case["expect"]["text"])
            tally.texts.append(scores)
            by_text.append((harmonic(*scores), f"{scores[0]:.3f} {scores[1]:.3f} {case['id']}"))
            if options.case:
                print("\n".join(_differences(article["text"], case["expect"]["text"])))
    if options.wrong == "text":
        print("\n".join(f"{score:.3f} {line}" for score, line in sorted(by_text)))
    for suite, tally in sorted(tallies.items()):
        print(f"{suite:12} {_summary(tally)}")
    return 0


def _summary(tally: Tally) -> str:
    cells = [f"{name} {tally.good[name]}/{tally.total[name]}" for name in tally.total]
    if tally.texts:
        precision, recall = (
            statistics.mean(text[index] for text in tally.texts) for index in (0, 1)
        )
        cells.append(
            f"text F1 {harmonic(precision, recall):.4f} (P {precision:.3f} R {recall:.3f})"
        )
    median = statistics.median(tally.milliseconds)
    mean = statistics.mean(tally.milliseconds)
    return "  ".join(
        [*cells, f"ms {mean:.0f} (median {median:.0f}, max {max(tally.milliseconds):.0f})"]
    )


if __name__ == "__main__":
    sys.exit(main())
