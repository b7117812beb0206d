"""The JSON of a channel, its target masked."""

from typing import Annotated, TypedDict

from monitor.base.times import show_instant
from monitor.views.schema import InstantText
from storage.model import Channel, ChannelState


class ChannelShape(TypedDict):
    """Where alerts go."""

    id: str
    name: str
    kind: str
    target: str
    recipients: list[str]
    state: Annotated[str, ChannelState]
    state_reason: str | None
    not_before: InstantText | None
    added_at: InstantText | None


class EnabledChannelShape(ChannelShape):
    """A channel that is sent to again, and how many held deliveries go out now."""

    released: int


class RemovedChannelShape(ChannelShape):
    """A channel that was removed.

    `held` counts the deliveries that are never sent now. `rules` names those that notified it,
    `silent` those of them that tell nobody now.
    """

    held: int
    rules: list[str]
    silent: list[str]


def channel_shape(channel: Channel) -> ChannelShape:
    """Return a channel; its target is masked."""
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "target": channel.target,
        "recipients": [recipient for recipient in channel.recipients if recipient],
        "state": channel.state.value,
        "state_reason": channel.state_reason,
        "not_before": show_instant(channel.not_before),
        "added_at": show_instant(channel.added_at),
    }
