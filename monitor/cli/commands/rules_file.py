"""Commands about rules, sources and channels as one file."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.base.errors import Refusal, escaped
from monitor.cli import output
from monitor.cli.session import Command, Session, pass_session
from storage.api import Storage
from storage.model import Rule, Variant

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.translation.translate import Translation

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
_COLOURS = {"add": "green", "change": "yellow", "remove": "red"}
_DONE = {"add": "added", "change": "changed", "remove": "removed"}
_MOST_SEARCHED = 100
"""So many new rules are searched for at once; searching for more would take minutes."""

_file = click.argument("file", type=click.Path(path_type=Path))


class _DryRun(Exception):
    """Ends a transaction of which nothing is to be kept."""


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
    from monitor.rules_file.check import check
    from monitor.rules_file.examples import examined
    from monitor.rules_file.read import read_file

    session = ctx.ensure_object(Session)
    now = session.now()
    content = read_file(file)
    channels, sources, tags = _known(session)
    checked = check(content, now=now, channels=channels, sources=sources, must_be_here=False)
    examined_problems, count = examined(checked, session.lexicons.all, tags=tags, now=now, made={})
    problems = sorted([*checked.problems, *examined_problems])
    for problem in problems:
        sentence = problem.sentence(file)
        shape = {
            "file": str(file),
            "line": problem.line,
            "kind": problem.kind,
            "subject": problem.subject,
            "text": problem.text,
        }
        session.show(shape, _lines(sentence if problem.kind != "note" else f"{sentence} (note)"))
    kinds = [problem.kind for problem in problems]
    if not session.json:
        seconds = (session.now() - now).total_seconds()
        output.say(
            f"{output.counted(len(content.rules), 'rule')}, "
            f"{output.counted(len(content.sources), 'source')}, "
            f"{output.counted(len(content.channels), 'channel')}, "
            f"{output.counted(count, 'example')}: "
            f"{output.counted(kinds.count('mistake'), 'mistake')}, "
            f"{output.counted(kinds.count('example'), 'failing example')}, "
            f"{output.counted(kinds.count('note'), 'note')} ({seconds:.1f} s)."
        )
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
    from monitor.rules_file.apply import drafts
    from monitor.services import channels as addressbook

    start = session.now()
    with session.app() as app:
        asked = None if dry_run else app.translation
        checked, made = _checked(app.storage, file, session, asked)
        channels, problems = drafts(checked, now=app.now())
        if problems:
            raise Refusal("\n".join(problem.sentence(file) for problem in problems))
        run = partial(_run, app, checked, channels, made, prune=prune)
        if prune and not dry_run and not yes:
            gone = [change for change in run(keep=False).changes if change.action == "remove"]
            if gone:
                session.confirm(f"Remove {_named(gone)}?", yes=False)
        outcome = run(keep=not dry_run)
        raised = 0
        if not dry_run:
            addressbook.forget_secrets(session.config.home, outcome.forgotten)
            raised = _catch_up(app, outcome)
    for change in outcome.changes:
        session.show(_shape(change), _line(change))
    if not session.json:
        seconds = (session.now() - start).total_seconds()
        output.say(_summary(outcome, raised, dry_run) + f" ({seconds:.1f} s)")


def _run(
    app: "App",
    checked: Any,
    channels: Mapping[str, Any],
    made: Mapping[str, Any],
    *,
    prune: bool,
    keep: bool,
) -> Any:
    """Apply the file in one transaction, which is kept or taken back; return what came of it."""
    from monitor.rules_file.apply import Applying
    from monitor.services import channels as addressbook

    with suppress(_DryRun), app.storage.transaction() as tx:
        applying = Applying(tx, checked, home=app.config.home, now=app.now())
        applying.run(channels, made, expansion=app.lexicons.fingerprint, prune=prune)
        if not keep:
            raise _DryRun  # takes back all that was written
        # Before the commit: a channel without its secrets would hold its alerts.
        addressbook.keep_secrets(app.config.home, applying.outcome.secrets)
    return applying.outcome


def _catch_up(app: "App", outcome: Any) -> int:
    """Search what is stored for new rules; of many rules, that is left to the daemon."""
    added = sum((change.action, change.noun) == ("add", "rule") for change in outcome.changes)
    if added > _MOST_SEARCHED:
        output.warn(f"The daemon searches what is stored for the {added:,} new rules.")
        return 0
    return app.pipeline.catch_up() if added else 0


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
    from monitor.rules_file.write import everything, to_toml, to_yaml

    with session.storage() as storage, storage.reading() as tx:
        sections = everything(tx)
    if not session.json:
        text = to_toml(sections) if form == "toml" else to_yaml(sections)
        click.echo(text, nl=False)
        return
    for section, things in sections.items():
        for thing in things:
            output.emit({"noun": section.removesuffix("s"), **thing})


def _known(session: Session) -> tuple[list[str], list[str], dict[str, tuple[str, ...]]]:
    """Return the names of channels and of sources, and their tags, when there is a store."""
    url = session.config.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return [], [], {}
    with session.storage() as storage:
        return _names(storage)


def _names(storage: Storage) -> tuple[list[str], list[str], dict[str, tuple[str, ...]]]:
    with storage.reading() as tx:
        sources = tx.sources.all()
        channels = [channel.name for channel in tx.channels.all()]
    return (
        channels,
        [source.name for source in sources],
        {source.name: source.tags for source in sources},
    )


def _checked(
    storage: Storage, file: Path, session: Session, translation: "Translation | None"
) -> tuple[Any, Mapping[str, Any]]:
    """Return what the file asks for, and the variants of its new queries.

    Args:
        translation: Who is asked about those; None for nobody.

    Raises:
        Refusal: Something in it is wrong, or an example is not as it must be.
    """
    from monitor.rules_file.apply import fresh_queries
    from monitor.rules_file.check import check
    from monitor.rules_file.examples import examined, making
    from monitor.rules_file.read import read_file
    from monitor.rules_file.translate import translated_before

    now = session.now()
    content = read_file(file)
    channels, sources, tags = _names(storage)
    checked = check(content, now=now, channels=channels, sources=sources)
    if checked.mistakes:
        raise Refusal("\n".join(mistake.sentence(file) for mistake in checked.mistakes))
    with storage.reading() as tx:
        stored = tx.rules.all()
        fresh = fresh_queries(tx, checked)
    made: Mapping[str, tuple[Variant, ...]] = making(fresh, session.lexicons.all)
    if translation is not None:
        made = _translated(session, checked, made, stored, translation)
    before = translated_before(stored, checked, session.lexicons.all)
    failing, _ = examined(
        checked, session.lexicons.all, tags=tags, now=now, made={**before, **made}
    )
    if failing:
        is_misuse = any(each.kind == "mistake" for each in failing)
        text = "\n".join(each.sentence(file) for each in failing)
        raise Refusal(f"{text}\nNothing is changed.", misuse=is_misuse)
    for problem in checked.problems:
        output.warn(f"Note: {problem.sentence(file)}")
    return checked, made


def _translated(
    session: Session,
    checked: Any,
    made: Mapping[str, tuple[Variant, ...]],
    stored: list[Rule],
    translation: "Translation",
) -> Mapping[str, tuple[Variant, ...]]:
    """Return the variants with the translator's; say what it did not do."""
    from monitor.rules_file.translate import translated
    from monitor.translation.translate import warning

    if not made:
        return made
    session.hint("Asking the translator ...")
    grown, problems = translated(
        checked, made, stored=stored, translation=translation, now=session.now()
    )
    for name, problem in list(problems.items())[:1]:
        output.warn(warning(problem, name, command=session.config.command_name))
        if len(problems) > 1:
            output.warn(f"So it is with {output.counted(len(problems) - 1, 'further rule')}.")
    return grown


def _shape(change: Any) -> dict[str, Any]:
    return {
        "change": change.action,
        "noun": change.noun,
        "name": change.name,
        "fields": {name: [old, new] for name, old, new in change.fields},
    }


def _line(change: Any) -> str:
    """Return one line of the diff: `~ rule "ports": query: port -> harbour`."""
    line = f"{_SIGNS[change.action]} {change.noun} {output.quoted(change.name)}"
    told = [_field(change.action, *field) for field in change.fields]
    text = f"{line}: {'; '.join(told)}" if told else line
    return click.style(text, fg=_COLOURS[change.action])


def _field(action: str, name: str, old: Any, new: Any) -> str:
    if old is None and new is None:
        return name
    if action == "add":
        return f"{name} {_value(new)}"
    return f"{name}: {_value(old)} -> {_value(new)}"


def _value(value: Any) -> str:
    from monitor.base.errors import clipped

    if value is None or value == ():
        return "none"
    return clipped(", ".join(value) if isinstance(value, tuple) else value, 200)


def _named(changes: list[Any]) -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.noun] = counts.get(change.noun, 0) + 1
    return ", ".join(output.counted(count, noun) for noun, count in counts.items())


def _summary(outcome: Any, raised: int, dry_run: bool) -> str:
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
