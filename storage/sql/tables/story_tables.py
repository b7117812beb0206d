"""The tables of stories: which articles tell the same event, and what is compared."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)

from storage.sql.tables.columns import Instant, Json, Words
from storage.sql.tables.metadata import metadata

story = Table(
    "story",
    metadata,
    Column("id", Words, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("articles", BigInteger, nullable=False),
    Column("follows", Words, nullable=False),
)
Index("story_seen", story.c.seen_at, story.c.id)

story_member = Table(
    "story_member",
    metadata,
    Column("article_id", Words, ForeignKey("article.id"), primary_key=True),
    Column("story_id", Words, ForeignKey("story.id"), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("appeared_at", Instant, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("reason", Words, nullable=False),
)
# As of fingerprints: what lies all over an index is kept small.
Index("story_member_story", story_member.c.story_id)

story_live = Table(
    "story_live",
    metadata,
    Column("story_id", Words, ForeignKey("story.id"), primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("turn", BigInteger, nullable=False),
    Column("found_by", LargeBinary, nullable=False),
    Column("traits", LargeBinary, nullable=False),
)
"""Stories that are told these days, with what new articles are compared with."""
Index("story_live_turn", story_live.c.turn)

story_lesson = Table(
    "story_lesson",
    metadata,
    Column("turn", BigInteger, primary_key=True, autoincrement=False),
    Column("who", Words, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""How common words are: what each turn of placing has taught, now and then put together."""

alert_waiting = Table(
    "alert_waiting",
    metadata,
    Column("rule_id", Words, ForeignKey("rule.id"), nullable=False),
    Column("article_id", Words, ForeignKey("article.id"), nullable=False),
    Column("story_id", Words, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("score", Double, nullable=False),
    Column("evidence", Json, nullable=False),
    PrimaryKeyConstraint("rule_id", "article_id"),
    sqlite_with_rowid=False,
)
"""Matches that raise an alert when enough outlets carry the story."""
Index("alert_waiting_story", alert_waiting.c.story_id)
Index("alert_waiting_article", alert_waiting.c.article_id)

rule_mention = Table(
    "rule_mention",
    metadata,
    Column("rule_id", Words, ForeignKey("rule.id"), nullable=False),
    Column("hour", BigInteger, nullable=False),
    Column("articles", BigInteger, nullable=False),
    PrimaryKeyConstraint("rule_id", "hour"),
    sqlite_with_rowid=False,
)
"""In how many articles a rule that looks for bursts has found something, by hours since 1970."""

STORY_TURN, STORY_PLACER = "story_turn", "story_placer"
"""In meta: how often articles were placed, and who did so last."""
