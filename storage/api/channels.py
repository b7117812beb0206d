"""Channels: where alerts go, and whether they may."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from storage.model import (
    Channel,
    ChannelState,
)


class Channels(Protocol):
    """Where alerts go."""

    def add(self, channel: Channel) -> bool:
        """Add a channel; False if its id is known and not removed. A removed one is revived.

        What a revived one still owed is held. With the same kind and `target_print` it keeps its
        old `added_at`, so `Outbox.unhold` sends that; else it was made for another target.
        """
        ...

    def update(self, channel: Channel) -> None:
        """Replace a channel's fields; of its deliveries nothing is changed."""
        ...

    def lock(self, ids: Iterable[str], *, alone: bool = False) -> list[Channel]:
        """Return those of these that are there, by id, removed ones too.

        Nobody changes them until this transaction ends; several may hold them at once. Taken
        after the rules' revision and before any alert is added.

        Args:
            alone: Nobody else may hold them meanwhile: who tells what was held back must see all
                that others have held, and be seen by them.
        """
        ...

    def get(self, id: str) -> Channel | None:
        """Return the channel with exactly this id, removed ones too."""
        ...

    def some(self, ids: Iterable[str]) -> dict[str, Channel]:
        """Return those of these that are there, removed ones too."""
        ...

    def find(self, prefix: str) -> Channel | None:
        """Return the channel with this name or id prefix; not removed ones.

        Raises:
            Ambiguous: The prefix fits several ids.
        """
        ...

    def all(self) -> list[Channel]:
        """Return all that are not removed, by name."""
        ...

    def set_state(self, channel_id: str, state: ChannelState, *, reason: str | None) -> bool:
        """Pause, enable, disable or remove; tell whether its state was another until now.

        Of several that set the same at once, one is told so. What its deliveries become is the
        outbox's matter.
        """
        ...

    def note(self, channel_id: str, reason: str | None, *, instead_of: str | None) -> bool:
        """Note why nobody can send to an active channel; None when somebody can.

        False, and nothing noted, when it is not active, or its note is another than `instead_of`.
        """
        ...

    def set_not_before(self, channel_id: str, instant: datetime | None) -> None:
        """Note that the receiver wants nothing before this instant. Only ever moves forward.

        None takes the wish back.
        """
        ...
