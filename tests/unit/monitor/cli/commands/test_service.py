"""Commands about the service as a whole."""

import os
import shutil
import socket
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.cli import output
from monitor.config.home_lock import home_lock
from monitor.services.machine import has_wal_reset_fault
from storage.model import DeliveryState, SourceState
from storage.notice import Notice
from tests.builders import NOON, a_channel, a_delivery, a_rule, a_source, an_alert, given
from tests.stored import fill, telling
from tests.unit.monitor.cli.conftest import Monitor
from tests.unit.monitor.delivery.test_latency import delivered


def test_doctor_names_secrets_that_may_be_guessed_as_they_can_be_used(monitor: Monitor) -> None:
    key = monitor.home / "key"
    for name, secret in (("weak", "short"), ("strong", "x" * 24)):
        key.write_text(secret)
        key.chmod(0o600)
        monitor("add-channel", name, "https://hook.example/x", "--secret-file", str(key))
    found = {each["what"]: each for each in monitor.json("doctor")}
    weak = found['channel "weak"']
    assert weak["state"] == "note"
    assert "has 5 bytes" in weak["trouble"]
    assert weak["trouble"].endswith("monitor edit-channel weak --secret-file FILE")
    assert found['channel "strong"']["state"] == "ok"


def test_status_counts_everything_and_hides_passwords(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(failures=2), a_delivery())
    storage.close()
    shown = monitor.one("status")
    assert shown["daemon"] is None
    assert shown["sources"] == {"total": 1, "active": 1, "failing": 1, "due": 1}
    assert shown["deliveries"]["pending"] == 1
    assert shown["alerts"] == shown["articles"] == 1
    assert "does not run" in monitor("status")


def test_status_says_which_process_the_daemon_is(monitor: Monitor) -> None:
    import os

    from monitor.config.home_lock import home_lock

    with home_lock(monitor.home):
        assert monitor.one("status")["daemon"] == os.getpid()


def test_doctor_finds_what_must_be_mended(monitor: Monitor) -> None:
    monitor("add-rule", "Hanoi Convention")
    monitor("add-channel", "hook", "https://example.org/in")
    monitor("doctor")
    next((monitor.home / "secrets").iterdir()).unlink()
    findings = {finding["what"]: finding for finding in monitor.json("doctor", expect=1)}
    assert findings['channel "hook"']["state"] == "wrong"
    assert findings['channel "console"']["state"] == "ok"
    assert "wrong channel" in monitor("doctor", expect=1)


def test_doctor_names_rules_that_tell_nobody_and_sources_with_notices(monitor: Monitor) -> None:
    monitor("add-channel", "desk", "https://example.org/in")
    monitor("add-rule", "rail strike", "--notify", "desk")
    monitor("remove-channel", "desk", "--yes")
    storage = monitor.storage()
    source = a_source()
    given(storage, source)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    notice = Notice(
        id="n", source_id=source.id, text="one file is too large", raised_at=at, seen_at=at
    )
    with storage.transaction() as tx:
        tx.sources.add_notice(notice)
    storage.close()
    findings = {finding["what"]: finding for finding in monitor.json("doctor", expect=1)}
    assert findings['rule "rail strike"']["state"] == "wrong"
    assert "edit-rule 'rail strike' --notify" in findings['rule "rail strike"']["trouble"]
    assert findings[f'source "{source.name}"']["state"] == "note"
    trouble = findings[f'source "{source.name}"']["trouble"]
    assert "1 notice: one file is too large; see: " in trouble
    assert "(1 notice)" in monitor("list-sources")
    assert monitor.json("status")[0]["noticed"] == 1
    assert "notices:" in monitor("status")
    assert "2026-03-01" in monitor("show-source", source.name)


