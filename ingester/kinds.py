"""The kinds of source: what each of them is, and the one seam between them and everything else.

To know what a kind is, nothing that it is read with is imported; that comes with `make`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from common.records import dataclass
from ingester.entry import Polled
from storage.model import Source

if TYPE_CHECKING:
    from ingester.fetch.ports import Fetcher, Reader, Robots

Memory = Callable[[], Mapping[str, str]]
"""Reads a source's memory; called only by kinds that need it."""


class SourceKind(Protocol):
    """Looks at one source once."""

    def poll(self, source: Source, memory: Memory) -> Polled:
        """Return what the source lists now.

        Nothing is written: what must be kept for the next poll goes into `validators` and
        `remember`, which are stored in the same transaction as the entries. Polling twice
        therefore finds the same again. Safe to call from many threads for different sources.

        Raises:
            FetchError: It could not be fetched.
            ParseError: It is not what this kind reads.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTools:
    """What looking at sources needs of the world outside.

    Attributes:
        fetcher: Gets URLs.
        robots: Says which pages may be fetched.
        reader: Reads what is dangerous to read, within bounds.
        now: What time it is, UTC.
        pause: Waits so many seconds.
    """

    fetcher: "Fetcher"
    robots: "Robots"
    reader: "Reader"
    now: Callable[[], datetime]
    pause: Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpec:
    """What is known of a kind of source without looking at one.

    Attributes:
        label: What people read, in the singular.
        module: Has a function `make` that returns the `SourceKind`, given the `SourceTools`.
        every: How often it is polled when nothing is said.
        shortest: It is not polled more often.
        options: The keys of `Source.options` that it takes.
        is_remote: It is named by a URL; else by a folder on this machine, and nothing is asked
            of any host.
        is_always_news: What its first poll finds raises alerts, too, and rules that are added
            later are asked about all that it has given.
        gives_text: Its entries have texts, perhaps only summaries; else they are but links.
        lists_any_page: What it links may be pages of all sorts, not only articles.
        tells_all: A poll that brings something new tells all that is wrong with the source.
        opml_type: The type of such an outline in OPML; "" if it has no place in there.
    """

    label: str
    module: str
    every: timedelta = timedelta(minutes=15)
    shortest: timedelta = timedelta(minutes=1)
    options: frozenset[str] = frozenset()
    is_remote: bool = True
    is_always_news: bool = False
    gives_text: bool = False
    lists_any_page: bool = False
    tells_all: bool = False
    opml_type: str = ""

    @property
    def reads_pages(self) -> bool:
        """Whether an entry's own page may be read for its text: not of whole documents."""
        return FULL_TEXT in self.options

    def make(self, tools: SourceTools) -> SourceKind:
        """Return what polls such sources; imports all that it is read with."""
        return cast(SourceKind, import_module(self.module).make(tools))


FULL_TEXT = "full_text"
SELECTOR = "selector"

FEED = "feed"
"""What a URL is taken for when nothing else is known of it."""
PAGE = "page"
SITEMAP = "sitemap"
FOLDER = "folder"
"""What a path on this machine is."""

KINDS: Mapping[str, KindSpec] = {
    FEED: KindSpec(
        label="feed",
        module="ingester.feeds.kind",
        options=frozenset({FULL_TEXT}),
        gives_text=True,
        tells_all=True,
        opml_type="rss",
    ),
    PAGE: KindSpec(
        label="page",
        module="ingester.pages.kind",
        options=frozenset({FULL_TEXT, SELECTOR}),
        opml_type="page",
    ),
    SITEMAP: KindSpec(
        label="sitemap",
        module="ingester.sitemaps.kind",
        options=frozenset({FULL_TEXT}),
        lists_any_page=True,
        opml_type="sitemap",
    ),
    FOLDER: KindSpec(
        label="folder",
        module="ingester.documents.kind",
        every=timedelta(seconds=10),
        shortest=timedelta(seconds=5),
        is_remote=False,
        is_always_news=True,
        gives_text=True,
    ),
}
"""All of them, by the name that sources keep; in the order in which people read them."""

LOCAL = frozenset(name for name, spec in KINDS.items() if not spec.is_remote)


def spec_of(name: str) -> KindSpec:
    """Return what is known of a kind; hardly anything of one that only a later version knows."""
    return KINDS.get(name) or KindSpec(label=name, module="")


class _Kinds(Mapping[str, SourceKind]):
    """What polls each kind of source; each is made when it is asked for first."""

    def __init__(self, tools: SourceTools) -> None:
        self._tools = tools
        self._made: dict[str, SourceKind] = {}

    def __getitem__(self, name: str) -> SourceKind:
        # Two threads may make one at the same time, and either will do.
        if name not in self._made:
            self._made[name] = KINDS[name].make(self._tools)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


def make_kinds(tools: SourceTools) -> Mapping[str, SourceKind]:
    """Return what polls each kind of source, by name."""
    return _Kinds(tools)
