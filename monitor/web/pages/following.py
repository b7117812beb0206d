"""Following more: what a site offers, by one click, and lists of feeds of other readers."""

from collections import Counter
from collections.abc import Mapping
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from ingester.entry import FetchError, ParseError
from ingester.kinds import FOLDER, KINDS
from ingester.urls.urls import shown_url
from monitor.base.errors import Refusal, clipped
from monitor.feed_lists import follow as lists
from monitor.feed_lists.opml import NoListError, are_listed, read_opml, write_opml
from monitor.feed_lists.sites import front_pages
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.sources import sources as book
from monitor.services.sources.discover import HOW
from monitor.services.sources.follow import follow
from monitor.services.sources.sources import Place
from monitor.web.base.desk import Desk
from monitor.web.base.render import counted
from storage.model import Source


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Follow what is behind an address: a feed, or the best that its site offers."""
    if fields.get("look"):
        return look(desk, request, fields)
    kind = fields.get("kind", "")
    if kind and kind not in KINDS:
        raise Refusal(f"kind: expected one of {', '.join(KINDS)}")
    followed = follow(
        desk.app.storage,
        desk.app.looking.sites,
        _place(fields, kind or None),
        SourceChanges(),
        now=desk.app.now,
    )
    source = followed.source
    sentence = f"Following “{clipped(source.name)}”: {clipped(source.url, 150)}."
    extra = followed.seen.taken or followed.seen.doubt or ""
    return desk.done(request, f"/sources/{source.id}", f"{sentence} {extra}".strip())


def look(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Show all that a site offers, with how much of it is the same, each to be followed."""
    app, place = desk.app, _place(fields)
    book.refuse_private(place, app.guard.check_host)
    try:
        site = app.looking.sites.explore(place.url, thorough=True, tell=lambda _: None)
    except (FetchError, ParseError) as error:
        raise Refusal(f"{shown_url(place.url)}: {error}", misuse=False) from None
    with app.storage.reading() as tx:
        known = {book.identity_of(source.kind, source.url) for source in tx.sources.all()}
    return desk.page(
        request,
        "offered.html",
        values={
            "url": place.url,
            "site": site,
            "how": HOW,
            "followed": {
                each.url
                for each in site.candidates
                if book.identity_of(each.kind, each.url) in known
            },
            "now": app.now(),
        },
    )


def _place(fields: Mapping[str, str], kind: str | None = None) -> Place:
    address = fields.get("url", "").strip()
    place = book.place_of(address if "://" in address else f"https://{address}", kind)
    if place.kind == FOLDER:
        raise Refusal("a folder is followed from the command line only: add-source FOLDER")
    return place


def take_list(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Follow what a list of feeds names; the page then shows how far their first polls are."""
    try:
        listed = read_opml(fields.get("opml", ""))
    except NoListError as error:
        raise Refusal(f"the list: {error}") from None
    counts: Counter[str] = Counter()
    skipped: list[str] = []
    tags = tuple(filter(None, [fields.get("tag", "").strip()]))
    batches = lists.follow(desk.app.storage, listed, now=desk.app.now(), every=None, tags=tags)
    for batch in batches:
        counts.update(taken.outcome for taken in batch)
        skipped += [taken.why for taken in batch if taken.why]
    sentence = f"Following {counted(counts['added'], 'more source')}."
    if counts["known"]:
        sentence += f" {counted(counts['known'], 'feed')} of the list were followed already."
    if skipped:
        sentence += f" {counted(len(skipped), 'feed')} skipped: {clipped(skipped[0], 150)}"
    return desk.done(request, "/sources?order=new", sentence)


def give_list(desk: Desk, request: Request) -> Response:
    """Return what is followed as a list for other readers of feeds."""
    with desk.app.storage.reading() as tx:
        sources: list[Source] = are_listed(tx.sources.all())
        sites = front_pages(tx, sources)
    made_at = format_datetime(desk.app.now())
    body = "".join(f"{line}\n" for line in write_opml(sources, made_at=made_at, sites=sites))
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return Response(body, media_type="text/x-opml", headers=headers)
