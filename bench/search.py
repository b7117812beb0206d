"""How fast a large archive is searched and listed, beside a bare FTS5 table of the same texts.

    python -m bench.search FOLDER [--articles 100000] [--postgres URL]

Makes FOLDER with `bench.base.archive` unless it is there, or takes the database at URL, which it
has filled. Every search goes through the whole of `monitor.services.search`, from the query to the
20 newest hits with evidence; each kind has several queries, each asked five times, the first time
as if nobody had asked it before, but for one search that was made at the start, as the daemon does.
Milliseconds are of the clock; `read` is how many articles were looked at, at most, "cut" in how
many searches time was over before all were, "in part" in how many words in other spellings were not
looked for in all. Beside it, in the same run: what the bare table takes for its 20 newest, which
are neither matched nor shown. Then what lists of the newest take, and bytes on disk.
"""

import argparse
import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.base.archive import batches, make
from bench.base.made_up import NOW, SOURCE, World, rules_of
from monitor.base.memory import leave_alone
from monitor.daemon.warming import search_once
from monitor.pipeline.indexing import ANALYSIS
from monitor.services.search import Search, SearchRequest
from storage.admin.engine import SqlStorage, open_storage
from storage.backends.sqlite import PRAGMAS

TIMES = 5
_AT_ALL = "keyword at all"


def queries(world: World) -> dict[str, list[str]]:
    """Return queries by kind: words of every frequency, and such as news writes."""
    words, names = world.words("en"), world.names
    return {
        "rare word": [words[20_000], words[15_000], words[9_000]],
        "common word": [words[20], words[120], words[400]],
        "word of the news": ["climate", "strike", "oil", "US"],
        "two words": [
            f"{words[150]} AND {words[220]}",
            f"{words[60]} {words[80]}",
            f"{names[10]} {names[300]}",
            "climate summit",
        ],
        "phrase": [f'"{words[3]} {words[7]}"', f'"{words[60]} {words[80]}"', '"climate summit"'],
        "prefix": [words[3_000][:6] + "*", words[100][:4] + "*", "clim*"],
        "nowhere": ["zwxyqq", "qqqz vvvk", '"zwxyqq"'],
        _AT_ALL: ["climate summit", "rail strike", "oil price", f"{names[10]} {names[300]}"],
    }


def timed(do: Callable[[], object]) -> Iterator[float]:
    """Yield how long something takes, in ms, several times."""
    for _ in range(TIMES):
        began = time.perf_counter()
        do()
        yield (time.perf_counter() - began) * 1e3


def ours(storage: SqlStorage, kind: str, every: list[str]) -> str:
    """Return the figures of one kind of query."""
    took: list[float] = []
    read, cut, in_part = 0, 0, 0
    for rule in rules_of(every, "all" if kind == _AT_ALL else "forms"):
        for _ in range(TIMES):
            search = Search(storage, SearchRequest(rule=rule))
            began = time.perf_counter()
            search.newest(20)
            took.append((time.perf_counter() - began) * 1e3)
            read = max(read, search.read)
            cut += search.unread_before is not None
            in_part += search.spelled_since is not None
    left_out = (f", {cut} cut" if cut else "") + (f", {in_part} in part" if in_part else "")
    return f"{figures(took)}  read {read:,}{left_out}"


def figures(took: list[float]) -> str:
    took = sorted(took)
    late = took[min(len(took) - 1, int(len(took) * 0.95))]
    return f"p50 {statistics.median(took):6.1f} p95 {late:6.1f}"


def bare(folder: Path) -> sqlite3.Connection:
    """Return a bare table of the same texts, made unless it is there."""
    path = folder / "bare.db"
    is_new = not path.exists()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    if is_new:
        connection.execute("CREATE VIRTUAL TABLE bare USING fts5 (title, text)")
        began, count = time.process_time(), 0
        for batch in batches(folder / "articles.pickle"):
            connection.execute("BEGIN IMMEDIATE")
            rows = [(each.title, each.text) for each, _ in batch]
            connection.executemany("INSERT INTO bare VALUES (?, ?)", rows)
            connection.execute("COMMIT")
            count += len(batch)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        each = (time.process_time() - began) / count * 1e6
        print(f"bare FTS5: {each:,.0f} us of CPU an article")
    return connection


def newest_of(connection: sqlite3.Connection, query: str) -> list[object]:
    """Return the newest rows of the bare table."""
    words = query if set('"*') & set(query) else query.replace(" AND ", " ")
    newest = "SELECT title, text FROM bare WHERE bare MATCH ? ORDER BY rowid DESC LIMIT 20"
    return connection.execute(newest, (words,)).fetchall()


LISTS: dict[str, dict[str, object]] = {
    "the newest 100": {},
    "of a language": {"language": "sv"},
    "of a language that is nowhere": {"language": "xx"},
    "of a source that has all": {"source_ids": [SOURCE.id]},
    "of a source that has none": {"source_ids": ["none"]},
    "from the middle on": {"before": (NOW + timedelta(seconds=50_000), "")},
}


def lists(storage: SqlStorage) -> None:
    """Print how long lists of the newest take."""
    for name, wanted in LISTS.items():

        def newest(wanted: dict[str, object] = wanted) -> object:
            with storage.reading() as tx:
                return tx.articles.recent(**wanted)  # type: ignore[arg-type]

        print(f"  {name:<32}{figures(list(timed(newest)))}")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--postgres", metavar="URL")
    given = options.parse_args()
    make(given.folder, given.articles, 35, None)
    url = given.postgres or f"sqlite:///{given.folder / 'ours.db'}"
    storage = open_storage(url, analysis=ANALYSIS)
    with closing(storage), closing(bare(given.folder)) as floor:
        world = World()
        search_once(storage, NOW)
        leave_alone(0)
        print(f"{'ms':58}bare FTS5")
        for kind, every in queries(world).items():
            took = [t for q in every for t in timed(lambda q=q: newest_of(floor, q))]  # type: ignore[misc]
            print(f"  {kind:<17}{ours(storage, kind, every):<39}{figures(took)}", flush=True)
        lists(storage)
    texts = sum(
        len(each.title.encode()) + len(each.text.encode())
        for batch in batches(given.folder / "articles.pickle")
        for each, _ in batch
    )
    if not given.postgres:
        whole = os.path.getsize(given.folder / "ours.db") / texts
        print(f"{whole:.2f} bytes of database for each byte of text")


if __name__ == "__main__":
    main()
