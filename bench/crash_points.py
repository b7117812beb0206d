"""Kill a run at each of its system calls that leave something behind; count what was lost.

    .venv/bin/python -m bench.crash_points                        # SQLite, every point
    .venv/bin/python -m bench.crash_points --database postgres    # on a PostgreSQL that it starts
    .venv/bin/python -m bench.crash_points --every 7 --forgetful  # a control: must lose some

A run goes the whole way: a channel's secret is changed, a feed and a folder are polled, what they
bring is matched and owed, and sent to a webhook that is up. It is killed with SIGKILL instead of
its n-th write, fsync, truncation, rename, removal or send, for each n; then it runs undisturbed.
Each point begins with the same home. Needs a C compiler (`cc`).

Exit code 0: at no point a match was lost, came under two ids, or its id with two bodies; the
database is whole, and the channel's secret there. 1: otherwise.
"""

import argparse
import ctypes
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench import kills
from bench.base import desk, victims, world
from bench.base.ending import end_in_order
from bench.base.world import Record
from monitor.app import App
from monitor.base import clock
from monitor.config import secrets
from monitor.config.home_lock import home_lock
from monitor.config.load import Config, load
from monitor.daemon import start
from monitor.daemon.logs import start_logging
from monitor.lexicons.registry import Lexicons
from monitor.services import channels
from monitor.services.channels import ChannelChanges
from monitor.services.rules import rules
from notifiers.channels.signature import PREFIX
from rules.matcher import RuleMatcher
from tests.postgres import server_url

ITEMS = 4
DOCUMENTS = 2
SECRETS = [PREFIX + letter * 43 + "=" for letter in "AB"]
PRELOADED = "CRASH_POINTS"
SETTLED_S = 11.0
"""A server that has just started calls nobody dead before this."""

FORK = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Tally:
    """What all points have come to."""

    points: int = 0
    killed: int = 0
    lost: int = 0
    renamed: int = 0
    changed: int = 0
    repeats: int = 0
    damaged: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Count what has arrived after one point."""
        self.lost += ITEMS + DOCUMENTS - len(record.ids)
        self.renamed += sum(len(ids) - 1 for ids in record.ids.values())
        self.changed += sum(len(bodies) - 1 for bodies in record.bodies.values())
        self.repeats += sum(sum(bodies.values()) - 1 for bodies in record.bodies.values())

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.renamed or self.changed or self.damaged)


def main() -> int:
    """Run the harness and print what was lost."""
    end_in_order()
    options = argparse.ArgumentParser(description="Kill at each system call; count what was lost.")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--every", type=int, default=1, help="each n-th point only")
    options.add_argument("--forgetful", action="store_true", help="mark, then send: a control")
    given = options.parse_args()
    if PRELOADED not in os.environ:
        return _preloaded()
    # Read before the forks, so that each point costs the work and not the start.
    RuleMatcher([rules.starter_rule(desk.RULE, channel_ids=(), now=clock.now())])
    Lexicons().made(desk.RULE)
    here, there = FORK.Pipe()
    FORK.Process(target=world.serve, args=(1, there), daemon=True).start()
    port, _ = here.recv()
    for word in ("calm", ("publish", ITEMS)):
        _ask(here, word)
    with (
        tempfile.TemporaryDirectory(prefix="crash-points-") as folder,
        _homes(given.database, Path(folder), port) as homes,
    ):
        tally = _all_points(homes, here, given.every, forgetful=given.forgetful)
    here.send("stop")
    print(
        f"{given.database}: {tally.killed} of {tally.points} points: lost {tally.lost}, new ids "
        f"{tally.renamed}, changed bodies {tally.changed}, raw repeats {tally.repeats}, "
        f"damage {len(tally.damaged)}"
    )
    print(*tally.damaged[:9], sep="\n")
    return 0 if tally.is_well else 1


def _preloaded() -> int:
    """Run this again with the calls counted."""
    with tempfile.TemporaryDirectory(prefix="crash-points-so-") as folder:
        library = Path(folder) / "crash_points.so"
        source = Path(__file__).parent / "base" / "crash_points.c"
        compile_it = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
        subprocess.run(compile_it, check=True)
        environ = {**os.environ, "LD_PRELOAD": str(library), PRELOADED: str(library)}
        again = [sys.executable, "-m", "bench.crash_points", *sys.argv[1:]]
        return subprocess.run(again, env=environ, check=False).returncode


# --- homes ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Homes:
    """Makes homes that are all the same.

    Attributes:
        pattern: The folder of the first; `admin` and `database` where they have a PostgreSQL.
    """

    pattern: Path
    port: int
    server: str = ""
    count: int = 0

    def config(self, home: Path, database: str = "") -> Config:
        """Return the settings of a home."""
        environ = {
            "MONITOR_HOME": str(home),
            "MONITOR_SEEDS": str(self.pattern.with_name("seeds")),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        }
        if database:
            url = make_url(self.server).set(database=database)
            environ["MONITOR_DATABASE_URL"] = url.render_as_string(hide_password=False)
        return load(environ=environ)

    @contextmanager
    def one(self) -> Iterator[Config]:
        """Make a home; it is gone afterwards."""
        self.count += 1
        home = self.pattern.with_name(f"home-{self.count}")
        shutil.copytree(self.pattern, home)
        database = f"points_{self.count}" if self.server else ""
        if database:
            self.execute(f'CREATE DATABASE "{database}" TEMPLATE points')
        try:
            yield self.config(home, database)
        finally:
            shutil.rmtree(home)
            if database:
                self.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Do something to the server as a whole."""
        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(statement.encode())


