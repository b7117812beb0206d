"""Commands about the service as a whole: how it is, and how it is set up."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, clipped, escaped
from monitor.base.files import check_place, open_plain
from monitor.base.times import show_age, show_span
from monitor.cli import output
from monitor.cli.params import PATH
from monitor.cli.session import Command, Session, pass_session
from storage.api.errors import NotUpToDate, StorageError

if TYPE_CHECKING:
    from monitor.delivery.latency import Latency
    from storage.api.storage import Storage

_HELD = {
    "digest": "for a digest",
    "budget": "over a limit",
    "quiet": "in quiet hours",
    "storm": "in a storm",
    "backfill": "from before the rule",
}
"""Why alerts are held, where the word in JSON does not say it."""

_STEPS = ("seen", "matched", "sent", "delivered", "all")
_MOST_LATENCIES = 5
"""So many sources, and channels, are shown, the slowest; --json has all."""
_WAYS = {"source": "from", "channel": "to"}


@click.command("status", cls=Command)
@pass_session
def status(session: Session) -> None:
    """Show how it is: sources, alerts, what is owed, and whether the daemon runs.

    \b
    Example:
        monitor status
    """
    from monitor.services.health import status_of
    from monitor.views.service import status_shape

    now = session.now()
    with session.storage() as storage:
        status = status_of(session.config, storage, now=now)
    shape = status_shape(status)
    if session.json:
        output.emit(shape)
        return
    pid = status.daemon_pid
    output.details(
        [
            ("data folder", status.home),
            ("database", status.database),
            ("daemon", "does not run" if pid is None else f"runs (process {pid or '?'})"),
            ("at work", output.counted(status.processes, "process", "processes")),
            ("sources", _counted(shape["sources"])),
            ("notices", output.counted(status.noticed, "source") if status.noticed else None),
            ("rules", _counted(status.rules)),
            ("channels", _counted(status.channels)),
            ("articles", str(status.articles)),
            ("alerts", str(status.alerts)),
            ("deliveries", _counted(status.deliveries) or "none"),
            ("held for digests", _counted(_in_words(status.held)) or "none"),
            ("last good poll", _age(status.last_poll_at, now)),
            ("last alert", _age(status.last_alert_at, now)),
            ("owed since", _age(status.oldest_open_at, now)),
        ]
    )
    if status.latency:
        _print_latency(status.latency)


def _print_latency(latencies: Sequence["Latency"]) -> None:
    """Print how long half of the alerts took from stage to stage, and 95 of 100 since seen."""
    rows = []
    for each in _slowest(latencies):
        took = [each.steps.get(step) for step in _STEPS]
        whole = took[-1]
        spans = [show_span(spread.p50) if spread else "-" for spread in took]
        name = f"{_WAYS[each.of]} {each.name}"
        rows.append((name, each.alerts, *spans, show_span(whole.p95) if whole else "-"))
    output.say("")
    output.say("How long alerts took, slowest first: half, and 95 of 100; ALL is from SEEN on")
    output.table(("NAME", "ALERTS", "SEEN", "MATCHED", "SENT", "DELIVERED", "ALL", "95%"), rows)


def _slowest(latencies: Sequence["Latency"]) -> list["Latency"]:
    """Return the slowest sources, then the slowest channels."""
    return [
        each
        for way in _WAYS
        for each in [each for each in latencies if each.of == way][:_MOST_LATENCIES]
    ]


@click.command("doctor", cls=Command)
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look for what is wrong: settings, space, database, daemon, sources, channels.

    It also works when the database cannot be used, and says why. Where many sources are well, or
    have the same notice, it says how many; --json names all. Ends with 1 when something must be
    mended.

    \b
    Example:
        monitor doctor
    """
    from monitor.services.health import Finding, examine_store, in_short
    from monitor.services.machine import examine_machine
    from monitor.views.service import finding_shape

    session = ctx.ensure_object(Session)
    try:
        with session.storage() as storage:
            in_store = examine_store(session.config, storage)
    except StorageError as error:
        remedy = Remedy(RemedyKind.MIGRATE) if isinstance(error, NotUpToDate) else None
        in_store = [Finding(what="database", trouble=str(error), remedy=remedy)]
    findings = examine_machine(session.config, session.environ) + in_store
    for finding in findings if session.json else in_short(findings):
        shape = finding_shape(finding)
        state, trouble = shape["state"], shape["trouble"]
        colour = {"ok": "green", "note": "yellow", "wrong": "red"}[state]
        line = f"{state:<5} {escaped(finding.what)}" + (f": {escaped(trouble)}" if trouble else "")
        fitting = output.fitting(line, 6)  # colours take no room
        session.show(shape, click.style(fitting[:5], fg=colour) + fitting[5:])
    if any(finding.is_wrong for finding in findings):
        ctx.exit(1)


@click.command("init", cls=Command)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@pass_session
def init(session: Session, force: bool) -> None:
    """Write a commented monitor.toml into the data folder, or where --config says.

    Nothing needs it: every setting has a default, and may be given as MONITOR_* instead.

    \b
    Example:
        monitor init
    """
    from monitor.config.home import prepare
    from monitor.config.templates import monitor_toml

    path = session.config_path or _default_path(session)
    if path.exists() and not force:
        raise Refusal(f"{clipped(str(path), 200)}: is there already; --force writes over it")
    if session.config_path is None:
        prepare(path.parent)
    path.write_text(monitor_toml(), encoding="utf-8")
    path.chmod(0o600)
    session.show({"path": str(path)}, f"Wrote {escaped(str(path))}; every line in it is optional.")


