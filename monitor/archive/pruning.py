"""Takes old articles out of the archive that nobody was told of, a little at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.api import Prunable, Storage, Transaction
from storage.model import RuleState

STORIES_AT_ONCE = 100
"""In one transaction: nobody waits for long."""

REMEMBERED_FOR = timedelta(days=400)
"""By what an article was known is kept for so long after it was last listed."""

Keep = timedelta | int | None
"""For how long articles are kept, or how many; None for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is to go.

    Attributes:
        before: What was told last before that; None when all is kept.
        waits_for: Names of rules that have not yet searched the archive: until then all is kept.
    """

    before: datetime | None
    prunable: Prunable
    waits_for: tuple[str, ...] = ()


def look(storage: Storage, keep: Keep, *, now: datetime) -> Outlook:
    """Return what would go."""
    with storage.reading() as tx:
        before = _before(tx, keep, now)
        if before is None:
            return Outlook(before=None, prunable=Prunable(0, 0, 0, tx.articles.count()))
        waits_for = tuple(_searching(tx))
        return Outlook(
            before=before, prunable=tx.pruning.prunable(before=before), waits_for=waits_for
        )


def prune(
    storage: Storage, keep: Keep, *, now: datetime, stop: Callable[[], bool] = lambda: False
) -> Iterator[tuple[int, int]]:
    """Take out what is to go; yield how many articles, and stories, each transaction took out.

    It may be stopped, or killed, between any two of them, and goes on the next time.
    """
    after: tuple[datetime, str] | None = None
    with storage.reading() as tx:
        before = _before(tx, keep, now)
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


def _rid_index(storage: Storage, stop: Callable[[], bool]) -> Iterator[tuple[int, int]]:
    place: int | None = 0
    while place is not None and not stop():
        with storage.transaction() as tx:
            place = tx.pruning.shed(after=place)
        yield 0, 0


def _before(tx: Transaction, keep: Keep, now: datetime) -> datetime | None:
    if isinstance(keep, timedelta):
        return now - keep
    return None if keep is None else tx.pruning.newest(keep)


def _searching(tx: Transaction) -> Iterator[str]:
    """Yield the names of rules that are still to search what was stored before them."""
    for rule in tx.rules.all():
        if rule.state is RuleState.ACTIVE and not rule.caught_up:
            yield rule.name
