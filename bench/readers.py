"""What people who keep the page open cost those who wait for alerts: nothing, it should be.

    python -m bench.readers [--feeds 1000] [--readers 50] [--rounds 3] [--page-every 0]

Runs the daemon as a process of its own, with feeds served by another: 5 % of them have two new
items a round, each of which is an alert to one of fifty webhooks. Every round all feeds are due at
once. Rounds take turns: nobody reads; so many readers hold `/live` and `/api/v1/alerts/stream`
open, as open pages and programs do, and load Today every so many seconds. Told is how long after
the feeds had their news the alerts arrived, and how long after they were committed.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bench import intake
from bench.base import sink
from bench.base.ending import end_in_order
from bench.base.made_up import a_feed
from monitor.pipeline.indexing import ANALYSIS
from storage.admin.engine import SqlStorage, open_storage
from storage.model import Channel, Rule, stable_id

CHANNELS = 50
"""More than 20 messages a minute to one of them would become one message."""
PORT = 18420
BASE = f"http://127.0.0.1:{PORT}"
LONGEST_S = 900.0
QUIET_S = 3.0
"""When nothing has arrived for so long behind what was awaited, a round is over."""


@dataclass(frozen=True, slots=True)
class Round:
    """When the alerts of one round arrived, in seconds: since the news, and since the commit."""

    since_news_s: Sequence[float]
    since_commit_s: Sequence[float]


def share(values: Sequence[float], part: float) -> float:
    """Return the value that this part of all does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


async def _reader(number: int, page_every_s: float) -> None:
    timeout = httpx.Timeout(None)
    async with httpx.AsyncClient(base_url=BASE, timeout=timeout, trust_env=False) as client:

        async def listen(path: str) -> None:
            async with client.stream("GET", path) as answer:
                async for _ in answer.aiter_lines():
                    pass

        async def look() -> None:
            while page_every_s:
                await asyncio.sleep(page_every_s * (1 + number % 10 / 10))
                await client.get("/")

        await asyncio.gather(listen("/live"), listen("/api/v1/alerts/stream"), look())


def read(readers: int, page_every_s: float) -> None:
    """Read until this process is ended."""

    async def all_of_them() -> None:
        await asyncio.gather(*(_reader(number, page_every_s) for number in range(readers)))

    asyncio.run(all_of_them())


@contextmanager
def reading(readers: int, page_every_s: float) -> Iterator[None]:
    """Have so many readers."""
    process = multiprocessing.Process(target=read, args=(readers, page_every_s), daemon=True)
    if readers:
        process.start()
        time.sleep(3)  # until all of them are there
        assert process.is_alive()
    try:
        yield
    finally:
        if readers:
            process.terminate()
            process.join()


