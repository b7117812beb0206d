"""The statements that move many deliveries at once from state to state, as each database likes.

PostgreSQL takes ids as one array: SQLAlchemy would name each of many and write the statement anew,
the driver would read it, and the server keep a plan of each. SQLite is asked in no time and keeps
its list: for a query in its place it would not take the way by the key.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.model import DeliveryState
from storage.sql import rows
from storage.sql.owed.delivery_rows import WHOLE
from storage.sql.tables.columns import Array, array_of
from storage.sql.tables.schema import attempt, channel, delivery

# Literal, as in the partial indexes: with a bound value neither database may use them.
IS_PENDING: ColumnElement[bool] = literal_column("delivery.state = 'pending'")
IS_LEASED: ColumnElement[bool] = literal_column("delivery.state = 'leased'")
MAY_BE_SENT_TO = (
    channel.c.state == literal_column("'active'"),
    or_(channel.c.not_before.is_(None), channel.c.not_before <= bindparam("now")),
)
# PostgreSQL passes over what another claim is taking; SQLite has one writer at a time.
TO_CLAIM = WHOLE.where(IS_PENDING).with_for_update(of=delivery, skip_locked=True)
FREE = {"lease_owner": None, "lease_until": None}


class Moves(NamedTuple):
    """What is done to the deliveries that "ids" names, or to the attempts at them."""

    is_array: bool
    due: Select[Any]
    lease: Update
    free: Update
    end_delivered: Update
    end_for_now: Update
    end: Update
    end_attempt: Update
    forget_attempt: Delete

    def ids(self, ids: list[str]) -> list[str] | Array:
        """Return ids as these statements take them."""
        return array_of("VARCHAR", ids) if self.is_array else rows.padded(ids)

    def asked(self, limits: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Yield what `due` is given, once for all channels or once for each."""
        ids = sorted(limits)
        if self.is_array:
            counts = array_of("BIGINT", [limits[id_] for id_ in ids])
            yield {"channels": array_of("VARCHAR", ids), "counts": counts}
        else:
            yield from ({"channel": id_, "count": limits[id_]} for id_ in ids)


@cache
def moves_of(dialect: str) -> Moves:
    """Return the statements for a database."""
    is_array = dialect == "postgresql"

    def is_one(column: Column[str]) -> ColumnElement[bool]:
        if is_array:
            return rows.is_in_array(column, "ids")
        return column.in_(bindparam("ids", expanding=True))

    lease = (
        update(delivery)
        .where(is_one(delivery.c.id))
        .values(
            state=DeliveryState.LEASED.value,
            lease_owner=bindparam("owner"),
            lease_until=bindparam("until"),
            lease_token=delivery.c.lease_token + 1,
        )
    )
    # The fence: leased, and by the very claim that these deliveries came from.
    free = (
        update(delivery)
        .where(IS_LEASED, delivery.c.lease_token == bindparam("claim"), is_one(delivery.c.id))
        .values(state=bindparam("becomes"), state_reason=bindparam("why"), **FREE)
        .returning(delivery.c.id)
    )
    end = free.values(
        attempts=delivery.c.attempts + bindparam("used"),
        maybe=delivery.c.maybe + bindparam("unsure"),
        last_error=bindparam("trouble"),
        receipt=bindparam("answer"),
    )
    at_these = (is_one(attempt.c.delivery_id), attempt.c.token == bindparam("claim"))
    tried = update(attempt).where(*at_these)
    return Moves(
        is_array=is_array,
        due=_due(is_array=is_array),
        lease=lease,
        free=free,
        end=end,
        end_delivered=end.values(delivered_at=bindparam("at")),
        end_for_now=end.values(next_at=bindparam("again")),
        end_attempt=tried.values(
            ended_at=bindparam("at"), outcome=bindparam("how"), error=bindparam("trouble")
        ),
        forget_attempt=delete(attempt).where(*at_these),
    )


def _due(*, is_array: bool) -> Select[Any]:
    """Return the statement for what is due: of several channels at once, or else of one."""
    in_turn = TO_CLAIM.where(delivery.c.next_at <= bindparam("now")).order_by(
        delivery.c.next_at, delivery.c.created_at, delivery.c.id
    )
    if is_array:
        channels, counts = rows.array("channels", "VARCHAR"), rows.array("counts", "BIGINT")
        asked = func.unnest(channels, counts).table_valued("id", "most").render_derived()
        may = and_(channel.c.id == asked.c.id, *MAY_BE_SENT_TO)
        of_one = in_turn.where(delivery.c.channel_id == asked.c.id).limit(asked.c.most)
        return select(of_one.lateral("due")).select_from(asked.join(channel, may))
    may = and_(channel.c.id == bindparam("channel"), *MAY_BE_SENT_TO)
    due = in_turn.where(delivery.c.channel_id == bindparam("channel"), exists().where(may))
    return due.limit(bindparam("count"))
