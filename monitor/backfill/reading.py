"""Reads the archive in pieces of milliseconds, with nothing locked between them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from common.records import dataclass
from ingester.kinds import spec_of
from monitor.base.paging import Position, Selection, places
from monitor.base.stored_words import StoredWords
from storage.api.storage import Storage
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
        """Yield articles, a piece at a time, until it must stop."""
        before: Position | None = None
        while not stop():
            with self.storage.reading() as tx:
                found = next(places(tx, every, before=before, size=BATCH, largest=BATCH), [])
            yield from self.some([id_ for _, id_ in found], stop)
            if len(found) < BATCH:
                return
            before = found[-1]

    def some(self, ids: Iterable[str], stop: Callable[[], bool]) -> Iterator[list[Article]]:
        """Yield some articles in their order, a piece at a time, until it must stop."""
        left = iter(ids)
        while chunk := list(islice(left, PIECE)):
            self.give_way()
            if stop():
                return
            with self.storage.reading() as tx:
                stored = tx.articles.some(chunk)
            yield [stored[id_] for id_ in chunk if id_ in stored]

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


def searched(rules: Sequence[Rule], sources: Mapping[str, Source]) -> Selection:
    """Return what is searched for rules: what is always news, or all as far back as one says."""
    back = [rule.backfill_since for rule in rules if rule.backfill_since is not None]
    if back:
        return Selection(since=min(back), source_ids=[*sources])
    whole = [id_ for id_, source in sources.items() if spec_of(source.kind).is_always_news]
    return Selection(source_ids=whole)