@contextmanager
def _homes(kind: str, folder: Path, port: int) -> Iterator[Homes]:
    homes = Homes(folder / "pattern", port)
    (folder / "seeds").mkdir()
    kills.drop_documents(folder / "seeds", DOCUMENTS, port)
    if kind == "sqlite":
        victims.with_app(homes.config(homes.pattern), partial(_set_up, port=port))
        yield homes
        return
    (folder / "pg").mkdir()
    with server_url(folder / "pg") as url:
        began = time.monotonic()
        homes.server = url
        homes.execute('CREATE DATABASE "points"')
        victims.with_app(homes.config(homes.pattern, "points"), partial(_set_up, port=port))
        time.sleep(max(0.0, SETTLED_S - (time.monotonic() - began)))
        yield homes


def _set_up(app: App, *, port: int) -> None:
    desk.set_up(app, port, webhooks={"sink": {}})
    with app.storage.transaction() as tx:
        sink = channels.channel_named(tx, "sink")
        edited = channels.edit_channel(
            tx, app.config.home, sink, ChannelChanges(secret=SECRETS[0]), now=app.now()
        )
    channels.forget_replaced(app.config.home, edited)


# --- points ---------------------------------------------------------------------------------------


def _all_points(homes: Homes, pipe: Connection, every: int, *, forgetful: bool) -> Tally:
    tally = Tally()
    with homes.one() as config:
        _, tally.points = _life(config, at=1_000_000_000, forgetful=forgetful)
    for at in range(1, tally.points + 1, every):
        _ask(pipe, "forget")
        with homes.one() as config:
            killed, _ = _life(config, at=at, forgetful=forgetful)
            tally.killed += killed
            for _ in range(3):
                _life(config, at=-1, forgetful=forgetful)
                is_drained, problems = _state(config)
                if is_drained:
                    break
        tally.damaged += [f"point {at}: {problem}" for problem in problems]
        before = tally.lost
        tally.add(_ask(pipe, "report"))
        if tally.lost > before:
            print(f"point {at}: lost {tally.lost - before}", flush=True)
    return tally


def _life(config: Config, *, at: int, forgetful: bool) -> tuple[bool, int]:
    """Go the whole way in a process of its own, killed at a point; -1: undisturbed.

    Return whether it was killed, and how many points it has passed otherwise.
    """
    here, there = FORK.Pipe()
    process = FORK.Process(target=_live, args=(config, at, forgetful, there))
    process.start()
    there.close()
    process.join()
    seen = here.recv() if process.exitcode == 0 else 0
    return process.exitcode == -9, seen


def _live(config: Config, at: int, forgetful: bool, pipe: Connection) -> None:
    sys.stdout = sys.stderr = open(config.home / "daemon.log", "a")  # noqa: SIM115
    start_logging(level="info", form="text")
    library = ctypes.CDLL(os.environ[PRELOADED])
    library.crash_points_seen.restype = ctypes.c_long
    library.crash_points_arm(ctypes.c_long(at))
    with home_lock(config.home), App.open(config, daemon=True) as app:
        if forgetful:
            victims.of_design(app, victims.Forgetful)
        if at >= 0:
            _change_secret(app)
        start.run(app, once=True, starter_wanted=False)
    seen = library.crash_points_seen()
    library.crash_points_arm(ctypes.c_long(-1))
    pipe.send(seen)


def _change_secret(app: App) -> None:
    with app.storage.transaction() as tx:
        sink = channels.channel_named(tx, "sink")
        changes = ChannelChanges(secret=SECRETS[1])
        edited = channels.edit_channel(tx, app.config.home, sink, changes, now=app.now())
    channels.forget_replaced(app.config.home, edited)


def _state(config: Config) -> tuple[bool, list[str]]:
    """Return whether all is made and sent, and what is wrong with the store and the secret."""
    here, there = FORK.Pipe()

    def look(app: App) -> None:
        counts, problems = desk.counts(app), app.storage.problems()
        with app.storage.reading() as tx:
            sink = channels.channel_named(tx, "sink")
        try:
            secrets.read(config.home, sink)
        except secrets.MissingTarget as missing:
            problems.append(str(missing))
        there.send((counts.get("delivered", 0) >= ITEMS + DOCUMENTS, problems))

    victims.with_app(config, look)
    found: tuple[bool, list[str]] = here.recv()
    return found


def _ask(pipe: Connection, what: object) -> Any:
    pipe.send(what)
    return pipe.recv()


if __name__ == "__main__":
    sys.exit(main())
