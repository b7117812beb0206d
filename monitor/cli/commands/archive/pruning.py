"""The command that takes old articles out of the archive."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, escaped
from monitor.cli import output
from monitor.cli.params import DURATION
from monitor.cli.session import Command, Session, pass_session
from storage.api import StorageError

if TYPE_CHECKING:
    from monitor.archive.pruning import Keep, Outlook
    from storage.api import Storage

_DAY = timedelta(days=1)
_MIB = 1024 * 1024


@click.command("prune", cls=Command)
@click.option(
    "--older-than", type=DURATION, help="Keep so long, whatever keep_articles says: 90d, 52w."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@pass_session
def prune(session: Session, older_than: timedelta | None, dry_run: bool) -> None:
    """Take old articles out of the archive that nobody was told of.

    The setting keep_articles says how old, or how many stay; the daemon prunes by it once an
    hour, and without it all stays. Whole stories go, never one with an alert, or that has gone
    on since: so alerts, what proves them, and what is owed stay. What is pruned stays known:
    listed again, it is not new. SQLite gives the room back to the disk when no daemon runs;
    else it is used for what comes.

    \b
    Example:
        monitor prune --dry-run
        monitor prune --older-than 400d
    """
    from monitor.archive.pruning import look
    from monitor.views.service import pruned_shape

    keep = older_than or session.config.keep_articles
    if older_than is not None and older_than < _DAY:
        raise Refusal("--older-than is at least 1d: younger articles are still being compared")
    with session.storage() as storage:
        now = storage.now()
        outlook, size = look(storage, keep, now=now), storage.size_bytes()
        if outlook.waits_for and not dry_run:
            names = ", ".join(outlook.waits_for[:3])
            text = f'nothing is pruned before all rules have searched the archive ("{names}")'
            raise Refusal(text, misuse=False, remedy=Remedy(RemedyKind.START_DAEMON))
        if not dry_run:
            outlook = _prune(session, storage, keep, outlook)
            _give_back_room(session, storage, outlook)
        after = storage.size_bytes()
    shape = pruned_shape(outlook, dry_run=dry_run, size_before=size, size_after=after)
    session.show(shape, _told(session, outlook, dry_run=dry_run, freed=size - after))


def _prune(session: Session, storage: "Storage", keep: "Keep", outlook: "Outlook") -> "Outlook":
    """Take out what is to go; return what that was."""
    from dataclasses import replace

    from monitor.archive.pruning import prune

    articles = stories = 0
    waits = not session.json and sys.stderr is not None and sys.stderr.isatty()
    with click.progressbar(
        length=outlook.prunable.articles, label="Pruning", file=sys.stderr, hidden=not waits
    ) as bar:
        for of_articles, of_stories in prune(storage, keep, now=storage.now()):
            articles += of_articles
            stories += of_stories
            bar.update(of_articles)
    with storage.reading() as tx:
        remaining = tx.articles.count()
    done = outlook.prunable._replace(articles=articles, stories=stories, remaining=remaining)
    return replace(outlook, prunable=done)


def _give_back_room(session: Session, storage: "Storage", outlook: "Outlook") -> None:
    """Give room back to the disk while nobody needs the database."""
    from monitor.config.home import daemon_pid

    if not outlook.prunable.articles or daemon_pid(session.config.home) is not None:
        return
    session.hint("Giving room back to the disk ...")
    try:
        storage.give_back_room()
    except StorageError as error:
        output.warn(f"Warning: {error}; the room is used for what comes")


def _told(session: Session, outlook: "Outlook", *, dry_run: bool, freed: int) -> str:
    of, before = outlook.prunable, session.local(outlook.before)
    articles = output.counted(of.articles, "article")
    left = output.counted(of.remaining, "article")
    if before is None:
        why = session.config.keep_articles
        return (
            f"All {left} stay: keep_articles is all, and --older-than was not given."
            if why is None
            else f"All {left} stay: keep_articles is {why}."
        )
    stories = output.counted(of.stories, "story", "stories")
    stay = "would stay" if dry_run else "stay"
    told = f"{articles} of {stories} {'would go' if dry_run else 'went'}, "
    told += f"last told before {before}; {left} {stay}."
    if not of.articles:
        told = f"Nothing {'would go' if dry_run else 'goes'} that was last told before {before}; "
        told += f"{left} {stay}."
    if of.kept:
        told += f"\n{output.counted(of.kept, 'article')} as old or older stay: somebody was "
        told += "told of their story, or it goes on."
    if outlook.waits_for:
        names = ", ".join(map(output.quoted, map(escaped, outlook.waits_for[:3])))
        told += f"\nNothing goes before all rules have searched the archive: {names}."
    if freed > 0:
        told += f"\nThe database is {freed / _MIB:,.1f} MiB smaller."
    return told
