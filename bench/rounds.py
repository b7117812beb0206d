"""What a round of polls costs as a command, `monitor run --once`, beside Miniflux in the same run.

    python -m bench.rounds [--feeds 1000] [--rules 0] [--postgres] [--miniflux /usr/bin/miniflux]

The feeds are those of `bench.intake`, each on an address of its own. A round is a process from its
start to its end: cold; all answered 304; 5 % of the feeds with two new items; all answered 200 with
the same bytes. CPU is that of all its processes, the PostgreSQL server's included. Without rules
the first poll is silent; with some, all that it brings may raise alerts. Miniflux, where it is
there, refreshes the same feeds over a PostgreSQL of its own kind, the two in turn; it has an icon
of every feed already, so that it asks for none. Between the last
two, another process makes all due at once for a daemon that is at rest, and all are answered 304:
polls a second from then until the last is polled.
"""

import argparse
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from bench.base import sink
from bench.base.ending import end_in_order
from bench.intake import ITEMS, add_rules, ready, serve, settings
from monitor.app import App
from tests.places import ROOT

ROUNDS = {"cold": "", "all 304": "", "5 % changed": "change", "200, unchanged": "forget"}
"""Each with what the feeds' server is told before it."""
THREADS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads the feeds.

    Attributes:
        server: The PostgreSQL server whose work counts, or "".
        make_due: Called before each round.
        command: One round.
    """

    name: str
    server: str
    make_due: Callable[[], None]
    command: Sequence[str]
    environ: Mapping[str, str]


REST_S = 2.0
"""A host is left alone for so long between two requests, and so are daemons before they count."""


def cpu_of_round(reader: Reader) -> tuple[float, float]:
    """Run a round; return seconds of CPU, and by the clock."""
    reader.make_due()

    def cpu() -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        of_server = sink.server_cpu(reader.server) if reader.server else 0.0
        return ended.ru_utime + ended.ru_stime + of_server

    begun, began = cpu(), time.perf_counter()
    done = subprocess.run(
        reader.command, env=reader.environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{reader.name}: {done.stderr[-2000:]}")
    return cpu() - begun, time.perf_counter() - began


# --- ours ---


@contextmanager
def monitor(urls: list[str], rules: int, server: str) -> Iterator[Reader]:
    """Make a home that follows these feeds; over a database of this server, if one is named."""
    database = sink.new_database(server) if server else None
    with tempfile.TemporaryDirectory() as home:
        if rules:
            with multiprocessing.get_context("spawn").Pool(1) as beside:
                beside.apply(add_rules, (home, database, rules))
        chosen = settings(home, database)

        def make_due() -> None:
            with App.open(chosen) as app, app.storage.transaction() as tx:
                for source in tx.sources.all():
                    due = replace(source, next_poll_at=None)
                    is_new = source.last_ok_at is None and rules > 0
                    tx.sources.update(replace(due, backfill=ITEMS) if is_new else due)

        environ = {
            "PATH": os.environ["PATH"],
            "MONITOR_HOME": home,
            "MONITOR_SEEDS": "none",
            "MONITOR_DICTIONARIES": "none",
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_LOG_LEVEL": "error",
            "PYTHONPATH": str(ROOT),
        }
        if database:
            environ["MONITOR_DATABASE_URL"] = database
        command = (sys.executable, "-m", "monitor", "run", "--once", "--no-starter")
        # Nothing to be polled: Python keeps what it compiles, as an installation has it.
        subprocess.run(command, env=environ, check=True, capture_output=True)
        with App.open(chosen, daemon=True) as app:
            ready(app, urls)
        yield Reader(
            name="monitor", server=server, make_due=make_due, command=command, environ=environ
        )


def cpu_of_daemon(reader: Reader) -> tuple[float, float]:
    """Make all due for a daemon at rest; return seconds of CPU, and by the clock, until it is."""
    command = [each for each in reader.command if each != "--once"]
    environ = {**reader.environ, "MONITOR_WEB_LISTEN": "none"}
    chosen = settings(environ["MONITOR_HOME"], environ.get("MONITOR_DATABASE_URL"))
    reader.make_due()
    running = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)

    def cpu() -> float:
        of_server = sink.server_cpu(reader.server) if reader.server else 0.0
        return sink.tree_cpu(running.pid) + of_server

    try:
        with App.open(chosen) as app:
            _wait_until_polled(app, running)  # its start
            time.sleep(REST_S)
            reader.make_due()
            begun, began = cpu(), time.perf_counter()
            _wait_until_polled(app, running)
            return cpu() - begun, time.perf_counter() - began
    finally:
        running.terminate()
        running.wait()


def _wait_until_polled(app: App, running: "subprocess.Popen[bytes]") -> None:
    is_due = True
    while is_due:
        time.sleep(0.02)
        if running.poll() is not None:
            raise SystemExit(f"the daemon ended with {running.returncode}")
        with app.storage.reading() as tx:
            next_at = tx.sources.next_due(now=app.now())
            is_due = next_at is not None and next_at <= app.now()
            # What is being polled at the moment is held, and waits for nobody.
            is_due = is_due or any(source.next_poll_at is None for source in tx.sources.all())


# --- Miniflux ---


@contextmanager
def miniflux(program: str, urls: list[str], server: str) -> Iterator[Reader]:
    """Make a database of Miniflux that follows these feeds."""
    url = make_url(sink.new_database(server))
    host = url.query.get("host") or url.host
    connection = f"host={host} user={url.username} dbname={url.database} sslmode=disable"
    connection += f" port={url.port}" if url.port else ""
    environ = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": connection,
        "BATCH_SIZE": str(len(urls) + 1),
        "WORKER_POOL_SIZE": str(THREADS),
        "DATABASE_MAX_CONNS": str(THREADS + 4),
        "POLLING_PARSING_ERROR_LIMIT": "0",
        "FETCHER_ALLOW_PRIVATE_NETWORKS": "1",
        "LOG_LEVEL": "error",
    }
    with psycopg.connect(connection, autocommit=True) as db:
        db.execute("CREATE EXTENSION IF NOT EXISTS hstore")
        subprocess.run([program, "-migrate"], env=environ, check=True, capture_output=True)
        admin = {**environ, "CREATE_ADMIN": "1", "ADMIN_USERNAME": "bench"}
        admin |= {"ADMIN_PASSWORD": "bench1234", "LISTEN_ADDR": "127.0.0.1:0"}
        admin |= {"DISABLE_SCHEDULER_SERVICE": "1"}
        served = subprocess.Popen(
            [program], env=admin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while db.execute("SELECT count(*) FROM categories").fetchone() == (0,):
            if served.poll() is not None:
                raise SystemExit("Miniflux ended before it had made its first user")
            time.sleep(0.2)
        served.terminate()
        served.wait()
        db.execute("INSERT INTO icons (hash, mime_type, content) VALUES ('x', 'image/png', 'x')")
        for number, feed in enumerate(urls):
            db.execute(
                "INSERT INTO feeds (user_id, category_id, title, feed_url, site_url)"
                " SELECT user_id, id, %s, %s, %s FROM categories LIMIT 1",
                (f"Feed {number}", feed, f"{feed}/site"),
            )
        db.execute("INSERT INTO feed_icons SELECT feeds.id, icons.id FROM feeds, icons")

        def make_due() -> None:
            db.execute("UPDATE feeds SET next_check_at = now() - interval '1 hour'")
            db.execute("VACUUM ANALYZE feeds")

        yield Reader(
            name="Miniflux",
            server=server,
            make_due=make_due,
            command=(program, "-refresh-feeds"),
            environ=environ,
        )


def main() -> None:
    """Run the rounds and print what they took."""
    end_in_order()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--postgres", action="store_true", help="ours on PostgreSQL, too")
    parser.add_argument("--miniflux", default=shutil.which("miniflux") or "")
    asked = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    ours, theirs = fresh.Pipe()
    feeds = fresh.Process(target=serve, args=(asked.feeds, theirs), daemon=True)
    feeds.start()
    theirs.close()
    with ExitStack() as stack:
        urls = ours.recv()
        server = ""
        if asked.postgres or asked.miniflux:
            shared = stack.enter_context(tempfile.TemporaryDirectory())
            server = stack.enter_context(sink.postgres(Path(shared)))
        own = monitor(urls, asked.rules, server if asked.postgres else "")
        readers = [stack.enter_context(own)]
        if asked.miniflux:
            readers.append(stack.enter_context(miniflux(asked.miniflux, urls, server)))
        else:
            print("Miniflux is not here: nothing is beside ours", file=sys.stderr)
        print(f"{'CPU ms a feed':16}{'ours':>9}{'feeds/s':>9}{'Miniflux':>10}{'ratio':>7}")
        for name, word in ROUNDS.items():
            if word == "forget":  # nothing is answered 304 from now on
                cpu, clock = cpu_of_daemon(readers[0])
                print(f"{'daemon, all 304':16}{1e3 * cpu / len(urls):9.2f}{len(urls) / clock:9.0f}")
            if word:
                ours.send(word)
                ours.recv()
            took = [cpu_of_round(reader) for reader in readers]
            (cpu, clock), *beside = [(1e3 * cpu / len(urls), clock) for cpu, clock in took]
            cells = "".join(f"{other:10.2f}{cpu / other:7.2f}" for other, _ in beside)
            print(f"{name:16}{cpu:9.2f}{len(urls) / clock:9.0f}{cells}", flush=True)
    ours.send("end")
    feeds.join()


if __name__ == "__main__":
    main()
