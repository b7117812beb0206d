"""What every round asks of other nouns: whether there is anything to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.api.articles import Analysis
from storage.model import Channel, ChannelState, Rule
from storage.said.asking import Asking, Said

INDEX_IS_FULL = "search_index"
"""In the store's meta: the version of the analysis by which every article is in the index, or
`DAMAGED`."""
DAMAGED = "damaged"


class AskedMeta(Asking):
    """`storage.api.storage.Meta`."""

    def get(self, key: str) -> str | None:
        value: str | None = self.ask("get", {"k": key}).scalar()
        return value

    def set(self, key: str, value: str) -> None:
        self.ask("set", {"the_key": key, "the_value": value})

    def hold(self) -> None:
        """On a database that one writes to at a time nobody else does."""


class SaidMeta(Said, AskedMeta):
    """Implements `storage.api.storage.Meta`."""


class AskedChannels(Asking):
    """The part of `storage.api.channels.Channels` that tells what there is."""

    def get(self, id: str) -> Channel | None:
        return next(map(channel_of, self.ask("get", {"id": id}).mappings()), None)

    def all(self) -> list[Channel]:
        return [channel_of(row) for row in self.ask("all").mappings()]


class SaidChannels(Said, AskedChannels):
    """Implements `storage.api.channels.Channels`."""


def channel_of(row: Mapping[str, Any]) -> Channel:
    """Return the channel of a row with all columns."""
    values = dict(row)
    for name in ("recipients", "takes"):
        values[name] = tuple(values[name])
    values["state"] = ChannelState(values["state"])
    return Channel(**values)


class AskedRules(Asking):
    """The part of `storage.api.rules.Rules` that asks whether there is something to do."""

    def watching(self) -> dict[str, int]:
        return dict(iter(self.ask("watching")))

    def expanded_otherwise(self, expansion: str, *, limit: int) -> list[str]:
        return list(self.ask("otherwise", {"expansion": expansion, "most": limit}).scalars())

    def to_catch_up(self) -> list[str]:
        return list(self.ask("to_catch_up").scalars())


class SaidRules(Said, AskedRules):
    """Implements `storage.api.rules.Rules`."""

    def ending(self, *, after: datetime, until: datetime) -> list[Rule]:
        if not self.ask("ending", {"after": after, "until": until}).first():
            return []
        ending: list[Rule] = self.whole.ending(after=after, until=until)
        return ending


class AskedOutbox(Asking):
    """The part of `storage.api.outbox` that looks for what is owed, or was claimed by the dead."""

    def due_channels(self, *, now: datetime) -> list[str]:
        return list(self.ask("due_channels", {"now": now}).scalars())

    def lease_owners(self) -> list[str]:
        owners = set(self.ask("delivery_owners").scalars())
        owners.update(self.ask("source_owners").scalars())
        return sorted(owners)


class SaidOutbox(Said, AskedOutbox):
    """Implements `storage.api.outbox.Outbox`."""

    def reap(self, *, now: datetime, dead_owners: Sequence[str] = ()) -> int:
        if not self.ask("gone", {"now": now, "dead": list(dead_owners)}).first():
            return 0
        count: int = self.whole.reap(now=now, dead_owners=dead_owners)
        return count


class AskedHeld(Asking):
    """The part of `storage.api.quiet.Held` that looks for what is to be told of together."""

    def due_channels(self, *, now: datetime) -> list[str]:
        return sorted(self.ask("due_channels", {"now": now}).scalars())


class SaidHeld(Said, AskedHeld):
    """Implements `storage.api.quiet.Held`."""


class SaidArticles(Said):
    """Implements `storage.api.articles.Articles`.

    Args:
        analysis: What the search index keeps of an article.
        of: As `Said` has them.
    """

    def __init__(self, analysis: Analysis | None, *of: Any) -> None:
        super().__init__(*of)
        self._analysis = analysis

    def index_is_full(self) -> bool:
        full_by = self.ask("full_by").scalar()
        return self._analysis is not None and bool(full_by == self._analysis.version)

    def index_is_damaged(self) -> bool:
        return bool(self.ask("full_by").scalar() == DAMAGED)
