"""Kill the daemon at random instants and count what was lost or made twice.

    .venv/bin/python -m bench.kills                             # SQLite, 200 kills, 300 items
    .venv/bin/python -m bench.kills --database postgres         # on a PostgreSQL that it starts
    .venv/bin/python -m bench.kills --database postgres --workers 2   # any of the three is killed
    .venv/bin/python -m bench.kills --keep 30d                  # and old news is pruned meanwhile
    .venv/bin/python -m bench.kills --design forgetful          # a control: must lose some

A feed that grows, a folder that grows and a webhook sink that fails in 30 % of its answers
(HTTP 500, 429 with Retry-After, a cut connection after it took the body) are in play while
the daemon is killed with SIGKILL and started again. The sink is the recorder: it is never
killed, it counts an id once it has the whole body, before it answers, and it fails on purpose.

Every alert is owed to several channels, which hold it back each in its own way: storms alone, an
hourly digest, quiet hours, a share of the hour, pauses of the channel and of a rule; with
--every-kind also to one channel of every other kind: each chat answered by its double, at its pace
(use few items then), a mail server, the terminal, and a service behind Apprise. Each life's
clock is some minutes ahead of the one before, so that digests fall due under fire. With workers
the others go on when one is killed, and the clock is set when all die at once, now and then.

Exit code 0: nothing lost, no match under two ids, each id with one body; nothing that was pruned
came back, no host was asked by two at a time, and `doctor` would find nothing. 1: otherwise. The
controls (`--design forgetful`: mark, then send; `--design random-id`: a new id an attempt;
`--design rude`, with workers: hosts asked as if nobody else did) must end with 1, or this harness
is blind.
"""

import argparse
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.base import world
from bench.base.desk import (
    OLD_FOR,
    RULE,
    State,
    add_old_news,
    keep_due,
    make_due,
    owed,
    pause,
    set_up,
    state_of,
)
from bench.base.ending import end_in_order
from bench.base.victims import DESIGNS, Victims, asked, meanwhile, with_app
from bench.base.world import Record, event
from ingester.documents import kind as _folder  # noqa: F401
from ingester.feeds import kind as _feed  # noqa: F401  imported before the forks, to make starts cheap
from ingester.pages import kind as _page  # noqa: F401
from ingester.text.language import detect
from ingester.urls.owners import owner_of
from monitor.base import clock
from monitor.config.load import Config, load
from monitor.daemon import daemon as _daemon  # noqa: F401
from monitor.lexicons.registry import Lexicons
from monitor.services.rules import rules
from rules.matcher import RuleMatcher
from tests.builders import a_source, an_article
from tests.postgres import server_url

MINUTES_A_LIFE = 17
"""By so much each life's clock is ahead of the one before."""

ALL_EVERY = 5
"""Of several processes all die at once so often. Only then is the clock set, and does old news
come, which is to be pruned: by the clock of then, which no other process may meet."""


# --- the run ------------------------------------------------------------------------------


def main() -> int:
    """Run the harness and print what was lost."""
    end_in_order()
    options = argparse.ArgumentParser(description="Kill the daemon; count what was lost.")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--items", type=int, default=300)
    options.add_argument("--shortest-life", type=float, default=0.0, help="seconds")
    options.add_argument("--longest-life", type=float, default=1.5, help="seconds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--design", choices=sorted(DESIGNS), default="ours")
    options.add_argument("--every-kind", action="store_true", help="also a channel of each kind")
    options.add_argument("--workers", type=int, default=0, help="beside the daemon; PostgreSQL")
    options.add_argument("--keep", help="keep_articles: old news comes, and is pruned")
    options.add_argument("--home", type=Path, help="use this new folder, and keep it")
    given = options.parse_args()
    if given.workers and given.database == "sqlite":
        options.error("workers share a PostgreSQL database")
    read_what_is_dear()
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    fork.Process(target=world.serve, args=(given.seed, there), daemon=True).start()
    port, mail_port = here.recv()
    with home_folder(given.home) as home, database(given.database, home) as url:
        environ = {
            "MONITOR_HOME": str(home),
            "MONITOR_DATABASE_URL": url,
            "MONITOR_SEEDS": str(home / "seeds"),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_WEB_LISTEN": "none",  # lives are too short for it
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(mail_port),
            "MONITOR_SMTP_SECURITY": "none",
            "MONITOR_SMTP_FROM": "monitor@example.org",
            **({"MONITOR_KEEP_ARTICLES": given.keep} if given.keep else {}),
        }
        return _run(given, load(environ=environ), here, port)


def read_what_is_dear() -> None:
    """Do it before the forks, so that a life is spent on the work and not on starting."""
    rule = rules.starter_rule(RULE, channel_ids=(), now=clock.now())
    Lexicons().made(RULE)
    article = an_article("The Hanoi Convention", text=f"{event(1)[1]} The Hanoi Convention.")
    RuleMatcher([rule]).matches(article, a_source())
    owner_of("https://news.example.org/")
    detect(article.text)


@contextmanager
def home_folder(wished: Path | None) -> Iterator[Path]:
    """Give this new folder, or one that goes away afterwards."""
    if wished is not None:
        wished.mkdir(parents=True)
        yield wished
    else:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            yield Path(folder)


