"""Articles may go: what they were known by outlives them, and no other table is searched for them.

A database looks for rows that point at what is deleted; three tables have no index to do so by.
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Words

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("article_print", "article_index", "article_order")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.drop_constraint(f"{table}_article_id_fk", table, type_="foreignkey")
        return
    # SQLite takes no constraint away from a table.
    _make_anew(
        "article_print",
        sa.Column("key", Words(), nullable=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("listed_at", Instant(), nullable=False),
        sa.Column("said", Words(), nullable=False, server_default=""),
        has_row_ids=False,
    )
    _make_anew(
        "article_index",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("analysis", Words(), nullable=False),
        has_row_ids=True,
    )
    _make_anew(
        "article_order",
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false()),
        has_row_ids=False,
    )
    again = sa.text("again")
    op.create_index(
        "article_order_again", "article_order", ["article_id"], unique=True, sqlite_where=again
    )


def _make_anew(table: str, *columns: sa.Column[object], has_row_ids: bool) -> None:
    """Make a table anew, whose first column is its key, with the rows that it has."""
    op.rename_table(table, f"{table}_before")
    key = columns[0].name
    primary = sa.PrimaryKeyConstraint(key, name=f"{table}_pk")
    op.create_table(table, *columns, primary, sqlite_with_rowid=has_row_ids)
    names = ", ".join(column.name for column in columns)
    read = f"SELECT {names} FROM {table}_before ORDER BY {key}"  # noqa: S608  # names of ours
    op.execute(f"INSERT INTO {table} ({names}) {read}")
    op.drop_table(f"{table}_before")
