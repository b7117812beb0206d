"""The JSON of lists of feeds, in and out."""

from typing import Literal, TypedDict

from monitor.feed_lists.follow import Taken


class ListedShape(TypedDict):
    """What became of one feed of a list; `why` says why it was skipped."""

    outcome: Literal["added", "known", "skipped"]
    url: str
    title: str
    tags: list[str]
    id: str | None
    name: str | None
    why: str | None


class OpmlShape(TypedDict):
    """A list as OPML, and how many sources are in it."""

    opml: str
    sources: int


def listed_shape(taken: Taken) -> ListedShape:
    """Return what became of one feed of a list."""
    listed, source = taken.listed, taken.source
    return {
        "outcome": taken.outcome,
        "url": listed.url,
        "title": listed.title,
        "tags": list(listed.tags if source is None else source.tags),
        "id": None if source is None else source.id,
        "name": None if source is None else source.name,
        "why": taken.why or None,
    }