@contextmanager
def database(kind: str, home: Path) -> Iterator[str]:
    """Give the URL of an empty database, "" for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="kills-pg-") as shared, server_url(Path(shared)) as url:
        name = f"kills_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
        yield make_url(url).set(database=name).render_as_string(hide_password=False)


def _run(given: argparse.Namespace, config: Config, pipe: Connection, port: int) -> int:
    chance = random.Random(given.seed)
    seeds = config.home / "seeds"
    seeds.mkdir()
    with_app(config, lambda app: set_up(app, port, every_kind=given.every_kind))
    began = time.monotonic()
    victims = Victims(config, DESIGNS[given.design], 1 + given.workers)
    together = ALL_EVERY if given.workers else 1
    try:
        for kill in range(given.kills):
            _prepare(given, config, pipe, port, kill=kill)
            victims.start(kill // together * together * timedelta(minutes=MINUTES_A_LIFE))
            with meanwhile(config, keep_due) if given.workers else nullcontext():
                victims.kill(
                    chance.randrange(victims.count),
                    seconds=chance.uniform(given.shortest_life, given.longest_life),
                )
            if (kill + 1) % together == 0:
                victims.kill_all()
    finally:
        victims.kill_all()
    lasted = time.monotonic() - began
    under_fire: Record = ask(pipe, "report")
    stay = asked(config, state_of).old_news
    ask(pipe, "calm")
    with_app(config, partial(pause, paused=False))
    ahead = given.kills * timedelta(minutes=MINUTES_A_LIFE)
    left = drain(victims, items=given.items, ahead=ahead, seconds=12 if given.every_kind else 6)
    pairs, silent = asked(config, owed)
    record: Record = ask(pipe, "report")
    pipe.send("stop")
    printed = (config.home / "daemon.log").read_text(errors="replace")
    for word in re.findall(r"\b[a-z2-7]{6}$", printed, flags=re.MULTILINE):
        record.ids.setdefault(f"console {word}", {"console"})
    print(
        f"{given.design} on {given.database}: {given.kills} kills in {lasted:.0f} s, "
        f"{len(under_fire.ids)} of {len(pairs)} alerts sent under fire, "
        f"{len(under_fire.digests)} digests; then {left.deliveries}"
    )
    old = world.OLD_ITEMS * -(-given.kills // ALL_EVERY) if given.keep else 0
    print(f"{record.looks} looks at feeds; {old - stay} of {old} old articles pruned under fire")
    return verdict(pairs, record, left, missing=given.items - left.news + silent)


def _prepare(
    given: argparse.Namespace, config: Config, pipe: Connection, port: int, *, kill: int
) -> None:
    """Let news come, and old news, and pause what is paused now and then."""
    share = (kill + 1) / given.kills
    feed_items = given.items // 2
    ask(pipe, ("publish", int(feed_items * share)))
    drop_documents(config.home / "seeds", int((given.items - feed_items) * share), port)
    if kill % 3 == 0:
        with_app(config, partial(pause, paused=kill % 2 == 0))
    if given.keep and kill % ALL_EVERY == 0:
        with_app(config, partial(add_old_news, number=kill, port=port), shift=-OLD_FOR)
    with_app(config, make_due)


def ask(pipe: Connection, what: object) -> Any:
    """Return what the world answers to this (`bench.base.world.serve`)."""
    pipe.send(what)
    return pipe.recv()


def drop_documents(folder: Path, count: int, port: int) -> None:
    """Write the first so many documents into a folder, unless they are there."""
    for number in range(1, count + 1):
        path = folder / f"document-{number}.txt"
        if not path.exists():
            path.write_text(
                f"{event(-number)[0]}\n\n{event(-number)[1]} The Hanoi Convention was signed, "
                f"says document {number}.\n\nSource: http://127.0.0.1:{port}/seed/{number}\n"
            )
            # Old enough to be taken at once: half-written files are another test's matter.
            past = time.time() - 10
            os.utime(path, (past, past))


def drain(victims: Victims, *, items: int, ahead: timedelta, seconds: float) -> State:
    """Let all live in peace until nothing is owed, with the clock moved on each round."""
    for round_ in range(1, 21):
        with_app(victims.config, make_due)
        victims.start(ahead + timedelta(hours=3 * round_))
        time.sleep(seconds)
        victims.stop()
        state: State = asked(victims.config, state_of)
        if not state.is_open and state.news >= items:
            break
    return state


def verdict(expected: set[str], record: Record, left: State, *, missing: int) -> int:
    """Say what was lost.

    Args:
        expected: The alerts that channels are owed.
        left: What is in the store.
        missing: How many items were never stored, or stories never told of.
    """
    left_out: Counter[str] = Counter()
    for (channel, _), count in record.left_out.items():
        left_out[channel] += count
    untold = []
    for pair in sorted(expected - record.ids.keys()):
        channel = pair.partition(" ")[0]
        left_out[channel] -= 1
        if left_out[channel] < 0:  # no digest says of it that it has no room for it
            untold.append(pair)
    for pair in untold[:20]:
        print(f"never told: {pair}")
    lost = missing + len(untold)
    renamed = sum(len(ids) - 1 for ids in record.ids.values())
    changed = sum(len(bodies) - 1 for bodies in record.bodies.values())
    repeats = sum(sum(bodies.values()) - 1 for bodies in record.bodies.values())
    print(f"{len(record.digests)} digests")
    print(f"lost {lost}, new ids {renamed}, changed bodies {changed}, raw repeats {repeats}")
    print(f"came back {left.came_back}, asked by two at once {record.at_once}, ", end="")
    print(f"wrong in the store {len(left.problems)}", *left.problems, sep="\n")
    wrong = (lost, renamed, changed, left.came_back, record.at_once, len(left.problems))
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
