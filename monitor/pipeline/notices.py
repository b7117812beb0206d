"""Owes sentences about the monitor itself: to the channel that is told what does not work."""

from collections.abc import Callable
from datetime import datetime, timedelta

from common.records import dataclass
from monitor.base.errors import Remedy
from monitor.base.remedies import remedy_words
from storage.api.storage import Transaction
from storage.model import Channel, ChannelState, DeliveryKind

AGAIN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Tells the fallback channel, about one subject once.

    Attributes:
        render: Renders a sentence for a channel: (channel, delivery id, recipient, text).
        fallback: Name of the channel that is told while it works; else, and if None, it is the
            one that was added first and works.
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
        from monitor.pipeline.outbox import messages  # dear to import before anything is owed

        channel = fallback_among(tx.channels.all(), self.fallback, besides=besides)
        if channel is None:
            return None
        told = text + remedy_words(remedy)

        def render(channel: Channel, id_: str, recipient: str) -> bytes:
            return self.render(channel, id_, recipient, told)

        tx.outbox.put(messages(tx, DeliveryKind.NOTICE, subject, channel, render, now=now))
        return channel.name

    def owe_once_a_day(
        self,
        tx: Transaction,
        subject: str,
        text: str,
        *,
        now: datetime,
        remedy: Remedy | None = None,
        besides: Channel | None = None,
    ) -> str | None:
        """As `owe`, unless it was owed about the same subject in the last 24 hours."""
        key = told_key(subject)
        told = tx.meta.get(key)
        if told and abs(now - datetime.fromisoformat(told)) < AGAIN_AFTER:
            return None
        # Of several that come here at once, all make the same notice.
        this = f"{subject} after {told or 'none'}"
        name = self.owe(tx, this, text, now=now, remedy=remedy, besides=besides)
        if name is not None:
            tx.meta.set(key, now.isoformat())
        return name

    def has_told(self, tx: Transaction, subject: str) -> bool:
        """Whether anybody has been told about a subject, or is about to be."""
        from monitor.pipeline.outbox import delivery_id, installation_of

        here = installation_of(tx)
        return any(
            tx.outbox.get(delivery_id(here, subject, channel.id, recipient)) is not None
            for channel in tx.channels.all()
            for recipient in channel.recipients
        )


def told_key(subject: str) -> str:
    """Return where the store's meta has when a subject was told of last, once a day."""
    return f"told {subject}"


def fallback_among(
    channels: list[Channel], name: str | None, *, besides: Channel | None = None
) -> Channel | None:
    """Return the channel that is told: the named one if it works, else the oldest that does.

    Where none works, the named one is owed what it will be told when it does again.
    """
    others = [channel for channel in channels if besides is None or channel.id != besides.id]
    named = next((channel for channel in others if channel.name == name), None)
    if named is not None and named.state is ChannelState.ACTIVE:
        return named
    working = [channel for channel in others if channel.state is ChannelState.ACTIVE]
    return min(working, key=lambda channel: (channel.added_at, channel.id), default=named)
