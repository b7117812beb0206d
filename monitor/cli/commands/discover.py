"""The command that shows what of a site could be followed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, clipped
from monitor.base.files import read_bytes
from monitor.base.times import show_age
from monitor.cli import output
from monitor.cli.params import TEXT
from monitor.cli.session import Command, Session, pass_session

if TYPE_CHECKING:
    from ingester.discovery.discover import Candidate

_LIMIT_BYTES = 10 * 1024 * 1024
_PAGES = (".html", ".htm", ".xhtml", ".xml")


@click.command("discover", cls=Command)
@click.argument("location", metavar="URL_OR_FILE", type=TEXT)
@click.option("--url", type=TEXT, help="Where a file came from; links are joined to it.")
@pass_session
def discover(session: Session, location: str, url: str | None) -> None:
    """Show what of a site could be followed, the best first; add-source takes that one.

    Looks at the feeds that the page declares and links, at usual places, at the site's sitemaps
    (those of news first) and at the page itself as a list of articles: one request after the
    other, at most two minutes. OVERLAP is the share of its articles that the best lists, too.

    A FILE is a page that was saved: its links are shown, and nothing is fetched.

    \b
    Example:
        monitor discover https://example.com/
        monitor discover front.html --url https://example.com/
    """
    path = Path(location)
    if "://" not in location and (path.exists() or path.suffix.lower() in _PAGES):
        _page(session, path, url or "")
    elif url:
        raise Refusal("--url goes with a FILE that is there")
    else:
        _site(session, location)


def _site(session: Session, location: str) -> None:
    from ingester.entry import FetchError, ParseError
    from ingester.urls.urls import shown_url
    from monitor.cli.looking import looking
    from monitor.services.sources import sources
    from monitor.views.sources.candidate import candidate_shape

    place = sources.place_of(location, None)
    if place.is_folder:
        raise Refusal(f"{clipped(location)}: is a folder; discover takes a URL or an HTML file")
    with session.app() as app, looking(session) as tell:
        sources.refuse_private(place, app.guard.check_host)
        try:
            site = app.looking.sites.explore(place.url, thorough=True, tell=tell)
        except (FetchError, ParseError) as error:
            raise Refusal(f"{shown_url(place.url)}: {error}", misuse=False) from None
    for notice in site.notices:
        output.warn(notice)
    best = site.best
    if session.json:
        for candidate in site.candidates:
            output.emit(candidate_shape(candidate, chosen=candidate is best))
    elif site.candidates:
        _print(session, site.candidates, best)
    if best is None:
        command = session.config.command_name
        session.found_nothing(
            "Nothing to follow: no feed, no sitemap, no list of articles. If you know the feed: "
            f"{command} add-source FEED; for a list page: --kind page --selector CSS"
        )
    if not session.json:
        taking = f"{session.config.command_name} add-source {output.shell_word(place.url)}"
        output.say(f"\n* is what this takes: {taking}")


def _print(session: Session, candidates: "Sequence[Candidate]", best: "Candidate | None") -> None:
    now = session.now()
    output.table(
        ("BEST", "KIND", "URL", "TITLE", "ENTRIES", "NEWEST", "TEXT", "OVERLAP", "FOUND"),
        [
            (
                "*" if candidate is best else " ",
                "news sitemap" if candidate.is_news else candidate.kind,
                candidate.url,
                candidate.title,
                candidate.problem or candidate.entries,
                show_age(candidate.newest_at, now=now) if candidate.newest_at else None,
                {True: "full", False: "summary", None: None}[candidate.full_text],
                None if candidate.overlap is None else f"{candidate.overlap:.0%}",
                _how(candidate),
            )
            for candidate in candidates
        ],
        whole="URL",
    )


def _how(candidate: "Candidate") -> str:
    from monitor.services.sources.discover import HOW

    return HOW[candidate.origin] + (" (comments)" if candidate.is_of_comments else "")


# --- a page that was saved -----------------------------------------------------------------------


def _page(session: Session, path: Path, url: str) -> None:
    from ingester.feeds.autodiscovery import feed_links
    from ingester.urls.urls import check_feed_url
    from monitor.views.sources.candidate import named_feed_shape

    if path.is_dir():
        raise Refusal(f"{clipped(str(path))}: is a folder; discover takes a URL or an HTML file")
    try:
        base = check_feed_url(url) if url else ""
    except ValueError as error:
        raise Refusal(f"--url: {error}") from None
    named = feed_links(read_bytes(path, limit_bytes=_LIMIT_BYTES), base)
    shown = named.declared or named.linked
    chosen = next((feed for feed in shown if not feed.is_of_comments), None)
    if not shown:
        session.found_nothing(f"{clipped(str(path))}: the page declares no feed and links none.")
    if session.json:
        declared = bool(named.declared)
        for feed in shown:
            output.emit(named_feed_shape(feed, declared=declared, chosen=feed is chosen))
        return
    how = "declared" if named.declared else "linked"
    output.table(
        ("BEST", "URL", "TITLE", "TYPE", "FOUND"),
        [("*" if feed is chosen else " ", feed.url, feed.title, feed.type, how) for feed in shown],
        whole="URL",
    )
    if named.declared and named.linked:
        more = output.counted(len(named.linked), "more link")
        output.say(f"\n{more} may lead to feeds; discover URL looks at them.")
