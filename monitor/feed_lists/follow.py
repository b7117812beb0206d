"""Following the feeds of a list: which are new, and when each is polled first."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from common.records import dataclass
from monitor.base.errors import Refusal
from monitor.feed_lists.opml import Listed
from monitor.services.fields.source_fields import SourceChanges
from monitor.services.sources.sources import (
    free_name,
    identity_of,
    name_of_place,
    new_source,
    place_of,
)
from storage.api.storage import Storage
from storage.model import Source

AT_ONCE = 1_000
"""So many sources are stored in one transaction."""

FEW = 100
"""So many are polled at once; the first polls of a longer list are spread over their interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one feed of a list.

    Attributes:
        outcome: "added", "known" (it is followed, or the list names it twice) or "skipped".
        why: A sentence when it was skipped.
    """

    listed: Listed
    outcome: Literal["added", "known", "skipped"]
    source: Source | None = None
    why: str = ""


def follow(
    storage: Storage,
    listed: Iterable[Listed],
    *,
    now: datetime,
    every: timedelta | None,
    tags: tuple[str, ...] = (),
    dry_run: bool = False,
) -> Iterator[list[Taken]]:
    """Follow what a list names, batch by batch; nothing is fetched.

    Safe to repeat: what is followed already is left as it is. Each batch is one transaction.
    A feed that the list has in several folders gets the tags of all.

    Args:
        tags: Given to each, before its own.
    """
    with storage.reading() as tx:
        followed = tx.sources.all()
    known = {identity_of(source.kind, source.url) for source in followed}
    names = FreeNames({source.name for source in followed})
    wish = SourceChanges(every=every, tags=tags)
    every_feed = list(listed)
    tags_at = _tags_by_place(every_feed)
    rest = iter(every_feed)
    number = 0
    while batch := list(islice(rest, AT_ONCE)):
        taken = []
        for feed in batch:
            one = _taken(feed, known, tags_at, names, wish, now=now)
            if one.source is not None:
                number += 1
                one = replace(one, source=_later(one.source, number, now))
            taken.append(one)
        if not dry_run:
            with storage.changing() as tx:
                for place, one in enumerate(taken):
                    if one.source is not None and not tx.sources.add(one.source):
                        # Somebody else has followed it since the list was begun.
                        taken[place] = Taken(listed=one.listed, outcome="known")
        yield taken


def _tags_by_place(listed: Iterable[Listed]) -> dict[tuple[bool, str], dict[str, None]]:
    """Return the tags that each feed has anywhere in the list, in the list's order."""
    tags: dict[tuple[bool, str], dict[str, None]] = {}
    for feed in listed:
        with suppress(Refusal):
            place = identity_of(feed.kind, place_of(feed.url, feed.kind).url)
            tags.setdefault(place, {}).update(dict.fromkeys(feed.tags))
    return tags


def _taken(
    listed: Listed,
    known: set[tuple[bool, str]],
    tags_at: Mapping[tuple[bool, str], Iterable[str]],
    names: "FreeNames",
    wish: SourceChanges,
    *,
    now: datetime,
) -> Taken:
    try:
        url = place_of(listed.url, listed.kind).url
        identity = identity_of(listed.kind, url)
        if identity in known:
            return Taken(listed=listed, outcome="known")
        source = new_source(
            kind=listed.kind,
            url=url,
            name=names.free(listed.title or name_of_place(listed.kind, url)),
            wish=replace(wish, tags=tuple(dict.fromkeys((*wish.tags, *tags_at[identity])))),
            now=now,
        )
    except Refusal as error:
        return Taken(listed=listed, outcome="skipped", why=str(error))
    known.add(identity)
    return Taken(listed=listed, outcome="added", source=source)


def _later(source: Source, number: int, now: datetime) -> Source:
    """Return the source with its first poll put off, so that a long list does not come at once.

    The golden ratio spreads any number of them evenly, without knowing how many will come.
    """
    if number <= FEW:
        return source
    return replace(source, next_poll_at=now + source.every * (number * 0.6180339887498949 % 1))


class FreeNames:
    """Names that are taken; finds a free one without trying all numbers each time."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next: dict[str, int] = {}

    def free(self, wished: str) -> str:
        """Return the name, made safe, with a number when it is taken; it is taken from now on."""
        base = free_name(wished, set())
        name, number = base, self._next.get(base, 2)
        while name in self._taken:
            name, number = f"{base} ({number})", number + 1
        self._next[base] = number
        self._taken.add(name)
        return name