def test_doctor_names_dead_sources_what_cannot_be_reached_from_here_and_who_is_told(
    monitor: Monitor,
) -> None:
    storage = monitor.storage()
    gone = a_source("Gone", state=SourceState.GONE, last_error="HTTP 410 Gone", failures=1)
    unreached = a_source("Inside", last_error="address 10.0.0.1 is not public")
    given(storage, gone, unreached)
    storage.close()
    findings = {finding["what"]: finding for finding in monitor.json("doctor", expect=1)}
    assert findings['source "Gone"']["state"] == "wrong"
    assert findings['source "Inside"']["state"] == "note"
    assert "from here: address 10.0.0.1" in findings['source "Inside"']["trouble"]
    assert findings["fallback channel"]["state"] == "note"
    monitor("add-channel", "hook", "https://example.org/in")
    findings = {finding["what"]: finding for finding in monitor.json("doctor", expect=1)}
    assert findings['fallback channel "hook" (the oldest; none is set)']["state"] == "ok"


def test_doctor_counts_what_is_well_where_that_is_much(monitor: Monitor) -> None:
    storage = monitor.storage()
    fails = a_source("Fails", failures=2, last_error="HTTP 404")
    given(storage, fails, *(a_source(f"Well {number}") for number in range(21)))
    late = [a_source(f"Late {number}", failures=1, last_error="too late") for number in range(4)]
    given(storage, *late)
    storage.close()
    told = monitor("doctor").splitlines()
    assert [line for line in told if "failed" in line or "sources" in line or "Well" in line] == [
        'note  source "Fails": failed 2 times in a row: HTTP 404',
        'note  4 sources, such as "Late 0": failed once: too late',
        "ok    21 sources",
    ]
    named = {finding["what"] for finding in monitor.json("doctor")}
    assert {'source "Well 20"', 'source "Late 3"'} <= named


def test_doctor_says_that_a_proxy_is_not_looked_at(monitor: Monitor) -> None:
    assert "directly" not in monitor("doctor")
    monitor.environ["HTTPS_PROXY"] = "http://proxy.example:3128"
    told = monitor("doctor")
    assert "note  settings: HTTPS_PROXY is not looked at: everything is connected to direct" in told


