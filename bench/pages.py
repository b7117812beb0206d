"""How fast pages are made of a large archive, over loopback, and how much goes over the wire.

    python -m bench.pages FOLDER [--articles 100000] [--rules 1000] [--alerts 20000]

Makes FOLDER with `bench.base.archive` unless it is there, and FOLDER/pages.db of it: outlets,
stories, rules with their variants, alerts over 30 days, deliveries. Each page is asked several
times by one reader; milliseconds are of the clock until the whole answer is there, bytes are
compressed.
"""

import argparse
import random
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import httpx

from bench.base.archive import make
from bench.base.made_up import NOW, World, rules_of
from monitor.app import App
from monitor.config.load import load
from monitor.pipeline import indexing
from monitor.pipeline.indexing import ANALYSIS
from monitor.services.channels import add_console
from monitor.web.listening import Listening
from monitor.web.serve import bound, server_of
from storage.admin.engine import SqlStorage, open_storage
from storage.model import (
    Alert,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Evidence,
    Source,
    stable_id,
)
from storage.story import Membership, Story

DAYS = 30
OUTLETS = 500
TIMES = 7
END = NOW + timedelta(days=DAYS)


def fill(path: Path, rules: int, alerts: int) -> None:
    """Bring what pages show into a copy of the archive."""
    storage = open_storage(f"sqlite:///{path}", migrate=True, analysis=ANALYSIS)
    chance = random.Random(5)
    _spread(storage, path, chance)
    stories = _stories(storage, chance)
    _rules(storage, rules)
    _alerts(storage, chance, stories, alerts)
    storage.close()


