"""The command line: `monitor VERB-NOUN`, and what ends a command badly said in one sentence."""

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import NoReturn

import click

from monitor.base.checkout import command_name
from monitor.base.errors import Refusal, Remedy, RemedyKind, escaped
from monitor.base.remedies import remedy_words, worded
from monitor.cli import output
from monitor.cli.session import LazyGroup, Session, new_session
from monitor.config.load import ConfigError
from storage.api.errors import Ambiguous, Damaged, IndexDamaged, NotUpToDate, StorageError

COMMANDS = {
    "add-rule": "rules",
    "list-rules": "rules",
    "show-rule": "show_rule",
    "edit-rule": "rules",
    "pause-rule": "rules",
    "resume-rule": "rules",
    "remove-rule": "rules",
    "add-variant": "variants",
    "accept-variant": "variants",
    "reject-variant": "variants",
    "expand-rule": "variants",
    "wrong-match": "variants",
    "rate-alert": "quiet.ratings",
    "try-rule": "try_rule",
    "replay": "archive.replay",
    "explain": "explain",
    "lint-rules": "rules_file",
    "apply": "rules_file",
    "export-rules": "rules_file",
    "add-source": "sources",
    "list-sources": "sources",
    "show-source": "sources",
    "edit-source": "sources",
    "pause-source": "sources",
    "resume-source": "sources",
    "remove-source": "sources",
    "discover": "discover",
    "import-opml": "opml",
    "export-opml": "opml",
    "poll": "poll",
    "inspect": "inspect",
    "add-channel": "channels.changes",
    "edit-channel": "channels.changes",
    "list-channels": "channels.states",
    "test-channel": "channels.states",
    "pause-channel": "channels.states",
    "enable-channel": "channels.states",
    "remove-channel": "channels.states",
    "list-alerts": "alerts",
    "show-alert": "alerts",
    "render": "deliveries",
    "list-deliveries": "deliveries",
    "redeliver": "deliveries",
    "silence": "quiet.silences",
    "list-silences": "quiet.silences",
    "unsilence": "quiet.silences",
    "end-silence": "quiet.silences",
    "search": "search",
    "list-articles": "articles",
    "show-article": "articles",
    "list-stories": "articles",
    "show-story": "articles",
    "split-story": "articles",
    "merge-stories": "articles",
    "report": "web",
    "coverage": "web",
    "run": "run",
    "worker": "run",
    "web": "web",
    "mcp": "web",
    "add-token": "access.tokens",
    "list-tokens": "access.tokens",
    "remove-token": "access.tokens",
    "add-user": "access.users",
    "list-users": "access.users",
    "edit-user": "access.users",
    "remove-user": "access.users",
    "status": "service",
    "doctor": "service",
    "init": "service",
    "migrate": "service",
    "backup": "service",
    "restore": "service",
    "copy": "archive.copying",
    "prune": "archive.pruning",
    "docs": "docs",
}
"""Every command, in the order of the help, and the module of `monitor.cli.commands` that has it."""

SECTIONS = {
    "add-rule": "Rules",
    "add-source": "Sources",
    "add-channel": "Channels",
    "list-alerts": "Alerts and silences",
    "search": "Articles and stories",
    "run": "Running it",
    "add-token": "Who may ask over HTTP",
    "status": "Looking after it",
}
"""What the help calls the commands, each from which one on."""

MISUSE = 2
DAMAGED = 65
NOT_NOW = 75
INTERRUPTED = 130
READER_GONE = 141
_LONGEST_MESSAGE = 4_000

