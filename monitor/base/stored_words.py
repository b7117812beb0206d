"""The words of what is stored, for rules that listen for theirs in it."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from common.records import dataclass
from rules.search.analyzer import WORDS
from storage.api.storage import Storage

_ALL = 1 << 40


@dataclass(frozen=True, slots=True)
class StoredWords:
    """Implements `rules.search.candidates.ArchiveWords`.

    Attributes:
        since: Only of articles first seen since.
        give_way: Called between two pieces; may wait, for what is not to wait for us.
    """

    storage: Storage
    since: datetime | None = None
    give_way: Callable[[], None] = lambda: None

    def languages(self) -> Collection[str]:
        with self.storage.reading() as tx:
            return [language for language, _ in tx.articles.languages(_ALL)]

    def words(self) -> Iterator[str]:
        for first, last in WORDS:
            with self.storage.reading() as tx:
                # All at once, so that nothing is open while somebody listens.
                some = list(tx.articles.words(first, last, seen_since=self.since))
            for lines in some:
                self.give_way()
                yield lines
