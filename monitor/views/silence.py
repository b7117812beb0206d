"""The JSON of a silence."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from monitor.base.times import show_instant
from monitor.views.base.schema import InstantText

if TYPE_CHECKING:
    from monitor.silences.silencing import Told


class SilenceShape(TypedDict):
    """What somebody does not want to hear of for a while; null for any.

    `held` counts the alerts that it holds back now.
    """

    id: str
    reason: str
    rule: str | None
    source: str | None
    story_id: str | None
    query: str | None
    created_at: InstantText | None
    until_at: InstantText | None
    ended_at: InstantText | None
    is_over: bool
    held: int


class EndedSilenceShape(SilenceShape):
    """A silence that was ended; `gathered` counts the alerts that the next digest tells."""

    gathered: int


def silence_shape(told: "Told", *, now: datetime) -> SilenceShape:
    """Return a silence."""
    silence = told.silence
    return {
        "id": silence.id,
        "reason": silence.reason,
        "rule": told.rule,
        "source": told.source,
        "story_id": silence.story_id,
        "query": silence.query or None,
        "created_at": show_instant(silence.created_at),
        "until_at": show_instant(silence.until),
        "ended_at": show_instant(silence.ended_at),
        "is_over": silence.is_over(now),
        "held": told.held,
    }
