"""Stories, the articles that belong to them, and what new articles are compared with."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Json, Words

revision = "0020"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", Words(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("follows", Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="story_pk"),
    )
    op.create_index("story_seen", "story", ["seen_at", "id"])
    op.create_table(
        "story_member",
        sa.Column("article_id", Words(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("story_id", Words(), sa.ForeignKey("story.id"), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("appeared_at", Instant(), nullable=False),
        sa.Column("outlet", Words(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("reason", Words(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="story_member_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("story_member_story", "story_member", ["story_id", "appeared_at"])
    op.create_table(
        "story_live",
        sa.Column("story_id", Words(), sa.ForeignKey("story.id"), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("found_by", sa.LargeBinary(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name="story_live_pk"),
    )
    op.create_index("story_live_turn", "story_live", ["turn"])
    op.create_table(
        "story_lesson",
        sa.Column("turn", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("who", Words(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("turn", name="story_lesson_pk"),
    )
    op.create_table(
        "alert_waiting",
        sa.Column("rule_id", Words(), sa.ForeignKey("rule.id"), nullable=False),
        sa.Column("article_id", Words(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("story_id", Words(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", Json(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "article_id", name="alert_waiting_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("alert_waiting_story", "alert_waiting", ["story_id"])
    op.create_index("alert_waiting_article", "alert_waiting", ["article_id"])
    op.create_table(
        "rule_mention",
        sa.Column("rule_id", Words(), sa.ForeignKey("rule.id"), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "hour", name="rule_mention_pk"),
        sqlite_with_rowid=False,
    )
    op.add_column("rule", sa.Column("follow_ups", Words(), nullable=False, server_default="auto"))
    op.add_column("rule", sa.Column("min_outlets", sa.BigInteger()))
    op.add_column("rule", sa.Column("escalate", sa.BigInteger()))
    op.add_column("rule", sa.Column("spike", Words(), nullable=False, server_default="no"))
    op.create_index("alert_story", "alert", ["story_id", "rule_id"])
    op.create_index("alert_article", "alert", ["article_id"])
    op.execute("INSERT INTO meta (key, value) VALUES ('story_turn', '0'), ('story_placer', '')")
