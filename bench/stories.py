"""How well articles are put together to stories.

    python -m bench.stories FOLDER [NAME ...]

Reads labelled articles (NAME.dev.jsonl.gz: `id` `title` `text` `language` `published_at`
`cluster`) and prints BCubed and pairwise F1 of each set and the processor's time an article for its
signature. One by one, in the order of publishing, an article joins the story that it is most like,
or begins one; how often its words and signs occur is learned from the whole set first.
"""

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from ingester.stories.signature import Signature, Signer
from ingester.stories.similarity import (
    Frequency,
    Group,
    Weighed,
    likeness,
    weighed,
    with_article,
)
from rules.lexicons.concepts import Concepts, pack_concepts
from rules.lexicons.news_source import concepts
from rules.text.folding import fold
from storage.model import Article

UNDATED = datetime(2020, 1, 1, tzinfo=UTC)


class Told(NamedTuple):
    """A story: what its articles are known by, and when the last was published."""

    groups: tuple[Group, ...]
    at: datetime | None


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def scores(labels: Sequence[str], given: Sequence[int]) -> tuple[float, float]:
    """Return BCubed F1 and pairwise F1."""
    wanted, made = Counter(labels), Counter(given)
    both = Counter(zip(labels, given, strict=True))
    precision = sum(n * n / made[there] for (_, there), n in both.items()) / len(labels)
    recall = sum(n * n / wanted[here] for (here, _), n in both.items()) / len(labels)
    pairs = [sum(n * (n - 1) for n in counts.values()) for counts in (both, made, wanted)]
    return f1(precision, recall), f1(pairs[0] / max(1, pairs[1]), pairs[0] / max(1, pairs[2]))


def article_of(line: dict[str, str]) -> Article:
    """Return a labelled article."""
    said = line["published_at"]
    at = datetime.fromisoformat(said.replace("Z", "+00:00")) if said else None
    return Article(
        id=line["id"],
        source_id="s",
        story_id=line["id"],
        url="",
        title=line["title"][:500] or "-",
        text=line["text"],
        language=line["language"],
        first_seen_at=UNDATED,
        published_at=at.replace(tzinfo=at.tzinfo or UTC) if at else None,
    )


def learned(signatures: Sequence[Signature], languages: Sequence[str]) -> dict[int, Frequency]:
    """Return in how many articles words and signs are, and which are in several languages."""
    seen: dict[int, set[str]] = {}
    counts: Counter[int] = Counter()
    for signature, language in zip(signatures, languages, strict=True):
        for sign in {*signature.words.tolist(), *signature.signs.tolist()}:
            counts[sign] += 1
            seen.setdefault(sign, set()).add(language)
    return {sign: Frequency(count, len(seen[sign]) > 1) for sign, count in counts.items()}


def placed(articles: Sequence[Article], known: Sequence[Weighed]) -> list[int]:
    """Return the number of each article's story."""
    stories: list[Told] = []
    homes = []
    for article, signs in zip(articles, known, strict=True):
        best, home = 1.0, len(stories)
        for number, story in enumerate(stories):
            days = None
            if article.published_at and story.at:
                days = abs(article.published_at - story.at) / timedelta(days=1)
            score = likeness(signs, story.groups, days=days).score
            if score >= best:
                best, home = score, number
        if home == len(stories):
            stories.append(Told((), None))
        groups = with_article(stories[home].groups, signs)
        stories[home] = Told(groups, article.published_at or stories[home].at)
        homes.append(home)
    return homes


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    signer = Signer(fold, Concepts(pack_concepts(concepts())))
    for path in sorted(options.folder.glob("*.dev.jsonl.gz")):
        name = path.name.partition(".")[0]
        if ".pairs." in path.name or (options.names and name not in options.names):
            continue
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        if lines[0]["published_at"]:
            lines.sort(key=lambda line: line["published_at"] or "")
        else:
            random.Random(1).shuffle(lines)
        articles = [article_of(line) for line in lines]
        began = time.process_time()
        signatures = [signer.signature(article) for article in articles]
        spent = (time.process_time() - began) / len(articles) * 1000
        seen = learned(signatures, [article.language for article in articles])
        known = [weighed(signature, seen, len(articles)) for signature in signatures]
        bcubed, pairs = scores([line["cluster"] for line in lines], placed(articles, known))
        print(f"{name:8} {bcubed:.3f} / {pairs:.3f}   {spent:.2f} ms", flush=True)


if __name__ == "__main__":
    main()
