"""How fast the store is against the bare driver: articles stored, deliveries claimed and settled.

    python -m bench.store [--articles 20000] [--batch 200] [--deliveries 2000]

Prints rows a second for our code and for `sqlite3` with the same tables, indexes, settings and
values, and the ratio of the two: the price of speaking to two databases with one text. Set
MONITOR_BENCH_POSTGRES to a URL of an empty database to measure PostgreSQL too (without a ratio).
"""

import argparse
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.admin.engine import SqlStorage, open_storage
from storage.api.outbox import Finish
from storage.backends.sqlite import PRAGMAS
from storage.model import (
    Article,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Fingerprint,
    Source,
    stable_id,
)
from storage.sql.archive.articles import to_row
from storage.sql.tables.schema import article, article_print

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOURCE = Source(
    id=stable_id("source", "feed", "https://a.example/"),
    kind="feed",
    url="https://a.example/",
    name="A",
    every=timedelta(minutes=15),
    added_at=NOON,
)
CHANNEL = Channel(id=stable_id("channel", "c"), name="c", kind="webhook", target="x", added_at=NOON)

Batch = list[tuple[Article, tuple[Fingerprint, ...]]]


def batches(count: int, size: int) -> list[Batch]:
    """Make articles of about 2 000 characters, each with three fingerprints."""

    def one(number: int) -> tuple[Article, tuple[Fingerprint, ...]]:
        id_ = stable_id("bench", str(number))
        made = Article(
            id=id_,
            source_id=SOURCE.id,
            story_id=id_,
            url=f"https://a.example/news/{number}",
            title=f"Something happened, number {number}",
            text=f"Words of the article {number}. " * 70,
            first_seen_at=NOON + timedelta(seconds=number),
            language="en",
            authors=("A. Writer",),
            published_at=NOON,
        )
        fingerprints = tuple(
            Fingerprint(key=stable_id(kind, str(number)), kind=kind)
            for kind in ("url", "id", "title")
        )
        return made, fingerprints

    everything = [one(number) for number in range(count)]
    return [everything[start : start + size] for start in range(0, count, size)]


def ours(storage: SqlStorage, work: list[Batch]) -> None:
    """Store each batch in a transaction of its own."""
    for batch in work:
        with storage.transaction() as tx:
            tx.articles.add(batch, now=NOON)


def bare(path: Path, work: list[Batch]) -> Callable[[], None]:
    """Return the same with the bare driver; the values are made ready beforehand."""
    names = [column.name for column in article.c]
    into_articles = _insert("article", names)
    into_fingerprints = _insert("article_print", [column.name for column in article_print.c])
    ready = []
    for batch in work:
        said = [each for each, _ in sorted(batch, key=lambda pair: pair[0].id)]
        rows = [_plain(to_row(each) | {"indexed": None}) for each in said]
        fingerprints = sorted(
            (each.key, owner.id, _text(NOON), each.said)
            for owner, fingerprints in batch
            for each in fingerprints
        )
        ready.append(([tuple(row[name] for name in names) for row in rows], fingerprints))

    def run() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            for rows, fingerprints in ready:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(into_articles, rows)
                connection.executemany(into_fingerprints, fingerprints)
                connection.execute("COMMIT")

    return run


def _insert(table: str, names: list[str]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT DO NOTHING"


def _plain(row: dict[str, object]) -> dict[str, object]:
    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return _text(value)
        return json.dumps(value, separators=(",", ":")) if isinstance(value, tuple) else value

    return {name: plain(value) for name, value in row.items()}


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def carry(storage: SqlStorage, count: int) -> None:
    """Claim and settle deliveries one by one, as a courier does: two commits each."""
    ok = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=NOON)
    for _ in range(count):
        with storage.transaction() as tx:
            (claimed,) = tx.outbox.claim_due(
                {CHANNEL.id: 1}, now=NOON, lease=timedelta(seconds=60), owner="me"
            )
        with storage.transaction() as tx:
            tx.outbox.finish(claimed, ok)


def owe(storage: SqlStorage, count: int) -> None:
    """Put deliveries into the outbox."""
    with storage.transaction() as tx:
        tx.channels.add(CHANNEL)
        tx.outbox.put(
            Delivery(
                id="msg_" + stable_id("bench", str(number)),
                kind=DeliveryKind.TEST,
                alert_id=None,
                channel_id=CHANNEL.id,
                recipient="",
                payload=b"x" * 2_000,
                created_at=NOON,
                next_at=NOON,
                give_up_at=NOON,
            )
            for number in range(count)
        )


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def measure(url: str, name: str, work: list[Batch], deliveries: int) -> float:
    """Print our figures on one database; return articles a second."""
    count = sum(map(len, work))
    storage = open_storage(url)
    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    stored = rate(count, lambda: ours(storage, work))
    again = rate(count, lambda: ours(storage, work))
    owe(storage, deliveries)
    carried = rate(deliveries, lambda: carry(storage, deliveries))
    storage.close()
    print(f"{name}: {stored:,.0f} new articles/s, {again:,.0f} known ones/s")
    print(f"{name}: {carried:,.0f} deliveries claimed and settled/s (two commits each)")
    return stored


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--batch", type=int, default=200)
    options.add_argument("--deliveries", type=int, default=2_000)
    given = options.parse_args()
    work = batches(given.articles, given.batch)
    with tempfile.TemporaryDirectory() as folder:
        stored = measure(f"sqlite:///{folder}/ours.db", "sqlite", work, given.deliveries)
        path = Path(folder) / "bare.db"
        fresh = open_storage(f"sqlite:///{path}")
        with fresh.transaction() as tx:
            tx.sources.add(SOURCE)
        fresh.close()
        floor = rate(given.articles, bare(path, work))
    print(f"sqlite3 alone: {floor:,.0f} new articles/s; ours takes {floor / stored:.2f} x its time")
    if url := os.environ.get("MONITOR_BENCH_POSTGRES"):
        measure(url, "postgresql", work, given.deliveries)


if __name__ == "__main__":
    main()
