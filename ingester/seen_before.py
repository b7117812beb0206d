"""What was made of the entries that sources listed lately: of the same entry the same is made."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from ingester.entry import Entry
from ingester.fingerprints import Sighting
from storage.model import Source

MOST_CHARS = 750_000
"""So long may all texts be together that are kept: some 20 feeds' of 35 entries. Of most feeds what
is listed again is left out before it comes here; those of more sources are gone by their turn."""
MOST_OF_A_SOURCE = MOST_CHARS // 2
_BESIDE_ITS_TEXT = 500


class SeenBefore:
    """Keeps it of the sources that were polled last. Not safe to share among threads.

    Entries are told by their hash, which nobody outside of this process can foresee.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str, str], dict[int, Sighting]] = OrderedDict()
        self._chars: dict[tuple[str, str, str], int] = {}

    def of(self, source: Source) -> Mapping[int, Sighting]:
        """Return what was made of a source's entries, by their hashes."""
        return self._made.get(_key(source), {}) if source.baseline_done else {}

    def keep(self, source: Source, made: Iterable[tuple[Entry, Sighting]]) -> None:
        """Keep what was made of what a source lists now."""
        key, kept, chars = _key(source), dict[int, Sighting](), 0
        for entry, sighting in made:
            article = sighting.article
            dates = (article.published_at, article.updated_at)
            if dates == (entry.published_at, entry.updated_at):  # else they may be believed later
                kept[hash(entry)] = sighting
                chars += _BESIDE_ITS_TEXT + len(article.text) + len(article.summary)
        self._forget(key)
        if kept and chars <= MOST_OF_A_SOURCE:
            self._made[key], self._chars[key] = kept, chars
        while sum(self._chars.values()) > MOST_CHARS:
            self._forget(next(iter(self._made)))

    def _forget(self, key: tuple[str, str, str]) -> None:
        self._made.pop(key, None)
        self._chars.pop(key, None)


def _key(source: Source) -> tuple[str, str, str]:
    """Return what of a source goes into what is made of its entries."""
    return source.id, source.url, source.name
