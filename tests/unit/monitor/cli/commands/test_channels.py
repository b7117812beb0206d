"""Commands about channels: their secrets, and the test message."""

import json
import stat

import pytest

from tests.answers import reply
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SLACK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"


def test_secrets_lie_in_a_file_of_their_own_and_nowhere_else(monitor: Monitor) -> None:
    secret = monitor.home / "hook.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    channel = monitor.one(
        *("add-channel", "hook", "https://example.org/in/t0ken-abc?key=geheim"),
        *("--secret-file", str(secret)),
    )
    assert channel["kind"] == "webhook"
    assert channel["target"] == "https://example.org/in/***?***"
    kept = monitor.home / "secrets" / f"{channel['id']}.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text()) == {
        "url": "https://example.org/in/t0ken-abc?key=geheim",
        "secret": SECRET,
    }
    said = monitor("list-channels") + monitor("list-channels", "--json")
    database = (monitor.home / "monitor.db").read_bytes()
    log = monitor.home / "monitor.db-wal"
    database += log.read_bytes() if log.exists() else b""
    for word in ("t0ken-abc", "geheim", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"):
        assert word not in said
        assert word.encode() not in database


def test_a_secret_that_everybody_can_read_is_refused(monitor: Monitor) -> None:
    secret = monitor.home / "hook.secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    words = ("add-channel", "hook", "https://example.org/in", "--secret-file", str(secret))
    monitor(*words, expect=2)
    assert "everybody can read it (mode 0644)" in monitor.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("a b",), "no scheme", id="no target"),
        pytest.param(("mailto:nobody",), "is not one e-mail address", id="no address"),
        pytest.param((SLACK, "--kind", "discord"), "use --kind slack", id="another chat"),
        pytest.param(("console:", "--kind", "carrier-pigeon"), "unknown kind", id="no such kind"),
    ],
)
def test_what_cannot_be_sent_to_is_refused(
    monitor: Monitor, words: tuple[str, ...], said: str
) -> None:
    monitor("add-channel", "desk", *words, expect=2)
    assert said in monitor.err
    monitor("list-channels", expect=1)


def test_a_name_is_taken_once(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "mailto:a@example.org")
    monitor("add-channel", "desk", "mailto:b@example.org", expect=1)
    assert 'channel "desk" is there already (mailto:a@example.org)' in monitor.err


def test_mail_without_a_server_is_added_with_a_warning(monitor: Monitor) -> None:
    assert monitor.one("add-channel", "desk", "mailto:a@example.org,b@example.org")[
        "recipients"
    ] == ["a@example.org", "b@example.org"]
    assert "no mail server is set" in monitor.err


def test_a_test_message_goes_the_way_of_alerts(monitor: Monitor, fault_server: FaultServer) -> None:
    url = fault_server.on("/hook", reply(b"", status=204))
    monitor("add-channel", "hook", url)
    delivery = monitor.one("test-channel", "hook")
    assert (delivery["kind"], delivery["state"], delivery["attempts"]) == ("test", "delivered", 1)
    assert monitor.one("list-deliveries")["id"] == delivery["id"]

    fault_server.on("/hook", reply(b"", status=500))
    failed = monitor.one("test-channel", "hook", expect=1)
    assert (failed["state"], failed["last_error"]) == ("pending", "HTTP 500")
    assert "Not delivered: HTTP 500" in monitor("test-channel", "hook", expect=1)


def test_a_test_message_to_the_console_is_printed(monitor: Monitor) -> None:
    monitor("add-channel", "screen", "console:")
    assert 'Channel "screen" works' in monitor("test-channel", "screen")


def test_a_paused_channel_waits_and_an_enabled_one_gets_what_was_held(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/hook", reply(b"", status=410))
    monitor("add-channel", "hook", url)
    assert monitor.one("test-channel", "hook", expect=1)["state"] in ("held", "dead")
    assert monitor.one("list-channels")["state"] == "disabled"
    assert monitor.one("enable-channel", "hook")["state"] == "active"
    assert monitor.one("pause-channel", "hook")["state"] == "paused"


def test_a_removed_channel_takes_its_secrets_along(monitor: Monitor) -> None:
    id_ = monitor.one("add-channel", "hook", "https://example.org/in")["id"]
    monitor("add-rule", "x y", "--notify", "hook")
    monitor("remove-channel", "hook", expect=2)
    assert monitor.one("remove-channel", "hook", "--yes")["rules"] == ["x y"]
    assert not (monitor.home / "secrets" / f"{id_}.json").exists()
    monitor("list-channels", expect=1)


def test_removing_a_rules_only_channel_says_loudly_that_it_tells_nobody(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    monitor("add-channel", "desk", "mailto:desk@example.org")
    monitor("add-rule", "x y", "--notify", "hook")
    monitor("add-rule", "both", "--notify", "hook", "--notify", "desk")
    monitor("remove-channel", "hook", "--yes")
    assert 'rule "x y" now tells nobody; mend it with: ' in monitor.err
    assert "edit-rule 'x y' --notify CHANNEL" in monitor.err
    assert 'Rule "both" goes on' in monitor.err
    assert "hook (removed)" in monitor("list-rules")
    assert [each["channels"] for each in monitor.json("list-rules")] == [["hook"], ["hook", "desk"]]


def test_a_channel_that_nothing_is_sent_to_is_not_tested(monitor: Monitor) -> None:
    monitor("add-channel", "screen", "console:")
    monitor("pause-channel", "screen")
    monitor("test-channel", "screen", expect=1)
    assert 'channel "screen" is paused' in monitor.err
    assert "enable-channel screen" in monitor.err
    monitor("list-deliveries", expect=1)


def test_the_console_leaves_standard_output_to_json(monitor: Monitor) -> None:
    monitor("add-channel", "screen", "console:")
    assert monitor.one("test-channel", "screen")["state"] == "delivered"
    assert 'Channel "screen" works' in monitor.err
