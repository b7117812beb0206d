"""What taking in costs: CPU of the whole process a poll and an item, beside a bare skeleton.

    python -m bench.intake [--feeds 100] [--database URL] [--rules N]
        [--no-stories]

Serves RSS feeds of 35 items, each on a loopback address of its own, from another process, and runs
rounds as `run --once` does: cold; all answered 304; 5 % of the feeds with two new items; all
answered 200 with the same bytes. Texts are words that news writes, joined by small words of their
language (40 % English, nine others); an item in four has a whole text. The skeleton, in the same
run, parses the same bytes with lxml, strips tags, and stores them in SQLite with FTS5. CPU is that
of this process: on PostgreSQL, without the server. Rules are those of `bench.base.made_up`, two
English words of the news each, with the variants that the default strictness saves with them.
"""

import argparse
import asyncio
import hashlib
import html
import multiprocessing
import random
import re
import resource
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lxml import etree

import bench.base.as_installed  # noqa: F401 (what it does is done by importing it first)
from bench.base.ending import end_in_order
from bench.base.made_up import COMMON, World, a_feed, made_up, rules_of
from monitor.app import App
from monitor.config.load import Config, load
from monitor.daemon.once import run_once
from monitor.stories.placing import Placed
from rules.data.tables import rows
from rules.languages.everyday import everyday_words
from rules.lexicons.news_source import SIGNS, concepts
from storage.api.storage import Transaction
from storage.model import Article, stable_id

ITEMS = 35
NEW = 2
CHANGED_EVERY = 20
WHOLE_EVERY = 4
LISTED_EVERY = 12
SHARES = {"en": 40, "sv": 8, "vi": 7, "zh": 9, "ar": 6, "de": 8, "fr": 7, "es": 6, "ru": 5, "ja": 4}
LANGUAGES = list(SHARES)
MINIFLUX = {"cold": 42.9, "all 304": 1.20, "5 % changed": 4.16, "200, unchanged": 54.6}
"""CPU ms a feed of Miniflux 2.2.6 with PostgreSQL: measured once; `bench.rounds` runs it beside."""
_TAG = re.compile(r"<[^>]*>")


# --- what is served ---


@cache
def words_of(language: str) -> tuple[list[str], list[str], list[str]]:
    """Return the news words of a language, its common words, and its small ones."""
    listed = [
        form.lstrip(SIGNS) for each in concepts() for form in each.forms.get(language, ())[:1]
    ]
    small = next((row[1].split() for row in rows("stop_words.tsv") if row[0] == language), [])
    chance = random.Random(language)
    common = sorted(everyday_words(language)) or [made_up(chance, language) for _ in range(COMMON)]
    return listed, common, small


def said(chance: random.Random, language: str, length: int) -> str:
    """Return so many characters, about, of sentences: one word in twelve is one of the news."""
    listed, common, small = words_of(language)
    space = "" if language in ("zh", "ja") else " "
    parts: list[str] = []
    while length > 0:
        word = chance.choice(listed if chance.random() < 1 / LISTED_EVERY else common)
        parts += [word, chance.choice(small)] if small and chance.random() < 0.7 else [word]
        if chance.random() < 0.1:
            parts[-1] += "."
        length -= len(parts[-1]) + len(word) + 1
    return space.join(parts)


def feed_body(number: int, newest: int) -> bytes:
    """Return a feed whose newest item is that one."""
    (language,) = random.Random(number).choices(LANGUAGES, list(SHARES.values()))
    items = []
    for item in range(newest, newest - ITEMS, -1):
        chance = random.Random(f"{number} {item}")
        title = html.escape(said(chance, language, 60))
        summary = html.escape(f"<p>{said(chance, language, 350)}</p><p><a href='/x'>...</a></p>")
        whole = ""
        if chance.random() < 1 / WHOLE_EVERY:
            paragraphs = "".join(f"<p>{said(chance, language, 500)}</p>" for _ in range(6))
            whole = f"<content:encoded>{html.escape(paragraphs)}</content:encoded>"
        published = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=item)
        items.append(
            f"<item><guid>{number}-{item}</guid><link>https://f{number}.example/news/{item}</link>"
            f"<title>{title}</title><description>{summary}</description>{whole}"
            f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Feed {number}</title><link>https://f{number}.example/</link>"
        f"<description>d</description><language>{language}</language>{''.join(items)}"
        "</channel></rss>"
    ).encode()


async def _serve(feeds: int, pipe: Connection) -> None:
    bodies = [feed_body(number, ITEMS) for number in range(feeds)]
    knows_tags, newest = True, ITEMS

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = bodies[int(head.split(b" ", 2)[1][1:])]
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'.encode()
        if knows_tags and tag in head:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n")
        else:
            named = b"\r\nETag: " + tag if knows_tags else b""
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml"
                + named
                + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
                + body
            )
        writer.close()

    hosts = [f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(feeds)]
    server = await asyncio.start_server(answer, hosts, 0)
    ports = dict(each.getsockname() for each in server.sockets)
    pipe.send([f"http://{host}:{ports[host]}/{n}" for n, host in enumerate(hosts)])
    while (asked := await asyncio.to_thread(pipe.recv)) != "end":
        if asked == "change":
            newest += NEW
            for number in range(0, feeds, CHANGED_EVERY):
                bodies[number] = feed_body(number, newest)
        else:
            knows_tags = False
        pipe.send(None)


def serve(feeds: int, pipe: Connection) -> None:
    """Serve until "end"; "change" lists new items, "forget" ends all 304 and names no version."""
    # Forked from a bench that ends in order, it would wait for the thread that waits for a word.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.run(_serve(feeds, pipe))


