"""Following a source that somebody names: what it is, whether it may be, and from when on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.services.discover import Seen
from monitor.services.source_fields import (
    SourceChanges,
    checked_every,
    checked_reading,
    kind_by,
)
from monitor.services.sources import Place, add_source, place_of, refuse_private
from storage.model import Source

if TYPE_CHECKING:
    from monitor.app import App

Telling = Callable[[], AbstractContextManager[Callable[[str], None]]]
"""Opens what is told each address before it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A source that is followed from now on, and what looking at it has shown."""

    source: Source
    seen: Seen


def place_to_follow(location: str, kind: str | None, wish: SourceChanges) -> Place:
    """Return what somebody typed, checked before anything is fetched.

    Args:
        kind: What the user says it is; None to tell by how it shall be read, or by looking at it.

    Raises:
        Refusal: It cannot be followed, or not so.
    """
    place = place_of(location, kind or kind_by(wish.reading))
    if place.kind is not None:
        checked_reading(place.kind, wish.reading)
        checked_every(place.kind, wish.every)
    return place


def follow(app: "App", place: Place, wish: SourceChanges, *, telling: Telling) -> Followed:
    """Follow a source; of a site the best that it offers.

    Raises:
        Refusal: It cannot be followed, is followed already, or its name is taken.
    """
    seen = _seen(app, place, telling)
    with app.storage.transaction() as tx:
        source = add_source(
            tx,
            kind=seen.kind,
            url=seen.url,
            title=seen.title,
            wish=wish,
            now=app.now(),
        )
    return Followed(source=source, seen=seen)


def _seen(app: "App", place: Place, telling: Telling) -> Seen:
    if not place.is_folder:
        refuse_private(place, app.guard.check_host)
    if place.kind is not None:
        return Seen(url=place.url, kind=place.kind)
    with telling() as tell:
        return app.sites.look_at(place.url, tell=tell)
