"""When each channel was sent to, as far as its pace asks: kept in the store, for all who send."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from notifiers import pace
from storage.api.storage import Transaction
from storage.model import Channel

if TYPE_CHECKING:
    from notifiers.spec import ChannelSpec, Pace


def room(tx: Transaction, channel: Channel, *, now: datetime, most: int) -> int:
    """Return how many of the next `most` messages the channel's service takes now."""
    asked = _pace_of(channel)
    return most if asked is None else min(most, pace.room(_sent(tx, channel), asked, now=now))


def begin(tx: Transaction, channel: Channel, count: int, *, now: datetime) -> None:
    """Note that so many messages are about to be sent: who dies then may have sent them."""
    asked = _pace_of(channel)
    if asked is not None and count:
        _note(tx, channel, [*_sent(tx, channel), *[now] * count], asked, now=now)


def end(
    tx: Transaction, channel: Channel, *, begun: int, sent: int, now: datetime
) -> datetime | None:
    """Note how many of those have been; return before when nothing more may be, None for now."""
    asked = _pace_of(channel)
    if asked is None:
        return None
    others = _sent(tx, channel)
    others = others[: max(0, len(others) - begun)]
    return pace.free_at(
        _note(tx, channel, [*others, *[now] * sent], asked, now=now), asked, now=now
    )


def spec_of(kind: str) -> "ChannelSpec | None":
    """Return what there is to know about a kind of channel; None of one that is unknown here."""
    from notifiers.channels.kinds import KINDS  # all of them: dear to import before any is owed

    return KINDS.get(kind)


def _pace_of(channel: Channel) -> "Pace | None":
    spec = spec_of(channel.kind)
    return spec.pace if spec is not None else None


def _sent(tx: Transaction, channel: Channel) -> list[datetime]:
    noted = tx.meta.get(_key(channel))
    return [datetime.fromisoformat(at) for at in json.loads(noted)] if noted else []


def _note(
    tx: Transaction, channel: Channel, sent: list[datetime], asked: "Pace", *, now: datetime
) -> list[datetime]:
    counting = pace.recent(sent, asked, now=now)
    tx.meta.set(_key(channel), json.dumps([at.isoformat() for at in counting]))
    return counting


def _key(channel: Channel) -> str:
    return f"paced {channel.id}"
