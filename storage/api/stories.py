"""Stories: which articles tell of one event, and what follows from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from storage.model import (
    Article,
)
from storage.story import Lesson, LiveStory, Membership, Story, Turn, Waiting


class Stories(Protocol):
    """Which articles tell the same event."""

    def get(self, id: str) -> Story | None:
        """Return the story with exactly this id."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Story]:
        """Return the stories with exactly these ids, by id."""
        ...

    def find(self, prefix: str) -> Story | None:
        """Return the story with this id prefix.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def recent(
        self,
        *,
        since: datetime | None = None,
        before: tuple[datetime, str] | None = None,
        rule_id: str | None = None,
        limit: int | None = 100,
    ) -> list[Story]:
        """Return stories seen since then, by `seen_at`, newest first, ties by id descending.

        Args:
            before: Only those that come behind this (seen_at, id).
            rule_id: Only those of which this rule has raised an alert.
        """
        ...

    def members(self, ids: Iterable[str]) -> list[Membership]:
        """Return the articles of stories by `appeared_at`, ties by id."""
        ...

    def put(self, stories: Iterable[Story]) -> None:
        """Write stories as they are now."""
        ...

    def join(self, members: Iterable[Membership]) -> None:
        """Write to which story articles belong."""
        ...

    def join_later(self, ids: Iterable[str], *, at: datetime) -> None:
        """Have it that articles joined their stories at that time."""
        ...

    def move(self, homes: Mapping[str, str]) -> None:
        """Have articles, and the alerts that they raised, tell of these stories, by article."""
        ...

    def remove(self, id: str) -> None:
        """Forget a story that has no articles any more."""
        ...

    def unplaced(self, limit: int, *, after: tuple[datetime, str] | None = None) -> list[Article]:
        """Return some articles that belong to no story yet, oldest `first_seen_at` first.

        Args:
            after: Only those behind this (first_seen_at, id).
        """
        ...

    def are_unplaced(self, ids: Iterable[str]) -> set[str]:
        """Return which of these are articles that belong to no story yet."""
        ...


class Placing(Protocol):
    """What whoever places new articles must know of the stories that are told these days.

    They keep much of it in memory: turns tell them whether somebody else has changed it since.
    """

    def hold(self) -> None:
        """Have nobody else place articles, or tell of stories, before this transaction ends.

        Who tells of stories, or moves articles between them, asks before it looks at any: what
        joins in that moment would be told by both, or by neither. Before it are locked the
        rules' revision and nothing else.
        """
        ...

    def take_turn(self, who: str) -> Turn:
        """Begin the next turn; nobody else begins one until this transaction ends.

        Args:
            who: A name that nobody, this process included, has given before.
        """
        ...

    def changed(self, *, after: int, limit: int) -> list[LiveStory]:
        """Return stories that were changed after that turn, without their traits, last first."""
        ...

    def told(
        self, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        """Return when stories of these days were told last, and their ids, oldest first.

        All are looked at for that: it is for what is done once to each.

        Args:
            after: Only those behind this (seen_at, id).
        """
        ...

    def live(self, ids: Iterable[str]) -> dict[str, LiveStory]:
        """Return those of these stories that are told these days, by id."""
        ...

    def keep(self, stories: Iterable[LiveStory], *, turn: int) -> None:
        """Write stories that are told these days as they are now; they are stored before."""
        ...

    def retire(self, *, before: datetime, limit: int) -> int:
        """Forget what is compared of some stories not told since; return of how many.

        Of all stories the `limit` that were not changed for longest are looked at.
        """
        ...

    def forget(self, ids: Iterable[str]) -> None:
        """Forget what is compared of these stories, if anything is kept."""
        ...

    def lessons(self, *, since: int) -> list[Lesson]:
        """Return what was taught in this turn and later, by turn."""
        ...

    def teach(self, lesson: Lesson) -> None:
        """Keep a turn's lesson; one that is whole takes the place of all before."""
        ...


class Following(Protocol):
    """What rules wait for before they alert, and how often they find something."""

    def wait(self, waiting: Iterable[Waiting], *, forget_before: datetime) -> None:
        """Keep matches whose alert waits for more outlets; forget those found before."""
        ...

    def waiting(self, story_ids: Iterable[str]) -> list[Waiting]:
        """Return what waits for these stories, oldest first, ties by article."""
        ...

    def end_wait(self, rule_id: str, story_id: str) -> None:
        """Forget what a rule waits for of a story."""
        ...

    def mention(self, rule_id: str, hour: int, articles: int) -> None:
        """Count so many articles that a rule has found in an hour, by hours since 1970."""
        ...

    def mentions(self, rule_id: str, *, since: int) -> dict[int, int]:
        """Return how many articles a rule has found in each hour since; empty hours are missing."""
        ...
