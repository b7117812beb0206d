"""Reads the archive in pieces of milliseconds, with nothing locked between them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingester.kinds import spec_of
from monitor.base.paging import Position, Selection, every_place, places
from monitor.base.stored_words import StoredWords
from rules.search.candidates import lookup_of
from storage.api import Holding, Storage
from storage.model import Article, Rule, Source

BATCH = 500
"""So many articles are looked for at once."""

PIECE = 50
"""So many of them are read at once."""


@dataclass(frozen=True, slots=True)
class ArchiveReading:
    """What is stored, newest first.

    Attributes:
        give_way: Called between two pieces; may wait, for what is not to wait for us.
    """

    storage: Storage
    give_way: Callable[[], None]

    def all(self, every: Selection, stop: Callable[[], bool]) -> Iterator[list[Article]]:
        """Yield articles, a piece at a time, until it must stop.

        The search index is asked once, since a lookup may be long.
        """
        if every.holding is not None:
            yield from self.some([id_ for _, id_ in every_place(self.storage, every)], stop)
            return
        before: Position | None = None
        while not stop():
            with self.storage.reading() as tx:
                found = next(places(tx, every, before=before, size=BATCH, largest=BATCH), [])
            yield from self.some([id_ for _, id_ in found], stop)
            if len(found) < BATCH:
                return
            before = found[-1]

    def some(self, ids: Sequence[str], stop: Callable[[], bool]) -> Iterator[list[Article]]:
        """Yield some articles in their order, a piece at a time, until it must stop."""
        for start in range(0, len(ids), PIECE):
            self.give_way()
            if stop():
                return
            chunk = ids[start : start + PIECE]
            with self.storage.reading() as tx:
                stored = tx.articles.some(chunk)
            yield [stored[id_] for id_ in chunk if id_ in stored]

    def pages(
        self, rule: Rule, every: Selection, holding: Holding | None, stop: Callable[[], bool]
    ) -> Iterator[list[Article]]:
        """Yield the articles that are to be searched for a rule.

        A batch or less is read whole; of more comes what the search index offers.

        Args:
            holding: What the rule's articles must hold, if that is known already.
        """
        if not every.source_ids or stop():
            return
        if not self.has_at_most(BATCH, every):
            every = replace(every, holding=holding or lookup_of([rule], self.words(every)))
        yield from self.all(every, stop)

    def listed(
        self, page: Sequence[Article], sources: Mapping[str, Source]
    ) -> Iterator[tuple[Article, list[Source]]]:
        """Yield each article with those of the sources that list it, its own first.

        It gives way before each, and after the last: what is done with one takes a millisecond.
        """
        with self.storage.reading() as tx:
            others = tx.articles.sources_of([article.id for article in page])
        for article in page:
            ids = (article.source_id, *others.get(article.id, ()))
            self.give_way()
            yield article, [sources[id_] for id_ in ids if id_ in sources]
        self.give_way()

    def has_at_most(self, most: int, every: Selection) -> bool:
        """Whether no more articles than so many are to be searched."""
        with self.storage.reading() as tx:
            there = tx.articles.places(
                since=every.since, source_ids=every.source_ids, limit=most + 1
            )
        return len(there) <= most

    def words(self, every: Selection) -> StoredWords:
        """Return the words of what is to be searched."""
        return StoredWords(self.storage, every.since, self.give_way)


def searched(rule: Rule, sources: Mapping[str, Source]) -> Selection:
    """Return what is searched for a rule: what is always news, or all as far back as it says."""
    since = rule.backfill_since
    whole = [id_ for id_, source in sources.items() if spec_of(source.kind).is_always_news]
    return Selection(since=since, source_ids=whole if since is None else [*sources])
