"""Commands about what was taken in, raised and delivered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.base.times import show_instant
from notifiers.content.wording import short_code
from storage.api.outbox import Finish
from storage.api.storage import Storage
from storage.model import Delivery, DeliveryState
from storage.story import Story
from tests.builders import a_delivery, a_rule, a_source, an_alert, an_article, given
from tests.stored import fill, source_of, telling
from tests.unit.monitor.cli.conftest import Monitor

NOW = datetime.now(UTC)


def ended(storage: Storage, delivery: Delivery, state: DeliveryState) -> Delivery:
    """Store a delivery whose only attempt ended so."""
    given(storage, delivery)
    with storage.transaction() as tx:
        claimed = tx.outbox.claim(delivery.id, now=NOW, lease=timedelta(minutes=1), owner="me")
        assert claimed is not None
        outcome = "ok" if state is DeliveryState.DELIVERED else "permanent"
        tx.outbox.finish(claimed, Finish(state=state, outcome=outcome, ended_at=NOW))
    return delivery


def test_articles_are_listed_newest_first_and_narrowed(monitor: Monitor) -> None:
    storage = monitor.storage()
    old, new = (
        an_article("Old news", first_seen_at=NOW - timedelta(days=3), language="sv"),
        an_article("New news", first_seen_at=NOW - timedelta(hours=1)),
    )
    given(storage, a_source(), old, new)
    storage.close()
    assert [article["title"] for article in monitor.json("list-articles")] == [
        "New news",
        "Old news",
    ]
    assert monitor.one("list-articles", "--since", "24h")["title"] == "New news"
    assert monitor.one("list-articles", "--language", "sv")["title"] == "Old news"
    assert monitor.one("list-articles", "--language", "sv-SE")["title"] == "Old news"
    assert len(monitor.json("list-articles", "--language", "any")) > 1
    monitor("list-articles", "--language", "swedish", expect=2)
    assert '"sv" is Swedish' in monitor.err
    assert monitor.one("list-articles", "--limit", "1")["title"] == "New news"
    monitor("list-articles", "--source", "nobody", expect=1)
    shown = monitor.one("show-article", new.id[:8])
    assert shown["text"] == new.text
    assert shown["source"] == "Harbour News"
    assert set(shown) > {"id", "story_id", "url", "language", "published_at", "first_seen_at"}
    assert "New news" in monitor("list-articles")


def test_articles_without_a_story_are_spoken_of(monitor: Monitor) -> None:
    storage = monitor.storage()
    placed = fill(storage, title="A strike")
    telling(storage, placed)
    storage.close()
    assert "A strike" in monitor("list-stories")
    assert monitor.err == ""
    storage = monitor.storage()
    given(storage, an_article("New news", source_id=source_of().id))
    storage.close()
    assert "A strike" in monitor("list-stories")
    assert monitor.err.startswith("(some articles have no story yet; ")
    assert len(monitor.err.rstrip()) <= 80
    assert "\\n" not in monitor.err
    assert len(monitor.json("list-stories")) == 1
    assert monitor.err == ""
    monitor("show-story", an_article("New news").id, expect=1)
    assert 'article "New news" has no story yet' in monitor.err


def test_what_a_removed_source_has_given_names_it(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article("Old news", first_seen_at=NOW))
    storage.close()
    monitor("remove-source", "Harbour News", "--yes")
    assert monitor.one("list-articles")["source"] == "Harbour News"
    assert "Harbour News" in monitor("list-articles")


def test_an_article_shows_what_it_said_before_it_was_edited(monitor: Monitor) -> None:
    storage = monitor.storage()
    article = an_article("Ministers meet")
    given(storage, a_source(), article)
    with storage.transaction() as tx:
        tx.articles.revise(replace(article, title="Ministers agree"), now=NOW)
    storage.close()
    shown = monitor.one("show-article", article.id)
    assert shown["title"] == "Ministers agree"
    (version,) = shown["versions"]
    assert (version["title"], version["text"]) == ("Ministers meet", article.text)
    assert "before, it was called" in monitor("show-article", article.id)


def test_an_alert_says_what_its_article_was_called_before_an_edit(monitor: Monitor) -> None:
    storage = monitor.storage()
    article, alert = an_article(), an_alert()
    given(storage, a_source(), article, a_rule(), alert)
    with storage.transaction() as tx:
        changed = replace(article, title="Ministers agree")
        tx.articles.revise(changed, now=alert.raised_at)
        tx.articles.revise(replace(changed, text="Nine days."), now=NOW)
    storage.close()
    shown = monitor("show-alert", alert.id)
    assert f'was edited: until then it was called "{article.title}"' in " ".join(shown.split())
    assert "edited since" in shown


def test_an_alert_shows_its_article_its_evidence_and_its_deliveries(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article(), a_rule(), an_alert(), a_delivery())
    storage.close()
    alert = monitor.one("list-alerts")
    assert alert["rule"] == "rail strike"
    assert alert["article"]["title"] == "Rail strike ends after nine days"
    assert alert["articles"] == 1
    assert alert["evidence"] == [
        {
            "field": "title",
            "start": 0,
            "end": 11,
            "text": "Rail strike",
            "term": "rail strike",
            "layer": "exact",
            "language": "en",
            "variants": [],
            "cut": False,
        }
    ]
    shown = monitor("show-alert", f"#{alert['id'][:6]}")
    assert "[Rail strike]" in shown
    assert f"story:     {alert['story_id'][:8]}, 1 article\n" in shown
    assert "pending to desk" in shown
    monitor("list-alerts", "--rule", "nobody", expect=1)
    monitor("list-alerts", "--since", "1h", expect=1)
    monitor("show-alert", "zzz", expect=1)


def test_an_alert_says_how_many_articles_it_stands_for(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article(), a_rule(), an_alert())
    with storage.transaction() as tx:
        tx.stories.put([Story(id=an_alert().story_id, seen_at=NOW, articles=2)])
    storage.close()
    header, row = monitor("list-alerts").splitlines()
    at = header.index("ARTICLES")
    assert row[at : at + 8].strip() == "2"
    assert ", 2 articles\n" in monitor("show-alert", monitor.one("list-alerts")["id"])


def test_alerts_of_a_removed_rule_are_still_found(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article(), a_rule(), an_alert())
    storage.close()
    monitor("remove-rule", "rail strike", "--yes")
    assert monitor.one("list-alerts", "--rule", "rail strike")["rule"] == "rail strike"


@pytest.mark.parametrize("since", ["tomorrow", "2026-13-40", "2199-01-01", "5", "-5m", "1e99d"])
def test_a_time_that_cannot_be_meant_is_answered_with_what_can(
    monitor: Monitor, since: str
) -> None:
    monitor("list-alerts", f"--since={since}", expect=2)
    assert "such as 15m, 24h or 7d" in monitor.err or "lies in the future" in monitor.err


def test_a_delivery_is_sent_again_only_when_that_makes_sense(monitor: Monitor) -> None:
    storage = monitor.storage()
    pending = a_delivery(subject="pending", created_at=NOW)
    given(storage, pending)
    dead = ended(storage, a_delivery(created_at=NOW), DeliveryState.DEAD)
    test = ended(storage, a_delivery(subject="a test", created_at=NOW), DeliveryState.DEAD)
    done = ended(storage, a_delivery(subject="done", created_at=NOW), DeliveryState.DELIVERED)
    with storage.transaction() as tx:
        leased = a_delivery(subject="leased", created_at=NOW)
        tx.outbox.put([leased])
        tx.outbox.claim(leased.id, now=NOW, lease=timedelta(hours=1), owner="me")
    storage.close()

    monitor("redeliver", "msg_zzz", expect=1)
    assert 'there is no delivery "msg_zzz"' in monitor.err
    monitor("redeliver", pending.id, expect=1)
    assert f"is owed already and due at {show_instant(pending.next_at)}; to send" in monitor.err
    assert "enable-channel desk" in monitor.err
    monitor("redeliver", leased.id, expect=1)
    assert "is being sent right now" in monitor.err
    monitor("redeliver", done.id, expect=2)
    assert "add --again" in monitor.err
    assert monitor.one("redeliver", done.id, "--again")["state"] == "pending"
    assert monitor.one("redeliver", "--since", "1h")["id"] == dead.id
    assert monitor("redeliver", "--since", "1h", expect=1) == "", "no test that failed"
    assert monitor.err.count("\n") == 1
    assert monitor.one("redeliver", test.id)["state"] == "pending"
    monitor("redeliver", expect=2)


def test_deliveries_are_listed_with_what_is_open(monitor: Monitor) -> None:
    storage = monitor.storage()
    done = ended(storage, a_delivery(subject="done", created_at=NOW), DeliveryState.DELIVERED)
    waiting = a_delivery(subject="waiting", created_at=NOW)
    given(storage, waiting)
    storage.close()
    assert {delivery["id"] for delivery in monitor.json("list-deliveries")} == {done.id, waiting.id}
    assert monitor.one("list-deliveries", "--open")["id"] == waiting.id
    assert len(monitor.json("list-deliveries", "--channel", "desk")) == 2
    assert "desk" in monitor("list-deliveries")


def test_deliveries_are_listed_with_what_they_tell(monitor: Monitor) -> None:
    storage = monitor.storage()
    fill(storage)
    given(storage, a_delivery(subject="a try", created_at=NOW))
    storage.close()
    listed = monitor("list-deliveries")
    assert "Strike at the port of Kiel" in listed
    assert "a test" in listed


def test_what_is_held_has_no_next_time(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_delivery(created_at=NOW))
    with storage.transaction() as tx:
        tx.outbox.hold(a_delivery().channel_id, reason="paused by you")
    storage.close()
    shown = monitor.one("list-deliveries")
    assert (shown["state"], shown["next_at"]) == ("held", None)


def test_what_came_before_a_moment_is_listed_alone(monitor: Monitor) -> None:
    storage = monitor.storage()
    old = an_article("Old news of a rail strike", first_seen_at=NOW - timedelta(days=3))
    new = an_article("New news of a rail strike", first_seen_at=NOW - timedelta(hours=1))
    given(storage, a_source(), a_rule(), old, new)
    alerts = [
        an_alert(article=article, seq=seq, raised_at=article.first_seen_at)
        for seq, article in enumerate((old, new), 1)
    ]
    given(storage, *alerts)
    storage.close()
    for words in (["list-articles"], ["search", "rail strike"]):
        assert monitor.one(*words, "--until", "24h")["title"] == old.title
        assert len(monitor.json(*words, "--until", "2099-01-01")) == 2
    assert monitor.one("list-alerts", "--until", "24h")["id"] == alerts[0].id
    monitor("list-alerts", "--since", "24h", "--until", "24h", expect=1)
    monitor("list-alerts", "--follow", "--until", "24h", expect=2)


def test_people_read_times_in_their_zone_and_programs_in_utc(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article(), a_rule(), an_alert(), a_delivery())
    storage.close()
    article, alert = monitor.one("list-articles"), monitor.one("list-alerts")
    monitor.environ["MONITOR_ZONE"] = "Asia/Ho_Chi_Minh"
    for words in (
        ["show-article", article["id"]],
        ["show-alert", alert["id"]],
        ["explain", "rail strike", article["id"]],
        ["show-source", "Harbour News"],
        ["show-rule", "rail strike"],
    ):
        assert "UTC+07" in monitor(*words), words
        assert "UTC+07" not in monitor(*words, "--json"), words
    monitor.environ["MONITOR_ZONE"] = "Hanoi"
    monitor("list-articles", expect=2)
    assert "MONITOR_ZONE: unknown time zone" in monitor.err


def test_the_code_in_a_message_finds_the_article_the_alert_is_about(monitor: Monitor) -> None:
    storage = monitor.storage()
    given(storage, a_source(), an_article(), a_rule(), an_alert(), a_delivery())
    storage.close()
    code = short_code(an_alert().id)
    for word in (code, code.removeprefix("#")):
        assert monitor.one("show-article", word)["id"] == an_article().id
        assert monitor.one("explain", "rail strike", word)["article"]["id"] == an_article().id
        assert monitor.one("show-alert", word)["id"] == an_alert().id
    monitor("show-article", "#", expect=1)
    assert 'there is no article "#"' in monitor.err
