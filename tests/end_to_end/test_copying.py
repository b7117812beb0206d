"""An archive that moves from SQLite to PostgreSQL in the middle of its work."""

from tests.answers import reply
from tests.end_to_end.documents import SWEDISH, drop
from tests.end_to_end.home import Home
from tests.servers import FaultServer


def test_what_was_owed_is_sent_from_where_the_archive_is_now_and_nothing_is_new_there(
    small_home: Home, postgres_url: str, fault_server: FaultServer
) -> None:
    home = small_home
    hook = fault_server.on("/hook", reply(status=204), reply(status=503), reply(status=204))
    home.run("add-channel", "desk", hook)
    home.run("add-rule", "Hanoi Convention", "--notify", "desk", "--follow-ups", "none")
    home.run("add-rule", "ministern", "--notify", "desk", "--follow-ups", "none")
    drop(home.seeds, "speech.txt", SWEDISH)
    home.run("run", "--once")
    before = {each["id"]: each["state"] for each in home.json("list-deliveries")}
    assert sorted(before.values()) == ["delivered", "pending"]
    found = home.json("search", "Hanoi")
    home.run("copy", str(home.path), postgres_url)
    home.environ["MONITOR_DATABASE_URL"] = postgres_url
    assert {each["id"]: each["state"] for each in home.json("list-deliveries")} == before
    assert home.json("search", "Hanoi") == found
    with home.daemon() as daemon:
        [owed] = [id_ for id_, state in before.items() if state == "pending"]
        daemon.wait_until(lambda: len(fault_server.requests) == 3)
        daemon.wait_until(lambda: home.json("list-deliveries", "--open", expect=None) == [])
        drop(home.seeds, "other.txt", "A walk by the sea\n\nNothing happened.")
        daemon.wait_until(lambda: len(home.json("list-articles")) == 2)
        assert daemon.stop() == 0
    first, refused, again = fault_server.requests
    assert {first.headers["webhook-id"], refused.headers["webhook-id"]} == before.keys()
    assert again.headers["webhook-id"] == refused.headers["webhook-id"] == owed
    assert again.body == refused.body
    assert len(home.json("list-alerts")) == 2
