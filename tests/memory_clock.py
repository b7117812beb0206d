"""What lies further ahead than it may, in the store in memory."""

from dataclasses import replace
from datetime import datetime

from storage.api import LongestWaits
from storage.model import DeliveryState
from tests.memory_kept import Kept


def bound(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    """Bring it as near as it may lie, and tell what it was."""
    return [
        *_sources(kept, longest, now=now),
        *_channels(kept, longest, now=now),
        *_deliveries(kept, longest, now=now),
    ]


def _sources(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    for source in kept.sources.values():
        until = now + longest.poll(source)
        if source.next_poll_at is not None and source.next_poll_at > until:
            shown = f"{source.next_poll_at:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'source "{source.name}": its next poll is at {shown}')
            kept.sources[source.id] = replace(source, next_poll_at=until)
        owner, lease_until = kept.leases.get(source.id, ("", now))
        if lease_until > now + longest.poll_lease:
            shown = f"{lease_until:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'source "{source.name}": a poll of it may last until {shown}')
            kept.leases[source.id] = (owner, now + longest.poll_lease)
    return told


def _channels(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    until = now + longest.channel
    for channel in kept.channels.values():
        if channel.not_before is not None and channel.not_before > until:
            shown = f"{channel.not_before:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f'channel "{channel.name}": nothing is sent to it before {shown}')
            kept.channels[channel.id] = replace(channel, not_before=until)
    return told


def _deliveries(kept: Kept, longest: LongestWaits, *, now: datetime) -> list[str]:
    told = []
    for delivery in kept.deliveries.values():
        until = now + longest.delivery(delivery.attempts)
        if delivery.state is DeliveryState.PENDING and delivery.next_at > until:
            shown = f"{delivery.next_at:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f"delivery {delivery.id}: it is not tried before {shown}")
            kept.deliveries[delivery.id] = replace(delivery, next_at=until)
        lease_end = now + longest.send_lease
        if delivery.lease_until is not None and delivery.lease_until > lease_end:
            shown = f"{delivery.lease_until:%Y-%m-%dT%H:%M:%SZ}"
            told.append(f"delivery {delivery.id}: it counts as being sent until {shown}")
            kept.deliveries[delivery.id] = replace(delivery, lease_until=lease_end)
    return told
