"""Nouns for tests, with a sensible default for every argument.

The defaults fit together: `a_delivery()` is for `an_alert()`, which is of `a_rule()` about
`an_article()` of `a_source()`. `given` stores things together with whatever they point at.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.pipeline.outbox import delivery_id
from rules.expand.expand import expand
from rules.lexicons.api import Lexicon
from rules.query.parsed import parsed
from storage.api.storage import Storage, Transaction
from storage.model import (
    Alert,
    Article,
    Channel,
    Delivery,
    DeliveryKind,
    Evidence,
    Fingerprint,
    Rule,
    Source,
    stable_id,
)
from storage.notice import Notice

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=45)


def a_source(name: str = "Harbour News", **changes: Any) -> Source:
    """A feed that is due at once; its location follows from the name unless `url` is given."""
    kind = changes.pop("kind", "feed")
    url = changes.pop("url", f"https://{name.lower().replace(' ', '-')}.example/feed.xml")
    source = Source(
        id=stable_id("source", kind, url),
        kind=kind,
        url=url,
        name=name,
        every=timedelta(minutes=15),
        added_at=NOON,
    )
    return replace(source, **changes)


def an_article(title: str = "Rail strike ends after nine days", **changes: Any) -> Article:
    """An article of `a_source()`; its URL and id follow from the title unless given."""
    slug = "-".join(title.lower().split())
    url = changes.pop("url", f"https://harbour-news.example/{slug}")
    id_ = changes.pop("id", stable_id("url", url or title))
    article = Article(
        id=id_,
        source_id=a_source().id,
        story_id=id_,
        url=url,
        title=title,
        text=f"{title}. The parties signed this morning.",
        first_seen_at=NOON,
        language="en",
        published_at=NOON - timedelta(hours=1),
    )
    return replace(article, **changes)


def fingerprints_of(article: Article) -> tuple[Fingerprint, ...]:
    """A url fingerprint and a title fingerprint that belong to the article."""
    day = article.first_seen_at.date().isoformat()
    return (
        Fingerprint(key=stable_id("print", "url", article.url or article.id), kind="url"),
        Fingerprint(key=stable_id("print", "title", article.title, day), kind="title"),
    )


def a_rule(query: str = "rail strike", **changes: Any) -> Rule:
    """A rule without channels, named like its query unless `name` is given."""
    name = changes.pop("name", query)
    rule = Rule(id=stable_id("rule", name), name=name, query=query, created_at=NOON)
    return replace(rule, **changes)


def with_variants(rule: Rule, *lexicons: Lexicon) -> Rule:
    """The rule as it is when it was saved with these lists."""
    made = expand(parsed(rule.query), lexicons)
    return replace(rule, variants=(*rule.variants, *made))


def a_channel(name: str = "desk", **changes: Any) -> Channel:
    """An active webhook channel."""
    channel = Channel(
        id=stable_id("channel", name),
        name=name,
        kind="webhook",
        target="https://hooks.example/***",
        added_at=NOON,
    )
    return replace(channel, **changes)


def some_evidence(**changes: Any) -> Evidence:
    """The words "Rail strike" in the title of `an_article()`."""
    evidence = Evidence(
        field="title",
        start=0,
        end=11,
        text="Rail strike",
        term="rail strike",
        layer="exact",
        language="en",
    )
    return replace(evidence, **changes)


def an_alert(rule: Rule | None = None, article: Article | None = None, **changes: Any) -> Alert:
    """An alert of the rule about the article, by default those of the builders above."""
    rule = rule or a_rule()
    article = article or an_article()
    alert = Alert(
        id=stable_id("alert", rule.id, article.story_id),
        rule_id=rule.id,
        story_id=article.story_id,
        article_id=article.id,
        raised_at=NOON,
        score=1.0,
        evidence=(some_evidence(),),
    )
    return replace(alert, **changes)


def a_delivery(
    alert: Alert | None = None, channel: Channel | None = None, **changes: Any
) -> Delivery:
    """A pending delivery of the alert to the channel, due at `NOON`.

    With `subject="..."` it is a test delivery about that, without an alert.
    """
    channel = channel or a_channel()
    subject = changes.pop("subject", None)
    recipient = changes.pop("recipient", "")
    if subject is None:
        alert = alert or an_alert()
        kind, alert_id, about = DeliveryKind.ALERT, alert.id, alert.id
    else:
        kind, alert_id, about = DeliveryKind.TEST, None, subject
    delivery = Delivery(
        id=delivery_id("tests", about, channel.id, recipient),
        kind=kind,
        alert_id=alert_id,
        channel_id=channel.id,
        recipient=recipient,
        payload=b'{"type":"alert"}',
        created_at=NOON,
        next_at=NOON,
        give_up_at=NOON + timedelta(hours=77),
    )
    return replace(delivery, **changes)


def a_notice(text: str = "folder/a.txt: not UTF-8", **changes: Any) -> Notice:
    """A notice about `a_source()`."""
    source_id = changes.pop("source_id", a_source().id)
    notice = Notice(
        id=stable_id("notice", source_id, text),
        source_id=source_id,
        text=text,
        raised_at=NOON,
        seen_at=NOON,
    )
    return replace(notice, **changes)


Noun = Source | Article | Rule | Channel | Alert | Delivery | Notice


def given(storage: Storage, *things: Noun) -> None:
    """Store the things in one transaction, and default ones for whatever they point at."""
    with storage.transaction() as tx:
        store(tx, things)


def store(tx: Transaction, things: Iterable[Noun]) -> None:
    """Store the things, and default ones for whatever they point at that is not there."""
    for thing in things:
        match thing:
            case Source():
                tx.sources.add(thing)
            case Rule():
                tx.rules.add(thing)
            case Channel():
                tx.channels.add(thing)
            case Article():
                _need_source(tx, thing.source_id)
                tx.articles.add([(thing, fingerprints_of(thing))], now=thing.first_seen_at)
            case Notice():
                _need_source(tx, thing.source_id)
                tx.sources.add_notice(thing)
            case Alert():
                _store_alert(tx, thing)
            case Delivery():
                _store_delivery(tx, thing)


def _store_alert(tx: Transaction, alert: Alert) -> None:
    if tx.rules.get(alert.rule_id) is None:
        tx.rules.add(a_rule(id=alert.rule_id))
    if tx.articles.get(alert.article_id) is None:
        store(tx, [an_article(id=alert.article_id, story_id=alert.story_id)])
    tx.alerts.add_new([alert])


def _store_delivery(tx: Transaction, delivery: Delivery) -> None:
    if tx.channels.get(delivery.channel_id) is None:
        tx.channels.add(a_channel(id=delivery.channel_id))
    if delivery.alert_id is not None and tx.alerts.get(delivery.alert_id) is None:
        store(tx, [an_alert(id=delivery.alert_id)])
    tx.outbox.put([delivery])


def _need_source(tx: Transaction, source_id: str) -> None:
    if tx.sources.get(source_id) is None:
        tx.sources.add(a_source(id=source_id))
