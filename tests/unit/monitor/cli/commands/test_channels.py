"""Commands about channels: their secrets, and the test message."""

import json
import stat
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from monitor.config import secrets
from monitor.services.channels import ChannelChanges, edit_channel, remove_channel
from storage.api.storage import Transaction
from storage.model import Channel, ChannelState, DeliveryKind
from tests.answers import reply
from tests.builders import a_delivery
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SLACK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"


def test_a_name_that_has_quotes_inside_stands_in_others(monitor: Monitor) -> None:
    name = 'the "night" desk'
    monitor("add-channel", name, "console:")
    monitor("add-channel", name, "console:", expect=1)
    assert f"channel “{name}” is there already" in monitor.err
    monitor("pause-channel", name)
    monitor("test-channel", name, expect=1)
    assert f"channel “{name}” is paused" in monitor.err
    monitor("remove-channel", f"{name}s", expect=1)
    assert f"there is no channel “{name}s”; did you mean “{name}”?" in monitor.err
    assert f"channel “{name}”" in {found["what"] for found in monitor.json("doctor")}


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
    [kept] = (monitor.home / "secrets").iterdir()
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
        pytest.param(("Slack",), "write the address that takes its", id="a kind alone"),
        pytest.param(("console",), "not where it sends to; write console:", id="ours alone"),
        pytest.param(("mailto:nobody",), "is not one e-mail address", id="no address"),
        pytest.param((SLACK, "--kind", "discord"), "whose kind is slack", id="another chat"),
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
    assert "to send elsewhere: monitor edit-channel desk --target TARGET" in " ".join(
        monitor.err.replace("./run ", "").split()
    )


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
    assert (failed["state"], failed["last_error"]) == ("dead", "HTTP 500")
    assert "Not delivered: HTTP 500" in monitor("test-channel", "hook", expect=1)


def test_a_mail_server_that_may_not_be_connected_to_is_said_and_leaves_its_channels_on(
    monitor: Monitor,
) -> None:
    monitor("add-channel", "press", "mailto:ann@example.org,bo@example.org")
    inner = {"MONITOR_SMTP_HOST": "10.9.8.7", "MONITOR_SMTP_FROM": "news@example.org"}
    monitor.environ.update(inner)
    refused = "the mail server cannot be used: address 10.9.8.7 is not public; add it to"
    assert refused in monitor.one("list-channels")["trouble_here"]
    tested = monitor("test-channel", "press", expect=1)
    for name in ("ann", "bo"):
        assert f"Not delivered to {name}@example.org: {refused}" in tested
    assert monitor.one("list-channels")["state"] == "active"


