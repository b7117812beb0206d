"""Workers: several share the work on one PostgreSQL, and one does what another died over."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.answers import Answer, black_hole, delayed, reply
from tests.end_to_end.documents import SWEDISH, drop
from tests.end_to_end.home import Home
from tests.servers import FaultServer
from tests.unit.monitor.cli.test_json import strict

CITIES = ("Kiel", "Turku", "Porto", "Brest")


@pytest.fixture
def home(migrated_postgres_url: str, tmp_path: Path) -> Home:
    return Home(tmp_path, database_url=migrated_postgres_url)


def feed(city: str) -> Answer:
    item = f"<item><title>Rail strike in {city}</title><link>https://{city}.example/1</link></item>"
    body = f'<rss version="2.0"><channel><title>{city}</title>{item}</channel></rss>'
    return reply(body.encode(), content_type="text/xml")


def follow(
    home: Home, server: FaultServer, *hook: Answer, receiver: FaultServer | None = None
) -> None:
    """Follow a feed of each city, and a rule that finds an article in each."""
    for city in CITIES:
        url = server.on(f"/{city}", feed(city))
        home.run("add-source", url, "--kind", "feed", "--name", city, "--backfill", "1")
    home.run("add-channel", "desk", (receiver or server).on("/hook", *hook))
    home.run("add-rule", "rail strike", "--notify", "desk", "--follow-ups", "none")


@pytest.fixture
def elsewhere() -> Iterator[FaultServer]:
    with FaultServer(host="127.0.0.2") as server:
        yield server


def told(home: Home, count: int) -> bool:
    """Whether so many were delivered, and nothing else is owed."""
    return delivered(home) == len(home.json("list-deliveries", expect=None)) == count


def delivered(home: Home) -> int:
    states = [each["state"] for each in home.json("list-deliveries", expect=None)]
    return states.count("delivered")


def test_two_workers_share_polls_and_deliveries(
    home: Home, fault_server: FaultServer, elsewhere: FaultServer
) -> None:
    follow(home, fault_server, reply(status=204), receiver=elsewhere)
    for city in CITIES:
        fault_server.on(f"/{city}", delayed(0.3, feed(city)))
    with home.daemon(command="worker") as first, home.daemon(command="worker") as second:
        first.wait_until(lambda: "started" in first.logged and "started" in second.logged)
        first.wait_until(lambda: told(home, len(CITIES)))
        assert (first.stop(), second.stop()) == (0, 0)
    assert Counter(each.path for each in fault_server.requests) == {
        f"/{city}": 1 for city in CITIES
    }
    # All are of one host, and it is asked by one of them at a time.
    assert fault_server.most_at_once == 1
    ids = [each.headers["webhook-id"] for each in elsewhere.requests]
    assert len(ids) == len(set(ids)) == len(CITIES)


def test_a_worker_goes_on_where_another_was_killed(
    home: Home, fault_server: FaultServer, elsewhere: FaultServer
) -> None:
    follow(home, fault_server, black_hole(), reply(status=204))
    # On a host of its own: the others of one host wait until it has answered.
    url = elsewhere.on("/Bonn", black_hole(), feed("Bonn"))
    home.run("add-source", url, "--kind", "feed", "--name", "Bonn", "--backfill", "1")
    with home.daemon(command="worker") as first:
        elsewhere.wait_for(1, path="/Bonn")
        fault_server.wait_for(1, path="/hook")
        with home.daemon(command="worker") as second:
            second.wait_until(lambda: "started" in second.logged)
            # Of the two that do not answer; what else is sent has ended.
            second.wait_until(lambda: delivered(home) == len(CITIES) - 1)
            first.kill()
            second.wait_until(lambda: told(home, len(CITIES) + 1))
    assert len(elsewhere.requests) == 2
    requests = fault_server.requests
    polls = Counter(each.path for each in requests if each.path != "/hook")
    assert sum(polls.values()) - len(CITIES) in (0, 1)  # one may have been under way
    sent: dict[str, list[bytes]] = {}
    for each in requests:
        if each.path == "/hook":
            sent.setdefault(each.headers["webhook-id"], []).append(each.body)
    assert len(sent) == len(CITIES) + 1
    # What was under way came once more, the same to the letter; nothing else came twice.
    assert sorted(len(bodies) for bodies in sent.values()) == [1, 1, 1, 1, 2]
    assert all(len(set(bodies)) == 1 for bodies in sent.values())


def test_a_worker_leaves_folders_to_the_daemon_and_says_how_it_was(
    home: Home, fault_server: FaultServer
) -> None:
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("run", "--once", "--no-starter")
    [before] = home.json("list-articles")
    home.run("pause-source", "seeds")
    home.run("resume-source", "seeds")  # which is due at once then
    drop(home.seeds, "other.txt", SWEDISH.replace("Hanoi", "Genève"))
    home.run("add-source", fault_server.on("/Kiel", feed("Kiel")), "--kind", "feed")
    with home.daemon("--json", command="worker") as worker:
        # Folders come first where they come at all.
        fault_server.wait_for(1, path="/Kiel")
        worker.wait_until(lambda: len(home.json("list-articles")) == 2)
        assert worker.stop() == 0
        [status] = map(json.loads, worker.printed.splitlines())
    assert list(strict("status").iter_errors(status)) == []
    assert before in home.json("list-articles")
    assert home.json("show-source", "seeds")[0]["last_error"] is None


def test_a_worker_changes_no_tables_and_needs_postgresql(small_home: Home) -> None:
    said = small_home.run("worker", expect=2).stderr
    assert said.startswith(
        "Error: worker shares the work on a PostgreSQL database, and this one is SQLite, with "
        "which one process works: "
    )
    assert said.endswith(" run does all of it (copy moves an archive to PostgreSQL)\n")
