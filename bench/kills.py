"""Kill the daemon at random instants and count what was lost or made twice.

    .venv/bin/python -m bench.kills                             # SQLite, 200 kills, 300 items
    .venv/bin/python -m bench.kills --database postgresql://... # or a PostgreSQL of the tests' kind
    .venv/bin/python -m bench.kills --design forgetful          # a control: must lose some

A feed that grows, a folder that grows and a webhook sink that fails in 30 % of its answers
(HTTP 500, 429 with Retry-After, a cut connection after it took the body) are in play while
the daemon is killed with SIGKILL and started again. The sink is the recorder: it is never
killed, it counts an id once it has the whole body, before it answers, and it fails on purpose.

Exit code 0: nothing lost, no match under two ids, each id with one body. 1: otherwise. The
controls (`--design forgetful`: mark, then send; `--design random-id`: a new id an attempt)
must end with 1, or this harness is blind.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingester import feed as _feed  # noqa: F401  imported before the forks, to make starts cheap
from ingester import folder as _folder  # noqa: F401
from ingester import page as _page  # noqa: F401
from monitor import addressbook, catalogue, clock, daemon, rulebook
from monitor.config import Config, load
from monitor.deliver import Courier
from monitor.wiring import House
from storage.api import Finish
from storage.model import Delivery, DeliveryState

RULE = "Hanoi Convention"
ERROR_SHARE = 0.3


# --- the world outside: a growing feed and a recorder that fails on purpose ---------------


@dataclass
class World:
    """What the recorder process knows; read over HTTP, so nothing is shared with the victim."""

    items: int
    seed: int


def feed_of(count: int, port: int) -> bytes:
    """Return an RSS document whose newest `count` items are listed, the newest first."""
    entries = "".join(
        f"<item><guid>g{number}</guid><link>http://127.0.0.1:{port}/news/{number}</link>"
        f"<title>Ministers discuss the Hanoi Convention, part {number}</title>"
        f"<description>Delegates met to speak about the Hanoi Convention, report {number}."
        "</description></item>"
        for number in range(count, 0, -1)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Growing</title>'
        f"<link>http://127.0.0.1:{port}/</link><description>d</description>{entries}"
        "</channel></rss>"
    ).encode()


def serve_world(world: World, pipe: Connection) -> None:
    """Run the feed and the recorder in a process of their own until told to stop."""
    chance = random.Random(world.seed)
    lock = threading.Lock()
    published = 0
    calm = False
    seen: dict[str, Counter[str]] = {}  # id -> body hash -> times
    articles: dict[str, set[str]] = {}  # article URL -> ids

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            body = feed_of(published, port)
            self.send_response(200)
            self.send_header("content-type", "application/rss+xml")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            id_ = self.headers["webhook-id"]
            url = json.loads(body)["data"]["article"]["url"]
            with lock:
                fault = 0.0 if calm else chance.random()
                refused = 0 < fault < ERROR_SHARE / 3
                if not refused:
                    seen.setdefault(id_, Counter())[hashlib.sha256(body).hexdigest()] += 1
                    articles.setdefault(url, set()).add(id_)
            if not calm and fault < ERROR_SHARE:
                self._misbehave(refused, lost=fault > ERROR_SHARE * 2 / 3)
                return
            self.send_response(204)
            self.end_headers()

        def _misbehave(self, refused: bool, *, lost: bool) -> None:
            self.close_connection = True
            if lost:
                return  # took the body and never answers
            self.send_response(429 if refused else 500)
            if refused:
                self.send_header("retry-after", "1")
            self.send_header("content-length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(port)
    while True:
        match pipe.recv():
            case ("publish", int(count)):
                published = min(count, world.items)
                pipe.send(published)
            case "calm":
                calm = True
                pipe.send(None)
            case "report":
                with lock:
                    pipe.send((dict(seen), {url: set(ids) for url, ids in articles.items()}))
            case _:
                return


# --- the designs: ours, and two that are known to be wrong --------------------------------


class Forgetful(Courier):
    """A control: marks a delivery as sent, then sends it."""

    def _carry(self, delivery: Delivery, channel: Any) -> None:
        with self.storage.transaction() as tx:
            done = Finish(state=DeliveryState.DELIVERED, outcome="ok", ended_at=self.now())
            tx.outbox.finish(delivery, done)
        self._send(delivery, channel)


class RandomId(Courier):
    """A control: every attempt has an id of its own."""

    def _send(self, delivery: Delivery, channel: Any) -> Any:
        renamed = replace(delivery, id=f"msg_{random.random()}")
        return super()._send(renamed, channel)


DESIGNS: dict[str, type[Courier]] = {
    "ours": Courier,
    "forgetful": Forgetful,
    "random-id": RandomId,
}


# --- the victim ---------------------------------------------------------------------------


def live(config: Config, design: type[Courier], shift: timedelta) -> None:
    """Be the daemon until killed."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stdout

    def now() -> datetime:
        return clock.now() + shift

    with House.open(config, now=now) as house:
        if design is not Courier:
            ours = house.courier
            fields = {name: getattr(ours, name) for name in ours.__dataclass_fields__}
            house.__dict__["courier"] = design(**fields)
        daemon.run(house, once=False, starter_wanted=False)


def with_house(config: Config, task: Callable[[House], object]) -> None:
    """Run a task on the store in a process of its own, so that the parent never opens it."""

    def run() -> None:
        with House.open(config) as house:
            task(house)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join()
    if child.exitcode != 0:
        raise SystemExit(f"the harness could not use the store: exit code {child.exitcode}")