LOOKED_THROUGH_AFTER = 200_000
"""After so many new objects these are looked through for what nobody needs: Python does so after
2,000, which is a tenth of the CPU of a command. What a round leaves goes without: it makes no rings
of objects to speak of, and so holds no more than with a lower bound."""


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        output.say(f"newsroom-monitor {version('newsroom-monitor')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    modules=COMMANDS,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Every command takes --json. More: monitor COMMAND --help",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
def cli() -> None:
    """Watch news sources and alert when a rule matches, in any language.

    \b
    Example:
        monitor add-channel desk you@example.com
        monitor add-source https://example.com/feed.xml
        monitor add-rule "rail strike" --notify desk
        monitor run
    """


def main() -> None:
    """Run the command that the process was started with, and exit."""
    os.umask(0o077)  # what lies in the data folder is nobody else's business
    _hurry()
    session = new_session()
    output.prepare_streams()
    sys.excepthook = _Hook(session)
    _leave(run(sys.argv[1:], session))


def _hurry() -> None:
    """Spare what a short command would pay for in vain."""
    # Looking for what nobody needs finds nothing while modules are loaded.
    gc.set_threshold(LOOKED_THROUGH_AFTER)
    # Numpy's threads wait for work at full speed, and ours is small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A command of httpx's own, which imports what paints it wherever that is installed.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]


def _leave(code: int) -> NoReturn:
    """End this process as `sys.exit` does, but take nothing apart that goes with it anyway.

    That takes a sixth of a second once everything is loaded that a search needs.
    """
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody can be told
            if stream is not None:
                stream.flush()
    os._exit(code)


def run(arguments: list[str], session: Session) -> int:
    """Run one command and return its exit code; whatever it has to say has been printed."""
    try:
        _invoke(arguments, session)
    except BrokenPipeError:
        output.drop_the_rest()
        return READER_GONE
    except click.exceptions.Exit as wanted:
        return wanted.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(cli.get_help(error.ctx) if error.ctx else "", err=True)
        return MISUSE
    except click.ClickException as error:
        _complain(
            # Choices stand one a line, behind a tab, which would be shown as what it is.
            error.format_message().replace("\n\t", "\n  "),
            error.ctx if isinstance(error, click.UsageError) else None,
        )
        return error.exit_code
    except Refusal as refusal:
        _complain(worded(refusal))
        return MISUSE if refusal.misuse else 1
    except (ConfigError, StorageError) as error:
        _complain(f"{error}{_remedy_of(error)}")
        return _code_of(error)
    except OSError as error:
        output.drop_the_rest()
        _complain(_of_the_system(error))
        return 1
    return 0


def _remedy_of(error: ConfigError | StorageError) -> str:
    """Return what to do about it, where its sentence leaves that to whoever knows the commands."""
    for kind, remedy in ((NotUpToDate, RemedyKind.MIGRATE), (IndexDamaged, RemedyKind.FILL_INDEX)):
        if isinstance(error, kind):
            return remedy_words(Remedy(remedy))
    return ""


def _code_of(error: ConfigError | StorageError) -> int:
    """Return with which code a command ends whose settings or store are not as they should be."""
    if isinstance(error, ConfigError | Ambiguous):
        return MISUSE
    return DAMAGED if isinstance(error, Damaged) else NOT_NOW


def _invoke(arguments: list[str], session: Session) -> None:
    # Not `cli.main`: it turns a reader that went away into exit code 1.
    colour = output.wants_colour(session.environ)
    try:
        with cli.make_context(command_name(), arguments, obj=session, color=colour) as ctx:
            cli.invoke(ctx)
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()


def _complain(text: str, ctx: click.Context | None = None) -> None:
    """Print an error on standard error; its lines are ours, control characters in them are not."""
    usage = f"{ctx.get_usage()}\nTry '{ctx.command_path} --help' for help.\n\n" if ctx else ""
    shown = "\n".join(map(escaped, f"Error: {text}"[:_LONGEST_MESSAGE].split("\n")))
    room = output.columns_for_errors()
    # What is set in is quoted as it is, with a sign below a place in it.
    shown = "\n".join(
        line if line.startswith(" ") else output.broken(line, room=room)
        for line in shown.split("\n")
    )
    try:
        click.echo(usage + shown, err=True)
    except OSError:
        return  # nobody can be told: standard error is closed or full


def _of_the_system(error: OSError) -> str:
    reason = (error.strerror or type(error).__name__).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


class _Hook:
    """Says what to do about an error of ours; the traceback only comes with `--debug`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if self._session.debug or os.environ.get("MONITOR_DEBUG"):
            sys.__excepthook__(kind, error, trace)
        elif issubclass(kind, KeyboardInterrupt):
            os._exit(INTERRUPTED)
        else:
            _complain(f"internal error ({kind.__name__}); run it again with --debug to see where")
