"""Owes sentences about the monitor itself: to the channel that is told what does not work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.base.errors import Remedy
from monitor.base.remedies import remedy_words
from monitor.pipeline.outbox import enqueue_message
from storage.api import Transaction
from storage.model import Channel, ChannelState, DeliveryKind, delivery_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Tells the fallback channel, about one subject once.

    Attributes:
        render: Renders a sentence for a channel: (channel, delivery id, recipient, text).
        fallback: Name of the channel that is told; None: the one that was added first and works.
    """

    render: Callable[[Channel, str, str, str], bytes]
    fallback: str | None = None

    def owe(
        self,
        tx: Transaction,
        subject: str,
        text: str,
        *,
        now: datetime,
        remedy: Remedy | None = None,
        besides: Channel | None = None,
    ) -> str | None:
        """Owe a sentence in the caller's transaction; return the name of the channel, if any.

        Args:
            subject: What it is about, in words that no other subject has.
            remedy: What to do; whoever reads it has the command line at hand.
            besides: What the sentence is about: no channel is told through itself.
        """
        channel = fallback_among(tx.channels.all(), self.fallback, besides=besides)
        if channel is None:
            return None
        told = text + remedy_words(remedy)

        def render(channel: Channel, id_: str, recipient: str) -> bytes:
            return self.render(channel, id_, recipient, told)

        enqueue_message(tx, DeliveryKind.NOTICE, subject, channel, render, now=now)
        return channel.name

    def has_told(self, tx: Transaction, subject: str) -> bool:
        """Whether anybody has been told about a subject, or is about to be."""
        return any(
            tx.outbox.get(delivery_id(subject, channel.id, recipient)) is not None
            for channel in tx.channels.all()
            for recipient in channel.recipients
        )


def fallback_among(
    channels: list[Channel], name: str | None, *, besides: Channel | None = None
) -> Channel | None:
    """Return the channel that is told: the named one, else the oldest that works."""
    others = [channel for channel in channels if besides is None or channel.id != besides.id]
    if name is not None:
        return next((channel for channel in others if channel.name == name), None)
    working = [channel for channel in others if channel.state is ChannelState.ACTIVE]
    return min(working, key=lambda channel: (channel.added_at, channel.id), default=None)
