"""The daemon: works by itself, stops when told, is alone on its home, loses nothing when killed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from storage.admin.migrate import OURS
from tests.answers import black_hole, delayed, reply
from tests.end_to_end.documents import ADDRESS, SWEDISH, drop
from tests.end_to_end.home import PATIENCE_S, Home
from tests.servers import FaultServer


def test_a_document_dropped_while_it_runs_is_on_the_console_soon(home: Home) -> None:
    home.run("add-rule", "Hanoi Convention")
    with home.daemon() as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        (home.seeds / "speech.txt").write_text(SWEDISH)
        daemon.wait_until(lambda: ADDRESS in daemon.printed)
        assert daemon.stop() == 0


def test_a_rule_added_while_it_runs_counts_at_once(small_home: Home) -> None:
    drop(small_home.seeds, "speech.txt", SWEDISH)
    with small_home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: small_home.json("list-articles", expect=None))
        small_home.run("add-rule", "Hanoi Convention")
        daemon.wait_until(lambda: ADDRESS in daemon.printed)


def test_a_file_applied_while_it_runs_counts_at_once(small_home: Home) -> None:
    rules = small_home.path.parent / "rules.yaml"
    rules.write_text("rules:\n- query: Hanoi Convention\n")
    with small_home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        small_home.run("apply", str(rules))
        drop(small_home.seeds, "speech.txt", SWEDISH)
        daemon.wait_until(lambda: ADDRESS in daemon.printed)


def test_a_second_daemon_on_the_same_home_says_so_and_exits_with_3(small_home: Home) -> None:
    with small_home.daemon() as first:
        first.wait_until(lambda: "started" in first.logged)
        second = small_home.run("run", expect=3)
        assert str(first.process.pid) in second.stderr
        assert small_home.run("run", "--once", expect=3)


def test_the_page_alone_ends_in_good_order_at_sigterm(small_home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with small_home.daemon("--listen", address, command="web") as web:
        web.wait_until(lambda: "serving the page" in web.logged)
        assert web.stop() == 0
    assert "Traceback" not in web.logged


def test_sigterm_lets_what_is_being_sent_end(small_home: Home, fault_server: FaultServer) -> None:
    hook = fault_server.on("/hook", delayed(2, reply(status=204)))
    drop(small_home.seeds, "speech.txt", SWEDISH)
    small_home.run("add-channel", "desk", hook)
    small_home.run("add-rule", "Hanoi Convention", "--notify", "desk")
    with small_home.daemon() as daemon:
        fault_server.wait_for(1, path="/hook")
        assert daemon.stop() == 0
    [delivery] = small_home.json("list-deliveries")
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 1)


def test_a_kill_while_sending_repeats_the_same_id_and_bytes(
    home: Home, fault_server: FaultServer
) -> None:
    hook = fault_server.on("/hook", black_hole(), reply(status=204))
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-channel", "desk", hook)
    home.run("add-rule", "Hanoi Convention", "--notify", "desk")
    with home.daemon() as daemon:
        fault_server.wait_for(1, path="/hook")
        daemon.kill()
    with home.daemon() as daemon:
        first, second = fault_server.wait_for(2, path="/hook")
        daemon.wait_until(lambda: home.json("list-deliveries")[0]["state"] == "delivered")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert len(home.json("list-alerts")) == 1


def test_a_silent_channel_does_not_hold_up_another(
    small_home: Home, fault_server: FaultServer
) -> None:
    silent = fault_server.on("/silent", black_hole())
    good = fault_server.on("/good", reply(status=204))
    small_home.run("add-channel", "silent", silent)
    small_home.run("add-channel", "good", good)
    small_home.run("add-rule", "Hanoi Convention", "--notify", "silent", "--notify", "good")
    with small_home.daemon() as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        for number in range(8):
            other = SWEDISH.replace("264.htm", f"26{number}.htm")
            drop(small_home.seeds, f"{number}.txt", f"Rapport {number} om mötet\n\n{other}")
        fault_server.wait_for(8, path="/good")


def test_a_channel_that_is_gone_is_switched_off_and_its_alerts_wait(
    home: Home, fault_server: FaultServer
) -> None:
    hook = fault_server.on("/hook", reply(status=410))
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-channel", "desk", hook)
    home.run("add-rule", "Hanoi Convention", "--notify", "desk")
    home.run("run", "--once")
    assert [delivery["state"] for delivery in home.json("list-deliveries")] == ["held"]
    [channel] = home.json("list-channels")
    assert channel["state"] == "disabled"

    home.run("run", "--once")
    assert len(fault_server.seen("/hook")) == 1

    fault_server.on("/hook", reply(status=204))
    home.run("enable-channel", "desk")
    home.run("run", "--once")
    assert [delivery["state"] for delivery in home.json("list-deliveries")] == ["delivered"]


def test_a_test_message_takes_the_way_of_an_alert(home: Home, fault_server: FaultServer) -> None:
    hook = fault_server.on("/hook", reply(status=204))
    home.run("add-channel", "desk", hook)
    home.run("test-channel", "desk")
    [seen] = fault_server.seen("/hook")
    [delivery] = home.json("list-deliveries")
    assert seen.headers["webhook-id"] == delivery["id"]
    assert delivery["state"] == "delivered"

    fault_server.on("/hook", reply(status=500))
    home.run("test-channel", "desk", expect=1)


def test_doctor_finds_nothing_wrong_after_all_this(home: Home, fault_server: FaultServer) -> None:
    fault_server.on("/hook", reply(status=500), reply(status=204))
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("add-channel", "desk", fault_server.url("/hook"))
    home.run("add-rule", "Hanoi Convention", "--notify", "desk")
    home.run("run", "--once")
    home.run("redeliver", home.json("list-deliveries")[0]["id"], expect=None)
    home.run("doctor", expect=None)
    assert "broken" not in home.run("doctor", expect=None).stdout
    assert home.run("status").stdout


def test_mail_without_a_mail_server_is_not_tested_and_says_why(small_home: Home) -> None:
    small_home.run("add-channel", "press", "mailto:ann@example.org")
    done = small_home.run("test-channel", "press", expect=1)
    assert "no mail server is set" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    small_home.run("list-deliveries", expect=1)  # a test that cannot be sent is not queued


def test_an_empty_folder_is_not_said_to_have_given_an_alert(small_home: Home) -> None:
    printed = small_home.run("run", "--once").stdout
    assert "has found nothing" in printed
    assert "add-rule" in printed


def test_the_starter_rule_finds_translations_at_the_very_first_round(small_home: Home) -> None:
    text = "Lễ ký Công ước Hà Nội diễn ra hôm nay.\n\nCác phái đoàn đã có mặt từ sáng sớm."
    drop(small_home.seeds, "le-ky.txt", text)
    assert "Công ước Hà Nội — translation" in small_home.run("run", "--once").stdout


_VERSION = text("UPDATE alembic_version SET version_num = :version")


@contextmanager
def _older(home: Home) -> Iterator[None]:
    """Let the database look like that of an older program for as long as the block runs."""
    engine = create_engine(_sqlalchemy_url(home))
    with engine.begin() as connection:
        connection.execute(_VERSION, {"version": OURS.revisions[-2]})
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(_VERSION, {"version": OURS.head})
        engine.dispose()


def _sqlalchemy_url(home: Home) -> str:
    url = home.environ.get("MONITOR_DATABASE_URL") or f"sqlite:///{home.path / 'monitor.db'}"
    return url.replace("postgresql:", "postgresql+psycopg:")


def test_a_command_leaves_the_database_of_an_older_version_as_it_is(home: Home) -> None:
    home.run("status")
    for command in (["status"], ["add-rule", "rail"], ["poll"]):
        with _older(home):
            refused = home.run(*command, expect=75)
        assert "bring it up to date with:" in refused.stderr
        assert "monitor migrate" in refused.stderr
    with _older(home):
        found = home.run("doctor", expect=1)
    assert "bring it up to date with:" in found.stdout


def test_nothing_is_migrated_under_a_daemon(home: Home) -> None:
    with home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        with _older(home):
            refused = home.run("migrate", expect=75)
        assert f"process {daemon.process.pid}): stop it first" in refused.stderr


def test_a_daemon_ends_when_another_version_has_migrated_its_database(home: Home) -> None:
    with home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        with _older(home):
            assert daemon.process.wait(PATIENCE_S) == 75
        assert f"was migrated to schema {OURS.revisions[-2]}" in daemon.logged


def test_a_daemon_whose_database_is_moved_away_ends_and_starts_no_empty_one(
    small_home: Home,
) -> None:
    database = small_home.path / "monitor.db"
    with small_home.daemon("--no-starter") as daemon:
        daemon.wait_until(lambda: "started" in daemon.logged)
        database.rename(database.with_name("elsewhere.db"))
        assert daemon.process.wait(PATIENCE_S) == 75
        assert "moved away" in daemon.logged
    refused = small_home.run("run", "--once", "--no-starter", expect=75)
    assert "the database that was here is gone; put it back" in refused.stderr
    assert not database.exists()
