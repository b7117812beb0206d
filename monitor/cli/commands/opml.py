"""Commands about lists of feeds."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingester.kinds import FEED
from monitor.base.errors import Refusal, clipped
from monitor.base.files import read_bytes
from monitor.cli import output
from monitor.cli.params import DURATION, TEXT, PathParam
from monitor.cli.session import Command, Session, pass_session

if TYPE_CHECKING:
    from monitor.feed_lists.follow import Taken
    from monitor.feed_lists.opml import Listed

_SHOWN = 20


@click.command("import-opml", cls=Command)
@click.argument("file", type=PathParam(allow_dash=True))
@click.option("--every", type=DURATION, help="How often to poll each; 15m if nothing is said.")
@click.option("--tag", "tags", type=TEXT, multiple=True, help="A word to group all of them by.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@pass_session
def import_opml(
    session: Session, file: Path, every: timedelta | None, tags: tuple[str, ...], dry_run: bool
) -> None:
    """Follow the feeds of an OPML file, as other feed readers write it.

    FILE may be - for standard input, and need not be well-formed. Its folders become tags. What
    is followed already stays as it is, so that a list may be imported again. Nothing is fetched:
    the first polls are silent, and those of a long list are spread over their interval.

    \b
    Example:
        monitor import-opml subscriptions.opml --tag imported
    """
    from monitor.feed_lists.follow import follow
    from monitor.services.fields.source_fields import checked_every

    checked_every(FEED, every)
    listed = _feeds_in(file)
    if not listed:
        session.found_nothing(f"{clipped(str(file))}: the list names no feeds (no xmlUrl in it)")
    with (
        session.storage() as storage,
        click.progressbar(
            length=len(listed),
            label="Adding feeds",
            file=sys.stderr,
            hidden=not session.shows_progress,
        ) as bar,
    ):
        batches = follow(
            storage, listed, now=session.now(), every=every, tags=tags, dry_run=dry_run
        )
        counts, skipped = _watched(session, batches, bar.update)
    if not session.json:
        _say(counts, skipped, dry_run=dry_run)
    if not counts["added"] and not counts["known"]:
        raise click.exceptions.Exit(1)


def _watched(
    session: Session, batches: "Iterable[list[Taken]]", done: Callable[[int], None]
) -> "tuple[Counter[str], list[Taken]]":
    """Print what becomes of each feed, for programs; return the outcomes, and what was skipped."""
    from monitor.feed_lists.view import listed_shape

    counts: Counter[str] = Counter()
    skipped: list[Taken] = []
    for batch in batches:
        for taken in batch:
            counts[taken.outcome] += 1
            if taken.outcome == "skipped":
                skipped.append(taken)
            if session.json:
                output.emit(listed_shape(taken))
        done(len(batch))
    return counts, skipped


def _feeds_in(file: Path) -> "list[Listed]":
    from monitor.feed_lists.opml import NoListError, is_cut_off, read_opml

    try:
        text = _text(file)
        listed = read_opml(text)
    except NoListError as error:
        raise Refusal(f"{clipped(str(file))}: {error}") from None
    if is_cut_off(text):
        output.warn(
            f"{clipped(str(file))}: the list stops in the middle: what stood behind the last "
            "whole outline is missing; export it again"
        )
    return listed


def _text(file: Path) -> str:
    from ingester.text.encoding import decode
    from monitor.feed_lists.opml import MAX_BYTES

    if str(file) != "-":
        return decode(read_bytes(file, limit_bytes=MAX_BYTES)).text
    body = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise Refusal(f"standard input: over {MAX_BYTES >> 20} MiB; split it")
    return decode(body).text


def _say(counts: Counter[str], skipped: "list[Taken]", *, dry_run: bool) -> None:
    added = output.counted(counts["added"], "feed")
    verb = "would be added" if dry_run else "added"
    known = f", {counts['known']} followed already" if counts["known"] else ""
    output.say(f"{added} {verb}{known}.")
    for taken in skipped[:_SHOWN]:
        output.warn(f"Skipped: {_skipped(taken)}")
    if len(skipped) > _SHOWN:
        output.warn(f"Skipped: {len(skipped) - _SHOWN} more; --json lists all of them")


def _skipped(taken: "Taken") -> str:
    from ingester.urls.urls import shown_url

    url, why = shown_url(taken.listed.url), clipped(taken.why, 300)
    return why if url in why else f"{url}: {why}"


@click.command("export-opml", cls=Command)
@pass_session
def export_opml(session: Session) -> None:
    """Print the feeds, pages and sitemaps that are followed as an OPML list.

    Each first tag becomes a folder, and all tags the outline's categories. Folders of documents
    are left out: they are places on this machine.

    \b
    Example:
        monitor export-opml > subscriptions.opml
    """
    from monitor.feed_lists.opml import are_listed, write_opml
    from monitor.feed_lists.sites import front_pages

    with session.storage() as storage, storage.reading() as tx:
        sources = are_listed(tx.sources.all())
        sites = front_pages(tx, sources)
    if not sources:
        session.found_nothing("No feed, page or sitemap is followed.")
    text = "\n".join(write_opml(sources, made_at=format_datetime(session.now()), sites=sites))
    if session.json:
        output.emit({"opml": text, "sources": len(sources)})
    else:
        click.echo(text)
