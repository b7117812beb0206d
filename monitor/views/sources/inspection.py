"""The JSON of what would be taken in from some bytes."""

from typing import TypedDict, cast

from ingester.discovery.inspect import Inspected
from monitor.views.base.schema import InstantText


class EnclosureShape(TypedDict):
    """A file that belongs to an entry."""

    url: str
    type: str


class ListedEntryShape(TypedDict):
    """What a source lists; `id` is what it will be recognised by."""

    id: str
    title: str
    link: str
    published_at: InstantText | None
    updated_at: InstantText | None
    author: str
    summary: str
    content: str
    categories: list[str]
    enclosures: list[EnclosureShape]


class FeedShape(TypedDict):
    """What a feed says of itself."""

    title: str
    link: str
    description: str
    language: str


class ReadArticleShape(TypedDict):
    """What a page or a document holds."""

    title: str
    url: str
    published_at: InstantText | None
    authors: list[str]
    language: str
    text: str


class InspectionShape(TypedDict):
    """What some bytes are, and what would be taken in from them."""

    kind: str
    parser: str
    problem: str | None
    feed: FeedShape | None
    entries: list[ListedEntryShape]
    article: ReadArticleShape | None


def inspection_shape(shown: Inspected) -> InspectionShape:
    """Return what `ingester.discovery.inspect.inspect` shows, which is made for this."""
    return cast(InspectionShape, shown)


def nothing_shape(problem: str) -> InspectionShape:
    """Return what is shown of a place that could not be read."""
    return {
        "kind": "not-recognised",
        "parser": "none",
        "problem": problem,
        "feed": None,
        "entries": [],
        "article": None,
    }
