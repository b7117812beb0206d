"""Commands about alerts: what was raised."""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.base.errors import Refusal, escaped
from monitor.base.times import show_age, show_span
from monitor.cli import output
from monitor.cli.params import BEFORE, SINCE, TEXT, Count
from monitor.cli.session import Command, Session, pass_session
from monitor.cli.states import show_list
from monitor.delivery.latency import MOST_LOOKED_AT, STAGES, instants, steps
from monitor.views.alert import details_shape, raised_shape
from storage.api.articles import Passage
from storage.api.storage import Storage
from storage.model import DeliveryKind

if TYPE_CHECKING:
    from monitor.services.alerts import Edited, Raised

_FOLLOW_SECONDS = 1.0


@click.command("list-alerts", cls=Command)
@click.option("--rule", type=TEXT, help="Only those of this rule.")
@click.option("--since", type=SINCE, help="Only those raised since: 24h, today, 2026-11-24.")
@click.option("--until", type=BEFORE, help="Only those raised before: 24h, yesterday, 2026-11-24.")
@click.option("--limit", type=Count(min=1), metavar="N", help="At most N, newest first.")
@click.option("--follow", is_flag=True, help="Print each alert from now on, as it is raised.")
@click.option("--held", is_flag=True, help="Only those that are held back, with why and how long.")
@click.option("--digest", type=TEXT, metavar="ID", help="Only those that this digest tells.")
@pass_session
def list_alerts(
    session: Session,
    rule: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    follow: bool,
    held: bool,
    digest: str | None,
) -> None:
    """List alerts, newest first.

    With --follow those that are raised from now on, until Ctrl-C; with --since or --limit, too,
    what was raised before, oldest first.

    \b
    Example:
        monitor list-alerts --since 24h
        monitor list-alerts --follow --json
        monitor list-alerts --held
    """
    from monitor.services.alerts import raised
    from monitor.services.rules.rules import rule_with_alerts

    if follow and until:
        raise Refusal("--follow goes on: leave --until out")
    if held or digest:
        if follow or since or until or (held and digest):
            raise Refusal("--held and --digest go with --rule and --limit only")
        _show_held(session, rule, digest, limit)
        return
    wanted = session.at_most(limit)
    with session.storage() as storage:
        with storage.reading() as tx:
            rule_id = rule_with_alerts(tx, rule).id if rule else None
            newest = tx.alerts.recent(limit=1)
            is_quiet = follow and since is None and limit is None
            alerts = (
                []
                if is_quiet
                else tx.alerts.recent(since=since, until=until, rule_id=rule_id, limit=wanted)
            )
            shown = raised(tx, alerts)
        if follow:
            _print(session, shown[::-1], header=True)
            last = max((alert.seq for alert in newest), default=0)
            is_first = not shown
            for more in _raised_from_now(storage, rule_id=rule_id, after_seq=last):
                _print(session, more, header=is_first)
                is_first = False
            return
        _print(session, shown, header=True)
    if not shown:
        session.found_nothing("No alert.")
    session.say_if_cut(len(shown), limit)


def _show_held(session: Session, rule: str | None, digest: str | None, limit: int | None) -> None:
    from monitor.services.alerts import held_alerts, raised, told_by
    from monitor.services.rules.rules import rule_with_alerts

    wanted = session.at_most(limit)
    with session.storage() as storage, storage.reading() as tx:
        rule_id = rule_with_alerts(tx, rule).id if rule else None
        if digest is not None:
            told = [each for each in told_by(tx, digest) if rule_id in (None, each.rule_id)]
            alerts = told[:wanted]
        else:
            alerts = held_alerts(tx, rule_id=rule_id, limit=wanted)
        shown = raised(tx, alerts)
    show_list(
        session,
        shown,
        shape=raised_shape,
        columns={
            "ID": lambda each: output.short_id(each.alert.id),
            "RAISED": lambda each: show_age(each.alert.raised_at, now=session.now()),
            "RULE": lambda each: each.rule_name,
            "TITLE": lambda each: each.article.title if each.article else None,
            "CHANNEL": lambda each: [name for name, _ in _held_by(each)],
            "TOLD": lambda each: list(
                dict.fromkeys(show_age(at, now=session.now()) for _, at in _held_by(each))
            ),
            "WHY": lambda each: list(dict.fromkeys(owed.why for owed in each.held)),
        },
        nothing="The digest tells no alert." if digest else "No alert is held back.",
    )
    session.say_if_cut(len(shown), limit)


