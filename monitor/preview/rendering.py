"""What a channel is sent about an alert or a rule, to the byte, without sending anything."""

from dataclasses import replace
from datetime import datetime

from common.records import dataclass
from monitor.backtest.documents import stored
from monitor.backtest.report import WINDOW
from monitor.base.errors import Refusal, quoted
from monitor.base.names import one_named
from monitor.base.stored_words import StoredWords
from monitor.pipeline.outbox import Raised, Render, alert_of, delivery_id, installation_of
from monitor.services.alerts import alert_named
from monitor.services.channels import channel_named
from monitor.stories.carried import carried_by
from rules.matcher import make_matcher
from rules.search.candidates import lookup_of
from storage.api.storage import Storage, Transaction
from storage.model import Alert, Channel, Delivery, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as it goes out.

    Attributes:
        id: Of the delivery that it is, or would be.
        is_frozen: Whether there is such a delivery, whose bytes these are.
    """

    id: str
    kind: str
    channel: str
    recipient: str
    payload: bytes
    is_frozen: bool


def rendered(
    storage: Storage,
    word: str,
    channel_word: str,
    *,
    render: Render,
    now: datetime,
    kind: str | None = None,
) -> Rendered:
    """Return what a channel is sent: about an alert, or a rule's newest one.

    Bytes are frozen when a delivery is made; so an alert that this channel was sent, or is owed,
    is shown as it was made then. For a rule that has raised nothing, the newest stored article
    that it matches is shown as an alert.

    Args:
        word: A rule's name, an alert's id or code, or the beginning of a rule's id.
        kind: Show what it would be if the channel were of this kind; None for as it is.

    Raises:
        Refusal: There is no such alert, rule or channel, or nothing that the rule matches.
    """
    with storage.reading() as tx:
        channel = channel_named(tx, channel_word)
        is_as_it_is = kind in (None, channel.kind)
        if kind is not None and not is_as_it_is:
            channel = replace(channel, kind=kind, template="")
        alert, rule = _named(tx, word)
        if alert is not None:
            frozen = _made(tx, alert, channel) if is_as_it_is else None
            if frozen is not None:
                return _shown(channel, frozen.recipient, frozen.id, frozen.payload, is_frozen=True)
            subject = _raised(tx, alert)
    if alert is None and rule is not None:
        subject = _would_raise(storage, rule, now=now)
    with storage.reading() as tx:
        recipient = channel.recipients[0]
        id_ = delivery_id(installation_of(tx), subject.alert.id, channel.id, recipient)
    payload = render(subject, channel, id_, recipient)
    return _shown(channel, recipient, id_, payload, is_frozen=False)


def _shown(
    channel: Channel, recipient: str, id_: str, payload: bytes, *, is_frozen: bool
) -> Rendered:
    return Rendered(
        id=id_,
        kind=channel.kind,
        channel=channel.name,
        recipient=recipient,
        payload=payload,
        is_frozen=is_frozen,
    )


def _named(tx: Transaction, word: str) -> tuple[Alert | None, Rule | None]:
    """Return the alert that is meant, or the rule that has none."""
    rule = tx.rules.find(word) if word else None
    if rule is None or word not in (rule.name, rule.query, rule.id):
        try:
            return alert_named(tx, word), None
        except Refusal:
            pass  # so a rule is meant
    if rule is None:
        rule = one_named("alert or rule", word, tx.rules.find, tx.rules.outlines)
    newest = tx.alerts.recent(rule_id=rule.id, limit=1)
    return (newest[0], rule) if newest else (None, rule)


def _made(tx: Transaction, alert: Alert, channel: Channel) -> Delivery | None:
    owed = tx.outbox.recent(alert_id=alert.id, channel_id=channel.id, limit=None)
    made = [delivery for delivery in owed if delivery.payload]
    return min(made, key=lambda delivery: (delivery.created_at, delivery.id), default=None)


def _raised(tx: Transaction, alert: Alert) -> Raised:
    rule, article = tx.rules.get(alert.rule_id), tx.articles.get(alert.article_id)
    source = tx.sources.get(article.source_id) if article else None
    if rule is None or article is None or source is None:
        raise Refusal("what this alert is about is not stored any more", misuse=False)
    told = carried_by(tx, [alert.story_id])[alert.story_id]
    return Raised(alert=alert, rule=rule, article=article, source=source, carried=told)


def _would_raise(storage: Storage, rule: Rule, *, now: datetime) -> Raised:
    matcher = make_matcher([rule])
    since = now - WINDOW
    holding = lookup_of([rule], StoredWords(storage, since))
    for document in stored(storage, since=since, holding=holding):
        for match in matcher.matches(document.article, document.source):
            alert = alert_of(document.article, match, now=now)
            return Raised(alert=alert, rule=rule, article=document.article, source=document.source)
    name = quoted(rule.name)
    raise Refusal(f"rule {name} has no alert, and matches no stored article", misuse=False)
