"""Kill the daemon at random instants and count what was lost or made twice.

    .venv/bin/python -m bench.kills                             # SQLite, 200 kills, 300 items
    .venv/bin/python -m bench.kills --database postgres         # on a PostgreSQL that it starts
    .venv/bin/python -m bench.kills --design forgetful          # a control: must lose some

A feed that grows, a folder that grows and a webhook sink that fails in 30 % of its answers
(HTTP 500, 429 with Retry-After, a cut connection after it took the body) are in play while
the daemon is killed with SIGKILL and started again. The sink is the recorder: it is never
killed, it counts an id once it has the whole body, before it answers, and it fails on purpose.

Every alert is owed to several channels, which hold it back each in its own way: storms alone, an
hourly digest, quiet hours, a share of the hour, pauses of the channel and of a rule; with
--every-kind also to one channel of every other kind: each chat answered by its double, at its pace
(use few items then), a mail server, the terminal, and a service behind Apprise. Each life's
clock is some minutes ahead of the one before, so that digests fall due under fire.

Exit code 0: nothing lost, no match under two ids, each id with one body. 1: otherwise. The
controls (`--design forgetful`: mark, then send; `--design random-id`: a new id an attempt)
must end with 1, or this harness is blind.
"""

import argparse
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench.base import sink, world
from bench.base.desk import RULE, articles, counts, make_due, owed, pause, set_up
from bench.base.world import Record, event
from ingester.documents import kind as _folder  # noqa: F401
from ingester.feeds import kind as _feed  # noqa: F401  imported before the forks, to make starts cheap
from ingester.pages import kind as _page  # noqa: F401
from ingester.text.language import detect
from ingester.urls.owners import owner_of
from monitor.app import App
from monitor.base import clock
from monitor.config.home_lock import home_lock
from monitor.config.load import Config, load
from monitor.daemon import daemon as _daemon  # noqa: F401
from monitor.daemon import start
from monitor.daemon.logs import start_logging
from monitor.delivery.courier import Courier
from monitor.lexicons.registry import Lexicons
from monitor.services import rules
from rules.matcher import RuleMatcher
from storage.api import Finish
from storage.model import Delivery, DeliveryState
from tests.builders import a_source, an_article
from tests.postgres import server_url

BUSY_SHARE, LONGER = 0.5, 5.0
"""A life goes on until it has had this share of its time of a processor, at most so much longer."""

MINUTES_A_LIFE = 17
"""By so much each life's clock is ahead of the one before."""


# --- the designs: ours, and two that are known to be wrong --------------------------------


class Forgetful(Courier):
    """A control: marks a delivery as sent, then sends it."""

    def _send(self, delivery: Delivery, *ready: Any, thread: str) -> Any:
        with self.storage.transaction() as tx:
            done = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=self.now())
            tx.outbox.finish(delivery, done)
        return super()._send(delivery, *ready, thread=thread)


class RandomId(Courier):
    """A control: every attempt has an id of its own."""

    def _send(self, delivery: Delivery, *ready: Any, thread: str) -> Any:
        renamed = replace(delivery, id=f"msg_{random.random()}")
        return super()._send(renamed, *ready, thread=thread)


DESIGNS: dict[str, type[Courier]] = {
    "ours": Courier,
    "forgetful": Forgetful,
    "random-id": RandomId,
}


# --- the victim ---------------------------------------------------------------------------


def live(config: Config, design: type[Courier], shift: timedelta) -> None:
    """Be the daemon until killed."""
    log_file = open(config.home / "daemon.log", "a")  # noqa: SIM115
    sys.stdout = sys.stderr = log_file
    start_logging(level="info", form="text")

    def now() -> datetime:
        return clock.now() + shift

    with home_lock(config.home), App.open(config, now=now, daemon=True) as app:
        if design is not Courier:
            ours = app.courier
            fields = {name: getattr(ours, name) for name in ours.__dataclass_fields__}
            app.__dict__["courier"] = design(**fields)
        start.run(app, once=False, starter_wanted=False)


def with_app(config: Config, task: Callable[[App], object]) -> None:
    """Run a task on the store in a process of its own, so that the parent never opens it."""

    def run() -> None:
        with App.open(config) as app:
            task(app)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    if child.exitcode != 0:
        raise SystemExit(f"the harness could not use the store: exit code {child.exitcode}")


# --- the run ------------------------------------------------------------------------------


