"""Sources that call what they list otherwise each time they are read: said, and not kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from common.records import dataclass
from ingester.entry import CALLED
from ingester.fingerprints import Sighting
from ingester.recognition import Recognised
from storage.model import Fingerprint, Source

OTHERWISE = (
    "entries of it have other ids or links each time it is read: they are known by what else they "
    "say, and one that says that otherwise, too, is taken for another article"
)
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What a source calls otherwise than before.

    Attributes:
        ids: Keys of new ids of articles that it listed before, if it renames most of them.
        each_time: Whether it did so at the poll before as well, and has dropped what it said
            then: no id is worth keeping. A site that moves renames all at once, and keeps to it.
    """

    ids: frozenset[str] = frozenset()
    each_time: bool = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What the source's owner should know."""
        return (OTHERWISE,) if self.each_time else ()

    def kept(self, fresh: Recognised) -> Iterable[tuple[Fingerprint, str]]:
        """Return by what articles are listed, without the ways that are new of most each time."""
        if not self.each_time:
            return fresh.listed
        homes = {id_ for print_, id_ in fresh.listed if print_.key in self.ids}
        new = [
            print_ for print_, id_ in fresh.listed if id_ in homes and print_.key not in fresh.known
        ]
        ways = Counter(print_.kind for print_ in new)
        vain = {print_.key for print_ in new if 2 * ways[print_.kind] > len(homes)}
        return (pair for pair in fresh.listed if pair[0].key not in vain)

    def marked(self, validators: Mapping[str, str]) -> Mapping[str, str]:
        """Return validators by which the next poll knows."""
        return {**validators, CALLED: min(self.ids)} if self.ids else validators


def renaming_of(
    source: Source,
    document: Sequence[Sighting],
    fresh: Recognised,
    listing: Mapping[str, Sequence[Source]],
) -> Renaming:
    """Return what a source renames at a poll.

    Args:
        listing: The sources that list an article, by its id.
    """
    ids = set(fresh.renamed)
    for found in fresh.relisted:
        if any(each.id == source.id for each in listing.get(found.article.id, ())):
            ids.add(found.sighting.own.key)
    if len(ids) < _FEWEST or 2 * len(ids) <= len(document) - len(fresh.new):
        return Renaming()
    before = source.validators.get(CALLED)
    each_time = before is not None and before not in {each.own.key for each in document}
    return Renaming(ids=frozenset(ids), each_time=each_time)