def prepare(storage: SqlStorage, urls: Sequence[str], port: int, home: Path) -> None:
    """Add feeds, a rule for each that will have news, and webhooks."""
    from monitor.services.channels import add_channel, drafted

    now = datetime.now(UTC)
    with storage.transaction() as tx:
        channels: list[Channel] = []
        for number in range(CHANNELS):
            draft = drafted(
                name=f"hook {number}", target=f"http://127.0.0.1:{port}/{number}", now=now
            )
            channels.append(add_channel(tx, home, draft, now=now)[0])
        for number, url in enumerate(urls):
            tx.sources.add(a_feed(number, url, every=timedelta(days=1), added_at=now))
        for number in range(0, len(urls), intake.CHANGED_EVERY):
            tx.rules.add(
                Rule(
                    id=stable_id("rule", str(number)),
                    name=f"Rule {number}",
                    query=f'source:"Feed {number}"',
                    created_at=now,
                    channel_ids=(channels[number // intake.CHANGED_EVERY % CHANNELS].id,),
                    caught_up=True,
                )
            )


def make_due(storage: SqlStorage) -> None:
    """Make all sources due now."""
    with storage.transaction() as tx:
        now = datetime.now(UTC)
        for source in tx.sources.all():
            tx.sources.update(replace(source, next_poll_at=now))


def all_read(storage: SqlStorage, since: datetime) -> bool:
    """Whether all sources have been polled since."""
    with storage.reading() as tx:
        return all(one.last_ok_at and one.last_ok_at > since for one in tx.sources.all())


def wait_until_read(storage: SqlStorage, since: datetime) -> None:
    """Wait until all sources have been polled since."""
    until = time.monotonic() + LONGEST_S
    while not all_read(storage, since):
        if time.monotonic() > until:
            raise SystemExit("the feeds were not all polled in time")
        time.sleep(1)


def one_round(storage: SqlStorage, receiver: sink.Sink, change: Callable[[], None]) -> Round:
    """Let the feeds have news, wait until all of them are read and told, and return how long."""
    receiver.ask("clear")
    began_at, began_s = datetime.now(UTC), time.monotonic()
    change()
    make_due(storage)
    wait_until_read(storage, began_at)
    while True:
        arrived = receiver.arrivals()
        last_s = max((at for _, at in arrived), default=began_s)
        if time.monotonic() - last_s > QUIET_S:
            break
        time.sleep(0.5)
    clock = time.time() - time.monotonic()
    with storage.reading() as tx:
        made = {id_: tx.outbox.get(id_) for id_, _ in arrived}
    return Round(
        since_news_s=[at - began_s for _, at in arrived],
        since_commit_s=[
            at + clock - owed.created_at.timestamp()
            for id_, at in arrived
            if (owed := made[id_]) is not None
        ],
    )


@contextmanager
def daemon(home: Path) -> Iterator[None]:
    """Run the daemon on a home."""
    environ = {
        **os.environ,
        "MONITOR_HOME": str(home),
        "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
        "MONITOR_WEB_LISTEN": f"127.0.0.1:{PORT}",
        "MONITOR_LOG_LEVEL": "error",
    }
    words = [sys.executable, "-m", "monitor", "run", "--no-starter"]
    process = subprocess.Popen(words, env=environ)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def told(name: str, rounds: Sequence[Round]) -> float:
    """Print a line of the table; return the 99th percentile since the news."""
    news = [value for one in rounds for value in one.since_news_s]
    commit = [value for one in rounds for value in one.since_commit_s]
    spans = {"news": news, "commit": commit}
    parts = [
        f"since the {what}: p50 {statistics.median(values):6.3f} s p99 {share(values, 0.99):6.3f} s"
        for what, values in spans.items()
    ]
    print(f"{name:12} {len(news):6} alerts   {'   '.join(parts)}", flush=True)
    return share(news, 0.99)


def main() -> None:
    """Run the rounds and print the table."""
    end_in_order()
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page-every", type=float, default=0.0)
    given = parser.parse_args()
    here, there = multiprocessing.Pipe()
    serving = multiprocessing.Process(target=intake.serve, args=(given.feeds, there), daemon=True)
    serving.start()
    urls = here.recv()

    def change() -> None:
        here.send("change")
        here.recv()

    with tempfile.TemporaryDirectory() as folder, sink.running() as receiver:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        url = f"sqlite:///{home / 'monitor.db'}"
        storage = open_storage(url, home=home, migrate=True, analysis=ANALYSIS)
        prepare(storage, urls, receiver.port, home)
        began_at = datetime.now(UTC)
        rounds: dict[str, list[Round]] = {"alone": [], "with readers": []}
        with daemon(home):
            wait_until_read(storage, began_at)
            for _ in range(given.rounds):
                for name, readers in (("alone", 0), ("with readers", given.readers)):
                    with reading(readers, given.page_every):
                        rounds[name].append(one_round(storage, receiver, change))
        alone, others = (told(name, those) for name, those in rounds.items())
        print(f"p99 with {given.readers} readers: {others / alone:.2f}x of that alone")
        storage.close()


if __name__ == "__main__":
    main()
