"""Old articles taken out from the command line."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from monitor.config.home_lock import home_lock
from storage.model import Article
from storage.story import Membership, Story
from tests.builders import a_rule, a_source, an_alert, an_article, given
from tests.unit.monitor.cli.conftest import Monitor

MIB = 1024 * 1024
OLD = datetime.now(UTC) - timedelta(days=90)


def tell(monitor: Monitor, *articles: Article) -> None:
    storage = monitor.storage()
    given(storage, a_source())
    with storage.transaction() as tx:
        tx.articles.add([(article, ()) for article in articles], now=OLD)
        for article in articles:
            tx.stories.put([Story(id=article.id, seen_at=article.first_seen_at)])
            member = Membership(
                article_id=article.id,
                story_id=article.id,
                joined_at=OLD,
                appeared_at=OLD,
                outlet="harbour.example",
            )
            tx.stories.join([member])
    storage.close()


@pytest.fixture
def archive(monitor: Monitor) -> Monitor:
    """Two hundred old articles, one that somebody was told of, and a new one."""
    long = " ".join(f"word{number}" for number in range(2_000))
    old = [an_article(f"old {n}", text=f"{n} {long}", first_seen_at=OLD) for n in range(200)]
    told = an_article("told", first_seen_at=OLD)
    tell(monitor, *old, told, an_article("new", first_seen_at=datetime.now(UTC)))
    storage = monitor.storage()
    rule = a_rule(caught_up=True)
    given(storage, rule, an_alert(rule, told))
    storage.close()
    return monitor


def test_a_dry_run_says_what_would_go_and_changes_nothing(archive: Monitor) -> None:
    shown = archive.one("prune", "--older-than", "30d", "--dry-run")
    counts = {key: shown[key] for key in ("articles", "stories", "kept", "remaining", "dry_run")}
    assert counts == {
        "articles": 200,
        "stories": 200,
        "kept": 1,
        "remaining": 2,
        "dry_run": True,
    }
    assert shown["bytes_before"] == shown["bytes_after"]
    said = archive("prune", "--older-than", "30d", "--dry-run")
    assert "200 articles of 200 stories would go" in said
    assert "1 article as old or older stay" in said
    assert archive.one("status")["articles"] == 202


def test_what_is_pruned_is_gone_and_its_room_is_given_back(archive: Monitor) -> None:
    shown = archive.one("prune", "--older-than", "30d")
    assert (shown["articles"], shown["remaining"]) == (200, 2)
    assert shown["bytes_after"] < shown["bytes_before"] / 2
    assert (archive.home / "monitor.db").stat().st_size == shown["bytes_after"]
    assert [each["title"] for each in archive.json("list-articles")] == ["new", "told"]
    assert "Nothing goes that was last told before" in archive("prune", "--older-than", "30d")
    assert "ok    database and what is owed" in archive("doctor", expect=1)


def letters(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=80_000))


def test_a_database_is_kept_as_small_as_was_chosen(monitor: Monitor) -> None:
    chance = random.Random(1)
    days = timedelta(days=1)
    old = [
        an_article(f"old {n}", text=letters(chance), first_seen_at=OLD - n * days)
        for n in range(300)
    ]
    tell(monitor, *old)
    kept = monitor.one("prune", "--smaller-than", "1GB")
    assert (kept["articles"], kept["before"]) == (0, None)
    assert kept["bytes_before"] > 12 * MIB
    monitor.environ["MONITOR_KEEP_SIZE"] = "12MB"
    would = monitor.one("prune", "--dry-run")
    assert would["bytes_after"] == kept["bytes_before"]
    assert 0 < would["articles"] < 300
    said = monitor("prune", "--dry-run")
    assert f"{would['articles']} articles of {would['stories']} stories would go" in said
    assert "The database takes " in said
    done = monitor.one("prune")
    assert 10 * MIB < done["bytes_after"] <= 12 * MIB
    assert (monitor.home / "monitor.db").stat().st_size == done["bytes_after"]
    assert abs(done["articles"] - would["articles"]) < 15
    left = {each["title"] for each in monitor.json("list-articles", "--limit", "500")}
    assert left == {f"old {n}" for n in range(300 - done["articles"])}
    assert "stay: keep_size is 12.0 MiB." in monitor("prune")
    with home_lock(monitor.home):
        more = monitor("prune", "--smaller-than", "10MB")
        assert "The room of what went is free in it, and is used for what comes." in more
        assert monitor.one("prune", "--smaller-than", "10MB")["articles"] == 0


@pytest.mark.parametrize("wrong", ["0", "2", "1MB", "2XB", "much", "-3GB"])
def test_a_size_that_cannot_be_meant_is_refused(monitor: Monitor, wrong: str) -> None:
    monitor("prune", "--smaller-than", wrong, expect=2)
    assert "such as 500MB or 2GB, from 10MB on" in monitor.err
    monitor.environ["MONITOR_KEEP_SIZE"] = wrong
    monitor("prune", expect=2)
    assert "MONITOR_KEEP_SIZE: " in monitor.err


def test_while_a_daemon_runs_the_room_is_left_to_what_comes(archive: Monitor) -> None:
    with home_lock(archive.home):
        shown = archive.one("prune", "--older-than", "30d")
    assert (shown["articles"], shown["bytes_after"]) == (200, shown["bytes_before"])


def test_without_a_setting_everything_stays(archive: Monitor) -> None:
    assert archive.one("prune")["before"] is None
    assert "All 202 articles stay: keep_articles and keep_size keep all" in archive(
        "prune", "--dry-run"
    )
    archive.environ["MONITOR_KEEP_ARTICLES"] = "500"
    assert "All 202 articles stay: keep_articles is 500." in archive("prune")
    asked = ("prune", "--dry-run", "--smaller-than", "2GB")
    assert "keep_articles is 500 and --smaller-than is 2.0 GiB." in archive(*asked)
    archive.environ["MONITOR_KEEP_ARTICLES"] = "30d"
    assert archive.one("prune")["articles"] == 200


@pytest.mark.parametrize("wrong", ["0", "12h", "never", "-3", "1234567890"])
def test_a_setting_that_cannot_be_meant_is_refused(monitor: Monitor, wrong: str) -> None:
    monitor.environ["MONITOR_KEEP_ARTICLES"] = wrong
    monitor("prune", expect=2)
    assert "MONITOR_KEEP_ARTICLES: expected " in monitor.err
    assert ("a number of articles such as 500000, or all" in monitor.err) == (
        wrong in {"never", "-3"}
    )


def test_too_young_articles_are_not_pruned(monitor: Monitor) -> None:
    monitor("prune", "--older-than", "3h", expect=2)
    assert "--older-than is at least 1d" in monitor.err


def test_nothing_is_pruned_before_a_rule_has_searched_the_archive(archive: Monitor) -> None:
    storage = archive.storage()
    given(storage, a_rule("harvest", caught_up=False))
    storage.close()
    said = archive("prune", "--older-than", "30d", "--dry-run")
    assert 'Nothing goes before all rules have searched the archive: "harvest".' in said
    archive("prune", "--older-than", "30d", expect=1)
    assert "nothing is pruned before all rules have searched" in archive.err
    assert archive.one("status")["articles"] == 202
