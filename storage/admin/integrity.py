"""The invariants that hold at every moment, asked of the tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, not_, or_, select

from storage.model import DeliveryKind, DeliveryState
from storage.sql import meta, rows
from storage.sql.archive.search import missing_in_index
from storage.sql.tables.schema import ALERT_SEQ, alert, attempt, delivery, payload

SHOWN = 10
"""So many cases of one kind are told one by one."""


def broken_promises(connection: Connection) -> list[str]:
    """Return one sentence for each invariant that does not hold; none when all is well."""
    problems = _missing_deliveries(connection)
    for statement, sentence in _CHECKS:
        problems += _told(connection, statement, sentence)
    last = connection.execute(select(func.max(alert.c.seq))).scalar() or 0
    if last > meta.read(connection, ALERT_SEQ):
        problems.append(f"alert number {last} was never given out: numbers may be given twice")
    return problems + _told(connection, missing_in_index(), _NOT_INDEXED)


_NOT_INDEXED = (
    "article {id}: is missing in the search index, although that counts as full; "
    "searches may not find it"
)


def _told(connection: Connection, statement: Select[Any], sentence: str) -> list[str]:
    ids = list(connection.execute(statement.limit(SHOWN + 1)).scalars())
    problems = [sentence.format(id=id_) for id_ in ids[:SHOWN]]
    if len(ids) > SHOWN:
        problems.append("more of the same: " + sentence.format(id="…"))
    return problems


def _missing_deliveries(connection: Connection) -> list[str]:
    """Tell the alerts for which a recipient that the rule named then has no delivery."""
    problems: list[str] = []
    last = ""
    while True:
        page = select(alert.c.id, alert.c.owed).where(alert.c.id > last).order_by(alert.c.id)
        alerts = connection.execute(page.limit(rows.CHUNK)).all()
        if not alerts:
            return problems
        problems += _missing_among(connection, alerts)
        last = alerts[-1].id


def _missing_among(connection: Connection, alerts: Sequence[Row[Any, Any]]) -> list[str]:
    pairs = select(delivery.c.alert_id, delivery.c.channel_id, delivery.c.recipient)
    pairs = pairs.where(delivery.c.alert_id.in_([alert_.id for alert_ in alerts]))
    made = {tuple(row) for row in connection.execute(pairs)}
    problems = []
    for alert_id, owed in alerts:
        for channel_id, recipient in owed:
            if (alert_id, channel_id, recipient) not in made:
                to = (
                    f"{recipient} of channel {channel_id}" if recipient else f"channel {channel_id}"
                )
                problems.append(f"alert {alert_id}: its delivery to {to} was never made")
    return problems


_IS_LEASED = delivery.c.state == DeliveryState.LEASED.value
_HAS_LEASE = delivery.c.lease_until.is_not(None)
_attempts_of = (
    select(func.count())
    .select_from(attempt)
    .where(attempt.c.delivery_id == delivery.c.id)
    .scalar_subquery()
)
_an_attempt_went_well = exists().where(
    attempt.c.delivery_id == delivery.c.id, attempt.c.outcome == "ok"
)

_CHECKS: list[tuple[Select[Any], str]] = [
    (
        select(delivery.c.id).where(
            or_(and_(_IS_LEASED, not_(_HAS_LEASE)), and_(not_(_IS_LEASED), _HAS_LEASE))
        ),
        "delivery {id}: is leased without an end of its lease, or has a lease without being leased",
    ),
    (
        select(delivery.c.id).where(
            delivery.c.state == DeliveryState.DELIVERED.value, not_(_an_attempt_went_well)
        ),
        "delivery {id}: counts as delivered, but no attempt went well",
    ),
    (
        select(delivery.c.id).where(
            delivery.c.state.in_([DeliveryState.PENDING.value, DeliveryState.LEASED.value]),
            not_(exists().where(payload.c.delivery_id == delivery.c.id)),
        ),
        "delivery {id}: is owed, but what is to be sent is not there",
    ),
    (
        select(delivery.c.id).where(delivery.c.attempts > _attempts_of),
        "delivery {id}: has used up more tries than it has attempts",
    ),
    (
        select(delivery.c.id).where(delivery.c.lease_token < _attempts_of),
        "delivery {id}: has more attempts than it was ever claimed",
    ),
    (
        select(delivery.c.id).where(delivery.c.kind == "alert", delivery.c.alert_id.is_(None)),
        "delivery {id}: carries an alert, but does not say which",
    ),
    (
        # Of its updates there may be many. In groups: to look for others of each alert, SQLite goes
        # through all that its channel was ever owed.
        select(func.max(delivery.c.id))
        .where(delivery.c.kind == DeliveryKind.ALERT.value, delivery.c.alert_id.is_not(None))
        .group_by(delivery.c.alert_id, delivery.c.channel_id, delivery.c.recipient)
        .having(func.count() > 1),
        "delivery {id}: another one has the same alert, channel and recipient",
    ),
]
