"""The whole of a storage: its transactions, and what it says of itself."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from common.records import dataclass
from storage.api.access import Access, Calls, Sessions, Users
from storage.api.alerts import Alerts, Feedback
from storage.api.articles import Articles
from storage.api.channels import Channels
from storage.api.figures import Figures
from storage.api.outbox import Outbox
from storage.api.pruning import Pruning
from storage.api.quiet import Held, Silences
from storage.api.rules import Rules
from storage.api.sources import Sources
from storage.api.stories import Following, Placing, Stories
from storage.model import Article, Source


class Meta(Protocol):
    """Small facts about the store itself."""

    def get(self, key: str) -> str | None:
        """Return the value, or None."""
        ...

    def set(self, key: str, value: str) -> None:
        """Write the value."""
        ...

    def hold(self) -> None:
        """Wait until nobody else holds it; nobody else does before this transaction ends."""
        ...


class Transaction(Protocol):
    """All nouns, in one transaction: everything written through it is kept, or nothing."""

    @property
    def sources(self) -> Sources: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def placing(self) -> Placing: ...
    @property
    def following(self) -> Following: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def held(self) -> Held: ...
    @property
    def silences(self) -> Silences: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def pruning(self) -> Pruning: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def access(self) -> Access: ...
    @property
    def users(self) -> Users: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def meta(self) -> Meta: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWaits:
    """How far ahead stored instants may lie.

    Attributes:
        poll: Of a source's next poll.
        delivery: Of a delivery's next attempt, after so many counted ones.
        channel: Of the end of what a receiver asked for.
        poll_lease, send_lease: Of the end of a claim.
        every_poll: No source's next poll need be looked at that lies nearer than that.
    """

    poll: Callable[[Source], timedelta]
    delivery: Callable[[int], timedelta]
    channel: timedelta
    poll_lease: timedelta
    send_lease: timedelta
    every_poll: timedelta = timedelta(0)


class Storage(Protocol):
    """Where everything is kept. Safe to use from many threads and processes."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a read-write transaction; commit when the block ends well, else roll back.

        Keep it short and never open over network or mail: on SQLite it holds the only
        writer's lock.

        Raises:
            StorageError: The store is busy, unreachable, full or broken. What the block
                wrote is not kept, except that after a lost connection at commit it may
                be: run the whole block again, every write in it is idempotent.
        """
        ...

    def changing(self) -> AbstractContextManager[Transaction]:
        """Open a transaction for who reads what people have set up and writes it as it is to be.

        There is one of these at a time: of two who change one thing at once, the second sees what
        the first has made of it, instead of writing it as it was before. News does not wait.

        Raises:
            StorageError: As `transaction`.
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that only reads, and that holds nobody up.

        It sees the store as it stood at one moment, and its first read fixes which. A write
        through it raises StorageError.
        """
        ...

    def prepare(self, articles: Iterable[Article]) -> None:
        """Do what can be done for these before the transaction that stores them.

        Others wait for whoever writes. What is loaded for the first takes as long as storing three
        hundred, and a third of the work for each is done here.
        """
        ...

    def problems(self) -> list[str]:
        """Return what is wrong with the store, one sentence each; empty when all is well.

        Checks integrity by the database's own means and the invariants of docs/operations.md.
        """
        ...

    def check_index(self) -> None:
        """Read the whole search index, and note if it is damaged: filling it makes it anew."""
        ...

    def hold_owner(self, owner: str) -> AbstractContextManager[None]:
        """Prove, for as long as the block runs, that the process called `owner` is alive."""
        ...

    def dead_owners(self, owners: Sequence[str]) -> list[str]:
        """Return those of the owners that are proved dead; never one that may be alive."""
        ...

    def living_owners(self) -> int:
        """Return how many processes prove at this moment that they are alive (`hold_owner`)."""
        ...

    def take_turn(self, name: str) -> bool:
        """Take a turn that one process at a time may have; False while another has it.

        A process that dies has none any more. Only PostgreSQL is worked with by several that
        take turns; elsewhere everybody gets them.
        """
        ...

    def give_turns(self, names: Collection[str]) -> None:
        """Give back turns that this process has taken."""
        ...

    def size_bytes(self) -> int:
        """Return how much room the store takes on its disk."""
        ...

    def give_back_room(self) -> bool:
        """Give room that is used no more back to the disk, where the database does not by itself.

        Takes long, and nobody writes meanwhile. Tells whether no room is free then: what
        `size_bytes` says is what is in use.

        Raises:
            StorageError: There is too little room to do so.
        """
        ...

    def tidy(self) -> None:
        """Do what a store that stays open needs; a daemon calls it once a minute.

        SQLite: writes the log back into the file, never waiting for readers.

        Raises:
            StoreLost: Among others, the open file was renamed or replaced.
        """
        ...

    def mark(self) -> object:
        """Return a value that is another one after a write, whoever writes.

        Once it is another one, what was written can be read. Cheap enough to be asked all the
        time; where it cannot tell (PostgreSQL) it never changes.
        """
        ...

    def check(self) -> None:
        """Tell whether this is still the store that was opened; cheap enough for every few seconds.

        Raises:
            StoreLost: It was moved away, emptied or replaced, or a newer program has migrated it.
            StorageError: It cannot be asked now.
        """
        ...

    def now(self) -> datetime:
        """Return what time it is, UTC, by the one clock that all users of this store share.

        PostgreSQL's own, measured once a minute; this host's on SQLite, which has one host.
        Hand it in as `now` wherever leases are taken, extended, finished or reaped.
        """
        ...

    def clock_jumped(self, by: timedelta) -> None:
        """Move every stored instant that lies ahead along with a clock that was set by this much.

        Of what is held back for a time on the wall, such as the end of a night, that time stays.
        `now` goes by the new time from the same moment on; until then it goes on evenly, for a
        few seconds. Without effect where the clock of the store is not this host's.
        """
        ...

    def shared_clock_step(self) -> timedelta | None:
        """Return by how much a clock that several hosts share was set, if nobody follows it yet.

        None where the clock is this host's, who sees such steps without asking.
        """
        ...

    def shared_clock_jumped(self, by: timedelta) -> bool:
        """As `clock_jumped`, for a clock that several hosts share.

        Of those that tell of one step within a few minutes, the first moves what is stored; False
        for the others.
        """
        ...

    def too_far_ahead(self, longest: LongestWaits, *, now: datetime, mend: bool) -> list[str]:
        """Return a sentence for everything that waits longer than it may.

        Args:
            mend: Let each of it wait only as long as it may from now on.
        """
        ...

    def close(self) -> None:
        """Give back all connections. Closing twice is fine."""
        ...
