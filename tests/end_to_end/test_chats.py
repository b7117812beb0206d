"""Every kind of chat through the whole program: added, tested, told of news, by nobody's secret."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifiers.api import Failure
from tests.answers import reply
from tests.servers import FaultServer
from tests.unit.monitor.cli.conftest import Monitor, monitor
from tests.vendors.double import CANARY, Double
from tests.vendors.doubles import DOUBLES

__all__ = ["monitor"]


@pytest.fixture(params=list(DOUBLES))
def double(request: pytest.FixtureRequest) -> Double:
    made: Double = DOUBLES[request.param]()
    return made


@pytest.fixture
def vendor(double: Double) -> Iterator[FaultServer]:
    with FaultServer() as server:
        server.otherwise(double)
        yield server


@pytest.fixture
def added(monitor: Monitor, double: Double, vendor: FaultServer) -> Monitor:
    """A channel at the double, with the token that it needs."""
    words = ["add-channel", "chat", vendor.url(double.path), "--kind", double.kind]
    if double.secret:
        secret = monitor.home / "token"
        secret.touch(0o600)
        secret.write_text(double.secret)
        words += ["--secret-file", str(secret)]
    monitor(*words)
    return monitor


def test_an_alert_reaches_the_chat(added: Monitor, double: Double) -> None:
    Path(added.environ["MONITOR_SEEDS"], "strike.txt").write_text(
        "Rail strike *ends*\n\nThe rail strike ended at noon, the unions said."
    )
    added("add-rule", "rail strike", "--notify", "chat")
    added("run", "--once", "--no-starter")
    [alert] = added.json("list-alerts")
    [kept] = double.kept
    read = double.read(kept)
    assert alert["id"][:6] in read.text
    assert any("rail strike" in bold.lower() for bold in read.bold)
    assert (read.stray, read.mentions) == ([], [])

    told = "".join(
        added(command, "--json") + added(command)
        for command in ("list-channels", "list-deliveries", "status")
    )
    assert CANARY not in told
    assert CANARY.encode() not in (added.home / "monitor.db").read_bytes()


def test_a_test_goes_the_same_way(added: Monitor, double: Double) -> None:
    assert added.one("test-channel", "chat")["state"] == "delivered"
    assert "This is a test." in double.read(double.kept[-1]).text


def test_a_refusal_for_good_switches_it_off(added: Monitor, double: Double) -> None:
    closed = next(
        meaning for meaning in double.refusals.values() if meaning.failure is Failure.DISABLED
    )
    double.answers.append(closed.said)
    failed = added.one("test-channel", "chat", expect=1)
    [channel] = added.json("list-channels")
    assert channel["state"] == "disabled"
    assert CANARY not in json.dumps([failed, channel])
    assert double.kept == []


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {paper}</title>
<link>https://paper-{paper}.example/</link><item><title>{title}</title>
<link>https://paper-{paper}.example/kiruna</link><description>Rail workers in Kiruna end their
strike. The union accepts 4 per cent. Ore trains to Narvik run again from Monday, says LKAB, and
{said}.</description></item></channel></rss>"""


@pytest.mark.parametrize("double", ["slack-bot", "mattermost-bot", "matrix"], indirect=True)
@pytest.mark.parametrize("follow_ups", ["count", "thread"])
def test_a_story_that_goes_on_is_told_where_it_was_told_first(
    added: Monitor, double: Double, vendor: FaultServer, follow_ups: str
) -> None:
    added("add-rule", "Kiruna strike", "--notify", "chat", "--follow-ups", follow_ups)
    told_by = {
        "one": ("Kiruna strike ends", "the mayor of Kiruna is glad"),
        "two": ("Strike in Kiruna is over", "passengers of the night train in Kiruna cheer"),
    }
    for paper, (title, said) in told_by.items():
        text = FEED.format(paper=paper, title=title, said=said)
        feed = reply(text, content_type="application/rss+xml")
        url = vendor.on(f"/feeds/{paper}", feed)
        added("add-source", url, "--name", paper, "--no-full-text", "--backfill", "5")
        added("poll", paper)
        added("run", "--once", "--no-starter")
    if follow_ups == "count":
        [told] = double.kept
        assert "+1 outlet" in double.read(told).text
    else:
        first, more = double.kept
        assert "+1 outlet: Kiruna strike ends" in double.read(more).text
        assert double.thread_of(first) is None
        assert double.thread_of(more) is not None
