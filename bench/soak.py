"""Run the daemon for long under faults, and say what became of every alert that should exist.

    python -m bench.soak [--minutes 10] [--database sqlite|postgres] [--feeds 20]
        [--items-a-minute 600] [--stop-every SECONDS] [--cut-every 45] [--seed 1] [--home FOLDER]

`monitor run` as a process follows feeds whose server fails in 24 to 40 % of its answers (503, cut
off, garbage; 3 s late and with bytes that are no text where there is something new) and else says
304 or lists what is new; two rules tell webhooks, three chats and a mailbox, whose receivers fail
in 30 %. Some gather, some may be sent a few, and each 20 s somebody changes a limit, a digest or a
pause, so that digests go out that have no room for all. News comes in waves, so that storms end;
the last wave ends with the run. PostgreSQL's connections are cut each 45 s. With --stop-every the
daemon is told to end so often, by SIGTERM and SIGINT in turn, whatever is under way, and started
again.

At the end feeds stop failing until the daemon has taken in all of them, as its requests show, and
it is stopped with thousands held. Then each alert is one of: told, by what a receiver got; counted
by a digest that came and says that it has no room for it; pending, held or failed by name in the
store; or LOST. Digests must say of as many alerts as the store says that they carry.

Exit code 1: something is lost, a digest says another number, a step met a bug, a stop took over
10 s or ended with another code than 0, or `doctor` would find something.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import psycopg

from bench import kills
from bench.base import press, sink
from bench.base.accounts import Account, Kept, kept, lines
from bench.base.desk import make_due
from bench.base.ending import end_in_order
from bench.base.victims import asked, meanwhile, with_app
from monitor.app import App
from monitor.config.load import load
from monitor.services import channels
from monitor.services.fields.rule_fields import RuleChanges
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.rules import rules
from monitor.services.sources import sources
from storage.api.errors import StorageError
from tests.places import ROOT
from tests.vendors.doubles import DOUBLES

WAVE_S, CALM_S = 70.0, 110.0
"""News comes for so long, and then for so long none: a storm is over a minute after all is read."""
CHANGE_EVERY_S, DUE_EVERY_S, LOOK_EVERY_S = 20.0, 5.0, 0.5
READ_WITHIN_S = 120.0
LONGEST_STOP_S = 10.0

ALL, SOME = press.RULES
CHANNELS: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "desk": ((ALL, SOME), {}),
    "gathered": ((ALL, SOME), {"digest": "hourly"}),
    "sparing": ((ALL,), {"max_per_hour": 30}),
    "paused": ((ALL,), {}),
    "slack": ((ALL,), {"max_per_day": 20}),
    "mattermost": ((ALL,), {"digest": "hourly"}),
    "teams": ((ALL, SOME), {}),
    "email": ((ALL,), {}),
}
"""Each with the rules that tell it; chats are called as their kinds are, webhooks otherwise."""

CHANGES = (
    "pause-channel paused",
    "edit-channel slack --max-per-day {n}",
    "edit-channel gathered --digest none",
    "edit-channel mattermost --digest none",
    "edit-channel gathered --digest hourly",
    "edit-channel sparing --max-per-hour {n}",
    "enable-channel paused",
    "edit-channel mattermost --digest hourly",
)
"""What somebody does, in turn; what was gathered under other settings is told at once."""

_CUT = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
    "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def set_up(app: App, port: int, urls: Sequence[str]) -> None:
    """Add channels, rules and feeds: all that feeds ever list raises alerts."""
    targets = {kind: f"http://127.0.0.1:{port}{each.path}" for kind, each in DOUBLES.items()}
    targets |= {"email": "mailto:reader@example.org"}
    with app.storage.transaction() as tx:
        for name, (_, chosen) in CHANNELS.items():
            made = channels.drafted(
                name=name,
                target=targets.get(name, f"http://127.0.0.1:{port}/{name}"),
                kind=name if name in targets else None,
                now=app.now(),
                chosen=chosen,
            )
            channels.add_channel(tx, app.config.home, made, now=app.now())
        for rule in press.RULES:
            told = tuple(name for name, (theirs, _) in CHANNELS.items() if rule in theirs)
            rules.add_rule(tx, RuleChanges(query=rule, name=rule, notify=told), now=app.now())
        for url in urls:
            wish = SourceChanges(reading={"full_text": "no"}, backfill=1_000_000)
            sources.add_source(tx, kind="feed", url=url, now=app.now(), wish=wish)


def keep_due(app: App) -> NoReturn:
    """Have all feeds polled again and again, whatever intervals they and their failures have."""
    while True:
        with suppress(StorageError):  # its connection may be cut as well
            make_due(app)
        time.sleep(DUE_EVERY_S)


@dataclass(slots=True)
class Daemon:
    """`monitor run`, started anew after each stop.

    Attributes:
        stops: What each stop ended with, and how many seconds it took.
        sizes: MB of memory, threads and open files, as often as somebody looked.
        cpu_s: Of those that have ended.
    """

    home: Path
    environ: dict[str, str]
    stops: list[tuple[int, float]] = field(default_factory=list)
    sizes: list[tuple[int, int, int]] = field(default_factory=list)
    cpu_s: float = 0.0
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it."""
        with (self.home / "daemon.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run", "--no-starter"],
                env=self.environ,
                cwd=self.home,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def look(self) -> None:
        """Note how large it is."""
        assert self._process is not None
        if self._process.poll() is not None:
            raise SystemExit(f"the daemon ended by itself with {self._process.returncode}")
        place = Path(f"/proc/{self._process.pid}")
        status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
        memory, threads = (int(status[name].split()[0]) for name in ("VmRSS", "Threads"))
        self.sizes.append((memory // 1024, threads, len(os.listdir(place / "fd"))))

    def stop(self, number: int) -> None:
        """Tell it to end by this signal, and wait until it has."""
        assert self._process is not None
        self.cpu_s += sink.tree_cpu(self._process.pid)
        began = time.monotonic()
        self._process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(3 * LONGEST_STOP_S)
        if self._process.returncode is not None:
            self.stops.append((self._process.returncode, time.monotonic() - began))
        self.kill()

    def kill(self) -> None:
        """End it, whatever it does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self.stops.append((self._process.returncode, float("inf")))

    def command(self, words: str) -> int:
        """Run a command of the monitor beside it; return its exit code."""
        command = [sys.executable, "-m", "monitor", *words.split()]
        done = subprocess.run(command, env=self.environ, cwd=self.home, capture_output=True)
        return done.returncode

    def logged(self) -> Iterator[dict[str, object]]:
        """Yield what it has logged; what is no log line as an error."""
        for line in (self.home / "daemon.log").read_text(errors="replace").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                yield {"level": "error", "message": f"printed: {line}"}


@dataclass(slots=True)
class Often:
    """Tells when something is due again."""

    every_s: float
    at_s: float = 0.0

    def is_due(self, now_s: float) -> bool:
        """Whether it is now; then it is due again after so long."""
        if not self.every_s or now_s < self.at_s + self.every_s:
            return False
        self.at_s = now_s
        return True


def fire(given: argparse.Namespace, daemon: Daemon, pipe: Connection, url: str) -> int:
    """Let the run go on for its time; return how many items were published."""
    end_s, published, began = 60 * given.minutes, 0.0, time.monotonic()
    signals = itertools.cycle((signal.SIGTERM, signal.SIGINT))
    changes, numbers = itertools.cycle(CHANGES), itertools.count(21)
    change, cut, stop = map(
        Often, (CHANGE_EVERY_S, given.cut_every if url else 0, given.stop_every)
    )
    before_s = 0.0
    ended: Counter[int] = Counter()
    while (now_s := time.monotonic() - began) < end_s:
        if (end_s - now_s) % (WAVE_S + CALM_S) < WAVE_S:
            published += (now_s - before_s) * given.items_a_minute / 60
            kills.ask(pipe, ("publish", int(published)))
        before_s = now_s
        daemon.look()
        if cut.is_due(now_s):
            with psycopg.connect(url, autocommit=True) as session:
                session.execute(_CUT.encode())
        if change.is_due(now_s):
            ended[daemon.command(next(changes).format(n=next(numbers)))] += 1
        if stop.is_due(now_s):
            daemon.stop(next(signals))
            daemon.start()
        time.sleep(LOOK_EVERY_S)
    print("commands:", *(f"{count} with exit code {code}" for code, count in ended.items()))
    return int(published)


def settle(daemon: Daemon, pipe: Connection, published: int) -> int:
    """Wait until all that was published is taken in; return up to which item it is."""
    read, until = kills.ask(pipe, "fair"), time.monotonic() + READ_WITHIN_S
    while read < published and time.monotonic() < until:
        time.sleep(LOOK_EVERY_S)
        daemon.look()
        read = kills.ask(pipe, "how far")
    return int(read)


@contextmanager
def running(daemon: Daemon) -> Iterator[None]:
    """Have it run while the block does."""
    daemon.start()
    try:
        yield
    finally:
        daemon.kill()


def main() -> int:
    """Run, and print what became of all."""
    end_in_order()
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--feeds", type=int, default=20)
    options.add_argument("--items-a-minute", type=float, default=600.0, help="while a wave lasts")
    options.add_argument("--stop-every", type=float, default=0.0, help="seconds; 0: at the end")
    options.add_argument("--cut-every", type=float, default=45.0, help="seconds; PostgreSQL")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--home", type=Path, help="use this new folder, and keep it")
    given = options.parse_args()
    fork = multiprocessing.get_context("fork")
    pipe, there = fork.Pipe()
    fork.Process(target=press.serve, args=(given.seed, given.feeds, there), daemon=True).start()
    port, mail_port, urls = pipe.recv()
    with kills.home_folder(given.home) as home, kills.database(given.database, home) as url:
        ours = {
            "MONITOR_HOME": str(home),
            "MONITOR_SEEDS": "none",
            "MONITOR_DICTIONARIES": "none",
            "MONITOR_ALLOW_PRIVATE": "127.0.0.0/8",
            "MONITOR_WEB_LISTEN": "none",
            "MONITOR_LOG_FORMAT": "json",
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(mail_port),
            "MONITOR_SMTP_SECURITY": "none",
            "MONITOR_SMTP_FROM": "monitor@example.org",
            **({"MONITOR_DATABASE_URL": url} if url else {}),
        }
        config = load(environ=ours)
        with_app(config, partial(set_up, port=port, urls=urls))
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **ours}
        daemon = Daemon(home, environ)
        began = time.monotonic()
        with running(daemon), meanwhile(config, keep_due):
            published = fire(given, daemon, pipe, url)
            read = settle(daemon, pipe, published)
            daemon.stop(signal.SIGTERM)
        lasted = time.monotonic() - began
        report: press.Report = kills.ask(pipe, "report")
        print(f"{published} items published, {read} taken in; feeds answered {dict(report.looks)}")
        print(f"{lasted:.0f} s, {daemon.cpu_s / lasted:.0%} of a processor")
        pipe.send("stop")
        is_lost = account(report, asked(config, kept), read)
        return 1 if told_of(daemon) or is_lost or read < published else 0


def account(report: press.Report, stored: Kept, items: int) -> bool:
    """Print what became of the alerts of so many items; tell whether anything is wrong."""
    accounts = []
    for name, (theirs, _) in CHANNELS.items():
        is_program = name not in DOUBLES and name != "email"
        mine = Account(name, is_program, theirs)
        mine.fill(items, report.channels.get(name, press.Told()), stored)
        accounts.append(mine)
    print(*lines(accounts), sep="\n")
    digests = [each for told in report.channels.values() for each in told.digests.values()]
    distinct = {id(each): each.left_out for each in digests}
    print(f"{len(distinct)} digests came, which leave out {sum(distinct.values())}")
    print("in the store:", dict(stored.states), *stored.problems)
    lost = [why for each in accounts for why in each.lost]
    wrong = [why for each in accounts for why in each.wrong]
    for why in (*lost[:20], *wrong[:20]):
        print(f"  {why}")
    print(f"lost {len(lost)}, digests that say another number {len(wrong)}")
    return bool(lost or wrong or stored.problems)


def told_of(daemon: Daemon) -> bool:
    """Print how the daemon did, and what it logged as errors; tell whether anything is wrong."""
    for when, place in (("start", len(daemon.sizes) // 10), ("middle", None), ("end", -1)):
        memory, threads, files = daemon.sizes[len(daemon.sizes) // 2 if place is None else place]
        print(f"{when}: {memory} MB, {threads} threads, {files} files open")
    slow = max(seconds for _, seconds in daemon.stops)
    codes = {code for code, _ in daemon.stops}
    print(f"{len(daemon.stops)} stops, exit code {codes}, the longest took {slow:.1f} s")
    errors = Counter(
        str(line.get("message")) for line in daemon.logged() if line.get("level") == "error"
    )
    bugs = sum(count for text, count in errors.items() if "bug" in text)
    print(f"{sum(errors.values())} errors logged, {bugs} of them bugs")
    for text, count in errors.most_common(10):
        print(f"  {count} {text}")
    return bool(bugs or codes != {0} or slow > LONGEST_STOP_S)


if __name__ == "__main__":
    sys.exit(main())
