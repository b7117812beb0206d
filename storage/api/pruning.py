"""Taking old articles away."""

from datetime import datetime
from typing import NamedTuple, Protocol


class Prunable(NamedTuple):
    """What would be taken out.

    Attributes:
        kept: How many articles are as old and stay, because somebody was told of their story, or
            it has gone on since.
        remaining: How many there would be.
    """

    articles: int
    stories: int
    kept: int
    remaining: int


class Pruned(NamedTuple):
    """What was taken out.

    Attributes:
        after: Behind which story to go on; None when that was all.
    """

    articles: int = 0
    stories: int = 0
    after: tuple[datetime, str] | None = None


class Pruning(Protocol):
    """Takes out old articles, whole stories at a time.

    A story stays while anything hangs on it: an alert, a match that waits for outlets, an
    article that is not old, or that new articles are still compared with it. By what an article
    was known stays in any case, so that it is not new when a source lists it again.
    """

    def newest(self, count: int) -> datetime | None:
        """Return when the last of the newest `count` articles was first seen; None if all are."""
        ...

    def oldest(self, count: int, *, before: datetime) -> datetime:
        """Return before when what was told last is to go, for `count` articles to be gone.

        The stories that were told last the longest ago hold at least so many; never later than
        `before`, though all that may be taken out hold fewer.
        """
        ...

    def prunable(self, *, before: datetime) -> Prunable:
        """Return what would be taken out that was last told before."""
        ...

    def prune(self, *, before: datetime, after: tuple[datetime, str] | None, limit: int) -> Pruned:
        """Take out up to `limit` stories that were last told before, the oldest first."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Forget by what articles were known that are gone and that nobody has listed since.

        And whatever else still names what is gone; called when some were taken out. Returns how
        many keys that were.
        """
        ...

    def shed(self, *, after: int) -> int | None:
        """Do a little of what rids the search index of articles that are gone.

        Args:
            after: What the last call returned; 0 at first. None: there is nothing left to do.
        """
        ...