def _held_by(alert: "Raised") -> list[tuple[str, datetime | None]]:
    """Return which channels hold an alert back and until when, whatever number they are for."""
    return list(dict.fromkeys((owed.channel_name, owed.next_at) for owed in alert.held))


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
    from monitor.services.alerts import alert_named, edits_of, raised_one
    from monitor.services.deliveries import with_channels

    with session.storage() as storage, storage.reading() as tx:
        shown = raised_one(tx, alert_named(tx, alert))
        edits = edits_of(tx, shown.alert)
        deliveries = with_channels(tx, tx.outbox.recent(alert_id=shown.alert.id, limit=None))
        passages = tx.figures.passages(alert_id=shown.alert.id, limit=MOST_LOOKED_AT)
    if session.json:
        output.emit(details_shape(shown, deliveries, passages))
        return
    _print_alert(session, shown)
    for edit in edits:
        output.say(output.fitting(_edited(session, edit), 2))
    ways = {(each.channel_id, each.recipient): each for each in passages}
    for owed in reversed(deliveries):
        delivery = owed.delivery
        # An alert and what follows it are told apart: a receiver has both.
        is_alert = delivery.kind is DeliveryKind.ALERT
        what = "" if is_alert else f"{delivery.kind.value} "
        to = f"{owed.channel_name} {delivery.recipient}".strip()
        way = ways.get((delivery.channel_id, delivery.recipient)) if is_alert else None
        why = delivery.last_error or delivery.state_reason or (way and _way(session, way))
        if delivery.hold and delivery.hold.due_at:
            why = f"{why}; told {session.local(delivery.hold.due_at)}"
        line = f"  {what}{output.coloured_state(delivery.state.value)} to {escaped(to)}"
        said = f": {escaped(output.with_short_ids(why))}" if why else ""
        output.say(output.fitting(line + said, 4))


def _edited(session: Session, edit: "Edited") -> str:
    """Return in a sentence what was edited of an alert's article."""
    called = f' "{escaped(edit.title)}"'
    if edit.is_why:
        before = f": until then it was called{called}" if edit.title else ""
        return f"  raised because the article was edited{before}"
    before = f": when this was raised it was called{called}" if edit.title else ""
    return f"  edited since, {session.local(edit.at)}{before}"


def _way(session: Session, passage: Passage) -> str:
    """Return the stages of an alert in a line, with how long it was from each to the next."""
    taken = steps(passage)
    first, *rest = [
        (stage, at) for stage, at in zip(STAGES, instants(passage), strict=True) if at is not None
    ]
    begin = f"{first[0]} {session.local(first[1])}"
    return " → ".join([begin, *(f"{stage} +{show_span(taken[stage])}" for stage, _ in rest)])


def _raised_from_now(
    storage: Storage, *, rule_id: str | None, after_seq: int
) -> Iterator[list["Raised"]]:
    """Yield what is raised from now on, as it is; never ends by itself."""
    from monitor.services.alerts import raised

    while True:
        time.sleep(_FOLLOW_SECONDS)
        with storage.reading() as tx:
            alerts = tx.alerts.recent(rule_id=rule_id, after_seq=after_seq, limit=None)
            shown = raised(tx, alerts)
        if alerts:
            after_seq = max(alert.seq for alert in alerts)
            yield shown


def _print(session: Session, alerts: Sequence["Raised"], *, header: bool) -> None:
    if session.json:
        for shown in alerts:
            output.emit(raised_shape(shown))
    elif alerts:
        now = session.now()
        rows = [
            (
                output.short_id(shown.alert.id),
                show_age(shown.alert.raised_at.replace(microsecond=0), now=now),
                shown.rule_name,
                shown.articles,
                shown.article.title if shown.article else None,
                shown.source_name if shown.article else None,
                shown.article.language if shown.article else None,
            )
            for shown in alerts
        ]
        columns = ("ID", "RAISED", "RULE", "ARTICLES", "TITLE", "SOURCE", "LANGUAGE")
        output.table(columns, rows, header=header)
    sys.stdout.flush()


def _print_alert(session: Session, shown: "Raised") -> None:
    article = shown.article
    told = output.counted(shown.articles, "article")
    output.details(
        [
            ("alert", shown.alert.id),
            ("rule", shown.rule_name),
            ("title", article.title if article else None),
            ("url", article.url if article else None),
            ("source", shown.source_name if article else None),
            ("language", article.language if article else None),
            ("published", session.local(article.published_at) if article else None),
            ("raised", session.local(shown.alert.raised_at)),
            ("story", f"{output.short_id(shown.alert.story_id)}, {told}"),
        ]
    )
    if article:
        texts = {"title": article.title, "text": article.text}
        output.evidence(shown.alert.evidence, texts, shown.rule)
