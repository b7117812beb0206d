"""Commands about rules, sources and channels as one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.counts import told_next, told_unsent
from monitor.base.errors import clipped, escaped
from monitor.cli import output
from monitor.cli.params import PATH
from monitor.cli.progress import saving_of
from monitor.cli.reach import joined
from monitor.cli.session import Command, Session, pass_session
from monitor.config.load import sqlite_file
from monitor.views.rules.change import change_shape, entry_shape, problem_shape
from storage.api.storage import Storage

if TYPE_CHECKING:
    from monitor.rules_file.apply import Change, Outcome, Value

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_COLOURS = {"add": "green", "change": "yellow", "remove": "red"}
_HEADER = "# Channels, sources and rules; `monitor apply FILE` makes the monitor agree with it.\n"
_DONE = {"add": "added", "change": "changed", "remove": "removed"}

_file = click.argument("file", type=PATH)


@click.command("lint-rules", cls=Command)
@_file
@click.pass_context
def lint_rules(ctx: click.Context, file: Path) -> None:
    """Check a file of rules, sources and channels, and run its examples.

    FILE is YAML or TOML, as docs/rules-as-files.md says. Ends with 2 when something in it is
    wrong, and with 1 when an example under must_match or must_not_match is not as it must be.
    Notes change nothing. What the file names and does not have may be stored here.

    \b
    Example:
        monitor lint-rules rules.yaml
    """
    from monitor.rules_file.run import lint

    session = ctx.ensure_object(Session)
    now = session.now()
    with _store(session) as storage:
        linted = lint(file, storage, session.lexicons.made, now=now)
    for problem in linted.problems:
        sentence = problem.sentence(file)
        shape = problem_shape(problem, file)
        session.show(shape, _lines(sentence if problem.kind != "note" else f"{sentence} (note)"))
    kinds = [problem.kind for problem in linted.problems]
    if not session.json:
        seconds = (session.now() - now).total_seconds()
        line = (
            f"{output.counted(len(linted.file.rules), 'rule')}, "
            f"{output.counted(len(linted.file.sources), 'source')}, "
            f"{output.counted(len(linted.file.channels), 'channel')}, "
            f"{output.counted(linted.examples, 'example')}: "
            f"{output.counted(kinds.count('mistake'), 'mistake')}, "
            f"{output.counted(kinds.count('example'), 'failing example')}, "
            f"{output.counted(kinds.count('note'), 'note')} ({seconds:.1f} s)."
        )
        output.say(output.fitting(line, 2))
    if "mistake" in kinds:
        ctx.exit(2)
    if "example" in kinds:
        ctx.exit(1)


@click.command("apply", cls=Command)
@_file
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--prune",
    is_flag=True,
    help="Remove what the file does not have, in the sections that it has; else it stays.",
)
@click.option("--yes", is_flag=True, help="Do not ask before something is removed.")
@pass_session
def apply(session: Session, file: Path, dry_run: bool, prune: bool, yes: bool) -> None:
    """Make rules, sources and channels what FILE says, all or nothing.

    Checks the file and runs its examples first, as lint-rules does. A key that an entry does
    not have has its default. What is not in the file stays, unless --prune is given. Paused
    rules stay paused, and what is counted and rejected stays, too. Applying twice changes nothing.

    \b
    Example:
        monitor apply rules.yaml --dry-run
        monitor apply rules.yaml
    """
    from monitor.rules_file.run import apply as apply_file
    from monitor.rules_file.run import prepare
    from monitor.services.channels import doubts_of

    start = session.now()
    home = session.config.home
    with session.app() as app:
        saving = saving_of(session, app)
        ready = prepare(file, saving, translate=not dry_run)
        for note in ready.notes:
            output.warn(f"Note: {note.sentence(file)}")
        if prune and not dry_run and not yes:
            outcome = apply_file(ready, saving, home, prune=True, keep=False).outcome
            gone = [change for change in outcome.changes if change.action == "remove"]
            if gone:
                session.confirm(f"Remove {_named(gone)}?", yes=False)
        applied = apply_file(ready, saving, home, prune=prune, keep=not dry_run)
    if applied.unsearched:
        count = f"{applied.unsearched:,}"
        output.warn(f"The daemon searches what is stored for the {count} new rules.")
    for change in applied.outcome.changes:
        told = (
            _line(change),
            told_unsent(change.unsent, dry_run=dry_run),
            told_next(change.gathered, dry_run=dry_run),
        )
        session.show(change_shape(change), "\n".join(filter(None, told)))
    for draft in applied.outcome.secrets:
        for doubt in doubts_of(draft):
            output.warn(f"Warning: channel {output.quoted(draft.channel.name)}: {doubt}")
    if not session.json:
        seconds = (session.now() - start).total_seconds()
        summary = _summary(applied.outcome, applied.raised, dry_run)
        output.say(f"{summary} ({seconds:.1f} s)")


@click.command("export-rules", cls=Command)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "toml"]),
    default="yaml",
    help="How to write it; yaml unless said.",
)
@pass_session
def export_rules(session: Session, form: str) -> None:
    """Print rules, sources and channels as a file that `apply` reads.

    Secrets are not in it: where a target holds one it is masked, and has to be given with
    target_file. With --json, one line for each entry.

    \b
    Example:
        monitor export-rules > rules.yaml
    """
    from monitor.rules_file.write import everything, to_toml, to_yaml, with_more_than_written

    with session.storage() as storage, storage.reading() as tx:
        sections = everything(tx)
        kept = with_more_than_written(tx, session.config.home)
    if kept:
        output.warn(
            f"Note: what is secret about {joined(map(output.quoted, kept))} is not in it, nor "
            "headers and whether they are CloudEvents; elsewhere say it with target_file, "
            "secret_file and headers_file, or edit-channel"
        )
    if not session.json:
        text = to_toml(sections) if form == "toml" else to_yaml(sections)
        click.echo(f"{_HEADER}{text}", nl=False)
        return
    for section, things in sections.items():
        for thing in things:
            output.emit(entry_shape(section, thing))


@contextmanager
def _store(session: Session) -> Iterator[Storage | None]:
    """Open the store if there is one; it is not made only to check a file."""
    file = sqlite_file(session.config.database_url)
    if file is not None and not file.exists():
        yield None
        return
    with session.storage() as storage:
        yield storage


def _line(change: "Change") -> str:
    """Return one line of the diff: `~ rule "ports": query: port -> harbour`."""
    line = f"{_SIGNS[change.action]} {change.noun} {output.quoted(change.name)}"
    told = [_field(change.action, *field) for field in change.fields]
    text = f"{line}: {'; '.join(told)}" if told else line
    return click.style(text, fg=_COLOURS[change.action])


def _field(action: str, name: str, old: "Value", new: "Value") -> str:
    if old is None and new is None:
        return name
    if action == "add":
        return f"{name} {_value(new)}"
    return f"{name}: {_value(old)} -> {_value(new)}"


def _value(value: "Value") -> str:
    if value is None or value == ():
        return "none"
    return clipped(", ".join(value) if isinstance(value, tuple) else value, 200)


def _named(changes: "list[Change]") -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.noun] = counts.get(change.noun, 0) + 1
    return ", ".join(output.counted(count, noun) for noun, count in counts.items())


def _summary(outcome: "Outcome", raised: int, dry_run: bool) -> str:
    done = {action: sum(change.action == action for change in outcome.changes) for action in _DONE}
    verb = "would be " if dry_run else ""
    parts = [f"{count} {verb}{_DONE[action]}" for action, count in done.items() if count]
    parts.append(f"{outcome.unchanged} unchanged")
    if outcome.left:
        parts.append(f"{outcome.left} not in the file and left alone (--prune removes them)")
    text = ", ".join(parts)
    if raised:
        text += f"; {output.counted(raised, 'alert')} raised at once"
    return text + "."


def _lines(text: str) -> str:
    return "\n".join(escaped(line) for line in text.split("\n"))
