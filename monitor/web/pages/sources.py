"""Sources: how they are, and new ones by pasting an address."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response

from ingester.kinds import FOLDER
from monitor.base.errors import Refusal, clipped
from monitor.services import sources as book
from monitor.services.follow import follow
from monitor.services.source_fields import SourceChanges
from monitor.web.base.desk import Desk
from storage.model import SourceState

STATES = {
    "pause": SourceState.PAUSED,
    "resume": SourceState.ACTIVE,
    "remove": SourceState.REMOVED,
}


def show_all(desk: Desk, request: Request) -> Response:
    """Show all sources, those in trouble first."""
    with desk.app.storage.reading() as tx:
        sources = tx.sources.all()
        counts = tx.sources.article_counts()
    sources.sort(key=lambda source: (source.failures == 0, source.name.casefold()))
    return desk.page(
        request,
        "sources.html",
        values={
            "sources": sources,
            "counts": counts,
            "url": request.query_params.get("url", "")[:1000],
            "now": desk.app.now(),
        },
    )


def show_one(desk: Desk, request: Request) -> Response:
    """Show a source, its notices and what it gave last."""
    with desk.app.storage.reading() as tx:
        source = book.source_named(tx, request.path_params["id"])
        notices = tx.sources.notices(source.id)
        articles = tx.articles.recent(source_ids=[source.id], limit=20)
        count = tx.sources.article_counts().get(source.id, 0)
    return desk.page(
        request,
        "source.html",
        values={
            "source": source,
            "notices": notices,
            "articles": articles,
            "count": count,
            "now": desk.app.now(),
        },
    )


def add(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Follow what is behind an address: a feed, or the best that its site offers."""
    address = fields.get("url", "").strip()
    place = book.place_of(address if "://" in address else f"https://{address}", None)
    if place.kind == FOLDER:
        raise Refusal("a folder is followed from the command line only: add-source FOLDER")
    followed = follow(
        desk.app.storage,
        desk.app.sites,
        place,
        SourceChanges(),
        telling=_silently,
        now=desk.app.now,
    )
    source = followed.source
    sentence = f"Following “{clipped(source.name)}”: {clipped(source.url, 150)}."
    extra = followed.seen.taken or followed.seen.doubt or ""
    return desk.done(request, f"/sources/{source.id}", f"{sentence} {extra}".strip())


def set_state(desk: Desk, request: Request, fields: Mapping[str, str]) -> Response:
    """Pause, resume or remove a source, or have it polled now."""
    asked = fields.get("to", "")
    with desk.app.storage.transaction() as tx:
        source = book.source_named(tx, request.path_params["id"])
        if asked == "poll":
            source = book.set_state(tx, source, source.state, now=desk.app.now())
        elif asked in STATES:
            source = book.set_state(tx, source, STATES[asked], now=desk.app.now())
        else:
            raise Refusal(f"to: expected one of poll, {', '.join(STATES)}")
    where = "/sources" if asked == "remove" else f"/sources/{source.id}"
    what = "is polled next" if asked == "poll" else f"is {source.state.value}"
    return desk.done(request, where, f"Source “{clipped(source.name)}” {what}.")


@contextmanager
def _silently() -> Iterator[Callable[[str], None]]:
    yield lambda address: None
