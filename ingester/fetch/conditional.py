"""Looking at one URL at every poll: what is remembered between polls, and when to believe a 304."""

import hashlib
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta

from common.records import dataclass
from ingester.entry import CALLED, LISTED, FetchError, Polled
from ingester.fetch.headers import server_asks
from ingester.fetch.ports import Fetched, Fetcher, NotModified
from ingester.schedule import LONGEST_WAIT
from ingester.urls.urls import shown_url
from storage.model import Source

TRUSTED = timedelta(hours=24)
"""So long after the last body an answer "not modified" is believed."""
_OF_THE_BODY = ("asks", "links", CALLED, LISTED, "listed_at", "selector")
"""What was read of the last body and counts as long as it stays the same."""

MOVED_FOR_GOOD = 3
"""After so many polls in a row that were redirected permanently to the same URL, poll that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a source's URL has brought.

    Attributes:
        fetched: The body, or None if there is no news: the server or equal bytes say so.
        validators: What to hand back at the next poll when all of the body was understood.
        place: The part of `validators` that says where to look; all that may be kept of a body
            that was not whole.
        wait: What the answer's headers ask for, at most 7 days.
        notices: What a poll with something new tells each time.
        news: What one without tells: only what was not so at the poll before.
    """

    fetched: Fetched | None
    validators: Mapping[str, str]
    place: Mapping[str, str]
    wait: timedelta | None = None
    notices: tuple[str, ...] = field(default=())
    news: tuple[str, ...] = field(default=())

    def unchanged(self) -> Polled:
        """Return the result of a poll that found nothing new."""
        return Polled(
            unchanged=True,
            validators=self.validators,
            server_asks=longest(self.wait, _seconds(self.validators.get("asks"))),
            notices=self.news,
        )

    def result(self, polled: Polled, *, whole: bool = True) -> Polled:
        """Return what was read from the body, completed by what the answer itself says."""
        kept = dict(self.validators if whole else self.place)
        if whole and polled.server_asks:
            kept["asks"] = str(int(polled.server_asks.total_seconds()))
        return replace(
            polled,
            partial=polled.partial or not whole,
            validators=kept,
            server_asks=longest(self.wait, polled.server_asks),
            notices=(*polled.notices, *self.notices),
        )


def look(fetcher: Fetcher, source: Source, *, now: datetime, accept: str) -> Look:
    """Get a source's URL, or where it moved for good, unless nothing has changed.

    Raises:
        FetchError: It could not be fetched.
    """
    known = source.validators
    answer, at_home = _answer(fetcher, source, now=now, accept=accept)
    place, notices = _place(known, answer, at_home=at_home)
    news = () if _polls_moved(known) >= MOVED_FOR_GOOD else notices
    wait = longest(server_asks(answer.headers))
    if not isinstance(answer, Fetched):
        kept = {**_without_place(known), **place}
        return Look(fetched=None, validators=kept, place=place, wait=wait, news=news)
    digest = hashlib.sha256(answer.body).hexdigest()
    said = {"etag": answer.etag, "last_modified": answer.last_modified}
    kept = {name: value for name, value in said.items() if value}
    kept |= {"body": digest, "read_at": now.isoformat(), **place}
    same = digest == known.get("body") and not answer.truncated
    if same:
        kept |= {name: known[name] for name in _OF_THE_BODY if name in known}
    return Look(
        fetched=None if same else answer,
        validators=kept,
        place=place,
        wait=wait,
        notices=notices,
        news=news,
    )


def type_of(fetched: Fetched) -> str:
    """Return the answer's media type with its character set, as a header would say it."""
    return fetched.content_type + (f"; charset={fetched.charset}" if fetched.charset else "")


def is_recent(instant: str | None, now: datetime) -> bool:
    """Whether what a validator says was so at this instant is still trusted."""
    try:
        read_at = datetime.fromisoformat(instant or "")
    except ValueError:
        return False
    return read_at.tzinfo is not None and timedelta(0) <= now - read_at < TRUSTED


def longest(*waits: timedelta | None) -> timedelta | None:
    """Return the longest of the waits that are asked for, at most 7 days, or None."""
    asked = [wait for wait in waits if wait]
    return min(max(asked), LONGEST_WAIT) if asked else None


def _answer(
    fetcher: Fetcher, source: Source, *, now: datetime, accept: str
) -> tuple[Fetched | NotModified, bool]:
    """Return the answer, and whether it is that of the source's own URL."""
    known = source.validators
    believed = is_recent(known.get("read_at"), now)
    etag = known.get("etag") if believed else None
    modified = known.get("last_modified") if believed else None
    if _polls_moved(known) >= MOVED_FOR_GOOD:
        try:
            moved = known["moved_to"]
            return fetcher.get(moved, etag=etag, last_modified=modified, accept=accept), False
        except FetchError:
            # Perhaps it moved back: ask where we were told to ask.
            return fetcher.get(source.url, accept=accept), True
    return fetcher.get(source.url, etag=etag, last_modified=modified, accept=accept), True


def _place(
    known: Mapping[str, str], answer: NotModified, *, at_home: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    if not at_home and answer.permanent_url is None:
        kept = {name: known[name] for name in ("moved_to", "moved_polls")}
        return kept, (_moved(known["moved_to"]),)
    there = answer.permanent_url
    if there is None or "@" in there:  # a URL with a password is not copied around
        return {}, ()
    polls = _polls_moved(known) + 1 if known.get("moved_to") == there else 1
    notices = (_moved(there),) if polls >= MOVED_FOR_GOOD else ()
    return {"moved_to": there, "moved_polls": str(polls)}, notices


def _moved(there: str) -> str:
    return (
        f"moved permanently to {shown_url(there)}: it is polled there from now on; "
        "give the source this URL"
    )


def _polls_moved(known: Mapping[str, str]) -> int:
    text = known.get("moved_polls", "")
    return int(text) if text.isdecimal() and "moved_to" in known else 0


def _without_place(known: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in known.items() if not name.startswith("moved_")}


def _seconds(text: str | None) -> timedelta | None:
    return timedelta(seconds=int(text)) if text and text.isdecimal() and len(text) < 10 else None
