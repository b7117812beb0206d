"""The archive, searched with the rule language: the index offers, the matcher decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from math import log2

from monitor.base.paging import Position, Selection, pages, position_of
from rules.data.tables import primary
from rules.matcher import make_matcher
from rules.search.lookup import presearch
from storage.api import Lookup, Storage
from storage.model import Article, Match, Rule, Source

MOST_READ = 20_000
"""So many articles that the index offers are read in one search, the newest first."""

MOST_SPELLINGS = 5_000
"""So many of the newest articles are read for words in other spellings: the index has none."""

_FIRST_PAGE = 50
_LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to search for.

    Attributes:
        rule: Its query, strictness and variants count.
        since, until: Only articles first seen since, and before.
        source_ids: Only articles of these sources; empty means any.
        languages: Only articles in these languages; empty means any.
    """

    rule: Rule
    since: datetime | None = None
    until: datetime | None = None
    source_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found."""

    article: Article
    source: Source
    match: Match

    @property
    def relevance(self) -> float:
        """How good it is: sure words count more than farther ones, in the title, and often."""
        evidence = self.match.evidence
        in_title = any(place.field == "title" for place in evidence)
        return self.match.score * (1 + in_title + log2(1 + len(evidence)))


class Search:
    """One search.

    Attributes:
        read: How many articles were read.
        unread_before: Articles first seen before were not looked at; None when all were.
        spelled_since: Words in other spellings were looked for in articles first seen since;
            None when they were looked for in all, or nowhere.
    """

    def __init__(self, storage: Storage, wanted: SearchRequest) -> None:
        self._storage = storage
        self._wanted = wanted
        self.read = 0
        self.unread_before: datetime | None = None
        self.spelled_since: datetime | None = None

    def newest(self, limit: int) -> list[SearchHit]:
        """Return the newest hits, newest first."""
        hits = []
        for hit in self._hits():
            hits.append(hit)
            if len(hits) >= limit:
                break
        return hits

    def best(self, limit: int) -> list[SearchHit]:
        """Return the best hits, best first, newer ones first of equals."""
        return nlargest(
            limit, self._hits(), key=lambda hit: (hit.relevance, hit.article.first_seen_at)
        )

    def _hits(self) -> Iterator[SearchHit]:
        matcher = make_matcher([self._wanted.rule])
        with self._storage.reading() as tx:
            sources = {source.id: source for source in tx.sources.all()}
        for article in self._articles():
            source = sources.get(article.source_id)
            if source is None:  # removed: what it has given stays
                with self._storage.reading() as tx:
                    source = tx.sources.get(article.source_id)
            if source is None:
                continue
            sources[source.id] = source
            for match in matcher.matches(article, source):
                yield SearchHit(article, source, match)

    def _articles(self) -> Iterator[Article]:
        """Yield the articles to be read, newest first."""
        before: Position | None = None
        stretches = self._stretches()
        for number, (holding, most) in enumerate(stretches, 1):
            for page in self._pages(holding, most, before):
                self.read += len(page)
                most -= len(page)
                before = position_of(page[-1])
                yield from self._in_languages(page)
            if most > 0 and holding is None:
                return
            if most == 0 and before is not None:
                if number < len(stretches):
                    self.spelled_since = before[0]
                else:
                    self.unread_before = before[0]

    def _stretches(self) -> list[tuple[Lookup | None, int]]:
        """Return what to look up, one after the other, and how many articles to read of each."""
        certain, likely = presearch(self._wanted.rule)
        if certain is None and likely is not None:
            return [(None, MOST_SPELLINGS), (likely, MOST_READ)]
        return [(certain, MOST_READ)]

    def _pages(
        self, holding: Lookup | None, most: int, before: Position | None
    ) -> Iterator[list[Article]]:
        languages = self._wanted.languages
        selection = Selection(
            since=self._wanted.since,
            until=self._wanted.until,
            source_ids=self._wanted.source_ids,
            language=languages[0] if len(languages) == 1 else None,
            holding=holding,
        )
        return pages(
            self._storage,
            selection,
            most=most,
            before=before,
            size=_FIRST_PAGE,
            largest=_LARGEST_PAGE,
        )

    def _in_languages(self, page: Iterable[Article]) -> Iterable[Article]:
        wanted = set(map(primary, self._wanted.languages))
        return [article for article in page if not wanted or primary(article.language) in wanted]
