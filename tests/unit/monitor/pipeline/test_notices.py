"""Who is told what does not work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.pipeline.notices import fallback_among
from storage.model import Channel, ChannelState
from tests.builders import NOON, a_channel

OPS = a_channel("ops", added_at=NOON + timedelta(hours=2))
OLD = a_channel("old", added_at=NOON)
NEW = a_channel("new", added_at=NOON + timedelta(hours=1))


def off(channel: Channel) -> Channel:
    return replace(channel, state=ChannelState.DISABLED, state_reason="HTTP 410 Gone")


@pytest.mark.parametrize(
    ("channels", "besides", "told"),
    [
        pytest.param([OLD, OPS], None, "ops", id="the named one"),
        pytest.param([NEW, OLD, off(OPS)], None, "old", id="the named one is switched off"),
        pytest.param([NEW, OLD, OPS], OPS, "old", id="it is about the named one"),
        pytest.param([NEW, off(OLD)], None, "new", id="the named one is not there"),
        pytest.param([off(OLD), off(OPS)], None, "ops", id="none works: the named one, later"),
        pytest.param([off(OLD)], None, None, id="none works"),
    ],
)
def test_somebody_who_can_be_told_is_told(
    channels: list[Channel], besides: Channel | None, told: str | None
) -> None:
    found = fallback_among(channels, "ops", besides=besides)
    assert (found.name if found else None) == told
