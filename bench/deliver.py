"""How fast what is owed leaves, and how soon: the outbox against its floors, in one run.

    .venv/bin/python -m bench.deliver                              # SQLite, 1 and 20 channels
    .venv/bin/python -m bench.deliver --database postgres          # on a PostgreSQL that it starts
    .venv/bin/python -m bench.deliver --before HEAD~1              # and the program of that commit
    .venv/bin/python -m bench.deliver --alertmanager /usr/bin/prometheus-alertmanager

So many messages of 1.2 kB are owed to webhooks at a sink of this machine; `run --once` delivers
them. Printed are messages a second (between the first and the last that arrived), the CPU a
message of the program and of the database's server, less those of an empty round, and how far
from the order of age they came. Beside it, in the same run, what a bare loop of httpx, of h11 and
of a socket costs that remembers nothing, and Alertmanager, which keeps nothing on disk.

Then, with the daemon at rest: from the commit of an alert's delivery to its first byte at the sink
(`--alone` alerts, one after the other); the wait of a second channel's message behind all that one
channel is owed; the others' p99 with one channel of twenty that is late or never answers; how
many threads and files 150 channels take that never answer; and from the start of a process to the
first byte of what a killed one had claimed.
"""

import argparse
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.base import sink
from bench.base.ending import end_in_order
from bench.base.versions import ROOT, Program, Task, laid_out, server

TEXT = json.dumps(
    {"type": "alert", "rule": 'Acme OR "merger talks"', "title": "x" * 90, "summary": "y" * 1050}
).encode()
SETTLED_S = 11.0
"""A server that has just started knows of nobody that they are dead."""


# --- in a process of its own: the program, this version's or an earlier one's -------------


def victim(task: Task) -> None:
    """Do one task with the program that this process finds, and print what it cost as JSON."""
    from monitor.app import App
    from monitor.config.home_lock import home_lock
    from monitor.config.load import load
    from monitor.daemon import start
    from monitor.daemon.logs import start_logging

    start_logging(level="error", form="text")
    config = load(environ=dict(os.environ))
    with home_lock(config.home), App.open(config, daemon=True) as app:
        with app.storage.reading() as tx:
            is_new = not tx.channels.all()
        if is_new:
            _add_channels(app, task)
            if task.what == "killed":
                owe(app, task.messages)
        if task.what == "round":
            print(json.dumps(_rounds(app, task)))
            return
        if task.what != "killed":
            threading.Thread(target=_trickle, args=(app, task), daemon=True).start()
        start.run(app, once=False, starter_wanted=False)


def _add_channels(app: Any, task: Task) -> None:
    from monitor.services import channels

    with app.storage.transaction() as tx:
        for number in range(task.channels):
            is_slow = bool(task.slow) and (number == 0 or task.what == "crowd")
            path = task.slow if is_slow else f"c{number}"
            target = f"http://127.0.0.1:{task.port}/{path}"
            made = channels.drafted(name=f"c{number:02}", target=target, now=app.now())
            channels.add_channel(tx, app.config.home, made, now=app.now())


def _rounds(app: Any, task: Task) -> dict[str, float]:
    """Return the CPU of a round that delivers less that of an empty one, and that one's length."""
    from monitor.daemon import start

    def servers() -> float:
        return sink.server_cpu(task.server) if task.server else 0.0

    def round_() -> tuple[float, float, float]:
        server = servers()
        began, cpu = time.perf_counter(), time.process_time()
        start.run(app, once=True, starter_wanted=False)
        used, took = time.process_time() - cpu, time.perf_counter() - began
        return used, took, servers() - server

    round_()
    empty, empty_wall, of_server = min(round_() for _ in range(3))
    owe(app, task.messages)
    full, _, server = round_()
    return {"cpu": full - empty, "server": server - of_server, "empty_ms": 1e3 * empty_wall}


