"""Whoever tells of stories that go on after their alert, as taking in articles sees it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from storage.api.storage import Transaction
from storage.model import Alert, Article, Match, Rule, Source

Finds = Callable[[Article, Source], Sequence[Match]]
"""Returns the matches of an article of a source."""


class Follower(Protocol):
    """Tells of stories that go on after their alert; what `monitor.following.updates` has."""

    def released(
        self, tx: Transaction, story_ids: Sequence[str], rules: Mapping[str, Rule]
    ) -> list[tuple[Article, Match]]:
        """Return the matches that waited until more carry these stories."""
        ...

    def moved(
        self,
        tx: Transaction,
        story_ids: Sequence[str],
        rules: Mapping[str, Rule],
        find: Finds,
        *,
        now: datetime,
    ) -> list[tuple[Article, Match]]:
        """Return the matches to be told once a person has moved articles between stories.

        What waited until more carry its story, where two became one. Where one became two, what
        rules that had told of the whole have not told their readers of.

        Args:
            story_ids: Of the one that two became, or of both that one became.
        """
        ...

    def tell(
        self,
        tx: Transaction,
        grown: Mapping[str, Sequence[Article]],
        rules: Mapping[str, Rule],
        *,
        raised: Sequence[Alert],
        now: datetime,
        joined_before: Collection[str] = (),
    ) -> int:
        """Owe updates for what has joined stories; return how many.

        Args:
            joined_before: Articles among it that joined silently, and are news by now.
        """
        ...


class _Nobody:
    """Tells of none."""

    def released(self, *_: object) -> list[tuple[Article, Match]]:
        return []

    def moved(self, *_: object, now: datetime) -> list[tuple[Article, Match]]:
        return []

    def tell(
        self,
        *_: object,
        raised: Sequence[Alert],
        now: datetime,
        joined_before: Collection[str] = (),
    ) -> int:
        return 0


NOBODY = _Nobody()
