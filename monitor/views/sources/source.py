"""The JSON of a source and of what its owner should know about it."""

from collections.abc import Iterable
from typing import Annotated, TypedDict

from monitor.base.times import show_duration, show_instant
from monitor.views.base.schema import InstantText
from storage.model import Source, SourceState
from storage.notice import Notice


class SourceShape(TypedDict):
    """A feed, page, sitemap or folder that is polled."""

    id: str
    name: str
    kind: str
    url: str
    state: Annotated[str, SourceState]
    every: str
    next_poll_at: InstantText | None
    last_ok_at: InstantText | None
    last_entry_at: InstantText | None
    last_error: str | None
    failures: int
    articles: int
    tags: list[str]
    options: dict[str, str]
    backfill: int | None
    added_at: InstantText | None


class NoticeShape(TypedDict):
    """Something that a source's owner should know; `seen_at` is when it was told last.

    What `lasts` is so until a poll no longer tells it; else it has happened.
    """

    id: str
    text: str
    raised_at: InstantText | None
    seen_at: InstantText | None
    lasts: bool


class SourceDetailsShape(SourceShape):
    """A source and what there is to know about it."""

    notices: list[NoticeShape]


def source_shape(source: Source, *, articles: int) -> SourceShape:
    """Return a source; `articles` is how many it has given."""
    is_polled = source.state is SourceState.ACTIVE
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "state": source.state.value,
        "every": show_duration(source.every),
        "next_poll_at": show_instant(source.next_poll_at if is_polled else None),
        "last_ok_at": show_instant(source.last_ok_at),
        "last_entry_at": show_instant(source.last_entry_at),
        "last_error": source.last_error,
        "failures": source.failures,
        "articles": articles,
        "tags": list(source.tags),
        "options": dict(source.options),
        "backfill": source.backfill,
        "added_at": show_instant(source.added_at),
    }


def source_details_shape(
    source: Source, notices: Iterable[Notice], *, articles: int
) -> SourceDetailsShape:
    """Return a source with its notices."""
    shapes = [notice_shape(notice) for notice in notices]
    return {**source_shape(source, articles=articles), "notices": shapes}


def notice_shape(notice: Notice) -> NoticeShape:
    """Return what a source's owner should know."""
    return {
        "id": notice.id,
        "text": notice.text,
        "raised_at": show_instant(notice.raised_at),
        "seen_at": show_instant(notice.seen_at),
        "lasts": notice.lasts,
    }