def owe(app: Any, count: int, *, only: str | None = None) -> list[str]:
    """Owe so many messages to the channels in turn, each a little younger than the one before."""
    from storage.model import Delivery, DeliveryKind

    now = app.now()
    with app.storage.transaction() as tx:
        channels = [each for each in tx.channels.all() if only in (None, each.name)]
        owed = [
            Delivery(
                id=f"msg_{time.monotonic_ns()}x{random.random()}x{number}",
                kind=DeliveryKind.NOTICE,
                alert_id=None,
                channel_id=channels[number % len(channels)].id,
                recipient="",
                payload=TEXT[:-1] + b',"number":%d}' % number,
                created_at=now - timedelta(microseconds=count - number),
                next_at=now - timedelta(microseconds=count - number),
                give_up_at=now + timedelta(hours=80),
            )
            for number in range(count)
        ]
        tx.outbox.put(owed)
    return [each.id for each in owed]


def _trickle(app: Any, task: Task) -> None:
    """Owe what the task says while the daemon runs; print when each was committed."""
    committed: dict[str, float] = {}
    time.sleep(3.0)
    try:
        if task.what == "crowd":
            owe(app, task.messages)
            app._when_owed()
            time.sleep(5.0)
            threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
            print(json.dumps({"threads": threads, "files": files}), flush=True)
            os._exit(0)  # what waits for an answer would wait for half a minute
        if task.what == "behind":
            owe(app, task.messages, only="c00")
            app._when_owed()
            time.sleep(0.2)
            _commit(app, committed, only="c01")
            time.sleep(2.0)
        else:
            for number in range(task.messages):
                # The slow one is owed, too: c00.
                _commit(app, committed, only=f"c{number % task.channels:02}")
                time.sleep(0.1 if task.channels == 1 else 0.02)
            time.sleep(0.5)
        print(json.dumps(committed), flush=True)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)


def _commit(app: Any, committed: dict[str, float], *, only: str) -> None:
    (id_,) = owe(app, 1, only=only)
    committed[id_] = time.monotonic()
    app._when_owed()


# --- the run ------------------------------------------------------------------------------


