"""Cut connections to PostgreSQL at random, around commits most of all; count what that costs.

    python -m bench.cuts [--seconds 30] [--items 100] [--workers 1] [--seed 1]

A daemon and workers, which are not killed, reach a PostgreSQL that this starts through a proxy. It
cuts connections at any moment, before a COMMIT reaches the server, and after, so that its answer is
lost; others are ended by the server (`pg_terminate_backend`). Leases are extended far more often
than every 15 s, and nothing is held back for a storm. The receiver is well, so whatever comes twice
comes twice by our fault, and no claim has a reason to last: who looks past the proxy tells how long
each was held.

Exit code 0: nothing was lost, came twice or under two ids, and no claim was held longer than
`--held` seconds, of the minute that a lease lasts; 1: otherwise.
"""

import argparse
import multiprocessing
import random
import select
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from bench import kills
from bench.base import world
from bench.base.desk import keep_due, owed, set_up
from bench.base.ending import end_in_order
from bench.base.victims import FORK, Victims, asked, meanwhile, with_app
from monitor.config.load import Config, load
from monitor.daemon import daemon as _daemon
from monitor.delivery.courier import Courier
from monitor.quiet import policy

BEFORE, AFTER, ANYWHERE = 0.04, 0.08, 0.002
"""How many commits are cut off before the server has them, how many answers to them, and how many
pieces of anything."""
END_EVERY_S, LOOK_EVERY_S = 0.4, 0.2
SETTLED_S = 12.0
"""So soon after a start of the server nobody is called dead (`storage.backends.postgres`)."""

ALIVE_EVERY = timedelta(seconds=0.1)

_PIECE = 65_536
_HANG_UP = struct.pack("ii", 1, 0)

_HELD = (
    "SELECT 'delivery ' || id, lease_token, lease_owner FROM delivery WHERE state = 'leased' "
    "UNION ALL SELECT 'source ' || id, lease_token, lease_owner FROM source "
    "WHERE lease_owner IS NOT NULL"
)
_OTHERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class Proxy:
    """Hands on what clients and the server say, and cuts them off while it is to.

    Args:
        path: The server's socket.
        cuts: How many connections were cut; -1 while none is to be.
    """

    def __init__(self, path: str, seed: int, cuts: Any) -> None:
        self._path = path
        self._chance = random.Random(seed)
        self._cuts = cuts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Serve until killed."""
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._pump, args=(client,), daemon=True).start()

    def _pump(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._path)
            while self._handed_on(client, server):
                pass
            if self._cuts.value >= 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HANG_UP)

    def _handed_on(self, client: socket.socket, server: socket.socket) -> bool:
        """Hand on what one of them says; tell whether the connection goes on."""
        for source in select.select([client, server], [], [])[0]:
            piece = source.recv(_PIECE)
            if not piece:
                return False
            commits = source is client and b"COMMIT" in piece
            if self._cuts_now(BEFORE if commits else ANYWHERE):
                return False
            (server if source is client else client).sendall(piece)
            if commits and self._cuts_now(AFTER):
                server.recv(_PIECE)  # the answer: the server has committed
                return False
        return True

    def _cuts_now(self, share: float) -> bool:
        if self._cuts.value < 0 or self._chance.random() >= share:
            return False
        with self._cuts.get_lock():
            self._cuts.value += 1
        return True


class Watch(threading.Thread):
    """Looks past the proxy how long claims are held, and has the server end connections."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.is_fire, self.ended = True, 0
        self._url, self._chance = url, random.Random(seed)
        self._held: dict[tuple[str, int, str], list[float]] = {}
        self._stop = threading.Event()

    def run(self) -> None:
        end_at = 0.0
        with psycopg.connect(self._url, autocommit=True) as session:
            while not self._stop.wait(LOOK_EVERY_S):
                now = time.monotonic()
                for claim in session.execute(_HELD):
                    self._held.setdefault(claim, [now, now])[1] = now
                if self.is_fire and now >= end_at:
                    end_at = now + END_EVERY_S
                    for pid in self._chance.sample(session.execute(_OTHERS).fetchall(), k=1):
                        session.execute("SELECT pg_terminate_backend(%s)", pid)
                        self.ended += 1

    def stop(self) -> None:
        """End the watch."""
        self._stop.set()
        self.join()

    def longest(self) -> list[tuple[float, str]]:
        """Return for how many seconds claims were held, and which, the longest first."""
        held = (
            (last - first, f"{claim[0]} {claim[1]}") for claim, (first, last) in self._held.items()
        )
        return sorted(held, reverse=True)


