"""Commands about alerts: what was raised."""

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from monitor.base.errors import escaped
from monitor.base.times import show_age, show_instant
from monitor.cli import output
from monitor.cli.params import SINCE, TEXT
from monitor.cli.session import Command, Session, pass_session
from monitor.views.shapes import alert_shape, delivery_shape
from storage.api import Storage, Transaction
from storage.model import Alert, Article, Rule

SHOWN = 100
"""So many lines people get when they name no limit; programs get all."""

_FOLLOW_SECONDS = 1.0


@click.command("list-alerts", cls=Command)
@click.option("--rule", type=TEXT, help="Only those of this rule.")
@click.option("--since", type=SINCE, help="Only those raised since: 24h, 2026-11-24.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N, newest first.")
@click.option("--follow", is_flag=True, help="Go on, printing each alert as it is raised.")
@pass_session
def list_alerts(
    session: Session,
    rule: str | None,
    since: datetime | None,
    limit: int | None,
    follow: bool,
) -> None:
    """List alerts, newest first; with --follow oldest first, and go on until Ctrl-C.

    \b
    Example:
        monitor list-alerts --since 24h
        monitor list-alerts --follow --json
    """
    from monitor.services.rules import rule_with_alerts

    wanted = limit if limit or session.json else SHOWN
    with session.storage() as storage:
        with storage.reading() as tx:
            rule_id = rule_with_alerts(tx, rule).id if rule else None
            alerts = tx.alerts.recent(since=since, rule_id=rule_id, limit=wanted)
            shown = _shapes(tx, alerts)
        if follow:
            _print(session, shown[::-1], header=True)
            last = max((alert.seq for alert in alerts), default=0)
            for more in _raised(storage, rule_id=rule_id, after_seq=last):
                _print(session, more, header=False)
            return
        _print(session, shown, header=True)
    if not shown:
        session.found_nothing("No alert.")
    if not session.json and limit is None and len(shown) == SHOWN:
        output.warn(f"The newest {SHOWN}; for more: --limit N")


@click.command("show-alert", cls=Command)
@click.argument("alert", type=TEXT)
@pass_session
def show_alert(session: Session, alert: str) -> None:
    """Show one alert: the article, the words that count, and where it went.

    ALERT is an id, its beginning, or the short code in a message (#a1b2c3).

    \b
    Example:
        monitor show-alert a1b2c3
    """
    from monitor.base.names import found
    from storage.model import Alert as AlertNoun

    with session.storage() as storage, storage.reading() as tx:
        one: AlertNoun = found("alert", alert.removeprefix("#"), tx.alerts.find, lambda: ())
        [(shape, article)] = _shapes(tx, [one])
        rule = tx.rules.get(one.rule_id)
        channels = _all_channel_names(tx)
        deliveries = [
            delivery_shape(each, channel=channels.get(each.channel_id, each.channel_id))
            for each in tx.outbox.recent(alert_id=one.id, limit=None)
        ]
    if session.json:
        output.emit({**shape, "deliveries": deliveries})
        return
    _print_alert(shape, one, article, rule)
    for delivery in deliveries:
        to = f"{delivery['channel']} {delivery['recipient'] or ''}".strip()
        why = delivery["last_error"] or delivery["state_reason"]
        output.say(
            f"  {output.coloured_state(delivery['state'])} to {escaped(to)}"
            + (f": {escaped(why)}" if why else "")
        )


Line = tuple[dict[str, Any], Article | None]


def _shapes(tx: Transaction, alerts: list[Alert]) -> list[Line]:
    rules: dict[str, str] = {}
    sources: dict[str, str] = {}
    lines: list[Line] = []
    for alert in alerts:
        article = tx.articles.get(alert.article_id)
        source_id = article.source_id if article else ""
        if alert.rule_id not in rules:
            rule = tx.rules.get(alert.rule_id)
            rules[alert.rule_id] = rule.name if rule else alert.rule_id
        if source_id and source_id not in sources:
            source = tx.sources.get(source_id)
            sources[source_id] = source.name if source else source_id
        shape = alert_shape(
            alert,
            rule=rules[alert.rule_id],
            article=article,
            sources=sources,
        )
        lines.append((shape, article))
    return lines


def _raised(storage: Storage, *, rule_id: str | None, after_seq: int) -> Iterator[list[Line]]:
    """Yield what is raised from now on, as it is; never ends by itself."""
    while True:
        time.sleep(_FOLLOW_SECONDS)
        with storage.reading() as tx:
            alerts = tx.alerts.recent(rule_id=rule_id, after_seq=after_seq, limit=None)
            lines = _shapes(tx, alerts)
        if alerts:
            after_seq = max(alert.seq for alert in alerts)
            yield lines


def _print(session: Session, lines: list[Line], *, header: bool) -> None:
    if session.json:
        for shape, _ in lines:
            output.emit(shape)
    elif lines:
        now = session.now()
        rows = [
            (
                output.short_id(shape["id"]),
                show_age(_raised_at(shape), now=now),
                shape["rule"],
                article.title if article else None,
                shape["article"]["source"] if article else None,
                article.language if article else None,
            )
            for shape, article in lines
        ]
        output.table(("ID", "RAISED", "RULE", "TITLE", "SOURCE", "LANGUAGE"), rows, header=header)
    sys.stdout.flush()


def _raised_at(shape: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(shape["raised_at"])


def _print_alert(
    shape: dict[str, Any], alert: Alert, article: Article | None, rule: Rule | None
) -> None:
    output.details(
        [
            ("alert", shape["id"]),
            ("rule", shape["rule"]),
            ("title", article.title if article else None),
            ("url", article.url if article else None),
            ("source", shape["article"]["source"] if article else None),
            ("language", article.language if article else None),
            ("published", show_instant(article.published_at) if article else None),
            ("raised", shape["raised_at"]),
        ]
    )
    if article:
        texts = {"title": article.title, "text": article.text}
        output.evidence(alert.evidence, texts, rule.variants if rule else ())


def _all_channel_names(tx: Transaction) -> dict[str, str]:
    return {channel.id: channel.name for channel in tx.channels.all()}
