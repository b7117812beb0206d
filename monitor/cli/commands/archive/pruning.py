"""The command that takes old articles out of the archive."""

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, Remedy, RemedyKind, escaped, quoted
from monitor.cli import output
from monitor.cli.params import DURATION, SIZE
from monitor.cli.session import Command, Session, pass_session
from storage.api.errors import StorageError

if TYPE_CHECKING:
    from monitor.archive.pruning import Keep, Outlook
    from storage.api.pruning import Pruned
    from storage.api.storage import Storage

_DAY = timedelta(days=1)
_MOST_ROUNDS = 4
"""So often it is looked whether the database is small enough."""
_MIB = 1024 * 1024


@click.command("prune", cls=Command)
@click.option(
    "--older-than", type=DURATION, help="Keep so long, whatever keep_articles says: 90d, 52w."
)
@click.option(
    "--smaller-than", type=SIZE, help="Keep what fits, whatever keep_size says: 500MB, 2GB."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@pass_session
def prune(
    session: Session, older_than: timedelta | None, smaller_than: int | None, dry_run: bool
) -> None:
    """Take old articles out of the archive that nobody was told of.

    The setting keep_articles says how old, or how many stay, and keep_size how large the
    database may become; the daemon prunes by both once an hour, and without them all stays.
    Whole stories go, the oldest first, never one with an alert, or that has gone on since: so
    alerts, what proves them, and what is owed stay. What is pruned stays known: listed again,
    it is not new. SQLite gives the room back to the disk when no daemon runs; else it is used
    for what comes.

    \b
    Example:
        monitor prune --dry-run
        monitor prune --older-than 400d
        monitor prune --smaller-than 2GB
    """
    from monitor.archive.pruning import Keep, look
    from monitor.views.service import pruned_shape

    config = session.config
    keep = Keep(
        articles=older_than or config.keep_articles, size_bytes=smaller_than or config.keep_size
    )
    if older_than is not None and older_than < _DAY:
        raise Refusal("--older-than is at least 1d: younger articles are still being compared")
    with session.storage() as storage:
        now = storage.now()
        outlook, size = look(storage, keep, now=now), storage.size_bytes()
        if outlook.waits_for and not dry_run:
            names = ", ".join(map(quoted, outlook.waits_for[:3]))
            text = f"nothing is pruned before all rules have searched the archive ({names})"
            raise Refusal(text, misuse=False, remedy=Remedy(RemedyKind.START_DAEMON))
        if not dry_run:
            outlook = _pruned(session, storage, keep, outlook)
        after = storage.size_bytes()
    shape = pruned_shape(outlook, dry_run=dry_run, size_before=size, size_after=after)
    asked = "keep_size" if smaller_than is None else "--smaller-than"
    told = _told(session, keep, outlook, asked=asked, dry_run=dry_run)
    session.show(shape, told + _told_size(keep, outlook, size, after, dry_run=dry_run))


def _pruned(session: Session, storage: "Storage", keep: "Keep", outlook: "Outlook") -> "Outlook":
    """Take out what is to go, and more while the database is too large; return what went."""
    from dataclasses import replace

    from monitor.archive.pruning import look, note_room

    articles = stories = 0
    before = outlook.before
    for _ in range(_MOST_ROUNDS):
        gone = _prune(session, storage, keep, outlook)
        articles, stories = articles + gone.articles, stories + gone.stories
        is_exact = bool(gone.articles) and _give_back_room(session, storage)
        if keep.size_bytes is None or not is_exact:
            break
        # How much room an article takes was a guess before: now it is known.
        note_room(storage, is_full=True)
        outlook = look(storage, keep, now=storage.now())
        before = outlook.before or before
    with storage.reading() as tx:
        remaining = tx.articles.count()
    done = outlook.prunable._replace(articles=articles, stories=stories, remaining=remaining)
    return replace(outlook, before=before, prunable=done)


def _prune(session: Session, storage: "Storage", keep: "Keep", outlook: "Outlook") -> "Pruned":
    """Take out what is to go; return what that was."""
    from monitor.archive.pruning import prune
    from storage.api.pruning import Pruned

    articles = stories = 0
    with click.progressbar(
        length=outlook.prunable.articles,
        label="Pruning",
        file=sys.stderr,
        hidden=not (session.shows_progress and outlook.prunable.articles),
    ) as bar:
        for of_articles, of_stories in prune(storage, keep, now=storage.now()):
            articles += of_articles
            stories += of_stories
            bar.update(of_articles)
    return Pruned(articles, stories)


def _give_back_room(session: Session, storage: "Storage") -> bool:
    """Give room back to the disk while nobody needs the database; tell whether none is free now."""
    from monitor.config.home import daemon_pid

    if daemon_pid(session.config.home) is not None:
        return False
    session.hint("Giving room back to the disk ...")
    try:
        return storage.give_back_room()
    except StorageError as error:
        output.warn(f"Warning: {error}; the room is used for what comes")
        return False


def _told(session: Session, keep: "Keep", outlook: "Outlook", *, asked: str, dry_run: bool) -> str:
    of, before = outlook.prunable, session.local(outlook.before)
    articles = output.counted(of.articles, "article")
    left = output.counted(of.remaining, "article")
    if before is None:
        return f"All {left} stay: {_why_all_stay(keep, asked)}."
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
    return told


def _why_all_stay(keep: "Keep", asked: str) -> str:
    if keep.is_all:
        return "keep_articles and keep_size keep all, and nothing else was asked for"
    size = None if keep.size_bytes is None else f"{asked} is {_mib(keep.size_bytes)}"
    articles = None if keep.articles is None else f"keep_articles is {keep.articles}"
    return " and ".join(filter(None, (articles, size)))


def _told_size(keep: "Keep", outlook: "Outlook", before: int, after: int, *, dry_run: bool) -> str:
    """Say how large the database is, where that matters."""
    if before > after:
        told = f"\nThe database is {_mib(before - after)} smaller: {_mib(after)}."
    else:
        told = f"\nThe database takes {_mib(after)}." if keep.size_bytes is not None else ""
    if outlook.too_many and not outlook.waits_for:
        more = output.counted(outlook.too_many, "article")
        told += f"\n{more} more would have to go for {_mib(keep.size_bytes or 0)}, and stay: "
        told += "somebody was told of them, or new articles are still compared with them."
    elif keep.size_bytes is not None and not dry_run and after > keep.size_bytes:
        told += "\nThe room of what went is free in it, and is used for what comes."
    return told


def _mib(size_bytes: int) -> str:
    if size_bytes >= 1024 * _MIB:
        return f"{size_bytes / (1024 * _MIB):,.1f} GiB"
    return f"{size_bytes / _MIB:,.1f} MiB"