def _spread(storage: SqlStorage, path: Path, chance: random.Random) -> None:
    """Let the articles come from many outlets, over 30 days."""
    outlets = [
        Source(
            id=stable_id("source", "feed", f"https://outlet{number}.example/feed"),
            kind="feed",
            url=f"https://outlet{number}.example/feed",
            name=f"Outlet {number}",
            every=timedelta(minutes=15),
            added_at=NOW,
            last_ok_at=END,
            next_poll_at=END,
        )
        for number in range(OUTLETS)
    ]
    with storage.transaction() as tx:
        for outlet in outlets:
            tx.sources.add(outlet)
    with sqlite3.connect(path) as connection:
        ids = [id_ for (id_,) in connection.execute("SELECT id FROM article ORDER BY id")]
        step = timedelta(days=DAYS) / len(ids)
        rows = []
        for place, id_ in enumerate(ids):
            seen = (NOW + step * place).strftime("%Y-%m-%dT%H:%M:%S.000000Z")
            rows.append((chance.choice(outlets).id, seen, seen, id_))
        connection.executemany(
            "UPDATE article SET source_id = ?, first_seen_at = ?, published_at = ? WHERE id = ?",
            rows,
        )
        # The index knows when articles were seen, and is made anew.
        for table in ("article_index", "article_segment", "article_page"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM meta WHERE key = 'search_index'")
    list(indexing.fill(storage))


def _stories(storage: SqlStorage, chance: random.Random) -> list[tuple[str, list[str]]]:
    """Join articles to stories of which most have one and few have forty."""
    with storage.reading() as tx:
        articles = tx.articles.recent(limit=None)
    stories, rest = [], iter(reversed(articles))
    homes: dict[str, str] = {}
    with storage.transaction() as tx:
        while few := list(islice(rest, chance.choices((1, 3, 8, 40), (60, 25, 12, 3))[0])):
            id_ = few[0].id
            tx.stories.put([Story(id=id_, seen_at=few[-1].first_seen_at, articles=len(few))])
            tx.stories.join(
                Membership(
                    article_id=article.id,
                    story_id=id_,
                    joined_at=article.first_seen_at,
                    appeared_at=article.first_seen_at,
                    outlet=f"outlet{chance.randrange(OUTLETS)}.example",
                    language=article.language,
                    reason="says the same" if article.id != id_ else "",
                )
                for article in few
            )
            homes |= {article.id: id_ for article in few}
            stories.append((id_, [article.id for article in few]))
        tx.stories.move(homes)
    return stories


def _rules(storage: SqlStorage, count: int) -> None:
    world = World()
    queries = dict.fromkeys([*world.of_people(count // 5), *world.queries(count * 2)])
    with storage.transaction() as tx:
        console = add_console(tx, now=NOW)
        for number, rule in enumerate(rules_of(list(islice(queries, count)), "all")):
            named = replace(
                rule,
                id=stable_id("rule", rule.query),
                name=rule.query,
                channel_ids=(console.id,),
                tags=(f"tag{number % 20}",),
                caught_up=True,
            )
            tx.rules.add(named)


def _alerts(
    storage: SqlStorage, chance: random.Random, stories: list[tuple[str, list[str]]], count: int
) -> None:
    with storage.transaction() as tx:
        rules, [console] = tx.rules.all(), tx.channels.all()
        alerts, deliveries, known = [], [], set()
        for number in range(count):
            place = min(int(len(stories) * number / count), len(stories) - 1)
            story, members = stories[place]
            rule = rules[int(len(rules) ** chance.random()) - 1]
            raised_at = NOW + timedelta(days=DAYS) * number / count
            id_ = stable_id("alert", rule.id, story)
            if id_ in known:
                continue
            known.add(id_)
            alerts.append(_alert(id_, rule.id, story, members[0], raised_at, chance))
            deliveries.append(
                Delivery(
                    id=f"msg_{stable_id('delivery', id_)}",
                    kind=DeliveryKind.ALERT,
                    alert_id=id_,
                    channel_id=console.id,
                    recipient="",
                    payload=b"x" * 4000,
                    created_at=raised_at,
                    next_at=raised_at,
                    give_up_at=raised_at + timedelta(days=3),
                    delivered_at=raised_at + timedelta(seconds=1),
                    state=DeliveryState.DEAD if number % 400 == 0 else DeliveryState.DELIVERED,
                )
            )
        tx.alerts.add_new(alerts)
        tx.outbox.put(deliveries)


def _alert(id_: str, rule: str, story: str, article: str, at: object, c: random.Random) -> Alert:
    start = c.randrange(2_000)
    proofs = [
        Evidence(field="text", start=s, end=s + 7, text="climate", term="climate", layer="exact")
        for s in (start, start + 12)
    ]
    return Alert(
        id=id_,
        rule_id=rule,
        story_id=story,
        article_id=article,
        raised_at=at,  # type: ignore[arg-type]
        score=1.0,
        evidence=tuple(proofs),
    )


@contextmanager
def served(path: Path) -> Iterator[tuple[App, str]]:
    """Serve the site over a store; it is the end of its 30 days."""
    with tempfile.TemporaryDirectory() as home:
        config = load(environ={"MONITOR_HOME": home, "MONITOR_ZONE": "UTC"})
        storage = open_storage(f"sqlite:///{path}", migrate=True, analysis=ANALYSIS)
        app = App(config, storage, owner="bench", now=lambda: END)
        with bound(Listening("127.0.0.1", 0)) as listener:
            server = server_of(app, Listening("127.0.0.1", 0))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield app, f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            thread.join()
        storage.close()


def addresses(app: App) -> list[str]:
    """Return what is asked: every page, and those of something that has much."""
    with app.storage.reading() as tx:
        [alert] = tx.alerts.recent(limit=1)
        stories = tx.stories.recent(limit=200)
        rule = tx.rules.all()[0]
        source = tx.sources.all()[0]
    largest = max(stories, key=lambda story: story.articles)
    return [
        "/",
        "/?days=30",
        "/?days=30&language=sv",
        f"/?rule={rule.name}&days=30",
        f"/?rule={rule.name}&days=365",
        f"/alerts/{alert.id}",
        "/stories",
        f"/stories/{largest.id}",
        f"/articles/{alert.article_id}",
        "/search",
        "/search?query=climate",
        "/search?query=climate+summit&match=all",
        "/rules",
        "/rules/new",
        f"/rules/{rule.id}",
        "/sources",
        f"/sources/{source.id}",
        "/channels",
        "/channels/console",
        "/deliveries",
        "/silences",
        "/overview",
        "/overview/data",
        "/overview?days=7&by=source",
        "/about",
    ]


def main() -> None:
    """Print a line a page."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--rules", type=int, default=1_000)
    options.add_argument("--alerts", type=int, default=20_000)
    options.add_argument("--page", action="append", help="only these addresses")
    given = options.parse_args()
    path = given.folder / "pages.db"
    if not path.exists():
        make(given.folder, given.articles, 35, None)
        part = path.with_suffix(".part")
        shutil.copyfile(given.folder / "ours.db", part)
        fill(part, given.rules, given.alerts)
        part.rename(path)
    with served(path) as (app, base), httpx.Client(base_url=base, timeout=60) as client:
        print(f"{'page':44}{'first ms':>10}{'median':>9}{'CPU ms':>9}{'bytes':>9}")
        for address in given.page or addresses(app):
            clock, cpu = [], []
            for _ in range(TIMES):
                began, spent = time.perf_counter(), time.process_time()
                with client.stream("GET", address) as answer:
                    size = sum(map(len, answer.iter_raw()))
                clock.append((time.perf_counter() - began) * 1e3)
                cpu.append((time.process_time() - spent) * 1e3)
            answered = "" if answer.status_code == 200 else f"  {answer.status_code}"
            print(
                f"{address[:43]:44}{clock[0]:10.0f}{statistics.median(clock):9.0f}"
                f"{statistics.median(cpu):9.0f}{size:9,}{answered}",
                flush=True,
            )


if __name__ == "__main__":
    main()
