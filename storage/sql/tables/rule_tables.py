"""The tables of rules: what people asked for, in which words it is found, and how often."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    PrimaryKeyConstraint,
    Table,
)

from storage.model import RuleState, VariantState
from storage.sql.tables.columns import Instant, Json, Packed, Words
from storage.sql.tables.metadata import metadata, one_of

rule = Table(
    "rule",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("query", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("channel_ids", Json, nullable=False),
    Column("strictness", Words, nullable=False),
    Column("languages", Json, nullable=False),
    Column("sources", Json, nullable=False),
    Column("tags", Json, nullable=False),
    Column("max_per_day", BigInteger),
    Column("follow_ups", Words, nullable=False, server_default="auto"),
    Column("min_outlets", BigInteger),
    Column("escalate", BigInteger),
    Column("spike", Words, nullable=False, server_default="no"),
    Column("expires_at", Instant),
    Column("backfill_since", Instant),
    Column("caught_up", Boolean, nullable=False),
    Column("state", Words, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("expansion", Words, nullable=False, server_default=""),
    Column("language", Words, nullable=False, server_default=""),
    Column("written_in", Json, nullable=False, server_default="[]"),
    Column("priority", Words, nullable=False, server_default="normal"),
    Column("digest", Words, nullable=False, server_default=""),
    Column("backfill_most", BigInteger),
    Column("stamp", Words, nullable=False, server_default=""),
    one_of("state", RuleState),
)

variant = Table(
    "variant",
    metadata,
    Column("rule_id", Words, ForeignKey("rule.id"), nullable=False),
    Column("key", Words, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("language", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("of", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("score", Double, nullable=False),
    Column("state", Words, nullable=False),
    PrimaryKeyConstraint("rule_id", "key"),
    one_of("state", VariantState),
    sqlite_with_rowid=False,
)

variant_hit = Table(
    "variant_hit",
    metadata,
    Column("rule_id", Words, nullable=False),
    Column("text_hash", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("hits", BigInteger, nullable=False),
    Column("last_hit_at", Instant, nullable=False),
    PrimaryKeyConstraint("rule_id", "text_hash", "language"),
    sqlite_with_rowid=False,
)
"""How often a text has raised an alert of a rule, by the languages of articles.

Beside the variants, of which few ever do: to count in their rows wrote pages all over them.
"""

_rule_id = Column("rule_id", Words, ForeignKey("rule.id"), primary_key=True)
rule_wording = Table("rule_wording", metadata, _rule_id, Column("said", Packed, nullable=False))
"""The variants of a rule as one text, as `storage.variant_groups` packs it; "" if it has none."""