def main() -> None:
    """Run the benchmark and print its tables."""
    end_in_order()
    options = argparse.ArgumentParser(description="How fast what is owed leaves.")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--messages", type=int, default=4000)
    options.add_argument("--alone", type=int, default=60)
    options.add_argument("--owed", type=int, default=10_000, help="for the second channel's wait")
    options.add_argument("--before", help="a commit: its program is measured in the same run")
    options.add_argument("--alertmanager", type=Path, help="its binary")
    options.add_argument("--only", nargs="*", default=["floors", *_MEASURES])
    options.add_argument("--victim", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.victim:
        victim(Task(**json.loads(given.victim)))
        return
    with sink.running() as ours, laid_out(given.before) as earlier, server(given.database) as url:
        versions = {"now": ROOT} | ({"before": earlier} if earlier else {})
        if "floors" in given.only:
            for name, floor in sink.FLOORS.items():
                _say(name, ours, floor(ours.port, TEXT, given.messages), given.messages)
            if given.alertmanager:
                cpu = sink.alertmanager(given.alertmanager, ours, given.messages)
                _say("Alertmanager", ours, cpu, given.messages)
        for name, root in versions.items():
            program = Program(name, root, url, ours)
            for what in given.only:
                _MEASURES.get(what, lambda program, given: None)(program, given)


def rate(program: Program, given: argparse.Namespace) -> None:
    """Print how fast so many messages leave to one channel and to twenty."""
    for channels in (1, 20):
        task = Task(
            what="round",
            port=program.sink.port,
            messages=given.messages,
            channels=channels,
            server=program.server or "",
        )
        [said] = program.run(task)
        name = f"{program.name}, {channels} channel(s)"
        _say(name, program.sink, said["cpu"], given.messages, server=said["server"])
        print(f"  an empty round takes {said['empty_ms']:.0f} ms")


def alone(program: Program, given: argparse.Namespace) -> None:
    """Print how soon an alert leaves when nothing else does."""
    task = Task(what="alone", port=program.sink.port, messages=given.alone, channels=1)
    [waits] = _waits(program, task)
    print(f"{program.name}: commit to first byte {_spread(waits)}, {len(waits)} alerts")


def behind(program: Program, given: argparse.Namespace) -> None:
    """Print how long a second channel's message waits behind all that one channel is owed."""
    task = Task(what="behind", port=program.sink.port, messages=given.owed, channels=2)
    [waits] = _waits(program, task)
    print(f"{program.name}: second channel behind {given.owed} of another: {_spread(waits)}")


def slow(program: Program, given: argparse.Namespace) -> None:
    """Print what nineteen channels wait beside one that answers late, or never, and without.

    All at the same time, so that what else the machine does troubles all of them alike.
    """
    tasks = [
        Task(
            what="slow",
            port=program.sink.port,
            messages=20 * given.alone,
            channels=20,
            slow=how,
        )
        for how in _BESIDE
    ]
    waits = _waits(program, *tasks)
    for beside, taken in zip(_BESIDE.values(), waits, strict=True):
        times = _share(taken, 0.99) / _share(waits[0], 0.99)
        print(
            f"{program.name}: 19 channels, {beside}: {_spread(taken)}, p99 {times:.2f} times that "
            f"of all well, {len(taken)} alerts"
        )


_BESIDE = {
    "": "all well",
    "late": "beside one that answers after a second",
    "slow": "beside one that never answers",
}


def crowd(program: Program, given: argparse.Namespace) -> None:
    """Print how many threads and files 150 channels take that never answer."""
    task = Task(what="crowd", port=program.sink.port, messages=1500, channels=150, slow="slow")
    [said] = program.run(task)
    print(f"{program.name}: 150 channels that never answer: {said}")


def killed(program: Program, given: argparse.Namespace) -> None:
    """Print how soon what a killed process had claimed is sent by the next one."""
    waits, used = [], []
    if program.server:
        time.sleep(SETTLED_S)
    for _ in range(5):
        task = Task(what="killed", port=program.sink.port, messages=1, channels=1, slow="slow")
        with program.place() as environ:
            first = program.start(task, environ)
            while not program.sink.arrivals():
                time.sleep(0.05)
            first.kill()
            first.wait()
            program.sink.ask("clear")
            began = time.monotonic()
            second = program.command("run", "--no-starter", environ=environ)
            while not program.sink.arrivals():
                time.sleep(0.01)
            waits.append(1e3 * (program.sink.arrivals()[0][1] - began))
            used.append(1e3 * sink.tree_cpu(second.pid))
            second.kill()
            second.wait()
    print(
        f"{program.name}: start to first byte after a kill {_spread(sorted(waits))}; "
        f"by then {sorted(used)[len(used) // 2]:.0f} ms of CPU"
    )


_MEASURES: dict[str, Callable[[Program, argparse.Namespace], None]] = {
    "rate": rate,
    "alone": alone,
    "behind": behind,
    "slow": slow,
    "crowd": crowd,
    "killed": killed,
}


def _waits(program: Program, *tasks: Task) -> list[list[float]]:
    """Return each task's milliseconds from commit to first byte, sorted.

    Of those with a slow channel, and those they are compared with, all but the first channel's.
    """
    said = program.run(*tasks)
    arrived = dict(program.sink.arrivals())
    waits = []
    for task, committed in zip(tasks, said, strict=True):
        ids = [id_ for number, id_ in enumerate(committed) if task.what != "slow" or number % 20]
        lost = [id_ for id_ in ids if id_ not in arrived]
        if lost:
            raise SystemExit(f"{len(lost)} of {len(ids)} have not arrived")
        waits.append(sorted(1e3 * (arrived[id_] - committed[id_]) for id_ in ids))
    return waits


def _spread(waits: list[float]) -> str:
    shares = (_share(waits, share) for share in (0.5, 0.95, 0.99))
    return "p50 {:.1f}, p95 {:.1f}, p99 {:.1f} ms".format(*shares)


def _share(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(share * len(waits)))]


def _say(name: str, ours: sink.Sink, cpu: float, count: int, *, server: float = 0.0) -> None:
    arrivals = ours.arrivals()
    instants = [at for _, at in arrivals]
    seconds = max(instants) - min(instants)
    also = f" + {1e3 * server / count:.3f} of the server" if server else ""
    order = _out_of_order(ours.numbers())
    print(
        f"{name:22} {len(arrivals)} arrived, {count / seconds:7.0f}/s, "
        f"{1e3 * cpu / count:.3f} ms of CPU{also} each; at most {order} out of order",
        flush=True,
    )
    ours.ask("clear")


def _out_of_order(numbers: list[int]) -> int:
    """Return by how many places a message came behind the youngest that came before it."""
    worst = youngest = 0
    for number in numbers:
        youngest = max(youngest, number)
        worst = max(worst, youngest - number)
    return worst


if __name__ == "__main__":
    main()
