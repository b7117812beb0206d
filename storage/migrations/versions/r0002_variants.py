"""The variants of rules get a table of their own, with where they come from and what they found."""

import json

import sqlalchemy as sa
from alembic import op

from storage.model import stable_id
from storage.sql.tables.columns import Instant, Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "variant",
        sa.Column("rule_id", Words(), nullable=False),
        sa.Column("key", Words(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("of", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("source", Words(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("last_hit_at", Instant()),
        sa.CheckConstraint(
            "state IN ('active', 'proposed', 'rejected')", name=op.f("variant_state_ck")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name="variant_rule_id_fk"),
        sa.PrimaryKeyConstraint("rule_id", "key", name="variant_pk"),
        sqlite_with_rowid=False,
    )
    _move()
    # Not as a batch, which would make the table anew although others point at it.
    op.drop_column("rule", "variants")
    op.add_column("rule", sa.Column("expansion", Words(), nullable=False, server_default=""))


def _move() -> None:
    """Bring the variants over that the rules had in a column."""
    connection = op.get_bind()
    rule = sa.table("rule", sa.column("id"), sa.column("variants"))
    variant = sa.table(
        "variant",
        *(
            sa.column(name)
            for name in ("rule_id", "key", "place", "language", "text", "of", "kind")
        ),
        *(sa.column(name) for name in ("source", "score", "state", "hits")),
    )
    for rule_id, variants in connection.execute(sa.select(rule)).all():
        unique: dict[object, dict[str, object]] = {}
        for place, variant_ in enumerate(json.loads(variants)):
            row = _row(rule_id, place, variant_)
            unique.setdefault(row["key"], row)
        if unique:
            connection.execute(sa.insert(variant), list(unique.values()))


def _row(rule_id: str, place: int, variant: dict[str, str]) -> dict[str, object]:
    language, text = variant["language"], variant["text"]
    return {
        "rule_id": rule_id,
        "key": stable_id("variant", "", language, text),
        "place": place,
        "language": language,
        "text": text,
        "of": "",
        "kind": "user",
        "source": "you",
        "score": 1.0,
        "state": "active",
        "hits": 0,
    }
