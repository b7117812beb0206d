"""Recorded days gone through from the command line."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import output
from monitor.cli.commands.archive import replay
from tests.builders import NOON, a_source, an_article, given
from tests.unit.monitor.cli.conftest import Monitor


def line(title: str, at: str, source: str = "Harbour News") -> dict[str, Any]:
    link = f"https://{source.split()[0].lower()}.example/{'-'.join(title.lower().split())}"
    return {"title": title, "link": link, "source": source, "published": at, "fetched": at}


@pytest.fixture
def days(monitor: Monitor) -> Path:
    """Two days of two sources."""
    folder = monitor.home / "days"
    folder.mkdir()
    recorded = {
        "2026-11-20": [
            line("Rail strike begins in Kiel", "2026-11-20T09:00:00Z"),
            line("Harvest festival in Turku", "2026-11-20T09:00:00Z"),
            line("Rail strike spreads to Porto", "2026-11-20T23:30:00Z", "Other News"),
        ],
        "2026-11-21": [
            line("Rail strike begins in Kiel", "2026-11-21T09:00:00Z"),  # listed again
            line("Rail strike planned in Brest", "2026-11-21T10:00:00Z"),
        ],
    }
    for day, lines in recorded.items():
        (folder / f"{day}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder


def followed(monitor: Monitor, *channel: str) -> None:
    monitor("add-channel", "desk", "https://hooks.example/in", *channel)
    monitor("add-rule", "rail strike", "--notify", "desk", "--in", "en")


def test_recorded_days_are_told_as_they_would_have_been(monitor: Monitor, days: Path) -> None:
    followed(monitor, "--quiet", "22:00-07:00", "--zone", "UTC")
    shown = monitor.json("replay", str(days))
    assert [(each["article"]["title"], each["raised_at"]) for each in shown] == [
        ("Rail strike begins in Kiel", "2026-11-20T09:00:00Z"),
        ("Rail strike spreads to Porto", "2026-11-20T23:30:00Z"),
        ("Rail strike planned in Brest", "2026-11-21T10:00:00Z"),
    ]
    told = [[(each["kind"], each["channel"], each["at"]) for each in one["told"]] for one in shown]
    assert told == [
        [("alert", "desk", "2026-11-20T09:00:00Z")],
        [("digest", "desk", "2026-11-21T07:00:00Z")],
        [("alert", "desk", "2026-11-21T10:00:00Z")],
    ]
    assert shown[1]["article"]["source"] == "Other News"
    assert monitor.json("replay", str(days)) == shown
    said = monitor("replay", str(days))
    assert "digest to desk at" in said
    assert "4 articles of 2 sources in 1.0 days, 3 alerts." in said
    assert "Messages: desk: 2 alerts, 1 digest. Nothing was sent." in said


def test_what_it_comes_to_fits_a_terminal(
    monitor: Monitor, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed(monitor)
    monkeypatch.setattr(output, "terminal_columns", lambda: 30)
    told = monitor("replay", str(days)).splitlines()
    assert told[-2:] == ["Messages: desk: 3 alerts.", "  Nothing was sent."]


def test_nothing_of_it_stays(monitor: Monitor, days: Path) -> None:
    followed(monitor)
    before = {path: path.read_bytes() for path in days.iterdir()}
    rule = monitor.one("show-rule", "rail strike")
    monitor("replay", str(days))
    status = monitor.one("status")
    assert (status["articles"], status["alerts"], status["deliveries"]["pending"]) == (0, 0, 0)
    assert monitor.one("show-rule", "rail strike") == rule
    assert {path: path.read_bytes() for path in days.iterdir()} == before


def test_only_what_came_since_counts(monitor: Monitor, days: Path) -> None:
    followed(monitor)
    shown = monitor.json("replay", str(days), "--from", "2026-11-21")
    titles = [each["article"]["title"] for each in shown]
    assert titles == ["Rail strike begins in Kiel", "Rail strike planned in Brest"]


def test_rules_go_by_the_sources_and_tags_that_they_have(monitor: Monitor, days: Path) -> None:
    url = "https://harbour.example/feed"
    monitor("add-source", url, "--kind", "feed", "--name", "Harbour News")
    monitor("add-rule", "rail strike", "--source", "Harbour News", "--in", "en")
    shown = monitor.json("replay", str(days))
    assert {each["article"]["source"] for each in shown} == {"Harbour News"}
    assert {each["told"][0]["channel"] for each in shown} == {"console"}
    monitor("remove-channel", "console", "--yes")
    assert "nobody is told" in monitor("replay", str(days))


def test_time_may_go_by_as_fast_as_is_wanted(
    monitor: Monitor, days: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(replay.time, "sleep", slept.append)
    followed(monitor)
    monitor("replay", str(days), "--speed", "3600")
    assert slept == [0.0, 14.5, 9.5, 1.0]
    monitor("replay", str(days), "--speed", "max")
    assert len(slept) == 4


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "nan", "1e9"])
def test_a_speed_that_is_none_is_refused(monitor: Monitor, days: Path, speed: str) -> None:
    monitor("replay", str(days), "--speed", speed, expect=2)
    assert "is no speed; write max, or 60 for a minute a second" in monitor.err


def test_what_there_is_nothing_to_tell_of_is_said(monitor: Monitor, days: Path) -> None:
    monitor("replay", str(days), expect=1)
    assert "there is no rule to go through the days with; first:" in monitor.err
    monitor("add-rule", "chocolate")
    assert "0 alerts." in monitor("replay", str(days), expect=1)
    monitor("replay", str(days), "--from", "2026-11-25", expect=1)
    assert "nothing was recorded there then" in monitor.err
    monitor("replay", str(monitor.home / "nowhere"), expect=2)
    assert "there is no such folder" in monitor.err


def test_what_is_stored_can_be_gone_through_again(monitor: Monitor, tmp_path: Path) -> None:
    followed(monitor)
    texts = {"A quiet day": "In the harbour a rail strike began.", "Harvest": "Nothing else."}
    storage = monitor.storage()
    given(storage, a_source())
    with storage.transaction() as tx:
        for title, text in texts.items():
            tx.articles.add([(an_article(title, text=text), ())], now=NOON)
    storage.close()
    stored = monitor.json("list-articles", "--text")
    assert {each["title"]: each["text"] for each in stored} == texts
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored" / "all.jsonl").write_text(monitor.out)
    [alert] = monitor.json("replay", str(tmp_path / "stored"))
    assert alert["article"]["title"] == "A quiet day"
    assert alert["article"]["source"] == a_source().name
    assert alert["raised_at"] == NOON.isoformat().replace("+00:00", "Z")
    monitor("list-articles", "--text", expect=2)
    assert "--text goes with --json" in monitor.err


@pytest.mark.parametrize(("apart", "updates"), [(timedelta(microseconds=1), 1), (timedelta(), 0)])
def test_what_is_stored_is_told_poll_by_poll_as_it_came(
    monitor: Monitor, tmp_path: Path, apart: timedelta, updates: int
) -> None:
    monitor("add-channel", "desk", "https://hooks.example/in")
    monitor("add-rule", "rail strike", "--notify", "desk", "--in", "en", "--follow-ups", "every")
    report = "In the harbour of Kiel a rail strike began on Monday, and no train runs until noon. "
    storage = monitor.storage()
    given(storage, a_source())
    with storage.transaction() as tx:
        for poll, title in enumerate(("Rail strike begins in Kiel", "No trains: rail strike")):
            copy = an_article(
                title,
                url=f"https://paper-{poll}.example/kiel",
                text=report * 3,
                published_at=NOON - timedelta(hours=1),
                first_seen_at=NOON + poll * apart,
            )
            tx.articles.add([(copy, ())], now=NOON)
    storage.close()
    monitor("list-articles", "--text", "--json")
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored" / "all.jsonl").write_text(monitor.out)
    [alert] = monitor.json("replay", str(tmp_path / "stored"))
    assert [alert["articles"], *(each["kind"] for each in alert["told"])] == [2] + ["alert"] + [
        "update"
    ] * updates


def test_outlets_that_an_aggregator_lists_are_counted_as_they_were(
    monitor: Monitor, tmp_path: Path
) -> None:
    monitor("add-rule", "rail strike", "--in", "en", "--min-outlets", "2")
    storage = monitor.storage()
    given(storage, a_source())
    with storage.transaction() as tx:
        for paper in ("one.example", "two.example"):
            copy = an_article(
                "Rail strike begins in Kiel",
                url=f"https://lists.example/{paper}",
                text="In the harbour of Kiel a rail strike began on Monday, until noon. " * 3,
                publisher=paper,
            )
            tx.articles.add([(copy, ())], now=NOON)
    storage.close()
    monitor("list-articles", "--text", "--json")
    (tmp_path / "stored").mkdir()
    (tmp_path / "stored" / "all.jsonl").write_text(monitor.out)
    [alert] = monitor.json("replay", str(tmp_path / "stored"))
    assert alert["articles"] == 2
