"""How a channel is told that somebody adds, where they have not said."""

import pytest

from monitor.services.channels import drafted
from notifiers.channels.kinds import KINDS
from tests.builders import NOON


@pytest.mark.parametrize(
    ("target", "usual"),
    [
        ("mailto:ann@example.org", "story"),
        ("https://hooks.slack.com/services/T/B/x", "story"),
        ("https://ntfy.sh/topic", "story"),
        ("https://hook.example/alerts", ""),
        ("console:", ""),
    ],
)
def test_people_are_told_a_story_in_one_message_unless_somebody_says_otherwise(
    target: str, usual: str
) -> None:
    def added(**chosen: str) -> str:
        return drafted(name="desk", target=target, now=NOON, chosen=chosen).channel.digest

    assert added() == added(quiet="22:00-07:00") == usual
    assert added(digest="") == ""
    assert added(digest="daily@08:00") == "daily@08:00"


def test_programs_and_logs_are_told_each_alert_by_itself() -> None:
    each = {kind for kind, spec in KINDS.items() if not spec.by_story}
    assert each == {"webhook", "console", "apprise"}
