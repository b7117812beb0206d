"""What the search index and the removal of old news need of a database, each in its own words."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Keeper(Protocol):
    """The part of `storage.backends.api.Backend` that these two see."""

    def next_segment(self, connection: "Connection") -> int:
        """Return a number that no segment of the search index has had."""
        ...

    def may_merge(self, connection: "Connection") -> bool:
        """Return whether nobody else makes segments one until this transaction ends."""
        ...

    def read_whole(self, connection: "Connection") -> None:
        """Let what follows in this transaction read whole tables, as its statements do."""
        ...
