"""How well articles are put together to stories, and what that costs.

    python -m bench.stories [--sets FOLDER] [--stored 1000 --stored 20000]

With --sets, reads labelled articles (NAME.dev.jsonl.gz: `id` `title` `text` `language`
`published_at` `cluster`) and prints BCubed and pairwise F1 of each set, taken in by one
poll in the order in which they were published.

With --stored, takes in made-up articles until so many are stored and prints the processor's time
an article for reading its signs and for placing it, over the last 1,000.
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.search import SOURCE, Texts
from ingester.stories.signature import Signer
from monitor.lexicons.packed import packed_news
from monitor.stories.placing import StoryPlacer, keep
from rules.text.folding import fold
from storage.admin.engine import open_storage
from storage.api import Storage
from storage.model import Article

UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 25
MEASURED = 1_000
SIGNER = Signer(fold, packed_news().by_words)


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def scores(labels: Sequence[str], found: Sequence[str]) -> tuple[float, float]:
    """Return BCubed F1 and pairwise F1."""
    wanted, given = Counter(labels), Counter(found)
    both = Counter(zip(labels, found, strict=True))
    precision = sum(n * n / given[there] for (_, there), n in both.items()) / len(labels)
    recall = sum(n * n / wanted[here] for (here, _), n in both.items()) / len(labels)
    pairs = [sum(n * (n - 1) for n in counts.values()) for counts in (both, given, wanted)]
    return f1(precision, recall), f1(pairs[0] / max(1, pairs[1]), pairs[0] / max(1, pairs[2]))


def article_of(line: dict[str, str]) -> Article:
    """Return a labelled article; undated ones are all of one day."""
    said = line["published_at"]
    at = datetime.fromisoformat(said.replace("Z", "+00:00")) if said else UNDATED
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Article(
        id=line["id"],
        source_id=SOURCE.id,
        story_id=line["id"],
        url="",
        title=line["title"][:500] or "-",
        text=line["text"],
        language=line["language"],
        first_seen_at=UNDATED,
        published_at=at if said else None,
    )


def take_in(storage: Storage, placer: StoryPlacer, articles: Sequence[Article]) -> float:
    """Store articles with their stories; return the processor's seconds for the latter."""
    began = time.process_time()
    signatures = placer.signatures(articles)
    spent = time.process_time() - began
    with storage.transaction() as tx:
        began = time.process_time()
        placed = placer.place(tx, articles, signatures, now=UNDATED)
        spent += time.process_time() - began
        tx.articles.add([(article, ()) for article in placed.articles], now=UNDATED)
        began = time.process_time()
        keep(tx, placed)
        return spent + time.process_time() - began


def score_set(path: Path, folder: Path) -> tuple[float, float]:
    """Return BCubed and pairwise F1 of one set."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    if lines[0]["published_at"]:
        lines.sort(key=lambda line: line["published_at"] or "")
    else:
        random.Random(1).shuffle(lines)
    articles = [article_of(line) for line in lines]
    placer = StoryPlacer(lambda: SIGNER, who="bench")
    storage = open_storage(f"sqlite:///{folder / path.name}.db")
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    take_in(storage, placer, articles)
    with storage.reading() as tx:
        stored = tx.articles.some(article.id for article in articles)
    storage.close()
    found = [stored[article.id].story_id for article in articles]
    return scores([line["cluster"] for line in lines], found)


def cost(stored: int, folder: Path) -> float:
    """Return the processor's milliseconds an article with so many stored."""
    storage = open_storage(f"sqlite:///{folder / str(stored)}.db")
    placer, texts, spent = StoryPlacer(lambda: SIGNER, who="bench"), Texts(), 0.0
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    for first in range(0, stored + MEASURED, BATCH):
        batch = [texts.article(number) for number in range(first, first + BATCH)]
        seconds = take_in(storage, placer, batch)
        if first >= stored:
            spent += seconds
    storage.close()
    return spent / MEASURED * 1000


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--stored", type=int, action="append", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if options.sets:
            for path in sorted(options.sets.glob("*.dev.jsonl.gz")):
                if ".pairs." not in path.name:
                    bcubed, pairs = score_set(path, folder)
                    print(f"{path.name.partition('.')[0]:8} {bcubed:.3f} / {pairs:.3f}")
        for stored in options.stored:
            print(f"{stored:9,} stored: {cost(stored, folder):.2f} ms an article")


if __name__ == "__main__":
    main()
