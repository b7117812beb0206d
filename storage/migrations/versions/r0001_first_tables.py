"""The first tables, and the two counters."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Duration, Instant, Json, Words

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("id", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("target", Words(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("recipients", Json(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("state_reason", Words()),
        sa.Column("not_before", Instant()),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'disabled', 'removed')", name=op.f("channel_state_ck")
        ),
        sa.PrimaryKeyConstraint("id", name="channel_pk"),
    )
    op.create_table(
        "meta",
        sa.Column("key", Words(), nullable=False),
        sa.Column("value", Words(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="meta_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rule",
        sa.Column("id", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("query", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("channel_ids", Json(), nullable=False),
        sa.Column("strictness", Words(), nullable=False),
        sa.Column("languages", Json(), nullable=False),
        sa.Column("variants", Json(), nullable=False),
        sa.Column("sources", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("max_per_day", sa.BigInteger()),
        sa.Column("expires_at", Instant()),
        sa.Column("backfill_since", Instant()),
        sa.Column("caught_up", sa.Boolean(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'removed')", name=op.f("rule_state_ck")),
        sa.PrimaryKeyConstraint("id", name="rule_pk"),
    )
    op.create_table(
        "source",
        sa.Column("id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("url", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("every", Duration(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("backfill", sa.BigInteger()),
        sa.Column("baseline_done", sa.Boolean(), nullable=False),
        sa.Column("validators", Json(), nullable=False),
        sa.Column("next_poll_at", Instant()),
        sa.Column("last_ok_at", Instant()),
        sa.Column("last_entry_at", Instant()),
        sa.Column("last_error", Words()),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", Words()),
        sa.Column("lease_token", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", Instant()),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'gone', 'removed')", name=op.f("source_state_ck")
        ),
        sa.CheckConstraint(
            "(lease_owner IS NULL) = (lease_until IS NULL)", name=op.f("source_lease_ck")
        ),
        sa.PrimaryKeyConstraint("id", name="source_pk"),
    )
    op.create_index(
        "source_due",
        "source",
        ["next_poll_at"],
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )

    op.create_table(
        "article",
        sa.Column("id", Words(), nullable=False),
        sa.Column("source_id", Words(), nullable=False),
        sa.Column("story_id", Words(), nullable=False),
        sa.Column("url", Words(), nullable=False),
        sa.Column("url_hash", Words(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("summary", Words(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("authors", Json(), nullable=False),
        sa.Column("categories", Json(), nullable=False),
        sa.Column("published_at", Instant()),
        sa.Column("updated_at", Instant()),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="article_source_id_fk"),
        sa.PrimaryKeyConstraint("id", name="article_pk"),
    )
    op.create_index("article_seen", "article", ["first_seen_at", "id"])
    op.create_index("article_source", "article", ["source_id", "first_seen_at"])
    op.create_index("article_url", "article", ["url_hash"])

    op.create_table(
        "notice",
        sa.Column("id", Words(), nullable=False),
        sa.Column("source_id", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="notice_source_id_fk"),
        sa.PrimaryKeyConstraint("id", name="notice_pk"),
    )
    op.create_index("notice_raised", "notice", ["raised_at", "id"])
    op.create_index("notice_source", "notice", ["source_id", "raised_at"])

    op.create_table(
        "source_memory",
        sa.Column("source_id", Words(), nullable=False),
        sa.Column("key_hash", Words(), nullable=False),
        sa.Column("key", Words(), nullable=False),
        sa.Column("value", Words(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="source_memory_source_id_fk"),
        sa.PrimaryKeyConstraint("source_id", "key_hash", name="source_memory_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alert",
        sa.Column("id", Words(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", Words(), nullable=False),
        sa.Column("story_id", Words(), nullable=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", Json(), nullable=False),
        sa.Column("owed", Json(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name="alert_rule_id_fk"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="alert_article_id_fk"),
        sa.PrimaryKeyConstraint("id", name="alert_pk"),
    )
    op.create_index("alert_rule", "alert", ["rule_id", "seq"])
    op.create_index("alert_seq", "alert", ["seq"], unique=True)

    op.create_table(
        "article_print",
        sa.Column("key", Words(), nullable=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("listed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="article_print_article_id_fk"),
        sa.PrimaryKeyConstraint("key", name="article_print_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        sa.Column("id", Words(), nullable=False),
        sa.Column("kind", Words(), nullable=False),
        sa.Column("alert_id", Words()),
        sa.Column("channel_id", Words(), nullable=False),
        sa.Column("recipient", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("give_up_at", Instant(), nullable=False),
        sa.Column("state", Words(), nullable=False),
        sa.Column("state_reason", Words()),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("maybe", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", Words()),
        sa.Column("lease_token", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", Instant()),
        sa.Column("delivered_at", Instant()),
        sa.Column("receipt", Words()),
        sa.Column("last_error", Words()),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'held', 'delivered', 'dead', 'suppressed')",
            name=op.f("delivery_state_ck"),
        ),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_until IS NOT NULL)", name=op.f("delivery_lease_ck")
        ),
        sa.CheckConstraint(
            "(lease_owner IS NULL) = (lease_until IS NULL)", name=op.f("delivery_owner_ck")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="delivery_alert_id_fk"),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name="delivery_channel_id_fk"),
        sa.PrimaryKeyConstraint("id", name="delivery_pk"),
    )
    op.create_index("delivery_alert", "delivery", ["alert_id"])
    op.create_index("delivery_created", "delivery", ["created_at", "id"])
    op.create_index(
        "delivery_due",
        "delivery",
        ["channel_id", "next_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("delivery_state", "delivery", ["state", "created_at"])

    op.create_table(
        "attempt",
        sa.Column("delivery_id", Words(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("owner", Words(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("outcome", Words()),
        sa.Column("error", Words()),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="attempt_delivery_id_fk"),
        sa.PrimaryKeyConstraint("delivery_id", "token", name="attempt_pk"),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(
        sa.table("meta", sa.column("key", sa.Text), sa.column("value", sa.Text)),
        [{"key": "rules_revision", "value": "0"}, {"key": "alert_seq", "value": "0"}],
    )
