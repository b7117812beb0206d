"""Which channels are sent a rule's alerts: those it names, and those that take what it is."""

from collections.abc import Iterable

from common.patterns import pattern
from monitor.base.errors import clipped
from storage.model import Channel, ChannelState, Rule
from storage.quiet import Priority

_TAKE = pattern(r"(tag)\s*=\s*(\S.*)|(priority)\s*(>=|=)\s*(\w+)")


def checked_take(text: str) -> str:
    """Return what a channel takes as it is stored: `tag=asia`, `priority>=high`.

    Raises:
        ValueError: It is something else.
    """
    found = _TAKE.fullmatch(text.strip())
    if found is not None and found[1]:
        return f"tag={found[2].strip()}"
    words = [priority.value for priority in Priority]
    if found is None or found[5].lower() not in words:
        raise ValueError(
            f'expected tag=WORD or priority>=WORD ({", ".join(words)}); got "{clipped(text)}"'
        )
    return f"priority{found[4]}{found[5].lower()}"


def takes(channel: Channel, rule: Rule) -> bool:
    """Whether a channel takes what a rule has to say.

    One of the tags that it names, and one of the priorities; a kind that it does not name may
    be any.
    """
    tags = [take.removeprefix("tag=") for take in channel.takes if take.startswith("tag=")]
    wanted = [take for take in channel.takes if take.startswith("priority")]
    has_tag = not tags or bool(set(tags).intersection(rule.tags))
    return has_tag and (not wanted or any(_is_priority(take, rule) for take in wanted))


def _is_priority(take: str, rule: Rule) -> bool:
    rank = Priority(rule.priority).rank
    if take.startswith("priority>="):
        return rank >= Priority(take.removeprefix("priority>=")).rank
    return rank == Priority(take.removeprefix("priority=")).rank


def is_told(channel: Channel, rule: Rule) -> bool:
    """Whether a channel is sent a rule's alerts.

    One that says what it takes is sent that, whoever names it, and nothing else; any other what
    the rules that name it have to say.
    """
    if channel.state is ChannelState.REMOVED:
        return False
    return takes(channel, rule) if channel.takes else channel.id in rule.channel_ids


def told(channels: Iterable[Channel], rule: Rule) -> list[Channel]:
    """Return those of the channels that are sent a rule's alerts, those it names first."""
    listed = [channel for channel in channels if is_told(channel, rule)]
    order = {id_: place for place, id_ in enumerate(rule.channel_ids)}
    return sorted(listed, key=lambda each: (order.get(each.id, len(order)), each.name))
