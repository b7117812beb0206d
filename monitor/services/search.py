"""The archive, searched with the rule language: the index offers, the matcher decides."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import islice
from math import log2

from common.neighbours import neighbours_of
from common.records import dataclass
from monitor.base.clock import monotonic
from monitor.base.paging import Position, Selection, places
from rules.data.tables import primary
from rules.matcher import make_matcher
from rules.query.parsed import parsed
from rules.search.glance import Glance
from rules.search.lookup import presearch
from rules.search.scopes import languages_of
from storage.api.lookup import Lookup, asks_for_neighbours
from storage.api.storage import Storage, Transaction
from storage.model import Article, Match, Rule, Source

PATIENCE = timedelta(seconds=0.25)
"""So long somebody waits who looks at a page; what is left undone is told."""

_FEWEST = 25
"""So many articles are looked at whatever it takes."""

_FOR_SPELLINGS = 0.35
"""The share of the time for words in other spellings: the index has none, so every article is
matched."""

_NEWEST = 5_000
"""So many articles, the newest, say which languages there are."""

_FIRST_PAGE = 50
_AT_ONCE, _TEXTS_AT_ONCE = 100, 200
"""So many articles are read at once, at most, or only their texts: as many as should do by what was
found among those before. So many places are asked for of words near each other: most turn out to
stand otherwise."""
_LARGEST_PAGE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to search for.

    Attributes:
        rule: Its query, strictness and variants count.
        since, until: Only articles first seen since, and before.
        source_ids: Only articles of these sources; empty means any.
        languages: Only articles in these languages; empty means any.
        patience: When it ends with what it has found, roughly; at least a few articles are
            looked at.
    """

    rule: Rule
    since: datetime | None = None
    until: datetime | None = None
    source_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    patience: timedelta = PATIENCE


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
    """One search, in one transaction, which is as short as its patience.

    Args:
        ticks: Returns seconds since some moment.

    Attributes:
        read: How many articles were looked at.
        unread_before: Articles first seen before were not looked at; None when all were.
        spelled_since: Words in other spellings were looked for in articles first seen since;
            None when they were looked for in all, or nowhere.
    """

    def __init__(
        self, storage: Storage, wanted: SearchRequest, *, ticks: Callable[[], float] = monotonic
    ) -> None:
        self._storage = storage
        self._wanted = wanted
        self._ticks = ticks
        self.read = 0
        self.unread_before: datetime | None = None
        self.spelled_since: datetime | None = None
        self._languages: frozenset[str] | None = None
        self._sources: dict[str, Source] = {}
        self._missing: int | None = None
        self._found = 0

    def newest(self, limit: int) -> list[SearchHit]:
        """Return the newest hits, newest first."""
        self._missing = limit
        with self._storage.reading() as tx:
            return list(islice(self._hits(tx), limit))

    def best(self, limit: int) -> list[SearchHit]:
        """Return the best hits, best first, newer ones first of equals."""
        with self._storage.reading() as tx:
            return nlargest(
                limit, self._hits(tx), key=lambda hit: (hit.relevance, hit.article.first_seen_at)
            )

    def _hits(self, tx: Transaction) -> Iterator[SearchHit]:
        matcher = make_matcher([self._wanted.rule])
        for article in self._articles(tx):
            source = self._sources.get(article.source_id)
            if source is not None:
                for match in matcher.matches(article, source):
                    self._found += 1
                    self._missing = self._missing and self._missing - 1
                    yield SearchHit(article, source, match)

    def _articles(self, tx: Transaction) -> Iterator[Article]:
        """Yield the articles for which the rule may hold, newest first."""
        begun, patience = self._ticks(), self._wanted.patience.total_seconds()
        self._languages = self._languages_wanted()
        if self._languages == frozenset():
            return
        certain, likely, glance = presearch(self._wanted.rule, spoken=self._spoken(tx))
        before: Position | None = None
        if certain is None:
            share = _FOR_SPELLINGS if likely is not None else 1.0
            stretch = _Stretch(holding=None, until=begun + patience * share)
            yield from self._within(tx, stretch, before)
            if stretch.is_done or likely is None:
                self.unread_before = None if stretch.is_done else stretch.last_seen_at
                return
            before, self.spelled_since = stretch.last, stretch.last_seen_at
        stretch = _Stretch(holding=likely, until=begun + patience, glance=glance)
        yield from self._within(tx, stretch, before)
        if not stretch.is_done:
            self.unread_before = stretch.last_seen_at

    def _spoken(self, tx: Transaction) -> frozenset[str]:
        """Return the languages whose variants are worth being looked up; empty for all."""
        if not self._wanted.rule.variants:
            return frozenset()
        languages = self._languages
        if languages is None:
            languages = frozenset(code for code, _ in tx.articles.languages(_NEWEST))
        return frozenset(near for code in languages for near in neighbours_of(code))

    def _languages_wanted(self) -> frozenset[str] | None:
        """Return the languages that whoever asks and the query name alike; None for any."""
        wanted = frozenset(map(primary, self._wanted.languages))
        asked = languages_of(parsed(self._wanted.rule.query).tree)
        if asked is None:
            return wanted or None
        return asked & wanted if wanted else asked

    def _within(
        self, tx: Transaction, stretch: "_Stretch", before: Position | None
    ) -> Iterator[Article]:
        """Yield the articles of a stretch for as long as there is time."""
        for few in self._places(tx, stretch, before):
            some = stretch.worth_reading(tx, [id_ for _, id_ in few])
            missing = {article.source_id for article in some.values()} - self._sources.keys()
            self._sources.update(tx.sources.some(missing) if missing else {})
            for place in few:
                if stretch.looked_at >= _FEWEST and self._ticks() > stretch.until:
                    return
                stretch.looked_at += 1
                self.read += 1
                stretch.last = place
                found = some.get(place[1])
                if found is not None and self._is_wanted(found):
                    yield found
        stretch.is_done = True

    def _places(
        self, tx: Transaction, stretch: "_Stretch", before: Position | None
    ) -> Iterator[list[Position]]:
        """Yield the places of articles, newest first, a few at a time."""
        languages = self._languages or ()
        selection = Selection(
            since=self._wanted.since,
            until=self._wanted.until,
            source_ids=self._wanted.source_ids,
            language=min(languages) if len(languages) == 1 else None,
            holding=stretch.holding,
        )
        holding = stretch.holding
        is_of_few = holding is not None and asks_for_neighbours(holding)
        size, largest = (_TEXTS_AT_ONCE,) * 2 if is_of_few else (_FIRST_PAGE, _LARGEST_PAGE)
        for page in places(tx, selection, before=before, size=size, largest=largest):
            start = 0
            while start < len(page):
                few = self._should_do(_AT_ONCE if stretch.is_mostly_worth else _TEXTS_AT_ONCE)
                yield page[start : start + few]
                start += few

    def _should_do(self, most: int) -> int:
        """Return in how many more articles what is missing should be found, by those before."""
        if self._missing is None:
            return most
        should_do = self._missing * (self.read + 1) // (self._found + 1)
        return max(_FEWEST, min(should_do, most))

    def _is_wanted(self, article: Article) -> bool:
        return self._languages is None or primary(article.language) in self._languages