def main() -> int:
    """Run, and print what it cost."""
    end_in_order()
    options = argparse.ArgumentParser(description="Cut connections to PostgreSQL.")
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--items", type=int, default=100)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--held", type=float, default=20.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--home", type=Path, help="use this new folder, and keep it")
    given = options.parse_args()
    kills.read_what_is_dear()
    vars(_daemon)["ALIVE_EVERY"] = ALIVE_EVERY
    policy.STORM_LIMIT = given.items
    here, there = FORK.Pipe()
    FORK.Process(target=world.serve, args=(given.seed, there), daemon=True).start()
    port, _ = here.recv()
    kills.ask(here, "calm")
    with kills.home_folder(given.home) as home, kills.database("postgres", home) as url:
        path = f"{make_url(url).query['host']}/.s.PGSQL.5432"
        cuts = multiprocessing.Value("i", -1)
        proxy = Proxy(path, given.seed, cuts)
        FORK.Process(target=proxy.serve, daemon=True).start()
        through = make_url(url).set(host="127.0.0.1", port=proxy.port, query={})
        environ = {
            "MONITOR_HOME": str(home),
            "MONITOR_DATABASE_URL": url,
            "MONITOR_SEEDS": str(home / "seeds"),
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_WEB_LISTEN": "none",
        }
        straight = load(environ=environ)
        environ["MONITOR_DATABASE_URL"] = through.render_as_string(hide_password=False)
        with_app(
            straight, lambda app: set_up(app, port, webhooks={"one": {}, "two": {}, "three": {}})
        )
        victims = Victims(load(environ=environ), Courier, 1 + given.workers)
        watch = Watch(url, given.seed)
        try:
            _fire(given, straight, victims, watch, here, port, cuts)
            gone = [place for place, each in victims.alive.items() if each.exitcode is not None]
        finally:
            victims.stop()
            victims.kill_all()
        return _verdict(given, straight, watch, here, gone)


def _fire(
    given: argparse.Namespace,
    straight: Config,
    victims: Victims,
    watch: Watch,
    pipe: Connection,
    port: int,
    cuts: Any,
) -> None:
    """Let news come while connections are cut, then wait for what is claimed still."""
    victims.start(timedelta(0))
    time.sleep(SETTLED_S)
    cuts.value = 0
    watch.start()
    with meanwhile(straight, keep_due):
        began, half = time.monotonic(), given.items // 2
        while (share := (time.monotonic() - began) / given.seconds) < 1:
            kills.ask(pipe, ("publish", int(half * share)))
            kills.drop_documents(straight.home / "seeds", int(half * share), port)
            time.sleep(LOOK_EVERY_S)
        kills.ask(pipe, ("publish", given.items - half))
        kills.drop_documents(straight.home / "seeds", half, port)
    print(f"{cuts.value} connections cut, {watch.ended} ended by the server")
    cuts.value, watch.is_fire = -1, False
    time.sleep(given.held / 2)
    watch.stop()


def _verdict(
    given: argparse.Namespace, straight: Config, watch: Watch, pipe: Connection, gone: list[int]
) -> int:
    left = kills.drain(
        Victims(straight, Courier, 1), items=given.items, ahead=timedelta(0), seconds=6
    )
    pairs, silent = asked(straight, owed)
    record: world.Record = kills.ask(pipe, "report")
    pipe.send("stop")
    repeats = sum(sum(bodies.values()) - 1 for bodies in record.bodies.values())
    longest = watch.longest()[:3]
    print(f"{len(pairs)} alerts; {left.deliveries}; ended by themselves: {gone or 'none'}")
    print("held longest:", ", ".join(f"{seconds:.1f} s {what}" for seconds, what in longest))
    code = kills.verdict(pairs, record, left, missing=given.items - left.news + silent)
    held = any(seconds > given.held for seconds, _ in longest)
    return 1 if code or gone or held or repeats else 0


if __name__ == "__main__":
    sys.exit(main())
