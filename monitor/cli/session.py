"""What every command has: the options all take, the settings, the store and the app."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from common.zones import shown_in
from monitor.base import clock
from monitor.base.checkout import shell_word
from monitor.base.errors import Refusal, did_you_mean, escaped
from monitor.cli import output
from monitor.cli.params import PATH
from monitor.config.load import Config, load

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.lexicons.registry import Lexicons
    from storage.admin.engine import SqlStorage


SHOWN = 100
"""So many lines people get when they name no limit; programs get all."""


class Session:
    """One run of the command line.

    Attributes:
        json: Print JSON lines instead of tables and sentences.
        debug: Show where an internal error comes from.
        now: What time it is, UTC.
    """

    def __init__(
        self, environ: Mapping[str, str], *, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.environ = environ
        self.now = now
        self.json = False
        self.debug = False
        self.config_path: Path | None = None
        self.home: Path | None = None

    @cached_property
    def config(self) -> Config:
        """All settings. Raises ConfigError with everything that is wrong."""
        return load(environ=self.environ, path=self.config_path, home=self.home)

    @cached_property
    def lexicons(self) -> "Lexicons":
        """What rules' variants are made of."""
        from monitor.lexicons.registry import lexicons_of

        return lexicons_of(self.config, tell=self.hint)

    @contextmanager
    def storage(self, *, migrate: bool = False) -> Iterator["SqlStorage"]:
        """Open the store, made if need be.

        Args:
            migrate: Whether one of an older program is changed. The default leaves that to who
                asks for it: a daemon of the older program may be at work.

        Raises:
            StorageError: It cannot be used now, or it is that of an older program.
            Refusal: The data folder cannot be used.
        """
        from monitor.config.home import prepare
        from monitor.pipeline.indexing import ANALYSIS
        from storage.admin.engine import open_storage

        prepare(self.config.home)
        opened = open_storage(
            self.config.database_url,
            home=self.config.home,
            migrate=migrate,
            is_brief=True,
            analysis=ANALYSIS,
        )
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def app(self, *, daemon: bool = False) -> Iterator["App"]:
        """Open the store and whatever works on it; raises as `storage` does.

        Args:
            daemon: Whether this is `run`, which keeps the store tidy and up to date.
        """
        from monitor.app import App
        from monitor.config.home import prepare

        prepare(self.config.home)
        if not daemon and not self.debug:
            import logging

            # What goes wrong is in what the command prints; a log beside that says it twice.
            logging.lastResort = logging.NullHandler()
        # By the store's clock, which all that work on it share.
        now = None if self.now is clock.now else self.now
        with App.open(self.config, now=now, daemon=daemon, tell=self.hint) as app:
            yield app

    def local(self, instant: datetime | None) -> str | None:
        """Return an instant as the reader's clock shows it; None for none."""
        return None if instant is None else shown_in(instant, self.config.zone)

    def readable(self, thing: output.Object) -> list[tuple[str, object]]:
        """Return the fields of a thing's JSON for people: instants in the reader's zone."""
        return [(name, self._told(name, value)) for name, value in thing.items()]

    def _told(self, name: str, value: object) -> object:
        if name.endswith("_at") and isinstance(value, str):
            return self.local(datetime.fromisoformat(value))
        return value

    def show(self, thing: output.Object, sentence: str) -> None:
        """Print the thing as JSON, or the sentence for people."""
        if self.json:
            output.emit(thing)
        else:
            output.say(output.broken(sentence, room=output.terminal_columns()))

    def hint(self, sentence: str) -> None:
        """Say what takes so long, to whoever waits at a terminal."""
        if not self.json and sys.stderr is not None and sys.stderr.isatty():
            output.warn(sentence)

    @contextmanager
    def own_output(self) -> Iterator[None]:
        """Keep standard output for JSON: what the console channel prints goes to standard error."""
        with redirect_stdout(sys.stderr) if self.json else nullcontext():
            yield

    @property
    def shows_progress(self) -> bool:
        """Whether somebody at a terminal is shown how far it is."""
        return not self.json and sys.stderr is not None and sys.stderr.isatty()

    def at_most(self, limit: int | None) -> int | None:
        """Return how many lines to print: people get some when they name no limit."""
        return limit if limit or self.json else SHOWN

    def say_if_cut(self, count: int, limit: int | None) -> None:
        """Say to people that there may be more than they have got."""
        if not self.json and limit is None and count == SHOWN:
            output.warn(f"The newest {SHOWN}; for more: --limit N")

    def found_nothing(self, sentence: str) -> NoReturn:
        """End a command that has nothing to show: exit code 1, as grep does.

        Raises:
            click.exceptions.Exit: Always.
        """
        if not self.json:
            output.warn(sentence)
        raise click.exceptions.Exit(1)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before something is removed; without a terminal, `--yes` is the answer.

        Raises:
            Refusal: There is nobody to ask.
            click.exceptions.Exit: The answer is no.
        """
        if yes:
            return
        if sys.stdin is None or not sys.stdin.isatty():
            raise Refusal(f"{question} Nobody can answer here; add --yes to do it")
        if not click.confirm(question, err=True):
            raise click.exceptions.Exit(1)


_MEANT = {
    "mute": "silence",
    "snooze": "silence",
    "unmute": "unsilence",
    "silence --alert": "--story",
}
"""What other programs call so is called here otherwise: spelling leads nowhere, or elsewhere."""


class Command(click.Command):
    """A command that takes the options that all take."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.params += common_options(hidden=True)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; a query that looks like an option is answered with how to give it."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if meant := _MEANT.get(f"{self.name} {error.option_name}"):
                no_such = f"No such option '{error.option_name}'. Did you mean '{meant}'?"
                raise click.UsageError(no_such, ctx) from None
            takes_query = any(param.name == "query" for param in self.params)
            start = error.option_name
            taken = next((word for word in given if word.startswith(start)), None)
            if not takes_query or taken is None or start.startswith("--"):
                raise
            raise click.UsageError(
                f'no such option "{escaped(start)}"; a query that begins with - goes behind --: '
                f"{ctx.command_path} -- {shell_word(escaped(taken[:80]))}",
                ctx,
            ) from None
        except click.UsageError as error:
            arguments = [param for param in self.params if isinstance(param, click.Argument)]
            if not arguments or "unexpected extra argument" not in error.message:
                raise
            raise self._unquoted(ctx, given, arguments[-1]) from None

    def _unquoted(
        self, ctx: click.Context, given: list[str], last: click.Argument
    ) -> click.UsageError:
        """Return what to say to whoever has typed more words than there are arguments."""
        from monitor.cli.unquoted import quoted_line

        what = "query" if last.name == "query" else "name"
        line = quoted_line(self, given)
        if line is None:
            several = f"put a {what} of several words in quotes"
            return click.UsageError(f"there are more words than it takes; {several}", ctx)
        return click.UsageError(f"put the {what} in quotes:\n  {line}", ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first clause of the help, whole: the list of commands may wrap it."""
        return re.split(r"[.;]\s", f"{self.help}\n", maxsplit=1)[0].replace("\n", " ")


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called.

    Args:
        modules: For each command, in the order of the help, the module that has it; its
            function is the command's name with underscores.
        sections: The headings of the help, each by the command that it stands above.
    """

    def __init__(
        self,
        *args: Any,
        modules: Mapping[str, str],
        sections: Mapping[str, str],
        **keywords: Any,
    ) -> None:
        super().__init__(*args, **keywords)
        self._modules = modules
        self._sections = sections
        self.params += common_options(hidden=False)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are about."""
        rows: list[tuple[str, str]] = []
        for name in [*self._modules, ""]:
            if rows and (name in self._sections or not name):
                with formatter.section(self._sections[rows[0][0]]):
                    formatter.write_dl(rows)
                rows = []
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        from importlib import import_module

        module = import_module(f"monitor.cli.commands.{self._modules[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if not word.startswith("-") and word not in self._modules:
            near = did_you_mean(_MEANT.get(word, word), self._modules)
            raise click.UsageError(f'no such command "{escaped(word[:80])}"{near}', ctx)
        return super().resolve_command(ctx, args)


def common_options(*, hidden: bool) -> list[click.Parameter]:
    """Return the options that may stand before or after a command's name.

    Args:
        hidden: Whether help names only `--json`, as it does for each command.
    """

    def remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
        if value and param.name:
            setattr(ctx.ensure_object(Session), param.name, value)

    def option(*names: str, hidden: bool, **keywords: Any) -> click.Option:
        # Eager: the settings that they name say how other words are read, such as the zone.
        return click.Option(
            names,
            expose_value=False,
            is_eager=True,
            callback=remember,
            hidden=hidden,
            **keywords,
        )

    path = PATH
    return [
        option("--json", hidden=False, is_flag=True, help="Print JSON lines."),
        option("--config", "config_path", hidden=hidden, type=path, help="Read this monitor.toml."),
        option("--home", hidden=hidden, type=path, help="Use this data folder."),
        option("--debug", hidden=hidden, is_flag=True, help="Show where an error comes from."),
    ]


pass_session = click.make_pass_decorator(Session)


def new_session() -> Session:
    """Return a session of this process's environment."""
    return Session(os.environ)
