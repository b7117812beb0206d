"""Commands about sources, and `poll`."""

from contextlib import closing

import pytest

from monitor.cli import output
from storage.notice import Notice
from tests.answers import cut, reply
from tests.builders import NOON
from tests.servers import FaultServer, fault_server
from tests.unit.monitor.cli.conftest import Monitor

__all__ = ["fault_server"]

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour News</title>
<link>https://harbour.example/</link><item><title>Rail strike ends</title>
<link>https://harbour.example/1</link></item></channel></rss>"""
PAGE = b"<html><head><title>About</title></head><body><p>" + b"Words of a page. " * 40 + b"</p>"


def test_a_feed_is_known_by_its_content_and_called_what_it_calls_itself(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/feed", reply(FEED, content_type="text/plain"))
    source = monitor.one("add-source", url)
    assert (source["kind"], source["name"], source["url"], source["every"]) == (
        "feed",
        "Harbour News",
        url,
        "15m",
    )
    assert monitor.one("list-sources") == source


def test_what_is_neither_feed_nor_page_is_refused_unless_its_kind_is_said(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/x", reply(b"\x00\x01\x02\xff" * 500, content_type="image/png"))
    monitor("add-source", url, expect=1)
    assert "--kind says otherwise" in monitor.err
    monitor("list-sources", expect=1)
    assert monitor.one("add-source", url, "--kind", "feed")["kind"] == "feed"


def test_what_was_not_looked_at_when_added_is_called_what_it_calls_itself_once_polled(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    added = {
        path: monitor.one("add-source", fault_server.on(path, reply(FEED)), "--kind", "feed", *more)
        for path, more in {"/a": (), "/b": (), "/c": ("--name", "Mine"), "/d": ()}.items()
    }
    address = added["/a"]["name"]
    assert address.endswith("/a")
    monitor("add-rule", "rail", "--source", added["/d"]["name"])
    monitor("poll", "--all")
    names = {source["id"]: source["name"] for source in monitor.json("list-sources")}
    a, b, c, d = (names[source["id"]] for source in added.values())
    assert ({a, b}, c) == ({"Harbour News", "Harbour News (2)"}, "Mine")
    assert monitor.one("show-rule", "rail")["sources"] == [d] == [added["/d"]["name"]]
    monitor("edit-source", a, "--name", address)
    monitor("poll", "--all")
    assert monitor.one("show-source", address)["name"] == address


def test_a_title_that_was_cut_off_is_no_name(monitor: Monitor, fault_server: FaultServer) -> None:
    in_its_title = FEED.index(b"Harbour News") + len(b"Harbour")
    url = fault_server.on("/cut", cut(FEED, after=in_its_title))
    added = monitor.one("add-source", url, "--kind", "feed")
    monitor("poll", "--all")
    assert monitor.one("show-source", added["id"])["name"] == added["name"]
    fault_server.on("/cut", reply(FEED))
    monitor("poll", "--all")
    assert monitor.one("show-source", added["id"])["name"] == "Harbour News"


def test_a_title_that_came_before_an_entry_is_whole(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    behind_its_entry = FEED.index(b"</item>") + len(b"</item>")
    url = fault_server.on("/cut", cut(FEED, after=behind_its_entry))
    added = monitor.one("add-source", url, "--kind", "feed")
    monitor("poll", "--all")
    assert monitor.one("show-source", added["id"])["name"] == "Harbour News"


def test_a_word_that_is_no_folder_is_told_so(monitor: Monitor) -> None:
    monitor("add-source", "nosuchfolder", expect=2)
    assert "there is no such folder" in monitor.err


def test_neither_the_whole_disk_nor_a_whole_home_is_a_source(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(monitor.home))
    for folder in ("/", "~", str(monitor.home)):
        monitor("add-source", folder, expect=2)
        assert "holds far more than news; name a folder in it" in monitor.err
    monitor("list-sources", expect=1)


def test_a_page_is_known_by_its_content(monitor: Monitor, fault_server: FaultServer) -> None:
    url = fault_server.on("/page", reply(PAGE, content_type="text/html"))
    assert monitor.one("add-source", url, "--name", "about")["kind"] == "page"


def test_what_cannot_be_fetched_now_is_taken_for_a_feed_with_a_warning(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/feed", reply(b"", status=503))
    assert monitor.one("add-source", url)["kind"] == "feed"
    assert "Warning: " in monitor.err


def test_what_is_said_about_a_source_is_kept(monitor: Monitor, fault_server: FaultServer) -> None:
    url = fault_server.on("/feed", reply(FEED))
    words = (
        "--kind",
        "feed",
        "--name",
        "mine",
        "--every",
        "1h30m",
        "--tag",
        "a",
        "--backfill",
        "5",
    )
    source = monitor.one("add-source", url, *words)
    assert (source["name"], source["every"], source["tags"], source["backfill"]) == (
        "mine",
        "1h30m",
        ["a"],
        5,
    )


def test_a_folder_is_followed_by_its_path_once(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = monitor.home / "press releases"
    folder.mkdir()
    source = monitor.one("add-source", str(folder))
    assert (source["kind"], source["name"], source["url"]) == (
        "folder",
        "press releases",
        str(folder),
    )
    monkeypatch.chdir(monitor.home)
    monitor("add-source", "press releases/", expect=1)
    assert f'already followed as "press releases": {folder}' in monitor.err


def test_the_same_feed_written_otherwise_is_followed_already(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/feed", reply(FEED))
    monitor("add-source", url)
    monitor("add-source", f"{url}/?utm_source=x#top", "--kind", "feed", expect=1)
    assert f'already followed as "Harbour News": {url}' in monitor.err


@pytest.mark.parametrize(
    ("location", "said"),
    [
        pytest.param("htp://x.example", 'unknown scheme "htp"', id="a slip"),
        pytest.param("example.com/feed", "did you mean https://example.com/feed", id="no scheme"),
        pytest.param("file:///etc/passwd", "only http and https are allowed", id="a file URL"),
        pytest.param("http://10.1.2.3/feed", "address 10.1.2.3 is not public", id="private"),
        pytest.param("http://2130706433:99999/", "bad port", id="a port"),
        pytest.param("https://u:geheim@example.com/f", "with a password in it", id="a password"),
        pytest.param("/no/such/folder", "there is no such folder", id="no folder"),
        pytest.param("/etc/passwd", "is not a folder", id="a file"),
        pytest.param("https://example.com/\x1b[2J", "\\x1b[2J", id="control characters"),
    ],
)
def test_what_cannot_be_followed_is_refused(monitor: Monitor, location: str, said: str) -> None:
    monitor("add-source", location, expect=2)
    assert said in monitor.err
    assert "geheim" not in monitor.err
    assert "\x1b" not in monitor.err


@pytest.mark.parametrize(
    ("location", "kind", "said"),
    [
        ("https://u:geheim@x.example/", "folder", "is a URL; a source of kind folder is a folder"),
        ("./rf", "feed", "./rf: is a path; a source of kind feed is a URL"),
        ("/etc", "page", "/etc: is a path; a source of kind page is a URL"),
    ],
)
def test_what_is_not_of_its_kind_is_refused(
    monitor: Monitor, location: str, kind: str, said: str
) -> None:
    monitor("add-source", location, "--kind", kind, expect=2)
    assert said in monitor.err
    assert "geheim" not in monitor.err


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_name_that_is_not_found_is_followed_with_a_warning(monitor: Monitor, kind: str) -> None:
    monitor("add-source", "https://nosuch.invalid/x", "--kind", kind)
    assert "the host name nosuch.invalid cannot be looked up" in monitor.err
    assert "robots.txt" not in monitor.err
    monitor("add-source", "https://nosuch.invalid/y")
    assert "taken for a feed" in monitor.err
    assert "robots.txt" not in monitor.err


def test_too_often_is_refused(monitor: Monitor) -> None:
    monitor("add-source", str(monitor.home), "--every", "1s", expect=2)
    assert "every 1s is too often: a folder is polled every 5s to 7d" in monitor.err
    monitor("add-source", str(monitor.home), "--every", "8d", expect=2)
    assert "every 8d is too seldom" in monitor.err


def test_a_source_is_paused_resumed_and_removed(monitor: Monitor) -> None:
    folder = monitor.home / "press"
    folder.mkdir()
    id_ = monitor.one("add-source", str(folder))["id"]
    paused = monitor.one("pause-source", "press")
    assert (paused["state"], paused["next_poll_at"]) == ("paused", None)
    assert monitor("list-sources").splitlines()[-1].split()[3:] == ["paused", "10s", "0", *"---"]
    resumed = monitor.one("resume-source", id_[:5])
    assert resumed["state"] == "active"
    assert resumed["next_poll_at"] is not None
    monitor("remove-source", "press", expect=2)
    monitor("remove-source", "press", "--yes")
    monitor("list-sources", expect=1)
    assert monitor.one("add-source", str(folder))["state"] == "active"


def test_poll_takes_in_what_a_source_lists_and_tells_what_failed(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    good = fault_server.on("/good", reply(FEED))
    bad = fault_server.on("/bad", reply(b"", status=500))
    monitor("add-source", good, "--kind", "feed", "--name", "good")
    monitor("add-source", bad, "--kind", "feed", "--name", "bad")
    assert monitor.one("poll", "good")["new_articles"] == 1
    assert monitor.one("poll", "bad", expect=1)["error"]
    monitor("poll", "nobody", expect=1)
    results = {result["source"]: result for result in monitor.json("poll", "--all", expect=1)}
    assert results["good"]["new_articles"] == 0
    shown = {source["name"]: source for source in monitor.json("list-sources")}
    assert shown["good"]["articles"] == 1
    assert shown["good"]["last_ok_at"]
    assert shown["bad"]["failures"] == 2
    assert "HTTP 500" in monitor("show-source", "bad")


def test_poll_all_ends_with_1_when_there_is_nothing_to_look_at(monitor: Monitor) -> None:
    monitor("poll", "--all", expect=1)
    assert "No source is followed. Add one: " in monitor.err
    assert monitor.json("poll", "--all", expect=1) == []
    monitor("poll")
    folder = monitor.home / "news"
    folder.mkdir()
    monitor("add-source", str(folder))
    monitor("pause-source", "news")
    monitor("poll", "--all", expect=1)
    assert "All sources are paused or gone." in monitor.err
    monitor("poll")
    assert "No source is due." in monitor.err


def test_a_source_that_asks_not_to_be_polled_is_an_error_and_has_no_next_time(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    gone = fault_server.on("/gone", reply(b"", status=410))
    monitor("add-source", gone, "--kind", "feed", "--name", "gone", "--anyway")
    assert "410" in monitor.one("poll", "gone", expect=1)["error"]
    shown = monitor.one("show-source", "gone")
    assert (shown["state"], shown["next_poll_at"]) == ("gone", None)


def test_a_paused_source_is_polled_when_named_and_says_that_it_is_paused(
    monitor: Monitor,
) -> None:
    folder = monitor.home / "news"
    folder.mkdir()
    monitor("add-source", str(folder))
    monitor("pause-source", "news")
    said = monitor("poll", "news")
    assert said.startswith("news (is paused; to poll it by itself: ")
    assert " resume-source news): 0 new articles" in said
    assert monitor.one("poll", "news")["state"] == "paused"


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_where_nothing_is_is_followed_only_on_demand(
    monitor: Monitor, fault_server: FaultServer, status: int
) -> None:
    url = fault_server.on("/feed", reply(b"", status=status))
    monitor("add-source", url, expect=1)
    assert f"{url}: HTTP {status}" in monitor.err
    assert "--anyway" in monitor.err
    monitor("list-sources", expect=1)
    assert monitor.one("add-source", url, "--anyway")["kind"] == "feed"


@pytest.mark.parametrize(
    ("status", "advice", "exit_code"),
    [(401, "ask for an address without", 1), (403, "user_agent_contact", 0)],
)
def test_a_site_that_refuses_us_is_answered_with_what_can_be_done(
    monitor: Monitor, fault_server: FaultServer, status: int, advice: str, exit_code: int
) -> None:
    url = fault_server.on("/feed", reply(b"", status=status))
    monitor("add-source", url, expect=exit_code)
    assert advice in monitor.err
    assert "password in the URL" not in monitor.err


def test_what_is_larger_than_anything_that_is_read_is_followed_only_on_demand(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/feed", reply(b"x" * (10 * 1024 * 1024 + 1)))
    monitor("add-source", url, expect=1)
    assert f"{url}: size over 10 MiB; nothing is followed (--anyway" in " ".join(
        monitor.err.split()
    )
    assert monitor.one("add-source", url, "--anyway")["kind"] == "feed"


def test_what_was_said_of_a_source_can_be_taken_back(
    monitor: Monitor, fault_server: FaultServer
) -> None:
    url = fault_server.on("/page", reply(PAGE, content_type="text/html"))
    monitor("add-source", url, "--name", "about", "--every", "5m", "--selector", "h3 a")
    assert monitor.one("edit-source", "about", "--every", "usual")["every"] == "15m"
    assert monitor.one("edit-source", "about", "--selector", "none")["options"] == {}


def test_what_there_is_to_know_about_a_source_fits_the_terminal(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://paper.example/feed.xml"
    source = monitor.one("add-source", url, "--kind", "feed", "--name", "Paper")
    with closing(monitor.storage()) as storage, storage.transaction() as tx:
        text = "the pages cannot be read, so that the summary is searched, " * 4
        tx.sources.add_notice(
            Notice(id="n", source_id=source["id"], text=text, raised_at=NOON, seen_at=NOON)
        )
    monkeypatch.setattr(output, "terminal_columns", lambda: 80)
    lines = monitor("show-source", "Paper").splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("    ") and "searched" in line for line in lines)
