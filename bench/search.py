"""What the search index costs, and how fast it answers.

    python -m bench.search [--articles 20000] [--batch 35]

Prints articles a second for our index, its analysis included, and for a bare FTS5 table (default
tokenizer, same texts, same settings, same batches), and their ratio; then the index's bytes for
each byte of article, and how long searches take through the whole of `monitor.services.search`,
from the query to the 20 newest hits with evidence. Set MONITOR_BENCH_POSTGRES to the URL of an
empty database to measure PostgreSQL too.

Words are made up, in frequency like those of a language (Zipf); half of the articles are in a
language that writes compounds, whose long words cost a token more.
"""

import argparse
import itertools
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.pipeline.indexing import ANALYSIS, fill
from monitor.services.search import Search, SearchRequest
from rules.search.analyzer import Analyser
from storage.admin.engine import SqlStorage, open_storage
from storage.api import Analysis
from storage.backends.sqlite import PRAGMAS
from storage.model import Article, Fingerprint, Rule, Source, stable_id

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOURCE = Source(
    id="s", kind="feed", url="https://a.example/", name="A", every=timedelta(hours=1), added_at=NOON
)
CONSONANTS = (*"bdfghklmnprstv", "st", "tr", "kl", "sch")
SYLLABLES = [c + v for c in CONSONANTS for v in "aeiou"]
Batch = list[tuple[Article, tuple[Fingerprint, ...]]]


class Texts:
    """Makes articles of about 2,000 characters."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        found: dict[str, None] = {}
        while len(found) < 60_000:
            found["".join(self._chance.choices(SYLLABLES, k=self._chance.randint(1, 4)))] = None
        # The most frequent words of a language are short.
        self.words = sorted(found, key=lambda word: len(word) + self._chance.random() * 6)
        self._weights = list(itertools.accumulate((rank + 2) ** -1.1 for rank in range(len(found))))

    def article(self, number: int) -> Article:
        """Make one; a later number was seen later."""
        id_ = stable_id("bench", str(number))
        return Article(
            id=id_,
            source_id=SOURCE.id,
            story_id=id_,
            url=f"https://a.example/news/{number}",
            title=self._sentence(9),
            text=" ".join(self._sentence(self._chance.randint(6, 22)) for _ in range(26)),
            first_seen_at=NOON + timedelta(seconds=number),
            language="en" if number % 2 else "sv",
        )

    def _sentence(self, count: int) -> str:
        words = self._chance.choices(self.words, cum_weights=self._weights, k=count)
        return " ".join(words).capitalize() + self._chance.choice([".", ".", "?", ", so it goes."])


def store(storage: SqlStorage, work: list[Batch]) -> None:
    """Store each batch in a transaction of its own."""
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    for batch in work:
        with storage.transaction() as tx:
            tx.articles.add(batch, now=NOON)


def index(storage: SqlStorage, work: list[Batch]) -> None:
    """Bring stored articles into the index, batch by batch."""
    for batch in work:
        with storage.transaction() as tx:
            tx.articles._index.put([each for each, _ in batch])


def bare(path: Path, work: list[Batch]) -> Callable[[], None]:
    """Return what inserts the same texts into a bare FTS5 table."""

    def run() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("CREATE VIRTUAL TABLE bare USING fts5 (title, text)")
            for batch in work:
                connection.execute("BEGIN IMMEDIATE")
                rows = [(each.title, each.text) for each, _ in batch]
                connection.executemany("INSERT INTO bare VALUES (?, ?)", rows)
                connection.execute("COMMIT")

    return run


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def asked(texts: Texts) -> dict[str, str]:
    """Return queries by what is special about them."""
    words = texts.words
    return {
        "a rare word": words[20_000],
        "a common word": words[50],
        "two common words": f"{words[60]} {words[80]}",
        "a rare and a common word": f"{words[60]} AND {words[30_000]}",
        "a phrase of common words": f'"{words[40]} {words[45]}"',
        "a beginning of words": "schekl*",
        "a word that is nowhere": "zwxyq",
        "an expression": "/schekl[ae]stra/",
    }


def answer(storage: SqlStorage, texts: Texts) -> None:
    """Print how long searches take, the faster of two tries."""
    for name, query in asked(texts).items():
        rule = Rule(id="r", name="r", query=query, created_at=NOON, strictness="forms")
        took = []
        for _ in range(2):
            search = Search(storage, SearchRequest(rule=rule))
            began = time.perf_counter()
            hits = search.newest(20)
            took.append(time.perf_counter() - began)
        print(f"  {name}: {min(took) * 1000:,.0f} ms, {len(hits)} hits, {search.read:,} read")


def measure_sqlite(folder: Path, work: list[Batch], texts: Texts, size: int) -> None:
    """Print all figures of SQLite."""
    count = sum(map(len, work))
    floor = rate(count, bare(folder / "bare.db", work))
    path = folder / "ours.db"
    plain = open_storage(f"sqlite:///{path}", checkpoints=True)
    stored = rate(count, lambda: store(plain, work))
    plain.tidy()
    before = path.stat().st_size
    plain.close()
    fresh = Analysis(ANALYSIS.version, Analyser())
    ours = open_storage(f"sqlite:///{path}", checkpoints=True, analysis=fresh)
    indexed = rate(count, lambda: index(ours, work))
    ours.tidy()
    bytes_ = path.stat().st_size - before
    list(fill(ours))
    print(f"sqlite: {stored:,.0f} articles stored/s without the index")
    print(f"sqlite: {indexed:,.0f} articles indexed/s; bare FTS5 {floor:,.0f}/s: ", end="")
    print(f"{indexed / floor:.2f} of it")
    print(f"sqlite: {bytes_ / size:.2f} bytes of index for each byte of article; ", end="")
    print(f"bare FTS5 {(folder / 'bare.db').stat().st_size / size:.2f}, the text in it")
    answer(ours, texts)
    ours.close()


def measure_postgres(url: str, work: list[Batch], texts: Texts, size: int) -> None:
    """Print all figures of PostgreSQL."""
    count = sum(map(len, work))
    plain = open_storage(url)
    stored = rate(count, lambda: store(plain, work))
    plain.close()
    ours = open_storage(url, analysis=Analysis(ANALYSIS.version, Analyser()))
    indexed = rate(count, lambda: index(ours, work))
    list(fill(ours))
    with ours._backend.migrating() as connection:
        connection.exec_driver_sql("ANALYZE")
        sized = "SELECT pg_total_relation_size('article_index')"
        bytes_ = connection.exec_driver_sql(sized).scalar_one()
    print(f"postgresql: {stored:,.0f} articles stored/s, {indexed:,.0f} indexed/s")
    print(f"postgresql: {bytes_ / size:.2f} bytes of index for each byte of article")
    answer(ours, texts)
    ours.close()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--batch", type=int, default=35)
    given = options.parse_args()
    texts = Texts()
    made: Batch = [(texts.article(number), ()) for number in range(given.articles)]
    work: list[Batch] = [
        made[start : start + given.batch] for start in range(0, given.articles, given.batch)
    ]
    size = sum(len(each.title.encode()) + len(each.text.encode()) for each, _ in made)
    print(
        f"{given.articles:,} articles of {size / given.articles:,.0f} bytes, {given.batch} a commit"
    )
    with tempfile.TemporaryDirectory() as folder:
        measure_sqlite(Path(folder), work, texts, size)
    if url := os.environ.get("MONITOR_BENCH_POSTGRES"):
        measure_postgres(url, work, texts, size)


if __name__ == "__main__":
    main()
