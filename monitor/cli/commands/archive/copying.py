"""The command that copies the archive into another database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from monitor.base import clock
from monitor.base.errors import escaped
from monitor.base.times import show_span
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session
from monitor.config.load import without_password

if TYPE_CHECKING:
    from monitor.archive.copying import Place
    from storage.admin.copying import Progress


@click.command("copy", cls=Command)
@click.argument("source", metavar="FROM", type=TEXT)
@click.argument("target", metavar="TO", type=TEXT)
@click.pass_context
def copy(ctx: click.Context, source: str, target: str) -> None:
    """Copy the whole archive FROM one database TO another, which is empty.

    Each is a sqlite:/// or postgresql:// URL, a file, or a data folder; TO is made where it is
    not there, a folder where its name has no ending such as .db. All of it goes: rules,
    channels, articles, the search index, what was sent and what is owed, under the same ids.
    FROM is not changed. TO is read once more and compared; it is filled as a whole or not at
    all. Stop the daemon and the workers first, and never let them run on both afterwards: each
    would send what is owed. Secrets of channels are in no database: keep the data folder. A
    password need not stand in the URL: PGPASSFILE or PGPASSWORD can hold it.

    \b
    Example:
        monitor copy ./data postgresql://monitor@db/monitor
        monitor copy postgresql://monitor@db/monitor ./monitor.db
    """
    from monitor.archive.copying import copy_archive, place_of
    from monitor.config.home_lock import ANOTHER_DAEMON, HomeTaken
    from monitor.views.service import copied_shape

    session = ctx.ensure_object(Session)
    began_s = clock.monotonic()
    from_, to = place_of(source, session.config), place_of(target, session.config)
    try:
        with _shown(session) as progress:
            copied = copy_archive(from_, to, progress)
    except HomeTaken as taken:
        output.warn(f"Error: {taken}; stop it first")
        ctx.exit(ANOTHER_DAEMON)
    shape = copied_shape(copied, source=from_.shown, target=to.shown)
    took = show_span(timedelta(seconds=clock.monotonic() - began_s))
    rows, articles = sum(shape["rows"].values()), shape["rows"]["article"]
    session.show(
        shape,
        f"Copied {output.counted(rows, 'row')}, of {output.counted(articles, 'article')}, and "
        f"found them the same in {escaped(to.shown)}, in {took}.\n"
        f"{_how_to_go_on(to)}",
    )


def _how_to_go_on(to: "Place") -> str:
    """Return what to set for the copy to be the archive from now on."""
    shown = without_password(to.url)
    hidden = "" if shown == to.url else ", with the password in the place of ***"
    return (
        f"To go on with it set this, or database_url in monitor.toml{hidden}:\n"
        f"  export MONITOR_DATABASE_URL={output.shell_word(shown)}\n"
        "Never run both: each would send what is owed."
    )


@contextmanager
def _shown(session: Session) -> Iterator["Progress"]:
    """Draw how far it is, for whoever waits at a terminal."""
    if not session.shows_progress:
        yield lambda done, of: None
        return
    with click.progressbar(length=1, label="Copying and comparing", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield progress
