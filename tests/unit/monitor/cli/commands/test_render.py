"""`monitor render`: the bytes that a channel is sent."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.answers import reply
from tests.builders import a_rule
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]


@pytest.fixture
def stored(monitor: Monitor) -> Monitor:
    """One article about a rail strike is stored, and nobody was told."""
    documents = Path(monitor.environ["MONITOR_SEEDS"])
    (documents / "strike.txt").write_text("Rail strike *ends*\n\nThe rail strike ended at noon.")
    monitor("run", "--once", "--no-starter")
    return monitor


def test_what_was_sent_is_printed_to_the_byte(stored: Monitor, fault_server: FaultServer) -> None:
    stored("add-channel", "hook", fault_server.on("/hook", reply(status=204)))
    stored("add-rule", "rail strike", "--notify", "hook")
    stored("run", "--once", "--no-starter")
    [sent] = [seen for seen in fault_server.seen("/hook")]
    [alert] = stored.json("list-alerts")
    for word in (alert["id"], f"#{alert['id'][:6]}", "rail strike"):
        assert stored("render", word, "--channel", "hook").encode() == sent.body
    shown = stored.one("render", "rail strike", "--channel", "hook")
    assert shown["frozen"] is True
    assert shown["id"] == sent.headers["webhook-id"]
    assert shown["payload"].encode() == sent.body


def test_another_channel_shows_how_it_would_be_told(stored: Monitor) -> None:
    stored("add-channel", "desk", "console:")
    stored("add-channel", "phone", "https://ntfy.sh/topic")
    stored("add-rule", "rail strike", "--notify", "desk")
    stored("run", "--once", "--no-starter")
    shown = stored.one("render", "rail strike", "--channel", "phone")
    assert (shown["kind"], shown["frozen"]) == ("ntfy", False)
    assert json.loads(shown["payload"])["title"] == "Rail strike *ends*"
    assert len(stored.json("list-deliveries")) == 1


def test_a_rule_without_an_alert_shows_what_it_matches(stored: Monitor) -> None:
    stored("add-channel", "desk", "console:")
    with closing(stored.storage()) as storage, storage.transaction() as tx:
        tx.rules.add(a_rule("rail strike"))  # as another program has just done
    said = stored("render", "rail strike", "--channel", "desk")
    assert "**Rail strike** *ends*" in said
    assert stored("list-alerts", expect=1) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing like it", "--channel", "desk"), "no alert or rule"),
        (("rail strike", "--channel", "desc"), 'did you mean "desk"'),
        (("harbour fire", "--channel", "desk"), "has no alert, and matches no stored article"),
    ],
)
def test_what_is_not_there_is_refused(stored: Monitor, words: tuple[str, ...], said: str) -> None:
    stored("add-channel", "desk", "console:")
    for rule in ("rail strike", "harbour fire"):
        stored("add-rule", rule, "--notify", "desk", "--force")
    stored("render", *words, expect=1)
    assert said in stored.err
