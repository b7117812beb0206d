"""What a delivery waits for, in words, whatever became of its channel."""

from datetime import timedelta

import pytest

from monitor.services.deliveries import Owed
from storage.model import CHANNEL_REMOVED, ChannelState, DeliveryState
from storage.quiet import Hold, HoldReason
from tests.builders import NOON, a_channel, a_delivery

LATER = NOON + timedelta(hours=1)
SILENCED = "silenced until 2026-03-02 13:00 UTC: enough"


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ChannelState.ACTIVE, SILENCED),
        (ChannelState.PAUSED, f"{SILENCED}; the channel is paused"),
        (ChannelState.REMOVED, f"{SILENCED}; {CHANNEL_REMOVED}"),
        (ChannelState.DISABLED, f"{SILENCED}; the channel is switched off: 410 Gone"),
    ],
)
def test_what_is_held_back_says_that_its_channel_is_shut(state: ChannelState, why: str) -> None:
    reason = {ChannelState.DISABLED: "410 Gone", ChannelState.REMOVED: CHANNEL_REMOVED}.get(state)
    channel = a_channel(state=state, state_reason=reason)
    delivery = a_delivery(
        channel=channel,
        state=DeliveryState.HELD,
        state_reason=SILENCED,
        hold=Hold(reason=HoldReason.SILENCED, of="silence", due_at=LATER),
    )
    owed = Owed(delivery, channel)
    assert owed.waits_for == why
    assert owed.next_at == (LATER if state is ChannelState.ACTIVE else None)


def test_what_waits_for_a_channel_says_so_once() -> None:
    channel = a_channel(state=ChannelState.REMOVED, state_reason=CHANNEL_REMOVED)
    delivery = a_delivery(channel=channel, state=DeliveryState.HELD, state_reason=CHANNEL_REMOVED)
    assert Owed(delivery, channel).waits_for == CHANNEL_REMOVED