def test_what_switches_a_channel_off_in_a_test_is_said_and_how_it_is_sent_to_again(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    monitor("add-channel", "hook", fault_server.on("/hook", reply(b"", status=410)))
    assert "Not delivered: HTTP 410 (gone" in monitor("test-channel", "hook", expect=1)
    assert '"hook" is switched off now; when that is mended: ' in monitor.err
    monitor("test-channel", "hook", expect=1)
    assert 'channel "hook" is switched off (HTTP 410 (gone' in monitor.err
    assert "enable-channel hook" in monitor.err


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
    assert "\nIt was switched off: HTTP 410" in monitor("enable-channel", "hook")
    assert "switched off" not in monitor("enable-channel", "hook")
    assert monitor.one("enable-channel", "hook")["state"] == "active"
    assert monitor.one("pause-channel", "hook")["state"] == "paused"


def test_a_removed_channel_takes_its_secrets_along(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    monitor("add-rule", "x y", "--notify", "hook")
    monitor("remove-channel", "hook", expect=2)
    assert monitor.one("remove-channel", "hook", "--yes")["rules"] == ["x y"]
    assert list((monitor.home / "secrets").iterdir()) == []
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


def owed(monitor: Monitor, name: str = "hook") -> dict[str, Any]:
    """Give a channel something that it owes."""
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        channel = tx.channels.find(name)
        assert channel is not None
        delivery = a_delivery(
            channel=channel,
            subject=f"owed {name}",
            recipient=channel.recipients[0],
            created_at=channel.added_at,
            next_at=channel.added_at,
        )
        tx.outbox.put([replace(delivery, kind=DeliveryKind.NOTICE)])
    return delivered(monitor, delivery.id)


def delivered(monitor: Monitor, id: str) -> dict[str, Any]:
    """Return a delivery as it is listed."""
    return next(each for each in monitor.json("list-deliveries") if each["id"] == id)


def test_a_channel_that_is_added_again_with_its_target_sends_what_it_owed(monitor: Monitor) -> None:
    add = ("add-channel", "hook", "https://example.org/in/token")
    monitor(*add)
    id_ = owed(monitor)["id"]
    assert monitor.one("remove-channel", "hook", "--yes")["held"] == 1
    assert "its channel was removed; added again with the same target" in fails(
        monitor, "redeliver", id_
    )
    assert monitor.one(*add)["released"] == 1
    assert delivered(monitor, id_)["state"] == "pending"
    monitor("remove-channel", "hook", "--yes")
    assert monitor.one("add-channel", "hook", "https://example.org/in/other")["released"] == 0
    assert delivered(monitor, id_)["state"] == "held"


def fails(monitor: Monitor, *words: str, expect: int = 1) -> str:
    monitor(*words, expect=expect)
    return monitor.err


def test_a_channel_is_sent_elsewhere_with_all_it_owes(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    id_ = owed(monitor)["id"]
    before = sorted((monitor.home / "secrets").iterdir())
    url = fault_server.on("/hook", reply(b"", status=204))
    edited = monitor.one("edit-channel", "hook", "--target", url)
    assert (edited["released"], edited["unsent"]) == (1, 0)
    assert sorted((monitor.home / "secrets").iterdir()) != before
    assert len(list((monitor.home / "secrets").iterdir())) == 1
    monitor("run", "--once", "--no-starter")
    assert delivered(monitor, id_)["state"] == "delivered"
    assert fault_server.seen("/hook")[0].headers["webhook-id"] == id_


def test_what_was_made_for_another_address_or_kind_is_not_sent(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "mailto:a@example.org,b@example.org")
    id_ = owed(monitor, "desk")["id"]
    monitor("edit-channel", "desk", "--target", "mailto:a@example.org,c@example.org")
    assert delivered(monitor, id_)["state"] == "pending"
    said = monitor("edit-channel", "desk", "--target", "mailto:c@example.org")
    assert "1 delivery to where it sent before will not be sent" in said
    assert delivered(monitor, id_)["state"] == "suppressed"
    monitor("edit-channel", "desk", "--target", SLACK)
    assert monitor.one("list-channels")["kind"] == "slack"


def test_who_changes_when_a_channel_sends_is_told_what_holds_now(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "console:", "--takes", "tag=asia")
    said = monitor("edit-channel", "desk", "--digest", "daily@08:00", "--quiet", "22:00-07:00")
    assert "Chosen: takes tag=asia; digest daily@08:00; quiet 22:00-07:00" in said
    nothing = ("--digest", "none", "--quiet", "none", "--takes", "none")
    assert "Chosen" not in monitor("edit-channel", "desk", *nothing)


def test_what_was_made_for_another_kind_that_knows_no_addresses_is_not_sent(
    monitor: Monitor,
) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    id_ = owed(monitor)["id"]
    assert monitor.one("edit-channel", "hook", "--target", SLACK)["unsent"] == 1
    assert delivered(monitor, id_)["state"] == "suppressed"


def test_applying_a_file_says_what_is_never_sent_now_and_which_secret_may_be_guessed(
    monitor: Monitor,
) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    owed(monitor)
    (monitor.home / "key").write_text("short")
    (monitor.home / "key").chmod(0o600)
    file = monitor.home / "channels.yaml"
    file.write_text(f"channels: [{{name: hook, target: '{SLACK}'}}]")
    would = "1 delivery to where it sent before would not be sent."
    assert would in monitor("apply", str(file), "--dry-run")
    assert monitor.json("apply", str(file), "--dry-run")[0]["unsent"] == 1
    assert "1 delivery to where it sent before will not be sent." in monitor("apply", str(file))
    keyed = "{name: hook, target: 'https://example.org/in', secret_file: key}"
    file.write_text(f"channels: [{keyed}]")
    monitor("apply", str(file))
    assert 'Warning: channel "hook": a key of the secret has 5 bytes' in " ".join(
        monitor.err.split()
    )


@pytest.mark.parametrize(
    ("change", "waits"),
    [
        pytest.param(("--target", "https://example.org/other"), False, id="elsewhere"),
        pytest.param(("--target", "https://example.org/in"), True, id="the same"),
        pytest.param(("--header", "X-Desk: night"), True, id="a header"),
    ],
)
def test_who_asked_for_a_wait_is_waited_for_and_another_is_not(
    monitor: Monitor, change: tuple[str, ...], waits: bool
) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    id_ = owed(monitor)["id"]
    later = datetime(2099, 1, 1, tzinfo=UTC)
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        channel = tx.channels.find("hook")
        assert channel is not None
        tx.channels.set_not_before(channel.id, later)
    monitor("edit-channel", "hook", *change)
    waiting = delivered(monitor, id_)["waits_for"]
    assert (waiting is not None and "wants nothing before 2099" in waiting) == waits


def test_a_secret_and_headers_are_changed_and_taken_back(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/hook", reply(b"", status=204))
    secret = monitor.home / "hook.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    monitor("add-channel", "hook", url, "--header", "Authorization: Bearer geheim")
    monitor("test-channel", "hook")
    monitor("edit-channel", "hook", "--secret-file", str(secret))
    monitor("test-channel", "hook")
    monitor("edit-channel", "hook", "--secret-file", "none", "--header", "none")
    monitor("test-channel", "hook")
    headers = [seen.headers for seen in fault_server.seen("/hook")]
    assert [each.get("authorization") for each in headers] == ["Bearer geheim"] * 2 + [None]
    assert ["webhook-signature" in each for each in headers] == [False, True, False]
    assert b"geheim" not in (monitor.home / "monitor.db").read_bytes()


def test_a_rotated_secret_signs_what_is_owed_and_the_old_one_until_it_is_gone(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    other = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk"
    secret = monitor.home / "hook.secret"
    secret.touch(0o600)
    url = fault_server.on("/hook", reply(b"", status=204))

    def send(text: str, command: tuple[str, ...]) -> dict[str, str]:
        secret.write_text(text)
        monitor(*command, "--secret-file", str(secret))
        monitor("test-channel", "hook")
        seen = fault_server.seen("/hook")[-1]
        given = dict(seen.headers)
        for key in text.split():
            Webhook(key).verify(seen.body, given)
        return given

    assert len(send(SECRET, ("add-channel", "hook", url))["webhook-signature"].split()) == 1
    both = send(f"{other}\n{SECRET}\n", ("edit-channel", "hook"))
    assert len(both["webhook-signature"].split()) == 2
    new = send(other, ("edit-channel", "hook"))
    assert len(new["webhook-signature"].split()) == 1


def test_a_webhook_may_be_a_cloud_event(monitor: Monitor, fault_server: FaultServer) -> None:
    monitor("add-channel", "hook", fault_server.on("/hook", reply(status=204)), "--cloudevents")
    delivery = monitor.one("test-channel", "hook")
    monitor("edit-channel", "hook", "--no-cloudevents", "--header", "X-Own: 1")
    monitor("test-channel", "hook")
    event, plain = fault_server.seen("/hook")
    assert {name: text for name, text in event.headers.items() if name.startswith("ce-")} == {
        "ce-specversion": "1.0",
        "ce-id": delivery["id"],
        "ce-source": "urn:newsroom-monitor",
        "ce-type": "newsroom-monitor.test",
        "ce-time": json.loads(event.body)["timestamp"],
    }
    assert event.headers["content-type"] == "application/json"
    for template in ('{"content": "{text}"}', '{"timestamp": "{title}"}'):
        monitor("edit-channel", "hook", "--cloudevents", "--template", template)
        monitor("test-channel", "hook")
        assert "ce-time" not in fault_server.seen("/hook")[-1].headers  # it would be no time
    assert not any(name.startswith("ce-") for name in plain.headers)
    assert plain.headers["x-own"] == "1"


def test_a_channel_words_alerts_as_its_reader_wants_them(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/hook", reply(status=204))
    monitor("add-channel", "hook", url, "--template", "{titel}", expect=2)
    assert 'did you mean "{title}"?' in monitor.err
    monitor("add-channel", "hook", url, "--template", "{title}", expect=2)
    assert "must be JSON" in monitor.err
    template = '{"content": "{text}"}'
    assert monitor.one("add-channel", "hook", url, "--template", template)["template"] == template
    monitor("test-channel", "hook")
    assert "This is a test." in json.loads(fault_server.seen("/hook")[-1].body)["content"]
    monitor("edit-channel", "hook", "--template", "no json", expect=2)
    assert monitor.one("edit-channel", "hook", "--template", "none")["template"] == ""
    monitor("test-channel", "hook")
    assert json.loads(fault_server.seen("/hook")[-1].body)["type"] == "test"


def test_a_channel_speaks_its_readers_language(monitor: Monitor, fault_server: FaultServer) -> None:
    monitor.environ["MONITOR_MESSAGE_LANGUAGE"] = "de"
    monitor("add-channel", "hook", fault_server.on("/hook", reply(status=204)))
    monitor("test-channel", "hook")
    monitor("edit-channel", "hook", "--language", "vi")
    monitor("test-channel", "hook")
    said = [json.loads(seen.body)["data"]["title"] for seen in fault_server.seen("/hook")]
    assert said == ["Kanal „hook“ funktioniert", 'Kênh "hook" hoạt động']


def test_a_kind_that_needs_a_token_is_refused_without_one(monitor: Monitor) -> None:
    room = "https://m.example/_matrix/client/v3/rooms/!a:m.example"
    monitor("add-channel", "room", room, expect=2)
    assert "Matrix takes nothing without an access token; write it into a file" in monitor.err
    token = monitor.home / "token"
    token.write_text("syt_geheim\n")
    token.chmod(0o600)
    added = monitor.one("add-channel", "room", room, "--secret-file", str(token))
    assert added["kind"] == "matrix"
    assert "geheim" not in json.dumps(added)
    token.write_text("syt geheim\n")
    monitor("edit-channel", "room", "--secret-file", str(token), expect=2)
    assert "no token" in monitor.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "nothing to change", id="nothing"),
        pytest.param(("--header", "Host: x"), "header host is set for each", id="ours"),
        pytest.param(("--header", "Authorization Bearer geheim"), 'written "Name: value"', id="no"),
        pytest.param(("--header", "X: ä"), "not plain ASCII", id="no ASCII"),
        pytest.param(("--header", "X: a\r\nHost: b"), "a control character", id="two lines"),
        pytest.param(("--header", "X: a", "--header", "x: b"), "x is given twice", id="twice"),
        pytest.param(("--header", f"X: {'v' * 9_000}"), "over 8,000 characters", id="too long"),
        pytest.param(("--kind", "slack"), "name the target, too", id="kind alone"),
        pytest.param(("--target", SLACK, "--header", "X: y"), "takes no headers", id="chat"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(
    monitor: Monitor, words: tuple[str, ...], said: str
) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    before = monitor.one("list-channels"), list((monitor.home / "secrets").iterdir())
    assert said in fails(monitor, "edit-channel", "hook", *words, expect=2)
    assert "geheim" not in monitor.err
    assert (monitor.one("list-channels"), list((monitor.home / "secrets").iterdir())) == before


def test_a_renamed_channel_keeps_its_rules_and_frees_its_name(monitor: Monitor) -> None:
    first = monitor.one("add-channel", "desk", "mailto:a@example.org")
    monitor("add-rule", "x y", "--notify", "desk")
    assert monitor.one("edit-channel", "desk", "--name", "night desk")["id"] == first["id"]
    second = monitor.one("add-channel", "desk", "mailto:b@example.org")
    assert second["id"] != first["id"]
    assert "is there already" in fails(monitor, "edit-channel", "desk", "--name", "night desk")
    assert monitor.one("list-rules")["channels"] == ["night desk"]


@pytest.mark.parametrize("numbered", [False, True])
def test_a_renamed_channel_still_finds_its_secrets_after_another_change(
    monitor: Monitor, numbered: bool
) -> None:
    monitor("add-channel", "hook", "https://example.org/in/first")
    monitor("edit-channel", "hook", "--name", "renamed")
    name = "renamed"
    if numbered:  # a second one of the name, whose id is not the name's alone
        name = "hook"
        monitor("add-channel", name, "https://example.org/in/second")
    monitor("edit-channel", name, "--target", "https://example.org/in/third")
    trouble = [line["trouble_here"] for line in monitor.json("list-channels")]
    assert trouble == [None] * len(trouble)
    assert len(list((monitor.home / "secrets").iterdir())) == len(trouble)


def test_an_open_delivery_says_what_it_waits_for(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    waiting = owed(monitor)
    assert (waiting["waits_for"], waiting["next_at"] is None) == (None, False)
    monitor("pause-channel", "hook")
    paused = delivered(monitor, waiting["id"])
    assert (paused["waits_for"], paused["next_at"]) == ("the channel is paused", None)
    assert "the channel is paused" in monitor("list-deliveries", "--open")
    assert monitor.one("enable-channel", "hook")["released"] == 1
    later = datetime(2099, 1, 1, tzinfo=UTC)
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        tx.channels.set_not_before(waiting_channel(tx).id, later)
    asked = delivered(monitor, waiting["id"])
    assert "wants nothing before 2099-01-01" in asked["waits_for"]
    assert asked["next_at"] == "2099-01-01T00:00:00Z"
    assert "after 2099-01-01T00:00:00Z, as its receiver asked" in monitor("enable-channel", "hook")
    assert "wants nothing before 2099-01-01" in fails(monitor, "test-channel", "hook")
    assert len(monitor.json("list-deliveries")) == 1


def waiting_channel(tx: Transaction) -> Channel:
    channel = tx.channels.find("hook")
    assert channel is not None
    return channel


def test_pausing_what_is_switched_off_says_so(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        tx.channels.set_state(waiting_channel(tx).id, ChannelState.DISABLED, reason="HTTP 410")
    assert "is switched off already (HTTP 410)" in monitor("pause-channel", "hook")
    assert monitor.one("list-channels")["state"] == "disabled"


def test_a_channel_whose_secret_is_elsewhere_says_so(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    [kept] = (monitor.home / "secrets").iterdir()
    kept.unlink()
    assert "are not on this machine" in monitor("list-channels")
    assert "are not on this machine" in monitor.one("list-channels")["trouble_here"]
    assert "nothing can be sent from here" in monitor("enable-channel", "hook")
    assert "are not on this machine" in fails(monitor, "test-channel", "hook")
    monitor("list-deliveries", expect=1)
    monitor("edit-channel", "hook", "--target", "https://example.org/in/token")
    assert monitor.one("list-channels")["trouble_here"] is None


class Killed(Exception):
    """Ends a command where it could be killed."""


def test_a_change_that_is_not_committed_leaves_the_channel_with_its_secrets(
    monitor: Monitor,
) -> None:
    monitor("add-channel", "hook", "https://example.org/in/token")
    elsewhere = ChannelChanges(target="https://example.org/in/other")
    now = datetime.now(UTC)
    with closing(monitor.storage()) as storage:
        with suppress(Killed), storage.transaction() as tx:
            edit_channel(tx, monitor.home, waiting_channel(tx), elsewhere, now=now)
            raise Killed
        with suppress(Killed), storage.transaction() as tx:
            remove_channel(tx, monitor.home, waiting_channel(tx))
            raise Killed
        with storage.reading() as tx:
            settings = secrets.read(monitor.home, waiting_channel(tx))
    assert settings == {"url": "https://example.org/in/token"}
    assert monitor.one("list-channels")["trouble_here"] is None


def test_a_channel_of_an_older_program_is_known_again_by_its_target(monitor: Monitor) -> None:
    add = ("add-channel", "hook", "https://example.org/in/token")
    monitor(*add)
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        tx.channels.update(replace(waiting_channel(tx), target_print=""))
    owed(monitor)
    monitor("remove-channel", "hook", "--yes")
    assert monitor.one(*add)["released"] == 1


def test_a_channel_at_an_address_that_is_refused_says_so_at_once(monitor: Monitor) -> None:
    for place in ("http://10.1.2.3/hook", "https://[fd00::1]/hook"):
        monitor("add-channel", "inner", place)
        assert "is not public; add it to allow_private" in monitor.err
        [shown] = monitor.json("list-channels")
        assert "is not public" in shown["trouble_here"]
        assert "is not public" in monitor("test-channel", "inner", expect=1)
        assert monitor.one("list-channels")["state"] == "active"
        monitor("remove-channel", "inner", "--yes")
    monitor("add-channel", "outer", "https://example.org/hook")
    monitor("add-channel", "allowed", "http://127.0.0.1:9/hook")
    assert "not public" not in monitor.err


@pytest.mark.parametrize(
    ("secret", "warned"),
    [
        ("short", "a key of the secret has 5 bytes, where Standard Webhooks asks for 24 to 64"),
        ("whsec_" + "c2hvcnQ=", "a key of the secret has 5 bytes"),
        ("whsec_" + "k" * 32, ""),
    ],
)
def test_a_short_secret_is_taken_and_warned_of(monitor: Monitor, secret: str, warned: str) -> None:
    file = monitor.home / "key"
    file.write_text(secret)
    file.chmod(0o600)
    signed = ("--secret-file", str(file))
    monitor("add-channel", "hook", "https://example.com/hook", *signed)
    assert (warned in monitor.err, "a key of" in monitor.err) == (True, bool(warned))
    monitor("edit-channel", "hook", *signed)
    assert ("a key of" in monitor.err) is bool(warned)
    monitor("edit-channel", "hook", "--digest", "hourly")
    assert "a key of" not in monitor.err