# --- who takes it in ---


def add_rules(home: str, database: str | None, count: int) -> None:
    """Add so many rules, as a command does: in a process of its own, which looks words up."""
    every = rules_of(World.of_people(count), "all")
    with (
        App.open(settings(home, database), daemon=True) as app,
        app.storage.transaction() as tx,
    ):
        for rule in every:
            tx.rules.add(replace(rule, caught_up=True))


def ready(app: App, urls: list[str]) -> None:
    """Add the sources."""
    with app.storage.transaction() as tx:
        for number, url in enumerate(urls):
            tx.sources.add(a_feed(number, url, every=timedelta(hours=1), added_at=app.now()))


def round_of(app: App) -> tuple[float, float]:
    """Make all sources due and poll them; return seconds of CPU and by the clock."""
    with app.storage.transaction() as tx:
        for source in tx.sources.all():
            tx.sources.update(replace(source, next_poll_at=app.now()))
    time.sleep(1.5)  # hosts rest for a second between two requests
    cpu, clock = time.process_time(), time.perf_counter()
    run_once(app, starter_added=False)
    return time.process_time() - cpu, time.perf_counter() - clock


class NoStories:
    """In the place of `monitor.stories.placing.StoryPlacer`: each article is a story of its own."""

    def signatures(self, articles: Iterable[Article]) -> dict[str, Any]:
        """Read nothing."""
        return {}

    def place(self, tx: Transaction, articles: Sequence[Article], *_: Any, **__: Any) -> Placed:
        """Leave articles where they are."""
        return Placed(articles=tuple(articles))

    def fill(self, *_: Any) -> Iterator[int]:
        """Find nothing to be placed."""
        return iter(())


class Skeleton:
    """As little as one can do with a feed that has been fetched."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._store.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE item (id TEXT PRIMARY KEY, url TEXT, title TEXT, text TEXT);"
            "CREATE VIRTUAL TABLE found USING fts5(title, text, content='');"
        )

    def take_in(self, body: bytes) -> None:
        """Store the items that are new."""
        for item in etree.fromstring(body).iter("item"):
            texts = {str(child.tag).rpartition("}")[2]: child.text or "" for child in item}
            text = html.unescape(_TAG.sub(" ", texts.get("encoded") or texts["description"]))
            row = (texts["guid"], texts["link"], texts["title"], text)
            if self._store.execute("INSERT OR IGNORE INTO item VALUES (?,?,?,?)", row).rowcount:
                self._store.execute("INSERT INTO found (title, text) VALUES (?,?)", row[2:])
        self._store.commit()


def bare_rounds(feeds: int) -> dict[str, float]:
    """Return the skeleton's CPU, in milliseconds a feed, by the name of the round."""
    bodies = [feed_body(number, ITEMS) for number in range(feeds)]
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        skeleton = Skeleton(Path(folder) / "skeleton.db")
        for name in ("cold", "200, unchanged"):
            start = time.process_time()
            for body in bodies:
                skeleton.take_in(body)
            took[name] = (time.process_time() - start) / feeds * 1000
    return took


def settings(home: str, database: str | None) -> Config:
    """Return settings that concern nobody but this run."""
    environ = {
        "MONITOR_HOME": home,
        "MONITOR_SEEDS": "none",
        "MONITOR_DICTIONARIES": "none",
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
    }
    if database:
        environ["MONITOR_DATABASE_URL"] = database
    return load(environ=environ, path=None, home=None)


def line(name: str, feeds: int, cpu: float, clock: float, skeleton: float | None) -> None:
    """Print what a round took."""
    each = cpu / feeds * 1000
    beside = f"{each / skeleton:9.1f}" if skeleton else f"{'':9}"
    peer = f"{each / MINIFLUX[name]:9.2f}" if name in MINIFLUX else ""
    item = f"{each / ITEMS * 1000:9.0f}"
    print(f"{name:16}{each:9.2f}{item}{feeds / clock:9.0f}{beside}{peer}", flush=True)


def rounds(app: App, urls: list[str], bare: dict[str, float], server: Connection) -> None:
    """Run all rounds and print them."""
    print(f"{'CPU ms':16}{'a poll':>9}{'us item':>9}{'polls/s':>9}{'x bare':>9}{'x Miniflux':>11}")
    with app.storage.hold_owner(app.owner):
        ready(app, urls)
        app.looking.poller.poll([stable_id("source", "feed", urls[-1])])  # loads all that is dear
        for name, asked in (
            ("cold", ""),
            ("all 304", ""),
            ("5 % changed", "change"),
            ("200, unchanged", "forget"),
        ):
            if asked:
                server.send(asked)
                server.recv()
            line(name, len(urls) - 1, *round_of(app), bare.get(name))


def main() -> None:
    """Run the rounds and print what they took."""
    end_in_order()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--database")
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--no-stories", action="store_true", help="place nothing into stories")
    asked = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    ours, theirs = fresh.Pipe()
    server = fresh.Process(target=serve, args=(asked.feeds + 1, theirs), daemon=True)
    server.start()
    theirs.close()
    with tempfile.TemporaryDirectory() as home:
        urls = ours.recv()
        with fresh.Pool(1) as beside:  # what it needs is none of what is measured here
            bare = beside.apply(bare_rounds, (asked.feeds,))
            beside.apply(add_rules, (home, asked.database, asked.rules))
        with App.open(settings(home, asked.database), daemon=True) as app:
            if asked.no_stories:
                vars(app)["stories"] = NoStories()
            rounds(app, urls, bare, ours)
            print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")
    ours.send("end")
    server.join()


if __name__ == "__main__":
    main()
