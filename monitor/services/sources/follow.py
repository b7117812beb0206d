"""Following a source that somebody names: what it is, whether it may be, and from when on."""

from collections.abc import Callable
from datetime import datetime

from common.records import dataclass
from monitor.services.fields.source_fields import (
    SourceChanges,
    checked_every,
    checked_reading,
    kind_by,
)
from monitor.services.sources.discover import Seen, Sites, Telling, silently
from monitor.services.sources.sources import Place, add_source, place_of
from storage.api.storage import Storage
from storage.model import Source


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


def follow(
    storage: Storage,
    sites: Sites,
    place: Place,
    wish: SourceChanges,
    *,
    now: Callable[[], datetime],
    telling: Telling = silently,
    anyway: bool = False,
) -> Followed:
    """Follow a source; of a site the best that it offers.

    Args:
        anyway: Also a URL behind which nothing is now.

    Raises:
        Refusal: It cannot be followed, is followed already, or its name is taken.
    """
    seen = sites.see(place, telling, anyway=anyway)
    with storage.changing() as tx:
        source = add_source(
            tx,
            kind=seen.kind,
            url=seen.url,
            title=seen.title,
            wish=wish,
            now=now(),
        )
    return Followed(source=source, seen=seen)
