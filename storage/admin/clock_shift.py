"""Moves the stored instants along with a clock that has jumped."""

from datetime import timedelta

from sqlalchemy import Column, Connection, Table, bindparam, select, update

from storage.sql.schema import channel, delivery, source

_COLUMNS: dict[Table, tuple[str, ...]] = {
    source: ("next_poll_at", "lease_until"),
    channel: ("not_before",),
    delivery: ("next_at", "lease_until", "give_up_at"),
}
_OPEN = ("pending", "leased", "held")


def move_instants(connection: Connection, by: timedelta) -> None:
    """Move what lies ahead by as much as the clock has jumped: what was due in 5 min stays so."""
    for table, names in _COLUMNS.items():
        columns = [table.c[name] for name in names]
        _move(connection, table, columns, by)


def _move(
    connection: Connection, table: Table, columns: list[Column[object]], by: timedelta
) -> None:
    rows = select(table.c.id, *columns)
    if table is delivery:
        rows = rows.where(table.c.state.in_(_OPEN))
    moved = [
        {
            "row_id": id_,
            **{
                column.name: _later(value, by)
                for column, value in zip(columns, values, strict=True)
            },
        }
        for id_, *values in connection.execute(rows)
    ]
    if moved:
        connection.execute(
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({column.name: bindparam(column.name) for column in columns}),
            moved,
        )


def _later(value: object, by: timedelta) -> object:
    return None if value is None else value + by  # type: ignore[operator]  # an instant
