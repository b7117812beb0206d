"""Reading pages, documents and unusual feeds in a process of its own: both sides of the pipe."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from ingester.entry import DocumentContent, Enclosure, Entry, Feed, Listing, ParseError
from ingester.sandbox.process import BoundedWork, WorkFailedError

JsonObject = dict[str, Any]
"""What JSON can carry."""


class BoundedReader:
    """Implements `ingester.fetch.ports.Reader`, within bounds of time and memory.

    Whatever goes over a bound or crashes is a ParseError that says so. Safe to use from many
    threads.
    """

    def __init__(self, work: BoundedWork) -> None:
        self._work = work

    def read_page(
        self, body: bytes, *, url: str = "", content_type: str = "", now: datetime | None = None
    ) -> Entry:
        request = {"url": url, "content_type": content_type, "now": _instant(now)}
        return entry_from(self._done("page", request, body))

    def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        selector: str = "",
        now: datetime | None = None,
    ) -> Listing | None:
        if selector:
            from ingester.pages.lists.listing import (
                check_selector,  # dear, and most sites need none
            )

            check_selector(selector)
        request = {"url": url, "content_type": content_type, "selector": selector}
        answer = self._done("listing", request | {"now": _instant(now)}, body)["listing"]
        if answer is None:
            return None
        return Listing(**{**answer, "entries": tuple(map(entry_from, answer["entries"]))})

    def read_feed(self, text: str, *, url: str) -> Feed:
        return feed_from(self._done("feed", {"url": url}, text.encode("utf-8", "surrogatepass")))

    def read_document(
        self, data: bytes, name: str, *, modified_at: datetime, now: datetime
    ) -> DocumentContent:
        moments = {"modified_at": _instant(modified_at), "now": _instant(now)}
        answer = self._done("document", {"name": name, **moments}, data)
        return DocumentContent(
            entries=tuple(map(entry_from, answer["entries"])), notices=tuple(answer["notices"])
        )

    def inspect(
        self,
        body: bytes,
        *,
        url: str = "",
        content_type: str = "",
        name: str = "",
        modified_at: datetime | None = None,
        now: datetime | None = None,
    ) -> JsonObject:
        """As `ingester.discovery.inspect.inspect`.

        Raises:
            ParseError: It went over a bound.
        """
        from ingester.discovery.inspect import with_language

        request = {"url": url, "content_type": content_type, "name": name}
        moments = {"modified_at": _instant(modified_at), "now": _instant(now)}
        # The detector of languages unpacks itself into a file, which the child may not write.
        return with_language(self._done("inspect", request | moments, body))

    def _done(self, task: str, request: Mapping[str, Any], body: bytes) -> JsonObject:
        try:
            answer = self._work.do(task, request, body)
        except WorkFailedError as failure:
            raise ParseError(str(failure)) from None
        if "refused" in answer:
            raise ParseError(str(answer["refused"]), kind=str(answer["kind"]), to=str(answer["to"]))
        return answer


# --- in the child -------------------------------------------------------------------------------


def _page(request: JsonObject, body: bytes) -> JsonObject:
    from ingester.pages.kind import read_page

    now = _instant_from(request["now"])
    return words_of(
        read_page(body, url=request["url"], content_type=request["content_type"], now=now)
    )


def _listing(request: JsonObject, body: bytes) -> JsonObject:
    from ingester.pages.kind import read_listing

    listing = read_listing(body, **{**request, "now": _instant_from(request["now"])})
    if listing is None:
        return {"listing": None}
    return {
        "listing": {**asdict(listing), "entries": [words_of(entry) for entry in listing.entries]}
    }


def _feed(request: JsonObject, body: bytes) -> JsonObject:
    from ingester.feeds.lenient import read_xml

    feed = read_xml(body.decode("utf-8", "surrogatepass"), url=request["url"])
    asks = feed.server_asks
    return {
        **asdict(feed),
        "entries": [words_of(entry) for entry in feed.entries],
        "server_asks": None if asks is None else asks.total_seconds(),
    }


def _document(request: JsonObject, body: bytes) -> JsonObject:
    from ingester.documents.parse import read_document

    moments = {name: datetime.fromisoformat(request[name]) for name in ("modified_at", "now")}
    document = read_document(body, request["name"], **moments)
    return {
        "entries": [words_of(entry) for entry in document.entries],
        "notices": document.notices,
    }


def _inspected(request: JsonObject, body: bytes) -> JsonObject:
    from ingester.discovery.inspect import inspect_declared

    return inspect_declared(
        body,
        url=request["url"],
        content_type=request["content_type"],
        name=request["name"],
        modified_at=_instant_from(request["modified_at"]),
        now=_instant_from(request["now"]),
    )


TASKS: Mapping[str, Callable[[JsonObject, bytes], JsonObject]] = {
    "page": _page,
    "listing": _listing,
    "feed": _feed,
    "document": _document,
    "inspect": _inspected,
}


# --- entries as words ---------------------------------------------------------------------------


def words_of(entry: Entry) -> JsonObject:
    """Return an entry as JSON can carry it."""
    return {
        **asdict(entry),
        "published_at": _instant(entry.published_at),
        "updated_at": _instant(entry.updated_at),
    }


def entry_from(words: JsonObject) -> Entry:
    """Return the entry that `words_of` has written."""
    return Entry(
        **{
            **words,
            "authors": tuple(words["authors"]),
            "categories": tuple(words["categories"]),
            "enclosures": tuple(Enclosure(**enclosure) for enclosure in words["enclosures"]),
            "published_at": _instant_from(words["published_at"]),
            "updated_at": _instant_from(words["updated_at"]),
        }
    )


def feed_from(words: JsonObject) -> Feed:
    """Return the feed that the child has written."""
    asks = words["server_asks"]
    return Feed(
        **{
            **words,
            "entries": tuple(map(entry_from, words["entries"])),
            "server_asks": None if asks is None else timedelta(seconds=asks),
            "notices": tuple(words["notices"]),
            "remarks": tuple(words["remarks"]),
        }
    )


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _instant_from(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