def test_a_line_of_doctor_takes_all_of_a_terminal(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.cli.output.terminal_columns", lambda: 80)
    storage = monitor.storage()
    given(storage, a_source("Fails", failures=2, last_error="it is late " * 8))
    storage.close()
    [line] = [line for line in monitor("doctor").splitlines() if "Fails" in line]
    assert 76 <= len(line) <= 80


def test_doctor_says_who_is_told_while_the_fallback_channel_does_not_work(
    monitor: Monitor,
) -> None:
    monitor.environ["MONITOR_FALLBACK_CHANNEL"] = "ops"
    monitor("add-channel", "hook", "https://example.org/in")
    told = monitor("doctor", expect=1)
    assert 'channel "ops": there is no channel of this name; until then "hook" is told' in told
    monitor("add-channel", "ops", "https://example.org/ops")
    monitor("pause-channel", "ops")
    told = monitor("doctor", expect=1)
    assert 'channel "ops": does not work; until then "hook" is told' in told
    monitor("enable-channel", "ops")
    assert 'ok    fallback channel "ops"' in monitor("doctor")


def test_doctor_says_when_nobody_could_log_in(monitor: Monitor) -> None:
    assert "log in" not in monitor("doctor")
    monitor.environ["MONITOR_PUBLIC_URL"] = "https://news.example.org/"
    told = monitor("doctor")
    assert "note  page: whoever reaches it through another server must log in" in told
    assert "add-user NAME" in " ".join(told.split())
    monitor.environ["MONITOR_WEB_LOGIN"] = "proxy"
    assert "log in" not in monitor("doctor")
    monitor.environ["MONITOR_WEB_LOGIN"] = "page"
    monitor("add-token", "desk", "--scope", "read")
    assert "log in" not in monitor("doctor")


def test_doctor_fits_a_terminal(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = monitor.storage()
    given(storage, a_source("Inside", last_error="address 10.0.0.1 is not public " * 4))
    storage.close()
    monkeypatch.setattr(output, "terminal_columns", lambda: 60)
    lines = monitor("doctor").splitlines()
    assert max(len(line) for line in lines if "/" not in line) <= 60, "a path stays whole"
    (at,) = (n for n, line in enumerate(lines) if line.startswith("note  source"))
    assert lines[at + 1].startswith("      ")


def test_doctor_names_what_waits_for_a_time_too_far_ahead(monitor: Monitor) -> None:
    storage = monitor.storage()
    year = timedelta(days=365)
    given(storage, a_source(next_poll_at=datetime.now(UTC) + year))
    storage.close()
    findings = monitor.json("doctor", expect=1)
    (time,) = (finding for finding in findings if finding["what"] == "time")
    assert time["state"] == "wrong"
    assert time["trouble"].startswith('source "Harbour News": its next poll is at 20')


def test_status_names_states_that_nothing_is_in(monitor: Monitor) -> None:
    shown = monitor.one("status")
    assert [shown[each]["active"] for each in ("sources", "rules", "channels")] == [0, 0, 0]


def test_init_writes_a_file_for_its_owner_once(monitor: Monitor, tmp_path: Path) -> None:
    path = Path(monitor.one("init")["path"])
    assert path == monitor.home / "monitor.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monitor("init", expect=2)
    monitor("init", "--force")
    elsewhere = tmp_path / "own.toml"
    monitor("--config", str(elsewhere), "init")
    monitor("status", "--config", str(elsewhere))


def test_migrate_and_backup(monitor: Monitor, tmp_path: Path) -> None:
    assert monitor.one("migrate")["schema"]
    monitor("backup", str(tmp_path / "copy.db"))
    assert (tmp_path / "copy.db").read_bytes()[:6] == b"SQLite"
    monitor("backup", str(tmp_path / "copy.db"), expect=1)
    assert "copy.db: is there already; name a new file" in monitor.err
    monitor("backup", str(tmp_path / "nowhere" / "copy.db"), expect=2)
    assert "there is no such folder" in monitor.err


def test_what_only_sqlite_has_is_not_said_of_a_server(monitor: Monitor, tmp_path: Path) -> None:
    assert "SQLite" in monitor("doctor")
    monitor.environ["MONITOR_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    assert "SQLite" not in monitor("doctor", expect=1)
    for command in ("backup", "restore"):
        monitor(command, str(tmp_path / "copy.db"), expect=1)
        assert "is for SQLite" in monitor.err


def test_a_backup_is_put_back_and_what_was_there_is_set_aside(
    monitor: Monitor, tmp_path: Path
) -> None:
    monitor("add-rule", "rail strike")
    monitor("backup", str(tmp_path / "copy.db"))
    monitor("add-rule", "bus strike")
    restored = monitor.one("restore", str(tmp_path / "copy.db"), "--yes")
    assert [rule["name"] for rule in monitor.json("list-rules")] == ["rail strike"]
    monitor("restore", restored["aside"], "--yes")
    assert len(monitor.json("list-rules")) == 2
    monitor("add-rule", "tram strike")


def test_a_backup_says_that_secrets_are_not_in_it(monitor: Monitor, tmp_path: Path) -> None:
    monitor("add-channel", "out", "console:")
    monitor("backup", str(tmp_path / "without.db"))
    assert monitor.err == ""
    monitor("add-channel", "desk", "https://hooks.slack.com/services/T/B/x")
    monitor("backup", str(tmp_path / "copy.db"))
    assert "what is secret about channels is not in it; copy /" in " ".join(monitor.err.split())
    monitor("restore", str(tmp_path / "copy.db"), "--yes")
    assert monitor.err == ""
    monitor("--home", str(tmp_path / "another"), "restore", str(tmp_path / "copy.db"))
    said = " ".join(monitor.err.split())
    assert "what is secret about channels is in no backup" in said
    assert "doctor" in said


def test_what_is_no_backup_is_not_put_back(monitor: Monitor, tmp_path: Path) -> None:
    monitor("add-rule", "rail strike")
    monitor("restore", str(tmp_path / "nowhere.db"), "--yes", expect=2)
    monitor("restore", str(tmp_path), "--yes", expect=2)
    assert "is a folder; a file is needed" in monitor.err
    monitor("backup", str(tmp_path / "whole.db"))
    whole = (tmp_path / "whole.db").read_bytes()
    scratched = whole[: 20 * 4096] + bytes(range(256)) * 48 + whole[23 * 4096 :]
    # 75 would say that the store is to be waited for, and it is well.
    for bad in (b"this is no database" * 100, b"", whole[:5000], scratched):
        (tmp_path / "bad.db").write_bytes(bad)
        monitor("restore", str(tmp_path / "bad.db"), "--yes", expect=1)
        assert monitor.err.count("\n") == 1
        assert "***" not in monitor.err
        monitor("restore", str(tmp_path / "bad.db"), expect=1)
        assert "place of" not in monitor.err, "nobody is asked about what cannot be done"
    newer = tmp_path / "newer.db"
    monitor("backup", str(newer))
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    monitor("restore", str(newer), "--yes", expect=1)
    assert "upgrade the program" in monitor.err
    assert monitor.one("list-rules")["name"] == "rail strike"


def test_nothing_is_put_back_under_a_daemon(monitor: Monitor, tmp_path: Path) -> None:
    monitor("backup", str(tmp_path / "copy.db"))
    with home_lock(tmp_path):
        monitor("restore", str(tmp_path / "copy.db"), "--yes", expect=3)
    assert "stop it first" in monitor.err


def test_a_store_that_cannot_be_used_ends_with_75_and_one_sentence(
    monitor: Monitor, tmp_path: Path
) -> None:
    (tmp_path / "monitor.db").write_bytes(b"this is no database" * 100)
    (tmp_path / "monitor.db-wal").unlink(missing_ok=True)
    monitor("list-rules", expect=75)
    assert monitor.out == ""
    assert monitor.err.startswith("Error: ")
    assert monitor.err.count("\n") == 1
    assert "Traceback" not in monitor.err


def test_a_home_that_is_no_folder_is_misuse(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monitor("--home", str(tmp_path / "file"), "status", expect=2)
    assert "the data folder is not a folder" in monitor.err


def test_wrong_settings_end_every_command_with_all_mistakes(monitor: Monitor) -> None:
    monitor.environ |= {"MONITOR_LOG_LEVEL": "loud", "MONITOR_SMTP_PORT": "x"}
    monitor("list-rules", expect=2)
    assert len(monitor.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("strat",), 'no such command "strat"; did you mean "status"?', id="a slip"),
        pytest.param(("mute", "x"), 'command "mute"; did you mean "silence"?', id="others' word"),
        pytest.param(("silence", "--alert", "x"), "Did you mean '--story'?", id="others' option"),
        pytest.param(("list-ruls",), 'did you mean "list-rules"?', id="another"),
        pytest.param(("a\x1b[2J" * 100_000,), 'no such command "a\\x1b[2J', id="a megabyte"),
        pytest.param(("list-rules", "--jsn"), "--json", id="an option"),
        pytest.param(("list-rules", "more"), "unexpected extra argument", id="too much"),
        pytest.param(("add-rule",), "Missing argument 'QUERY'", id="too little"),
    ],
)
def test_misuse_ends_with_2_and_a_hint(monitor: Monitor, words: tuple[str, ...], said: str) -> None:
    monitor(*words, expect=2)
    assert said in monitor.err
    assert "\x1b" not in monitor.err
    assert len(monitor.err) < 10_000


def test_no_argument_shows_the_help_and_is_misuse(monitor: Monitor) -> None:
    monitor(expect=2)
    assert "add-rule" in monitor.err
    assert "Error" not in monitor.err


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 46, 1), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_releases_with_the_wal_reset_fault_are_known(
    version: tuple[int, int, int], faulty: bool
) -> None:
    assert has_wal_reset_fault(version) is faulty


def found(monitor: Monitor, expect: int = 0) -> dict[str, Any]:
    """Return what doctor finds, by what it looked at."""
    return {finding["what"]: finding for finding in monitor.json("doctor", expect=expect)}


def test_doctor_names_a_file_of_the_database_that_cannot_be_written(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("add-rule", "rail strike")
    assert "cannot write" not in monitor("doctor")
    file, may = monitor.home / "monitor.db", os.access
    monkeypatch.setattr(os, "access", lambda at, mode: at != file and may(at, mode))
    assert f"{file}: this user cannot write it" in " ".join(monitor("doctor", expect=1).split())


def test_doctor_says_that_no_daemon_runs_and_when_that_matters(monitor: Monitor) -> None:
    from monitor.config.home_lock import home_lock

    assert "start it: " in found(monitor)["daemon"]["trouble"]
    assert found(monitor)["daemon"]["state"] == "note"
    with home_lock(monitor.home):
        assert found(monitor)["daemon"]["state"] == "ok"
    now = datetime.now(UTC)
    source = a_source(added_at=now, next_poll_at=now - timedelta(minutes=61))
    with closing(monitor.storage()) as storage:
        given(storage, source)
    assert found(monitor, expect=1)["daemon"]["state"] == "wrong"


def test_doctor_says_that_something_owed_waits_for_a_daemon(monitor: Monitor) -> None:
    monitor("add-channel", "screen", "console:")
    now = datetime.now(UTC)
    for minutes, state in ((10, "note"), (61, "wrong")):
        with closing(monitor.storage()) as storage, storage.transaction() as tx:
            screen = tx.channels.find("screen")
            at = now - timedelta(minutes=minutes)
            tx.outbox.put([a_delivery(channel=screen, subject=str(minutes), next_at=at)])
        assert found(monitor, expect=int(state == "wrong"))["daemon"]["state"] == state


def test_doctor_names_what_was_given_up_lately(monitor: Monitor) -> None:
    now = datetime.now(UTC)
    dead = {"state": DeliveryState.DEAD, "last_error": "HTTP 400"}
    with closing(monitor.storage()) as storage:
        given(storage, a_channel(kind="console"), a_source(next_poll_at=now + timedelta(days=1)))
        given(storage, a_rule(channel_ids=(a_channel().id,)))
        given(storage, a_delivery(an_alert(id="old"), created_at=now - timedelta(days=8), **dead))
        given(storage, a_delivery(subject="a test", created_at=now, **dead))
    assert found(monitor)["deliveries that were given up"]["state"] == "ok"
    with closing(monitor.storage()) as storage:
        given(storage, a_delivery(created_at=now, **dead))
    given_up = found(monitor, expect=1)["deliveries that were given up"]
    assert (
        '1 alert was given up in the last 7 days, the newest to channel "desk": HTTP 400'
        in (given_up["trouble"])
    )
    assert "redeliver msg_" in given_up["trouble"]


def test_doctor_names_what_goes_out_in_the_clear(monitor: Monitor) -> None:
    monitor("add-channel", "far", "http://hooks.example.org/x")
    monitor("add-channel", "near", "http://127.0.0.1:9000/x")
    monitor("add-channel", "safe", "https://hooks.example.org/x")
    states = {
        name: found(monitor)[f'channel "{name}"']["state"] for name in ("far", "near", "safe")
    }
    assert states == {"far": "note", "near": "ok", "safe": "ok"}


@pytest.mark.parametrize(
    ("allowed", "is_wide"),
    [
        ("127.0.0.0/8", False),
        ("192.168.1.0/24", False),
        ("::1/128", False),
        ("10.0.0.0/8", True),
        ("192.168.0.0/16", True),
        ("0.0.0.0/0", True),
        ("fc00::/7", True),
    ],
)
def test_doctor_names_private_networks_that_are_opened_wide(
    monitor: Monitor, allowed: str, is_wide: bool
) -> None:
    monitor.environ["MONITOR_ALLOW_PRIVATE"] = allowed
    settings = found(monitor)["settings"]
    assert settings["state"] == ("note" if is_wide else "ok")
    assert (f"allow_private opens {allowed}" in str(settings["trouble"])) == is_wide


def test_doctor_works_without_a_database_that_can_be_used(monitor: Monitor) -> None:
    (monitor.home / "monitor.db").write_bytes(b"no database " * 1000)
    findings = found(monitor, expect=1)
    assert findings["database"]["state"] == "wrong"
    assert "monitor.db" in findings["database"]["trouble"]
    assert findings["settings"]["state"] == "ok"


def test_where_the_disk_is_full_what_reads_works_and_doctor_says_what_does_not(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor("add-rule", "rail")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 << 20))
    for command in ("list-rules", "status", "export-rules"):
        monitor(command)
    monitor("search", "rail", expect=1)
    monitor("add-rule", "strike", expect=75)
    assert "only 5 MiB free" in monitor.err
    assert "only 5 MiB free" in found(monitor, expect=1)["database"]["trouble"]


def test_doctor_works_without_a_data_folder(monitor: Monitor) -> None:
    monitor.environ["MONITOR_HOME"] = "/proc/nowhere"
    assert "cannot be made" in found(monitor, expect=1)["database"]["trouble"]


def test_doctor_says_which_host_lacks_a_secret_and_what_others_have_said(monitor: Monitor) -> None:
    monitor("add-channel", "hook", "https://example.org/in")
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        hook = tx.channels.find("hook")
        assert hook is not None
        tx.channels.note(hook.id, "otherhost: the settings are not there", instead_of=None)
    assert "otherhost: " in found(monitor, expect=1)['channel "hook"']["trouble"]
    next((monitor.home / "secrets").iterdir()).unlink()
    assert f"(on {socket.gethostname()})" in found(monitor, expect=1)['channel "hook"']["trouble"]


def test_how_long_alerts_took_is_one_table_that_fits_a_terminal(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = monitor.storage()
    for place in range(7):
        delivered(
            storage,
            place,
            took=place * timedelta(minutes=77),
            channel="desk of the harbour office",
            source=f"The Harbour Gazette number {place}",
            age=timedelta(minutes=9),
        )
    storage.close()
    assert len(monitor.one("status")["latency"]) == 8
    monkeypatch.setattr(output, "terminal_columns", lambda: 80)
    table = monitor("status").partition("How long alerts took")[2].splitlines()
    assert table[1].split() == [
        "NAME",
        "ALERTS",
        "SEEN",
        "MATCHED",
        "SENT",
        "DELIVERED",
        "ALL",
        "95%",
    ]
    assert max(map(len, table)) <= 80
    assert table[0].endswith("; ALL is from SEEN on")
    begins = [line.split()[0] for line in table[2:] if not line.startswith("  ")]
    assert begins.count("from") == 5
    assert begins.count("to") == 1
    assert "no room for" not in monitor.err


LONG = "the-herald-of-a-harbour-far-away.example"


def test_a_report_is_text_on_a_terminal_and_html_elsewhere(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    storage = monitor.storage()
    alerts = [fill(storage, title=title) for title in ("A strike <b>", "More of it", "More", "End")]
    telling(storage, *alerts, outlets=("ndr.example", "kn.example", LONG, f"{LONG}.uk"))
    storage.close()
    since = ("--since", f"{NOON - timedelta(days=1):%Y-%m-%d}")
    assert monitor("report", "strike", *since).startswith("<!doctype html>")
    monkeypatch.setattr(output, "terminal_columns", lambda: 80)
    said = monitor("report", "strike", *since)
    assert said.startswith('"strike": 1 story of 4 articles, ')
    assert "A strike <b>" in said
    assert "kn.example 1" in said
    assert f"{LONG} 1" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80
    assert monitor("report", "strike", *since, "--html").startswith("<!doctype html>")
    wrote = monitor("report", "strike", *since, "--output", str(tmp_path / "week.html"))
    assert wrote.endswith('week.html: 1 story of "strike".\n')
    none = monitor("report", "strike", "--since", "1d")
    assert none.startswith('"strike": 0 stories of 0 articles, ')
    assert len(none.splitlines()) <= 2
