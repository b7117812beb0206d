"""What somebody may choose about a channel's messages."""

import pytest

from monitor.services.fields.channel_fields import BY_NAME


@pytest.mark.parametrize(
    ("text", "kept"),
    [("story", "story"), (" Story ", "story"), ("daily", "daily@08:00"), ("none", "")],
)
def test_a_digest_is_of_a_story_or_of_a_time(text: str, kept: str) -> None:
    assert BY_NAME["digest"].parsed(text) == kept


def test_a_mistaken_digest_is_told_of_stories_too() -> None:
    with pytest.raises(ValueError, match=r"expected story, hourly, daily@08:00 or weekly@mon"):
        BY_NAME["digest"].parsed("stories")