def make_due(house: House) -> None:
    """Let every source be polled at the next tick, whatever its interval."""
    with house.storage.transaction() as tx:
        for source in tx.sources.all():
            tx.sources.update(replace(source, next_poll_at=house.now()))


def counts(house: House) -> dict[str, int]:
    """Return how many deliveries are in each state."""
    with house.storage.reading() as tx:
        return {str(state): count for state, count in tx.outbox.counts().items()}


def set_up(house: House, port: int) -> None:
    """Add the rule, the webhook and the growing feed."""
    with house.storage.transaction() as tx:
        addressbook.add_channel(
            tx, house.config.home, name="sink", target=f"http://127.0.0.1:{port}/hook",
            now=house.now(),
        )
        rulebook.add_rule(tx, query=RULE, notify=["sink"], now=house.now())
        catalogue.add_feed(tx, url=f"http://127.0.0.1:{port}/feed.xml", backfill=None, now=house.now())
    (house.config.home / "seeds").mkdir(exist_ok=True)


# --- the run ------------------------------------------------------------------------------


def main() -> int:
    """Run the harness and print what was lost."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--database", default="sqlite", help="sqlite, or a postgresql:// URL of an empty database")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--items", type=int, default=300)
    options.add_argument("--longest-life", type=float, default=1.5, help="seconds")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--design", choices=sorted(DESIGNS), default="ours")
    given = options.parse_args()

    chance = random.Random(given.seed)
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    world = fork.Process(target=serve_world, args=(World(given.items, given.seed), there), daemon=True)
    world.start()
    port = here.recv()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        return _run(given, chance, here, port, Path(folder))


def _run(given: argparse.Namespace, chance: random.Random, pipe: Connection, port: int, home: Path) -> int:
    environ = {
        "MONITOR_HOME": str(home),
        "MONITOR_SEEDS": str(home / "seeds"),
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_LOG_LEVEL": "error",
    }
    if given.database != "sqlite":
        environ["MONITOR_DATABASE_URL"] = given.database
    (home / "seeds").mkdir()
    config = load(environ=environ)
    with_house(config, lambda house: set_up(house, port))
    began = time.monotonic()
    feed_items = given.items // 2
    for kill in range(given.kills):
        share = (kill + 1) / given.kills
        _ask(pipe, ("publish", int(feed_items * share)))
        _drop_documents(home / "seeds", int((given.items - feed_items) * share), port)
        _one_life(config, DESIGNS[given.design], seconds=chance.uniform(0, given.longest_life))
    under_fire = time.monotonic() - began
    _ask(pipe, "calm")
    left = _drain(config, DESIGNS[given.design])
    pipe.send("report")
    seen, articles = pipe.recv()
    pipe.send("stop")
    return _verdict(given, seen, articles, left, under_fire)


def _ask(pipe: Connection, what: object) -> object:
    pipe.send(what)
    return pipe.recv()


def _drop_documents(folder: Path, count: int, port: int) -> None:
    for number in range(1, count + 1):
        path = folder / f"document-{number}.txt"
        if not path.exists():
            path.write_text(
                f"Report {number} from the signing\n\nThe Hanoi Convention was signed, and "
                f"this is document {number} about it.\n\nSource: http://127.0.0.1:{port}/seed/{number}\n"
            )
            # Old enough to be taken at once: half-written files are another test's matter.
            past = time.time() - 10
            os.utime(path, (past, past))


def _one_life(config: Config, design: type[Courier], *, seconds: float) -> None:
    with_house(config, make_due)
    victim = multiprocessing.get_context("fork").Process(
        target=live, args=(config, design, timedelta(0))
    )
    victim.start()
    time.sleep(seconds)
    if victim.pid is not None:
        os.kill(victim.pid, signal.SIGKILL)
    victim.join()


def _drain(config: Config, design: type[Courier]) -> dict[str, int]:
    """Let the daemon live in peace until nothing is owed, with the clock moved on each round."""
    result: dict[str, int] = {}
    for round_ in range(1, 30):
        with_house(config, make_due)
        victim = multiprocessing.get_context("fork").Process(
            target=live, args=(config, design, timedelta(hours=3 * round_))
        )
        victim.start()
        time.sleep(6)
        if victim.pid is not None:
            os.kill(victim.pid, signal.SIGTERM)
        victim.join(15)
        result = _counts(config)
        if not result["pending"] and not result["leased"]:
            break
    return result


def _counts(config: Config) -> dict[str, int]:
    here, there = multiprocessing.get_context("fork").Pipe()
    with_house(config, lambda house: there.send(counts(house)))
    found: dict[str, int] = here.recv()
    return found


def _verdict(
    given: argparse.Namespace,
    seen: dict[str, Counter[str]],
    articles: dict[str, set[str]],
    left: dict[str, int],
    under_fire: float,
) -> int:
    lost = given.items - len(articles)
    renamed = sum(len(ids) - 1 for ids in articles.values())
    changed = sum(len(bodies) - 1 for bodies in seen.values())
    repeats = sum(sum(bodies.values()) - 1 for bodies in seen.values())
    print(
        f"{given.design} on {given.database.split(':')[0]}: {given.kills} kills in "
        f"{under_fire:.0f} s, {given.items} matches expected: lost {lost}, new ids {renamed}, "
        f"changed bodies {changed}, raw repeats {repeats}; deliveries {left}"
    )
    return 0 if (lost, renamed, changed) == (0, 0, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
