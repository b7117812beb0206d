"""Where alerts go, as it is kept."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, Row, bindparam, or_, select, update

from storage.model import CHANNEL_REMOVED, Channel, ChannelState, DeliveryState
from storage.said.asking import NOTHING
from storage.said.others import AskedChannels, channel_of
from storage.said.texts import Given
from storage.sql import meta, rows
from storage.sql.tables.schema import RULES_REVISION, channel, delivery

_IS_LISTED = channel.c.state != ChannelState.REMOVED.value
_get = select(channel).where(channel.c.id == bindparam("id"))
_of_ids = rows.OfKeys(select(channel), channel.c.id)
_all = select(channel).where(_IS_LISTED).order_by(channel.c.name, channel.c.id)


SAID: dict[str, Executable] = {"get": _get, "all": _all}


class SqlChannels(AskedChannels):
    """Implements `storage.api.channels.Channels` inside one open transaction."""

    def __init__(self, connection: Connection, insert: Callable[..., Any]) -> None:
        self._connection = connection
        self._insert = insert

    def ask(self, name: str, given: Given = NOTHING) -> Any:
        return self._connection.execute(SAID[name], given)

    def add(self, channel_: Channel) -> bool:
        values = to_row(channel_)
        fresh = self._insert(channel).values(values).on_conflict_do_nothing()
        if self._connection.execute(fresh.returning(channel.c.id)).first():
            return True
        # Before the channel, as everybody does: a rule may be added in this same transaction.
        meta.take(self._connection, RULES_REVISION)
        removed = (channel.c.id == channel_.id, channel.c.state == ChannelState.REMOVED.value)
        old = self._connection.execute(select(channel).where(*removed).with_for_update()).first()
        if old is None:
            return False
        if (old.kind, old.target_print or None) == (channel_.kind, channel_.target_print):
            values["added_at"] = old.added_at
        self._connection.execute(update(channel).where(*removed).values(values))
        pending = delivery.c.state == DeliveryState.PENDING.value
        held = update(delivery).where(pending, delivery.c.channel_id == channel_.id)
        self._connection.execute(
            held.values(state=DeliveryState.HELD.value, state_reason=CHANNEL_REMOVED)
        )
        return True

    def lock(self, ids: Iterable[str], *, alone: bool = False) -> list[Channel]:
        locked: list[Channel] = []
        for chunk in rows.chunks(ids):
            named = select(channel).where(channel.c.id.in_(chunk)).order_by(channel.c.id)
            # Alone, yet not against those who only refer to it: who writes a delivery does.
            asked = named.with_for_update(read=not alone, key_share=alone)
            held = self._connection.execute(asked)
            locked += map(from_row, held)
        return locked

    def some(self, ids: Iterable[str]) -> dict[str, Channel]:
        found: dict[str, Channel] = {}
        for chunk in rows.chunks(ids):
            named = _of_ids.among(self._connection, chunk)
            found.update((row.id, from_row(row)) for row in named)
        return found

    def find(self, prefix: str) -> Channel | None:
        named = [channel.c.name == prefix]
        row = rows.find(self._connection, channel, prefix, exactly=named, listed=_IS_LISTED)
        return from_row(row) if row else None

    def update(self, channel_: Channel) -> None:
        statement = update(channel).where(channel.c.id == channel_.id)
        self._connection.execute(statement.values(to_row(channel_)))

    def set_state(self, channel_id: str, state: ChannelState, *, reason: str | None) -> bool:
        this = channel.c.id == channel_id
        moved = update(channel).where(this, channel.c.state != state.value)
        moved = moved.values(state=state.value, state_reason=reason)
        if self._connection.execute(moved).rowcount:
            return True
        self._connection.execute(update(channel).where(this).values(state_reason=reason))
        return False

    def note(self, channel_id: str, reason: str | None, *, instead_of: str | None) -> bool:
        noted = update(channel).where(
            channel.c.id == channel_id,
            channel.c.state == ChannelState.ACTIVE.value,
            channel.c.state_reason.is_not_distinct_from(instead_of),
        )
        return self._connection.execute(noted.values(state_reason=reason)).rowcount > 0

    def set_not_before(self, channel_id: str, instant: datetime | None) -> None:
        statement = update(channel).where(channel.c.id == channel_id)
        if instant is not None:
            earlier = or_(channel.c.not_before.is_(None), channel.c.not_before < instant)
            statement = statement.where(earlier)
        self._connection.execute(statement.values(not_before=instant))


def to_row(channel_: Channel) -> dict[str, Any]:
    """Return the columns of a channel."""
    return {
        "id": channel_.id,
        "name": channel_.name,
        "kind": channel_.kind,
        "target": channel_.target,
        "added_at": channel_.added_at,
        "recipients": channel_.recipients,
        "state": channel_.state.value,
        "state_reason": channel_.state_reason,
        "not_before": channel_.not_before,
        "target_print": channel_.target_print,
        "settings_id": channel_.settings_id,
        "takes": channel_.takes,
        "digest": channel_.digest,
        "quiet": channel_.quiet,
        "max_per_hour": channel_.max_per_hour,
        "max_per_day": channel_.max_per_day,
        "zone": channel_.zone,
        "language": channel_.language,
        "template": channel_.template,
    }


def from_row(row: Row[Any]) -> Channel:
    """Return the channel of a row."""
    return channel_of(dict(row._mapping))
