"""The kind of source that polls a sitemap, and the further ones that an index names."""

import json
from collections.abc import Callable, Iterator
from dataclasses import field
from datetime import UTC, datetime, timedelta

from common.records import dataclass
from ingester.entry import MAX_ENTRIES, Entry, FetchError, ParseError, Polled
from ingester.fetch.conditional import look, type_of
from ingester.fetch.ports import Fetched, Fetcher, NotModified, Robots
from ingester.kinds import Memory, SourceTools
from ingester.sitemaps.parse import Child, Sitemap, read_sitemap
from ingester.urls.urls import shown_url
from storage.model import Source

SITEMAPS = "application/xml, text/xml;q=0.9, text/plain;q=0.7, */*;q=0.5"
MOST_AT_ONCE = 10
"""So many further sitemaps are fetched at one poll, those that changed last first."""

LONGEST = timedelta(minutes=2)
"""After so long no further one is begun: a poll must end before its lease does."""

MOST_IN_ALL = 50
DEEPEST = 2
SPACING_S = 1.0

_MEMORY = "sitemap:"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class SitemapKind:
    """Implements `ingester.kinds.SourceKind` for sitemaps and sitemap indexes.

    What each further sitemap said of itself (ETag, lastmod) is kept in the source's memory, so
    that only those that changed are fetched again. A site that lists thousands is read a few at
    a time, the newest first.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        now: Callable[[], datetime],
        *,
        pause: Callable[[float], None],
        robots: Robots | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._now = now
        self._pause = pause
        self._robots = robots

    def poll(self, source: Source, memory: Memory) -> Polled:
        self._ask(source.url)
        seen = look(self._fetcher, source, now=self._now(), accept=SITEMAPS)
        if seen.fetched is None and "index" not in source.validators:
            return seen.unchanged()
        walk = _Walk(known=dict(memory()) if seen.fetched is None else {})
        if seen.fetched is None:
            walk.queue = [(child, 1) for child in _listed(walk.known.get(_MEMORY + "index", ""))]
            first = Sitemap()
        else:
            fetched = seen.fetched
            first = _read(fetched)
            if first.children:
                walk.known = dict(memory())
            walk.take(first, depth=1, of=fetched.url)
        self._walk(walk)
        entries = tuple(dict.fromkeys(walk.entries))[:MAX_ENTRIES]
        polled = Polled(
            entries=entries,
            notices=tuple(dict.fromkeys(walk.notices)),
            remember=walk.remember,
            unchanged=seen.fetched is None and not entries,
        )
        result = seen.result(polled, whole=not first.truncated)
        if not walk.is_index:
            return result
        kept = {**result.validators, "index": "1"}
        return Polled(
            entries=result.entries,
            validators=kept,
            unchanged=result.unchanged,
            server_asks=result.server_asks,
            notices=result.notices,
            remember=walk.remember,
            partial=result.partial,
        )

    def _ask(self, url: str) -> None:
        if self._robots and (refusal := self._robots.refusal(url)):
            raise refusal

    def _walk(self, walk: "_Walk") -> None:
        fetched, until = 0, self._now() + LONGEST
        while walk.queue and fetched < MOST_AT_ONCE and self._now() < until:
            child, depth = walk.next()
            if child.url in walk.seen or len(walk.seen) > MOST_IN_ALL:
                continue
            walk.seen.add(child.url)
            known = _read_state(walk.known.get(_MEMORY + child.url, ""))
            stamp = child.changed_at.isoformat() if child.changed_at else ""
            if stamp and known.get("lastmod") == stamp:
                continue
            self._pause(SPACING_S)
            fetched += 1
            try:
                self._ask(child.url)
                answer = self._fetcher.get(
                    child.url,
                    etag=known.get("etag"),
                    last_modified=known.get("last_modified"),
                    accept=SITEMAPS,
                )
                read = _read(answer) if isinstance(answer, Fetched) else None
            except (FetchError, ParseError) as error:
                walk.notices.append(f"{shown_url(child.url)}: {error}")
                walk.ask_again(child, known)
                continue
            if read is not None:
                walk.take(read, depth=depth + 1, of=child.url)
            if read is not None and read.truncated:
                walk.ask_again(child, {})
            else:
                walk.keep(child, answer, stamp, known)


def _read(fetched: Fetched) -> Sitemap:
    return read_sitemap(
        fetched.body,
        url=fetched.url,
        content_type=type_of(fetched),
        is_cut=fetched.truncated,
    )


def make(tools: SourceTools) -> SitemapKind:
    """Return the kind as `ingester.kinds` wants it."""
    return SitemapKind(tools.fetcher, tools.now, pause=tools.pause, robots=tools.robots)


@dataclass(slots=True)
class _Walk:
    """How far one poll has come."""

    known: dict[str, str]
    queue: list[tuple[Child, int]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remember: dict[str, str] = field(default_factory=dict)
    is_index: bool = False

    def __post_init__(self) -> None:
        self.is_index = _MEMORY + "index" in self.known

    def take(self, sitemap: Sitemap, *, depth: int, of: str) -> None:
        """Take in what a sitemap lists."""
        self.seen.add(of)
        self.entries.extend(sitemap.entries)
        self.notices.extend(sitemap.notices)
        if not sitemap.children:
            return
        self.is_index = True
        if depth > DEEPEST:
            self.notices.append(f"{shown_url(of)}: an index in an index in an index is not read")
            return
        newest = sorted(
            sitemap.children,
            key=lambda child: (_is_of_news(child), child.changed_at or _LONG_AGO),
            reverse=True,
        )[:MOST_IN_ALL]
        self.queue.extend((child, depth) for child in newest)
        if depth == 1:
            self.remember[_MEMORY + "index"] = json.dumps(
                [[e.url, e.changed_at.isoformat() if e.changed_at else ""] for e in newest]
            )

    def next(self) -> tuple[Child, int]:
        """Return the sitemap to look at next: not looked at before, then changed last."""
        self.queue.sort(
            key=lambda queued: (
                _MEMORY + queued[0].url not in self.known,
                _is_of_news(queued[0]),
                queued[0].changed_at or _LONG_AGO,
            )
        )
        return self.queue.pop()

    def keep(self, child: Child, answer: NotModified, stamp: str, known: dict[str, str]) -> None:
        """Note what to tell the server next time."""
        state = dict(known)
        if isinstance(answer, Fetched):
            said = {"etag": answer.etag, "last_modified": answer.last_modified}
            state = {name: value for name, value in said.items() if value}
        if stamp:
            state["lastmod"] = stamp
        self.remember[_MEMORY + child.url] = json.dumps(state)

    def ask_again(self, child: Child, known: dict[str, str]) -> None:
        """Note that a sitemap was looked at, and not read to its end: whatever its date says."""
        state = {name: value for name, value in known.items() if name != "lastmod"}
        self.remember[_MEMORY + child.url] = json.dumps(state)


def _is_of_news(child: Child) -> bool:
    return "news" in child.url.rpartition("/")[2].lower()


def _read_state(text: str) -> dict[str, str]:
    try:
        state = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in state.items()} if isinstance(state, dict) else {}


def _listed(text: str) -> Iterator[Child]:
    try:
        children = json.loads(text or "[]")
    except ValueError:
        return
    for url, changed in children if isinstance(children, list) else []:
        yield Child(url=url, changed_at=datetime.fromisoformat(changed) if changed else None)