@click.command("migrate", cls=Command)
@pass_session
def migrate(session: Session) -> None:
    """Bring the database up to date, after a backup of it, and fill its search index.

    Only this and run change the database of an older version; stop the daemon first. The index
    is filled by the daemon, too. It may be interrupted: the next call goes on.

    \b
    Example:
        monitor migrate
    """
    from monitor.config.home import daemon_pid
    from storage.admin.migrate import OURS

    # A daemon that runs on a database that must be migrated is one of an older version.
    pid = daemon_pid(session.config.home)
    try:
        with session.storage(migrate=pid is None) as storage:
            _fill_index(storage, session)
    except NotUpToDate as error:
        raise StorageError(
            f"{error}; a daemon of an older version runs on it (process {pid}): stop it first",
            retry=True,
        ) from None
    session.show({"schema": OURS.head}, f"The database is up to date (schema {OURS.head}).")


def _fill_index(storage: "Storage", session: Session) -> None:
    from monitor.pipeline.indexing import BATCH, fill

    with storage.reading() as tx:
        count = 0 if tx.articles.index_is_full() else tx.articles.count()
    if not count or not session.shows_progress:
        for _ in fill(storage):
            pass
        return
    with click.progressbar(length=count, label="Filling the search index", file=sys.stderr) as bar:
        for _ in fill(storage):
            bar.update(BATCH)


@click.command("backup", cls=Command)
@click.argument("file", type=PATH)
@pass_session
def backup(session: Session, file: Path) -> None:
    """Write a whole, verified copy of the database to FILE while others go on.

    Secrets of channels are not in it: copy the secrets folder as well. For PostgreSQL use
    pg_dump.

    \b
    Example:
        monitor backup /srv/backups/monitor.db
    """
    from monitor.config.load import sqlite_file

    name = clipped(str(file), 200)
    if sqlite_file(session.config.database_url) is None:
        raise Refusal("backup is for SQLite; for PostgreSQL use pg_dump", misuse=False)
    check_place(file)
    if os.path.lexists(file):
        raise Refusal(f"{name}: is there already; name a new file", misuse=False)
    with session.storage() as storage:
        storage.backup(file.absolute())
    session.show({"path": str(file.absolute())}, f"Wrote {escaped(str(file))}.")
    folder = session.config.home / "secrets"
    if _holds_any(folder):
        output.warn(f"Note: what is secret about channels is not in it; copy {folder} as well")


@click.command("restore", cls=Command)
@click.argument("file", type=PATH)
@click.option("--yes", is_flag=True, help="Do not ask; needed without a terminal.")
@click.pass_context
def restore(ctx: click.Context, file: Path, yes: bool) -> None:
    """Put a backup in the place of the database; what is there is set aside.

    Stop the daemon and whatever else works with the database first. What was sent since the
    backup may come again, under the same ids. For PostgreSQL use pg_restore.

    \b
    Example:
        monitor restore /srv/backups/monitor.db
    """
    from monitor.config.home import prepare
    from monitor.config.home_lock import ANOTHER_DAEMON, HomeTaken, daemon_lock
    from monitor.config.load import sqlite_file
    from storage.admin.restore import NoBackup
    from storage.admin.restore import restore as put_back

    session = ctx.ensure_object(Session)
    config = session.config
    path = sqlite_file(config.database_url)
    if path is None:
        raise Refusal("restore is for SQLite; for PostgreSQL use pg_restore", misuse=False)
    open_plain(file).close()

    def agreed() -> None:
        if path.exists():
            session.confirm(f"Put {file} in the place of {path}?", yes=yes)

    prepare(config.home)
    try:
        with daemon_lock(config.home, path):
            aside = put_back(file, path, agreed=agreed)
    except NoBackup as error:
        raise Refusal(str(error), misuse=False) from None
    except HomeTaken as taken:
        output.warn(f"Error: {taken}; stop it first")
        ctx.exit(ANOTHER_DAEMON)
    said = f"Put {escaped(str(file))} back."
    if aside is not None:
        said += f" What was there is now {escaped(str(aside))}."
    session.show({"path": str(path), "aside": str(aside) if aside else None}, said)
    folder = config.home / "secrets"
    if not _holds_any(folder):
        command = f"{config.command_name} doctor"
        output.warn(
            f"Note: what is secret about channels is in no backup, and not in {folder}; which "
            f"channels lack it says: {command}"
        )


def _holds_any(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _default_path(session: Session) -> Path:
    named = session.environ.get("MONITOR_CONFIG")
    return Path(named).expanduser() if named else session.config.home / "monitor.toml"


def _in_words(held: dict[str, int]) -> dict[str, int]:
    return {_HELD.get(reason, reason): count for reason, count in held.items()}


def _counted(counts: dict[str, int]) -> str:
    total = counts.get("total")
    parts = [f"{count} {state}" for state, count in counts.items() if count and state != "total"]
    if total is None:
        return ", ".join(parts)
    return f"{total}" + (f" ({', '.join(parts)})" if parts else "")


def _age(instant: datetime | None, now: datetime) -> str | None:
    if instant is None:
        return None
    return show_age(instant.replace(microsecond=0), now=now)  # as --json says it