@dataclass(slots=True, kw_only=True)
class _Stretch:
    """Articles that are looked at one after the other.

    Attributes:
        holding: What they must hold.
        until: When to end.
        glance: Says for which of them the rule cannot hold; None for none.
        last: The last one that was looked at.
        looked_at: How many were.
        is_done: Whether all were looked at.
        is_mostly_worth: Whether most are read that are looked at.
    """

    holding: Lookup | None
    until: float
    glance: Glance | None = None
    last: Position | None = None
    looked_at: int = 0
    is_done: bool = False
    is_mostly_worth: bool = True

    def worth_reading(self, tx: Transaction, ids: Sequence[str]) -> dict[str, Article]:
        """Return those of these articles for which the rule may hold, at a glance.

        Where most may, all are read at once: the texts alone would be another question to the
        database.
        """
        if self.glance is None:
            return tx.articles.some(ids)
        whole = tx.articles.some(ids) if self.is_mostly_worth else {}
        texts = {id_: (each.title, each.text) for id_, each in whole.items()}
        texts = texts or tx.articles.texts(ids)
        may_hold = self.glance.of_many([texts.get(id_, ("", "")) for id_ in ids])
        worth = [id_ for id_, may in zip(ids, may_hold, strict=True) if may]
        self.is_mostly_worth = 2 * len(worth) > len(ids)
        if whole:
            return {id_: whole[id_] for id_ in worth if id_ in whole}
        return tx.articles.some(worth)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the last one was first seen."""
        return None if self.last is None else self.last[0]
