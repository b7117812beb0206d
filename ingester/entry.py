"""What reading brings home: entries, feeds, list pages, a poll's result, before they are ours."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from common.records import dataclass

MAX_ENTRIES = 2_000

LISTED = "entries"
"""Among the validators of a source: what it listed when it was last read as a whole."""
CALLED = "called"
"""Among them: one of the ids, if it then called most of what it had listed before otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry points at; its address is kept, it is never fetched."""

    url: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line a source lists at a poll.

    Attributes:
        id: What the source calls it (guid, atom:id), or "" when it does not say.
        url: Absolute http(s) link as the source gives it, or "".
        title: Plain text, or "" when there is none.
        publisher: Address of the site that published it, where the source says so and `url` may
            not: that of an aggregator. Else "".
        summary, content: As the source gives them: HTML or plain text, unsanitised, its links
            absolute or relative to the place that the source came from.
        text: Plain text when the kind already knows it (documents, pages); else "" and
            `ingester.articles` makes it from `content` or `summary`.
        language: What the source declares ("sv", "pt-BR"), or "".
        published_at, updated_at: UTC, as claimed.
        said: What was said of it before its page completed it (`ingester.fingerprints.said_by`).
        tries: How often its page was asked for in vain, if that is to be asked for again.
    """

    id: str = ""
    url: str = ""
    title: str = ""
    publisher: str = ""
    said: str = ""
    tries: int = 0
    summary: str = ""
    content: str = ""
    text: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What looking at a source once has found.

    Attributes:
        entries: In the source's own order; empty when `unchanged`.
        validators: Handed back in `Source.validators` at the next poll, as it is.
        unchanged: The source says, or its bytes say, that nothing is new.
        again: Those of the entries that were listed just so at the poll before, all of which was
            taken in.
        title: What the source calls itself, or "".
        language: What the source declares for all of it, or "".
        server_asks: The longest wait that the server asked for (Cache-Control, ttl), or None.
        notices: Sentences its owner should read: where, what, why, what to do.
        routine: Those of them that ask nothing of anybody.
        remember: Keys to keep in the source's memory once the entries are stored.
        more: There is more to take in at once; poll again without waiting.
        partial: It stops in the middle or was cut off: the source lists more than this.
        complete: Entries have all their text: no page has more of it.
        anew: It is read in another way than at all polls before: what it lists is no news, as at
            the first of them.
    """

    entries: tuple[Entry, ...] = ()
    validators: Mapping[str, str] = field(default_factory=dict)
    unchanged: bool = False
    again: frozenset[Entry] = frozenset()
    title: str = ""
    language: str = ""
    server_asks: timedelta | None = None
    notices: tuple[str, ...] = ()
    routine: frozenset[str] = frozenset()
    remember: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    partial: bool = False
    complete: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that has been read.

    Attributes:
        parser: Which of ours read it, for `inspect`.
        link: The site it belongs to, absolute, or "".
        server_asks: The wait that the feed itself asks for, at most 7 days, or None.
        notices: What was lost or cut.
        remarks: What is wrong with it but cost nothing.
        truncated: It stops in the middle: what it says is not the last word.
    """

    parser: str
    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    server_asks: timedelta | None = None
    notices: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list page lists.

    Attributes:
        entries: An entry for each article: link, title, sometimes a summary; in the page's order.
            Those that the page shows but links nowhere have no `url`.
        links: How many of them have one.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    language: str = ""

    @property
    def links(self) -> int:
        """How many entries lead somewhere."""
        return sum(1 for entry in self.entries if entry.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentContent:
    """What a document says.

    Attributes:
        entries: Usually one; one a line for .jsonl; none when the document cannot be read.
        notices: What its owner should know, one sentence each.
    """

    entries: tuple[Entry, ...]
    notices: tuple[str, ...] = ()


class FetchError(Exception):
    """A source could not be fetched.

    Attributes:
        kind: "address" (refused by the guard), "offline" (no way out of this machine, or nothing
            that looks names up), "dns", "connect", "tls", "timeout", "too-large", "redirect",
            "http", "encoding", "gone", "file", "robots".
        status: The HTTP status, when there was one.
        retry_after: How long the server asked us to wait, or None.
        is_led_on: Whether the server did answer, and its redirect led where it failed.
    """

    def __init__(
        self,
        text: str,
        *,
        kind: str,
        status: int | None = None,
        retry_after: timedelta | None = None,
        is_led_on: bool = False,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after
        self.is_led_on = is_led_on


class ParseError(Exception):
    """What was fetched is not what the source's kind reads; the text says what it is instead.

    Attributes:
        kind: What a page shows instead of its article (`ingester.pages.instead`), or "".
        to: Where a page leads that only sends its reader on, or "".
    """

    def __init__(self, text: str, *, kind: str = "", to: str = "") -> None:
        super().__init__(text)
        self.kind = kind
        self.to = to


class EndingError(Exception):
    """The program is about to end, and what it was reading came to nothing.

    That is no fault of what was read: it is read anew after the next start.
    """

    def __init__(self) -> None:
        super().__init__("the program is about to end")
