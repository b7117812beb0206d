"""Sources: when each is due, who polls it, what it answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from storage.model import (
    Source,
)
from storage.notice import Notice


class Sources(Protocol):
    """What we poll."""

    def add(self, source: Source) -> bool:
        """Add a source; False if its id is known and not removed. A removed one is revived.

        A poll of the removed one that still runs is fenced out.
        """
        ...

    def update(self, source: Source) -> None:
        """Write what its owner may change: name, every, tags, options, state, backfill,
        next_poll_at."""
        ...

    def get(self, id: str) -> Source | None:
        """Return the source with exactly this id, removed ones too."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Source]:
        """Return those of these sources that are there, removed ones too, by id."""
        ...

    def find(self, prefix: str) -> Source | None:
        """Return the source with this name, URL or id prefix; removed ones are not found.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Source]:
        """Return all that are not removed, by name."""
        ...

    def failed(self) -> list[Source]:
        """Return those of `all` whose last poll has failed."""
        ...

    def claim_due(
        self,
        *,
        now: datetime,
        limit: int,
        lease: timedelta,
        owner: str,
        ids: Sequence[str] = (),
        first: Collection[str] = (),
        besides: Collection[str] = (),
        among: Collection[str] | None = None,
        without: Collection[str] = (),
    ) -> list[Source]:
        """Take up to `limit` active sources that are due and that nobody else holds.

        Oldest `next_poll_at` first (None is oldest); kinds in `first` before all others. With
        `ids`, only those, due or not (paused ones too, not removed ones); never those with an
        id in `besides` or of a kind in `without`, and only those with an id in `among`, unless
        that is None. The returned sources carry the new lease token.
        """
        ...

    def next_due(self, *, now: datetime, without: Collection[str] = ()) -> datetime | None:
        """Return when the first active source is due that nobody holds; `now` at the earliest.

        Sources of a kind in `without` do not count.
        """
        ...

    def record_polls(self, polls: Iterable[tuple[Source, Mapping[str, str]]]) -> None:
        """Write the outcomes of polls of different sources, and give their leases back.

        Writes state, baseline_done, quiet_before, validators, next_poll_at, last_ok_at,
        last_entry_at, last_error and failures; merges what stands beside a source into its
        memory. A source that its owner paused or removed in the meantime stays so.

        Raises:
            FencedOut: One's `lease_token` is not the current one, or its lease was given back
                already. The caller's whole transaction must be rolled back.
        """
        ...

    def record_unchanged(self, polls: Iterable[tuple[Source, datetime]], *, now: datetime) -> None:
        """Write the outcomes of polls that went well, as those before, and found nothing new.

        Of each source, as it was claimed, only `last_ok_at` becomes `now` and `next_poll_at` what
        stands beside it. Else as `record_polls`, at a fraction of the cost.

        Raises:
            FencedOut: As `record_polls`.
        """
        ...

    def excuse(self, ids: Iterable[str], *, until: datetime) -> int:
        """Take back one failure of each of these sources, which was not theirs.

        They are due at `until` at the latest. Returns how many there were.
        """
        ...

    def release(self, owners: Sequence[str], *, now: datetime) -> int:
        """Give back the leases of owners that are known to be dead, and leases that ended."""
        ...

    def memory(self, source_id: str) -> dict[str, str]:
        """Return what the source's kind asked to remember, key by key."""
        ...

    def article_counts(self) -> dict[str, int]:
        """Return how many articles each source id has given."""
        ...

    def add_notice(self, notice: Notice) -> bool:
        """Add a notice; False if it is known: it is seen again then, and lasts as it says now."""
        ...

    def end_notices(
        self, source_ids: Iterable[str], *, besides: Collection[str], before: datetime
    ) -> None:
        """Forget what is over of these sources.

        That is what lasts, but those with the ids `besides`, and of what has happened that which
        was told last before a time.
        """
        ...

    def notices(self, source_id: str | None = None, *, limit: int = 100) -> list[Notice]:
        """Return the newest notices, newest first by `raised_at`, ties by id descending."""
        ...
