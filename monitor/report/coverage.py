"""How much came of each source in some days, and where nothing did."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from common.records import dataclass
from storage.api.storage import Transaction
from storage.model import Source

MOST_ALERTS = 100_000
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A source, and what came of it.

    Attributes:
        days: How many articles in each day's length since then, oldest first.
        followed: In how many of the days, the last ones, it was a source already.
        alerts: How many its articles raised.
    """

    source: Source
    days: tuple[int, ...]
    followed: int
    alerts: int

    @property
    def articles(self) -> int:
        """How many articles it gave."""
        return sum(self.days)

    @property
    def days_without(self) -> int:
        """How many of the days in which it was followed gave nothing."""
        return sum(not count for count in self.days[len(self.days) - self.followed :])


def coverage(tx: Transaction, *, since: datetime, until: datetime) -> list[Covered]:
    """Return all sources, those that gave least first."""
    sources = tx.sources.all()
    bounds = list(_bounds(since, until))
    ids = [source.id for source in sources]
    by_day = [tx.figures.articles(ids, since=a, until=b) for a, b in pairwise(bounds)]
    alerts = _alerts(tx, since)
    covered = [
        Covered(
            source=source,
            days=tuple(counts.get(source.id, 0) for counts in by_day),
            followed=sum(end > source.added_at for end in bounds[1:]),
            alerts=alerts[source.id],
        )
        for source in sources
    ]
    return sorted(covered, key=lambda each: (each.articles, each.source.name.casefold()))


def _bounds(since: datetime, until: datetime) -> Sequence[datetime]:
    """Return where days end, counted back from the end; the first may be shorter.

    But not by all: of `--since 7d` some time has passed until it is the end.
    """
    count = max(1, -((since - until + _MINUTE) // _DAY))
    return [max(since, until - number * _DAY) for number in range(count, -1, -1)]


def _alerts(tx: Transaction, since: datetime) -> Counter[str]:
    """Return how many alerts articles of each source raised since then, among the newest."""
    newest = takewhile(
        lambda outline: outline.raised_at >= since, tx.figures.alerts(limit=MOST_ALERTS)
    )
    return Counter(outline.source_id for outline in newest)
