"""Counts, for people and for metrics."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from storage.api.articles import AlertOutline, Passage


class Figures(Protocol):
    """What is counted for people to look at; nothing is decided by it.

    Each answer costs little of a large archive: texts, variants and payloads are not read.
    """

    def alerts(self, *, after_seq: int | None = None, limit: int) -> list[AlertOutline]:
        """Return alerts newest first; with `after_seq`, later ones only, oldest first."""
        ...

    def raised(self) -> dict[str, tuple[int, datetime]]:
        """Return how many alerts each rule has raised, and when the last; none of who has none."""
        ...

    def verdicts(self) -> dict[str, tuple[int, int]]:
        """Return how many alerts of a rule readers called useful, and noise; of who has any."""
        ...

    def articles(
        self, source_ids: Iterable[str], *, since: datetime, until: datetime
    ) -> dict[str, int]:
        """Return how many articles each of these sources gave from `since` until before `until`."""
        ...

    def notices(self) -> dict[str, int]:
        """Return how many notices there are of each source that has any."""
        ...

    def passages(self, *, limit: int, alert_id: str | None = None) -> list[Passage]:
        """Return when the newest delivered alerts passed each stage, newest first.

        What was held back first is no delivery of its own, and is left out. So are alerts about
        what was stored before their rules were there, and those that an edition raised.

        Args:
            alert_id: All those of this alert instead.
        """
        ...

    def waits(self, *, limit: int) -> list[timedelta]:
        """Return how long the newest delivered ones took from being owed to being taken."""
        ...
