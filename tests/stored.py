"""A small archive for pages and calls to show: a rule, its alert, a delivery that died."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.services.channels import add_console
from storage.api.storage import Storage
from storage.model import (
    Alert,
    Article,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Evidence,
    Rule,
    Source,
    stable_id,
)
from storage.story import Membership, Story
from tests.builders import NOON


def source_of(name: str = "Harbour News") -> Source:
    """Return a feed that nobody polls."""
    return Source(
        id=stable_id("source", name),
        kind="feed",
        url="https://example.com/feed",
        name=name,
        every=timedelta(hours=1),
        added_at=NOON,
    )


def fill(
    storage: Storage,
    *,
    title: str = "Strike at the port of Kiel",
    text: str = "A strike.",
    language: str = "en",
    at: datetime = NOON,
) -> Alert:
    """Store an article, the rule "strike" and its alert, with a delivery that died."""
    source = source_of()
    article = Article(
        id=stable_id("article", title),
        source_id=source.id,
        story_id=stable_id("article", title),
        url="https://example.com/strike",
        title=title,
        text=text,
        language=language,
        first_seen_at=at,
    )
    rule = Rule(id=stable_id("rule", "strike"), name="strike", query="strike", created_at=NOON)
    proof = Evidence(field="text", start=2, end=8, text="strike", term="strike", layer="exact")
    alert = Alert(
        id=stable_id("alert", title),
        rule_id=rule.id,
        story_id=article.story_id,
        article_id=article.id,
        raised_at=at,
        score=1.0,
        evidence=(proof,),
    )
    with storage.transaction() as tx:
        console = add_console(tx, now=at)
        tx.sources.add(source)
        tx.articles.add([(article, ())], now=at)
        tx.rules.add(replace(rule, channel_ids=(console.id,)))
        tx.alerts.add_new([alert])
        dead = Delivery(
            id=f"msg_{stable_id('delivery', title)[:12]}",
            kind=DeliveryKind.ALERT,
            alert_id=alert.id,
            channel_id=console.id,
            recipient="",
            payload=b"x",
            created_at=at,
            next_at=at,
            give_up_at=at,
            state=DeliveryState.DEAD,
            state_reason="given up",
        )
        tx.outbox.put([dead])
    return alert


def dead_delivery(storage: Storage) -> str:
    """Return the id of the delivery that died."""
    with storage.reading() as tx:
        [dead] = tx.outbox.recent(states=[DeliveryState.DEAD])
    return dead.id


def telling(storage: Storage, *alerts: Alert, outlets: Sequence[str] = ()) -> Story:
    """Let the articles of alerts tell one story, in this order; return it."""
    story = Story(id=alerts[0].story_id, seen_at=NOON, articles=len(alerts))
    members = [
        Membership(
            article_id=alert.article_id,
            story_id=story.id,
            joined_at=alert.raised_at,
            appeared_at=alert.raised_at,
            outlet=outlets[place] if outlets else f"outlet{place}.example",
            reason="says the same" if place else "",
        )
        for place, alert in enumerate(alerts)
    ]
    with storage.transaction() as tx:
        tx.stories.put([story])
        tx.stories.join(members)
        tx.stories.move({alert.article_id: story.id for alert in alerts})
    return story
