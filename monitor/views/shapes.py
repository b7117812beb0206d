"""What the nouns look like as JSON. Programs rely on these names; they are in docs/cli.md."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from monitor.base.times import show_duration, show_instant
from storage.model import (
    Alert,
    Article,
    Attempt,
    Channel,
    Delivery,
    DeliveryState,
    Evidence,
    Match,
    Notice,
    Rule,
    Source,
    Variant,
)

Shape = dict[str, Any]
_MOVING = (DeliveryState.PENDING, DeliveryState.LEASED)
"""States in which a delivery goes on by itself."""

Names = Mapping[str, str]
"""Ids to the names that people gave."""


def source_shape(source: Source, *, articles: int) -> Shape:
    """Return a source; `articles` is how many it has given."""
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "state": source.state.value,
        "every": show_duration(source.every),
        "next_poll_at": show_instant(source.next_poll_at),
        "last_ok_at": show_instant(source.last_ok_at),
        "last_entry_at": show_instant(source.last_entry_at),
        "last_error": source.last_error,
        "failures": source.failures,
        "articles": articles,
        "tags": list(source.tags),
        "options": dict(source.options),
        "backfill": source.backfill,
        "added_at": show_instant(source.added_at),
    }


def notice_shape(notice: Notice) -> Shape:
    """Return what a source's owner should know."""
    return {"id": notice.id, "text": notice.text, "raised_at": show_instant(notice.raised_at)}


def rule_shape(rule: Rule, *, channels: Names) -> Shape:
    """Return a rule with the names of its channels."""
    return {
        "id": rule.id,
        "name": rule.name,
        "query": rule.query,
        "state": rule.state.value,
        "channels": [channels.get(id_, id_) for id_ in rule.channel_ids],
        "match": rule.strictness,
        "languages": list(rule.languages),
        "variants": [variant_shape(variant) for variant in rule.variants],
        "sources": list(rule.sources),
        "tags": list(rule.tags),
        "max_per_day": rule.max_per_day,
        "expires_at": show_instant(rule.expires_at),
        "created_at": show_instant(rule.created_at),
        "revision": rule.revision,
    }


def variant_shape(variant: Variant) -> Shape:
    """Return a variant of a rule."""
    return {**asdict(variant), "key": variant.key}


def channel_shape(channel: Channel) -> Shape:
    """Return a channel; its target is masked."""
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "target": channel.target,
        "recipients": [recipient for recipient in channel.recipients if recipient],
        "state": channel.state.value,
        "state_reason": channel.state_reason,
        "not_before": show_instant(channel.not_before),
        "added_at": show_instant(channel.added_at),
    }


def article_shape(article: Article, *, sources: Names) -> Shape:
    """Return an article without its text."""
    return {
        "id": article.id,
        "story_id": article.story_id,
        "source": sources.get(article.source_id, article.source_id),
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "language": article.language,
        "authors": list(article.authors),
        "categories": list(article.categories),
        "published_at": show_instant(article.published_at),
        "updated_at": show_instant(article.updated_at),
        "first_seen_at": show_instant(article.first_seen_at),
    }


def evidence_shape(evidence: Sequence[Evidence]) -> list[Shape]:
    """Return the words that prove a match, in the order of the text."""
    return [asdict(each) for each in evidence]


def alert_shape(alert: Alert, *, rule: str, article: Article | None, sources: Names) -> Shape:
    """Return an alert with the article that raised it; `rule` is the rule's name."""
    return {
        "id": alert.id,
        "rule": rule,
        "story_id": alert.story_id,
        "article": article_shape(article, sources=sources) if article else None,
        "raised_at": show_instant(alert.raised_at),
        "score": alert.score,
        "evidence": evidence_shape(alert.evidence),
        "articles": 1,
        "seq": alert.seq,
    }


def delivery_shape(delivery: Delivery, *, channel: str) -> Shape:
    """Return a delivery without its bytes."""
    return {
        "id": delivery.id,
        "kind": delivery.kind.value,
        "alert": delivery.alert_id,
        "channel": channel,
        "recipient": delivery.recipient or None,
        "state": delivery.state.value,
        "state_reason": delivery.state_reason,
        "attempts": delivery.attempts,
        "maybe": delivery.maybe,
        "created_at": show_instant(delivery.created_at),
        "next_at": show_instant(delivery.next_at) if delivery.state in _MOVING else None,
        "delivered_at": show_instant(delivery.delivered_at),
        "last_error": delivery.last_error,
        "receipt": delivery.receipt,
    }


def attempt_shape(attempt: Attempt) -> Shape:
    """Return one try to send a delivery."""
    return {
        "token": attempt.token,
        "started_at": show_instant(attempt.started_at),
        "ended_at": show_instant(attempt.ended_at),
        "outcome": attempt.outcome,
        "error": attempt.error,
    }


def trial_shape(id: str, language: str, match: Match | None) -> Shape:
    """Return what a rule says about one document."""
    return {
        "id": id,
        "matched": match is not None,
        "score": match.score if match else 0.0,
        "language": language,
        "evidence": evidence_shape(match.evidence) if match else [],
    }
