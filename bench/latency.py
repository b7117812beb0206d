"""How long an article takes from when its source is due to the webhook, through a real daemon.

    python -m bench.latency [--feeds 30] [--articles 300] [--rules 0] [--database postgres]

Serves feeds, each on a loopback address of its own and with a channel and a rule of its own, and
publishes one article after the other, now in one feed and now in the next, in ten languages. In
the first half another process makes its source due, in the second the source becomes due by
itself. Prints how long it took until the site was asked, the article was stored, and its alert
was posted, all since the source was due; and the first article after the start by itself.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, create_engine, make_url, text

from bench.base.ending import end_in_order
from bench.base.made_up import World, rules_of
from bench.base.versions import server
from bench.intake import LANGUAGES, said
from storage.sql.tables.columns import written

PATIENCE_S = 5.0
AHEAD_S = {"sqlite": (0.4, 0.9), "postgres": (1.4, 1.9)}
"""A source becomes due by itself so long after its article is published. On PostgreSQL a daemon
learns within a second of what another process has set, and not at once."""
REST_S = 1.2
"""A host is left alone for so long between two requests."""
MARK = "Breaking"


@dataclass
class Site:
    """What is published, and when who came.

    Attributes:
        titles: What each feed lists, newest first: titles and texts.
        asked_at: When each feed was asked last, in seconds of the clock.
        posted_at: When an alert came, by the title of its article.
    """

    items: list[list[tuple[str, str]]]
    asked_at: list[float]
    posted_at: dict[str, float] = field(default_factory=dict)
    port: int = 0

    def body(self, number: int) -> bytes:
        """Return a feed as it is now."""
        items = "".join(
            f"<item><guid>{title}</guid><link>http://site{number}.example/{number}/{place}</link>"
            f"<title>{escape(title)}</title><description>{escape(text)}</description></item>"
            for place, (title, text) in enumerate(self.items[number])
        )
        return (
            '<?xml version="1.0"?><rss version="2.0"><channel>'
            f"<title>Feed {number}</title><link>http://site{number}.example/</link>"
            f"<description>d</description>{items}</channel></rss>"
        ).encode()


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        number = int(self.path[1:])
        self.site.asked_at[number] = time.time()
        tag = f'"{len(self.site.items[number])}"'
        known = self.headers.get("if-none-match") == tag
        body = b"" if known else self.site.body(number)
        self._answer(304 if known else 200, body, tag)

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.site.posted_at[told["data"]["article"]["title"]] = time.time()
        self._answer(204, b"", "")

    def _answer(self, status: int, body: bytes, tag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200


@contextmanager
def served(feeds: int) -> Iterator[Site]:
    """Serve so many feeds, and take webhooks."""
    old = [[(f"Old news of feed {number}", "Nothing.")] for number in range(feeds)]
    site = Site(items=old, asked_at=[0.0] * feeds)
    server = _Server(("0.0.0.0", 0), type("_OfSite", (_Handler,), {"site": site}))
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()


Ask = Callable[..., CursorResult[Any]]
"""Asks the store a statement with its values."""


@contextmanager
def asked(url: str) -> Iterator[Ask]:
    """Yield what asks a store, each statement a transaction of its own."""
    named, waits = make_url(url), {"timeout": 30}
    is_file = named.get_backend_name() == "sqlite"
    named = named if is_file else named.set(drivername="postgresql+psycopg")
    engine = create_engine(named, connect_args=waits if is_file else {})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def ask(statement: str, **given: object) -> CursorResult[Any]:
            if is_file:
                instants = {k: written(v) for k, v in given.items() if isinstance(v, datetime)}
                given |= instants
            return connection.execute(text(statement), given)

        yield ask
    engine.dispose()


def settings(home: Path, url: str) -> dict[str, str]:
    """Return the environment of a daemon that lives there."""
    return {
        **os.environ,
        "MONITOR_DATABASE_URL": url,
        "MONITOR_HOME": str(home),
        "MONITOR_SEEDS": "none",
        "MONITOR_DICTIONARIES": "none",
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_LOG_LEVEL": "error",
        "MONITOR_WEB_LISTEN": "none",
    }


def prepare(site: Site, home: Path, url: str, rules: int) -> None:
    """Add a channel, a source and a rule for each feed, and so many other rules."""
    feeds = range(len(site.items))
    lines = ["channels:"]
    lines += [f"  - {{name: hook{n}, target: 'http://127.0.0.1:{site.port}/h'}}" for n in feeds]
    lines.append("sources:")
    lines += [
        f"  - {{name: feed{n}, url: 'http://127.0.{1 + n // 250}.{1 + n % 250}:{site.port}/{n}', "
        "full_text: false, every: 1d}"
        for n in feeds
    ]
    lines.append("rules:")
    lines += [
        f"  - {{name: rule{n}, query: '\"{MARK}\"', sources: [feed{n}], notify: [hook{n}]}}"
        for n in feeds
    ]
    of_people = rules_of(World.of_people(rules), "all")
    lines += [f"  - {{name: other{n}, query: '{each.query}'}}" for n, each in enumerate(of_people)]
    (home / "all.yaml").write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "monitor", "apply", str(home / "all.yaml")]
    done = subprocess.run(
        command, env=settings(home, url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)


@contextmanager
def daemon(home: Path, url: str) -> Iterator[Ask]:
    """Run the daemon; yield what asks its store once it has read every source."""
    began = datetime.now(UTC)
    command = [sys.executable, "-m", "monitor", "run", "--no-starter"]
    running = subprocess.Popen(command, env=settings(home, url))
    try:
        with asked(url) as ask:
            unread = "SELECT count(*) FROM source WHERE last_ok_at IS NULL OR last_ok_at < :began"
            ask("UPDATE source SET next_poll_at = NULL")
            while running.poll() is None and ask(unread, began=began).scalar():
                time.sleep(0.05)
            yield ask
    finally:
        running.terminate()
        running.wait()


def publish(
    site: Site, ask: Ask, number: int, *, in_s: float, chance: random.Random
) -> tuple[float, float, float] | None:
    """Publish an article; return after how long the site was asked, it was stored and told.

    None when it tells more of a story that was told already.
    """
    language = chance.choice(LANGUAGES)
    title = f"{MARK} {said(chance, language, 60)} {chance.randrange(10**6)}"
    site.items[number].insert(0, (title, said(chance, language, 400)))
    due = time.time() + in_s
    at = datetime.fromtimestamp(due, UTC)
    ask("UPDATE source SET next_poll_at = :at WHERE name = :name", at=at, name=f"feed{number}")
    while title not in site.posted_at:
        if time.time() > due + PATIENCE_S:
            joined = "SELECT 1 FROM article WHERE title = :title AND story_id <> id"
            if not ask(joined, title=title).first():
                raise SystemExit(f"nobody was told of: {title}")
            return None
        time.sleep(0.002)
    made = "SELECT created_at FROM delivery ORDER BY created_at DESC LIMIT 1"
    made_at = ask(made).scalar()
    if isinstance(made_at, str):
        made_at = datetime.fromisoformat(made_at)
    assert made_at is not None  # it was told
    return site.asked_at[number] - due, made_at.timestamp() - due, site.posted_at[title] - due


def shown(name: str, took: Sequence[float]) -> str:
    """Return the distribution of some seconds as a line of milliseconds."""
    ms = sorted(1000 * each for each in took)
    places = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)]
    parts = [f"{of} {ms[min(len(ms) - 1, int(len(ms) * share))]:5.0f}" for of, share in places]
    return f"  {name:10}{'  '.join(parts)}  max {ms[-1]:5.0f} ms"


def main() -> None:
    """Publish articles, and print how long they took."""
    end_in_order()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=30)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--each", action="store_true", help="print every article")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    given = parser.parse_args()
    chance, numbers = random.Random(7), count()

    def round_of(ask: Ask, name: str, articles: int) -> None:
        took: list[tuple[float, float, float]] = []
        for _ in range(articles):
            in_s = chance.uniform(*AHEAD_S[given.database]) if name == "due by itself" else 0.0
            number = next(numbers) % given.feeds
            each = publish(site, ask, number, in_s=in_s, chance=chance)
            took += [each] if each else []
            if given.each and each:
                print("   ", *(f"{1000 * stage:6.0f}" for stage in each))
            time.sleep(chance.uniform(0, 0.2))
        joined = articles - len(took)
        print(f"{name}: told of {len(took)} articles; {joined} tell more of what was told")
        for stage, label in enumerate(("asked", "stored", "told")):
            if took:
                print(shown(label, [each[stage] for each in took]), flush=True)

    with (
        tempfile.TemporaryDirectory() as folder,
        served(given.feeds) as site,
        server(given.database) as postgres,
    ):
        home = Path(folder)
        url = postgres or f"sqlite:///{home / 'monitor.db'}"
        prepare(site, home, url, given.rules)
        with daemon(home, url):
            pass  # what the feeds list now is no news
        with daemon(home, url) as ask:
            time.sleep(REST_S)
            round_of(ask, "the first after a start", 1)
            round_of(ask, "made due", given.articles // 2)
            round_of(ask, "due by itself", given.articles // 2)


if __name__ == "__main__":
    main()
