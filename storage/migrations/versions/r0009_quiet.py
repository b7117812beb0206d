"""Rules and channels say when and how much they may say; what is held back waits for a digest."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Json, Words

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "'pending', 'leased', 'held', 'delivered', 'dead', 'suppressed'"
_AFTER = f"{_BEFORE}, 'bundled'"


def upgrade() -> None:
    _text("rule", "priority", default="normal")
    _text("rule", "digest")
    op.add_column("rule", sa.Column("backfill_most", sa.BigInteger()))
    op.add_column("channel", sa.Column("takes", Json(), nullable=False, server_default="[]"))
    for name in ("digest", "quiet", "zone", "language"):
        _text("channel", name)
    op.add_column("channel", sa.Column("max_per_hour", sa.BigInteger()))
    for name in ("hold_reason", "hold_of", "digest_id"):
        op.add_column("delivery", sa.Column(name, Words()))
    op.add_column("delivery", sa.Column("due_at", Instant()))
    _let_deliveries_be_bundled()
    op.create_index("delivery_channel", "delivery", ["channel_id", "created_at"])
    for index, columns, where in (
        ("delivery_held", ["channel_id", "due_at"], "due_at IS NOT NULL"),
        ("delivery_hold", ["hold_of", "state", "hold_reason"], "hold_of IS NOT NULL"),
        ("delivery_digest", ["digest_id"], "digest_id IS NOT NULL"),
    ):
        said = sa.text(where)
        op.create_index(index, "delivery", columns, sqlite_where=said, postgresql_where=said)
    _new_tables()


def _text(table: str, name: str, *, default: str = "") -> None:
    op.add_column(table, sa.Column(name, Words(), nullable=False, server_default=default))


def _let_deliveries_be_bundled() -> None:
    """Allow one more state.

    SQLite cannot change a constraint; to write the table's text anew is the way that its
    documentation shows for this (ALTER TABLE, section 7), and copies no row.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("delivery_state_ck"), "delivery", type_="check")
        op.create_check_constraint(op.f("delivery_state_ck"), "delivery", f"state IN ({_AFTER})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'delivery'",
        (f"state IN ({_BEFORE})", f"state IN ({_AFTER})"),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")


def _new_tables() -> None:
    op.create_table(
        "silence",
        sa.Column("id", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("rule_id", Words()),
        sa.Column("source_id", Words()),
        sa.Column("story_id", Words()),
        sa.Column("query", Words(), nullable=False),
        sa.Column("variants", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("silence_pk")),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name=op.f("silence_rule_id_fk")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("silence_source_id_fk")),
    )
    op.create_index("silence_until", "silence", ["until"])
    op.create_table(
        "feedback",
        sa.Column("alert_id", Words(), nullable=False),
        sa.Column("verdict", Words(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("feedback_pk")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("feedback_alert_id_fk")),
        sqlite_with_rowid=False,
    )
