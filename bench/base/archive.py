"""An archive to search: many articles that nobody has seen, stored as polls store them.

    python -m bench.base.archive FOLDER [--articles 100000] [--batch 35] [--postgres URL]

Makes FOLDER/articles.pickle and FOLDER/ours.db, or fills the empty database at URL, unless they
are there; the articles are those of `bench.base.made_up`, in ten languages. Prints what an article
costs, tenth by tenth: CPU (on PostgreSQL that of the server's process, too), how long commits take,
of the longest one the CPU (the rest waits, mostly for a processor), and its slowest statement.
"""

import argparse
import os
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.base.made_up import NOW, SOURCE, World
from monitor.pipeline.indexing import ANALYSIS
from storage.admin.engine import SqlStorage, open_storage
from storage.model import Article, Fingerprint, stable_id

Batch = list[tuple[Article, tuple[Fingerprint, ...]]]
Commit = tuple[float, float, tuple[float, str]]
"""How many seconds it took, how many of CPU, and its slowest statement."""


def write_articles(path: Path, count: int, batch: int) -> None:
    """Write articles to a file, a batch a pickle; a later one was seen later."""
    part = path.with_suffix(".part")
    made = World().articles(77, count)
    with part.open("wb") as file:
        for start in range(0, count, batch):
            few = [
                _stored(number, next(made)) for number in range(start, min(start + batch, count))
            ]
            pickle.dump(few, file, 5)
    part.rename(path)


def _stored(number: int, article: Article) -> tuple[Article, tuple[Fingerprint, ...]]:
    url = f"https://a.example/news/{number}"
    id_ = stable_id("article", url)
    seen_at = NOW + timedelta(seconds=number)
    kept = replace(
        article,
        id=id_,
        story_id=id_,
        url=url,
        summary=article.text[:300],
        first_seen_at=seen_at,
        published_at=seen_at,
    )
    prints = tuple(
        Fingerprint(key=stable_id(kind, url), kind=kind) for kind in ("url", "id", "title")
    )
    return kept, prints


def batches(path: Path) -> Iterator[Batch]:
    """Yield what `write_articles` has written."""
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process of this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Statements:
    """Remembers which statement of a transaction took longest."""

    def __init__(self) -> None:
        self.slowest = (0.0, "")
        self._began = 0.0
        event.listen(Engine, "before_cursor_execute", self._begin)
        event.listen(Engine, "after_cursor_execute", self._end)

    def _begin(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _end(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        took = time.perf_counter() - self._began
        self.slowest = max(self.slowest, (took, " ".join(statement.split())[:50]))


def store(storage: SqlStorage, path: Path, count: int, server_cpu: Callable[[], float]) -> None:
    """Store the articles, a transaction a batch, and print what a tenth of them costs."""

    def cpu() -> float:
        return time.process_time() + server_cpu()

    with storage.transaction() as tx:
        tx.sources.add(SOURCE)
    statements = Statements()
    stored, since, spent, tenth = 0, 0, 0.0, max(1, count // 10)
    commits: list[Commit] = []
    for batch in batches(path):
        statements.slowest = (0.0, "")
        begun = cpu()
        storage.prepare(article for article, _ in batch)
        prepared, began = cpu(), time.perf_counter()
        with storage.transaction() as tx:
            tx.articles.add(batch, now=NOW)
        took, done = time.perf_counter() - began, cpu()
        spent += done - begun
        commits.append((took, done - prepared, statements.slowest))
        stored += len(batch)
        if stored - since >= tenth or stored >= count:
            each = spent / (stored - since) * 1e6
            print(f"{stored:>9,} stored: {each:,.0f} us of CPU each; {_said(commits)}", flush=True)
            spent, since = 0.0, stored
            commits.clear()


def _said(commits: list[Commit]) -> str:
    commits = sorted(commits)
    half, most, longest = (commits[int((len(commits) - 1) * share)] for share in (0.5, 0.99, 1))
    times = ", ".join(f"{each[0] * 1e3:,.0f}" for each in (half, most, longest))
    took, statement = longest[2]
    of_it = f"{longest[1] * 1e3:,.0f} of CPU, {took * 1e3:,.0f} for {statement}"
    return f"commits p50, p99, most {times} ms, of which {of_it}"


def make(folder: Path, count: int, batch: int, postgres: str | None) -> None:
    """Make what is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.pickle"
    if not path.exists():
        write_articles(path, count, batch)
    if postgres:
        storage = open_storage(postgres, analysis=ANALYSIS)
        with storage.transaction() as tx:
            pid = tx._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        print("postgresql", flush=True)
        store(storage, path, count, lambda: cpu_of(pid))
    elif not (folder / "ours.db").exists():
        storage = open_storage(
            f"sqlite:///{folder / 'ours.db'}", checkpoints=True, analysis=ANALYSIS
        )
        print("sqlite", flush=True)
        store(storage, path, count, lambda: 0.0)
        storage.tidy()
    else:
        return
    with storage.transaction() as tx:
        tx.articles._index.note_full()
    storage.close()


def main() -> None:
    """Make what is not there."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--batch", type=int, default=35)
    options.add_argument("--postgres", metavar="URL")
    given = options.parse_args()
    make(given.folder, given.articles, given.batch, given.postgres)


if __name__ == "__main__":
    main()
