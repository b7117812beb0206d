"""What the store in memory keeps, and how it answers for what a database would refuse."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from storage.access import Call, Token, User
from storage.api.articles import Known, Version
from storage.api.errors import Ambiguous, StorageError
from storage.api.outbox import Attempt
from storage.model import INSTALLATION, SHORTEST_ID, Alert, Article, Channel, Delivery, Rule, Source
from storage.notice import Notice
from storage.silence import Silence
from storage.sql.tables.columns import check_text, is_storable, shown
from storage.story import Lesson, LiveStory, Membership, Story, Waiting

Noun = TypeVar("Noun", Source, Article, Story, Rule, Alert, Channel, Delivery, Silence)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Kept:
    """All that a store keeps. `writable` is False in a transaction that only reads."""

    writable: bool = True
    sources: dict[str, Source] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    memory: dict[tuple[str, str], str] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    fingerprints: dict[str, Known] = field(default_factory=dict)
    listed: dict[str, datetime] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    last_number: int = 0
    listings: dict[tuple[str, str], datetime] = field(default_factory=dict)
    versions: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    tokens: dict[str, tuple[str, list[frozenset[str]]]] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    live: dict[str, LiveStory] = field(default_factory=dict)
    lessons: dict[int, Lesson] = field(default_factory=dict)
    waiting: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    mentions: dict[tuple[str, int], int] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    hits: dict[tuple[str, str], tuple[int, datetime | None]] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    owed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    attempts: dict[tuple[str, int], Attempt] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    access: dict[str, Token] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    sessions: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=lambda: {INSTALLATION: "memory"})
    revision: int = 0

    def copy(self, *, writable: bool) -> "Kept":
        """Return a copy whose changes do not show in this one."""
        values = {
            name: value.copy() if isinstance(value, dict) else value
            for name, value in vars(self).items()
        }
        return Kept(**{**values, "writable": writable})

    def changing(self) -> "Kept":
        """Return itself, for a change."""
        if not self.writable:
            raise StorageError("this transaction only reads", retry=False)
        return self


def checked(thing: Any) -> Any:
    """Return the thing as a database would give it back: good texts, instants in UTC."""
    if isinstance(thing, str):
        check_text(thing)
    elif isinstance(thing, datetime):
        if thing.tzinfo is None:
            raise ValueError(f"the instant {thing} has no time zone")
        return thing.astimezone(UTC)
    elif is_dataclass(thing) and not isinstance(thing, type):
        return replace(
            thing, **{field_.name: checked(getattr(thing, field_.name)) for field_ in fields(thing)}
        )
    elif isinstance(thing, Mapping):
        return {checked(key): checked(value) for key, value in thing.items()}
    elif isinstance(thing, tuple):
        return tuple(checked(item) for item in thing)
    return thing


def pointing(at: Mapping[str, Any], *ids: str | None) -> None:
    """Refuse a reference to something that is not there."""
    for id_ in ids:
        if id_ is not None and id_ not in at:
            raise ValueError(f"the store refuses this: nothing has the id {shown(id_)}")


def found(
    things: Iterable[Noun], typed: str, *exactly: Callable[[Noun], bool], short: str = ""
) -> Noun | None:
    """Return the thing that somebody means by what they typed: see `storage.sql.rows.find`."""
    everything = list(things)
    if not typed or not is_storable(typed):
        return None

    def begins(noun: Noun) -> bool:
        is_long = len(typed.removeprefix("msg_")) >= SHORTEST_ID
        return is_long and noun.id.startswith((typed, short + typed))

    for fits in (lambda noun: noun.id == typed, *exactly, begins):
        fitting = [noun for noun in everything if fits(noun)]
        if len(fitting) > 1:
            ids = ", ".join(sorted(noun.id for noun in fitting))
            raise Ambiguous(f"{shown(typed)} fits more than one ({ids}); write more of the id")
        if fitting:
            return fitting[0]
    return None
