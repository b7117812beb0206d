"""What is stored with news lies in fewer pages: less of it lies where its random keys say.

How often variants raised alerts goes beside them, as few of them ever do. In SQLite fingerprints
and members of stories lie in the order in which they come, and only their keys in an index. Of
what kind a fingerprint is nobody has ever read.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.ids import digest_of
from storage.sql.tables.columns import Instant, Words

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_HIT = ("rule_id", "text_hash", "language", "hits", "last_hit_at")


def upgrade() -> None:
    op.create_table(
        "variant_hit",
        sa.Column("rule_id", Words(), nullable=False),
        sa.Column("text_hash", Words(), nullable=False),
        sa.Column("language", Words(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("last_hit_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "text_hash", "language", name="variant_hit_pk"),
        sqlite_with_rowid=False,
    )
    if moved := list(_moved(op.get_bind())):
        into = sa.table("variant_hit", *map(sa.column, _HIT))
        op.get_bind().execute(sa.insert(into), moved)
    op.drop_column("variant", "hits")
    op.drop_column("variant", "last_hit_at")
    op.drop_index("story_member_story", "story_member")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(
            "article_print",
            sa.Column("key", Words(), nullable=False),
            sa.Column("article_id", Words(), nullable=False),
            sa.Column("listed_at", Instant(), nullable=False),
            sa.Column("said", Words(), nullable=False, server_default=""),
        )
        _make_anew(
            "story_member",
            sa.Column("article_id", Words(), sa.ForeignKey("article.id"), nullable=False),
            sa.Column("story_id", Words(), sa.ForeignKey("story.id"), nullable=False),
            sa.Column("joined_at", Instant(), nullable=False),
            sa.Column("appeared_at", Instant(), nullable=False),
            sa.Column("outlet", Words(), nullable=False),
            sa.Column("language", Words(), nullable=False),
            sa.Column("reason", Words(), nullable=False),
        )
    else:
        op.drop_column("article_print", "kind")
    op.create_index("story_member_story", "story_member", ["story_id"])
    op.drop_index("alert_story", "alert")
    op.create_index("alert_story", "alert", ["story_id"])


def _moved(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield what was counted of variants, by text and language of the articles.

    A variant of any language was counted with those of a language that have its text.
    """
    names = ("rule_id", "text", "language", "hits", "last_hit_at")
    variant = sa.table("variant", *map(sa.column, names))
    texts = defaultdict[tuple[str, str], dict[str, tuple[int, Any]]](dict)
    for rule_id, text, language, *counted in connection.execute(
        sa.select(*(variant.c[name] for name in names)).where(variant.c.hits > 0)
    ):
        texts[rule_id, text][language] = (counted[0], counted[1])
    for (rule_id, text), languages in texts.items():
        of_any = languages.pop("", None)
        rest = of_any[0] - sum(hits for hits, _ in languages.values()) if of_any else 0
        if of_any and rest > 0:
            languages[""] = (rest, of_any[1])
        for language, (hits, last) in languages.items():
            values = (rule_id, digest_of("variant", text), language, hits, last)
            yield dict(zip(_HIT, values, strict=True))


def _make_anew(table: str, *columns: sa.Column[object]) -> None:
    """Make a table anew, whose first column is its key, with the rows that it has."""
    op.rename_table(table, f"{table}_before")
    key = columns[0].name
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(key, name=f"{table}_pk"))
    names = ", ".join(column.name for column in columns)
    read = f"SELECT {names} FROM {table}_before ORDER BY {key}"  # noqa: S608  # names of ours
    op.execute(f"INSERT INTO {table} ({names}) {read}")
    op.drop_table(f"{table}_before")
