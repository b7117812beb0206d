"""The JSON of a channel, its target masked."""

from typing import Annotated, TypedDict

from monitor.base.times import show_instant
from monitor.views.base.schema import InstantText
from storage.model import Channel, ChannelState


class ChannelShape(TypedDict):
    """Where alerts go.

    `state_reason` says why nothing is sent, or of an active channel why nobody can send to it;
    `trouble_here` why this machine cannot, null when it can or was not asked.
    """

    id: str
    name: str
    kind: str
    target: str
    recipients: list[str]
    state: Annotated[str, ChannelState]
    state_reason: str | None
    not_before: InstantText | None
    trouble_here: str | None
    added_at: InstantText | None
    takes: list[str]
    digest: str
    quiet: str
    max_per_hour: int | None
    max_per_day: int | None
    zone: str
    language: str
    template: str


class AddedChannelShape(ChannelShape):
    """A channel that was added; `released` counts the deliveries that go out that it was owed."""

    released: int


class EnabledChannelShape(AddedChannelShape):
    """A channel that is sent to again.

    `gathered` counts the alerts that one digest tells, which came while it was paused or switched
    off.
    """

    gathered: int


class EditedChannelShape(AddedChannelShape):
    """A channel that was changed.

    `unsent` counts what is never sent now, made for another; `gathered` the alerts that one digest
    tells, which what was changed had held back.
    """

    unsent: int
    gathered: int


class RemovedChannelShape(ChannelShape):
    """A channel that was removed.

    `held` counts the deliveries that wait for a channel of this name and target. `rules` names
    those that notified it, `silent` those of them that tell nobody now.
    """

    held: int
    rules: list[str]
    silent: list[str]


def channel_shape(channel: Channel, *, trouble_here: str | None = None) -> ChannelShape:
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
        "trouble_here": trouble_here,
        "added_at": show_instant(channel.added_at),
        "takes": list(channel.takes),
        "digest": channel.digest,
        "quiet": channel.quiet,
        "max_per_hour": channel.max_per_hour,
        "max_per_day": channel.max_per_day,
        "zone": channel.zone,
        "language": channel.language,
        "template": channel.template,
    }