def main() -> int:
    """Run the harness and print what was lost."""
    options = argparse.ArgumentParser(description="Kill the daemon; count what was lost.")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--items", type=int, default=300)
    options.add_argument("--shortest-life", type=float, default=0.0, help="seconds")
    options.add_argument("--longest-life", type=float, default=1.5, help="seconds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--design", choices=sorted(DESIGNS), default="ours")
    options.add_argument("--every-kind", action="store_true", help="also a channel of each kind")
    options.add_argument("--home", type=Path, help="use this new folder, and keep it")
    given = options.parse_args()
    _read_what_is_dear()
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    fork.Process(target=world.serve, args=(given.seed, there), daemon=True).start()
    port, mail_port = here.recv()
    with _home(given.home) as home, _database(given.database, home) as url:
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
        }
        return _run(given, load(environ=environ), here, port)


def _read_what_is_dear() -> None:
    """Do it before the forks, so that a life is spent on the work and not on starting."""
    rule = rules.starter_rule(RULE, channel_ids=(), now=clock.now())
    Lexicons().made(RULE)
    article = an_article("The Hanoi Convention", text=f"{event(1)[1]} The Hanoi Convention.")
    RuleMatcher([rule]).matches(article, a_source())
    owner_of("https://news.example.org/")
    detect(article.text)


@contextmanager
def _home(wished: Path | None) -> Iterator[Path]:
    if wished is not None:
        wished.mkdir(parents=True)
        yield wished
    else:
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            yield Path(folder)


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
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
    feed_items = given.items // 2
    for kill in range(given.kills):
        share = (kill + 1) / given.kills
        _ask(pipe, ("publish", int(feed_items * share)))
        drop_documents(seeds, int((given.items - feed_items) * share), port)
        if kill % 3 == 0:
            with_app(config, partial(pause, paused=kill % 2 == 0))
        _one_life(
            config,
            DESIGNS[given.design],
            seconds=chance.uniform(given.shortest_life, given.longest_life),
            shift=kill * timedelta(minutes=MINUTES_A_LIFE),
        )
    lasted = time.monotonic() - began
    under_fire: Record = _ask(pipe, "report")
    _ask(pipe, "calm")
    with_app(config, partial(pause, paused=False))
    ahead = given.kills * timedelta(minutes=MINUTES_A_LIFE)
    patience = 12 if given.every_kind else 6
    left = _drain(
        config, DESIGNS[given.design], expected=given.items, ahead=ahead, seconds=patience
    )
    pairs, silent = _asked(config, owed)
    record: Record = _ask(pipe, "report")
    pipe.send("stop")
    printed = (config.home / "daemon.log").read_text(errors="replace")
    for word in re.findall(r"\b[a-z2-7]{6}$", printed, flags=re.MULTILINE):
        record.ids.setdefault(f"console {word}", {"console"})
    print(
        f"{given.design} on {given.database}: {given.kills} kills in {lasted:.0f} s, "
        f"{len(under_fire.ids)} of {len(pairs)} alerts sent under fire, "
        f"{len(under_fire.digests)} digests; then {left}"
    )
    missing = given.items - _asked(config, articles)
    return _verdict(pairs, record, missing=missing + silent)


def _ask(pipe: Connection, what: object) -> Any:
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


def _one_life(config: Config, design: type[Courier], *, seconds: float, shift: timedelta) -> None:
    with_app(config, make_due)
    victim = multiprocessing.get_context("fork").Process(target=live, args=(config, design, shift))
    victim.start()
    assert victim.pid is not None
    began = time.monotonic()
    while (lived := time.monotonic() - began) < seconds or (
        # On a busy machine it has not come as far by then.
        lived < LONGER * seconds and sink.tree_cpu(victim.pid) < BUSY_SHARE * seconds
    ):
        time.sleep(0.005)
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()


def _drain(
    config: Config, design: type[Courier], *, expected: int, ahead: timedelta, seconds: float
) -> dict[str, int]:
    """Let the daemon live in peace until nothing is owed, with the clock moved on each round."""
    result: dict[str, int] = {}
    for round_ in range(1, 21):
        with_app(config, make_due)
        victim = multiprocessing.get_context("fork").Process(
            target=live, args=(config, design, ahead + timedelta(hours=3 * round_))
        )
        victim.start()
        time.sleep(seconds)
        if victim.pid is not None:
            os.kill(victim.pid, signal.SIGTERM)
        victim.join(15)
        result = _asked(config, counts)
        open_ = sum(result[state] for state in ("pending", "leased", "held"))
        if not open_ and _asked(config, articles) >= expected:
            break
    return result


def _asked(config: Config, question: Callable[[App], Any]) -> Any:
    """Return what a function says of the store, asked in a process of its own."""
    here, there = multiprocessing.get_context("fork").Pipe()
    with_app(config, lambda app: there.send(question(app)))
    return here.recv()


def _verdict(expected: set[str], record: Record, *, missing: int) -> int:
    """Say what was lost.

    Args:
        expected: The alerts that channels are owed.
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
    return 0 if (lost, renamed, changed) == (0, 0, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
