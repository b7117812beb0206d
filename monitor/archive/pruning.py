"""Takes old articles out of the archive that nobody was told of, a little at a time."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from common.records import dataclass
from storage.api.pruning import Prunable
from storage.api.storage import Storage, Transaction
from storage.model import RuleState

STORIES_AT_ONCE = 100
"""In one transaction: nobody waits for long."""

REMEMBERED_FOR = timedelta(days=400)
"""By what an article was known is kept for so long after it was last listed."""

YOUNGEST = timedelta(days=1)
"""What was told since stays in any case."""

FILLED = 0.95
"""So much of the size that was chosen is filled: the rest is for what comes until the next look."""

_ROOM = "room for articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What stays in the archive.

    Attributes:
        articles: For how long articles are kept, or how many; None for all.
        size_bytes: How large the database may be; None for any size.
    """

    articles: timedelta | int | None = None
    size_bytes: int | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is ever taken out."""
        return self.articles is None and self.size_bytes is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is to go.

    Attributes:
        before: What was told last before that; None when all is kept.
        too_many: How many more articles would have to go for the size that was chosen, and may not.
        waits_for: Names of rules that have not yet searched the archive: until then all is kept.
    """

    before: datetime | None
    prunable: Prunable
    too_many: int = 0
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """How many articles a database of some size holds, or has held.

    A database does not become smaller when articles go, it uses their room for others: so it is
    the most that it has held which tells how much room each takes. If it became smaller, somebody
    has given room back that was not used.
    """

    size_bytes: int
    articles: int

    def as_of(self, now: "Room") -> "Room":
        """Return this when so many are there now."""
        share = min(1.0, now.size_bytes / self.size_bytes)
        return Room(now.size_bytes, max(now.articles, round(share * self.articles)))

    def holding(self, size_bytes: int) -> int:
        """Return how many articles a database of another size holds."""
        return int(self.articles * size_bytes / self.size_bytes)


def look(storage: Storage, keep: Keep, *, now: datetime) -> Outlook:
    """Return what would go."""
    size = storage.size_bytes()
    with storage.reading() as tx:
        most = _most(tx, keep, size)
        before = _before(tx, keep, now, most)
        if before is None:
            return Outlook(before=None, prunable=Prunable(0, 0, 0, tx.articles.count()))
        prunable = tx.pruning.prunable(before=before)
        return Outlook(
            before=before,
            prunable=prunable,
            too_many=0 if most is None else max(0, prunable.remaining - most),
            waits_for=tuple(_searching(tx)),
        )


def prune(
    storage: Storage, keep: Keep, *, now: datetime, stop: Callable[[], bool] = lambda: False
) -> Iterator[tuple[int, int]]:
    """Take out what is to go; yield how many articles, and stories, each transaction took out.

    It may be stopped, or killed, between any two of them, and goes on the next time.
    """
    after: tuple[datetime, str] | None = None
    if keep.size_bytes is not None:
        note_room(storage, is_full=False)
    size = storage.size_bytes()
    with storage.reading() as tx:
        before = _before(tx, keep, now, _most(tx, keep, size))
    while before is not None and not stop():
        with storage.transaction() as tx:
            if any(_searching(tx)):
                return
            pruned = tx.pruning.prune(before=before, after=after, limit=STORIES_AT_ONCE)
        if pruned.after is None:
            break
        after = pruned.after
        yield pruned.articles, pruned.stories
    if after is not None:
        yield from _rid_index(storage, stop)
    if before is not None and not stop():
        with storage.transaction() as tx:
            tx.pruning.forget(before=now - REMEMBERED_FOR)


def note_room(storage: Storage, *, is_full: bool) -> None:
    """Note how many articles the database holds, before some go, or when no room in it is free."""
    size = storage.size_bytes()
    with storage.transaction() as tx:
        room = Room(size, tx.articles.count()) if is_full else _room(tx, size)
        tx.meta.set(_ROOM, json.dumps([room.size_bytes, room.articles]))


def _rid_index(storage: Storage, stop: Callable[[], bool]) -> Iterator[tuple[int, int]]:
    place: int | None = 0
    while place is not None and not stop():
        with storage.transaction() as tx:
            place = tx.pruning.shed(after=place)
        yield 0, 0


def _before(tx: Transaction, keep: Keep, now: datetime, most: int | None) -> datetime | None:
    """Return before when what was told last goes, by what is kept and how many may stay."""
    kept = keep.articles
    if isinstance(kept, timedelta):
        before: datetime | None = now - kept
    else:
        before = None if kept is None else tx.pruning.newest(kept)
    spare = 0 if most is None else tx.articles.count() - most
    if spare <= 0:
        return before
    for_size = tx.pruning.oldest(spare, before=now - YOUNGEST)
    return for_size if before is None else max(before, for_size)


def _most(tx: Transaction, keep: Keep, size: int) -> int | None:
    """Return how many articles may stay for the size that was chosen; None for all."""
    if keep.size_bytes is None:
        return None
    return _room(tx, size).holding(int(FILLED * keep.size_bytes))


def _room(tx: Transaction, size: int) -> Room:
    now, noted = Room(size, tx.articles.count()), tx.meta.get(_ROOM)
    return now if noted is None else Room(*json.loads(noted)).as_of(now)


def _searching(tx: Transaction) -> Iterator[str]:
    """Yield the names of rules that are still to search what was stored before them."""
    for rule in tx.rules.outlines():
        if rule.state is RuleState.ACTIVE and not rule.caught_up:
            yield rule.name
