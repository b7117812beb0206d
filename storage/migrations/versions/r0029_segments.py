"""The search index becomes segments of our own; it is filled anew, in the background."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Words

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OLD = {
    "sqlite": ("article_listed", "article_tokens", "article_index"),
    "postgresql": ("article_index",),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for table in OLD[dialect]:
        op.execute(f"DROP TABLE {table}")
    op.execute("DELETE FROM meta WHERE key = 'search_index'")
    op.create_table(
        "article_index",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.Column("analysis", Words(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="article_index_pk"),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="article_index_article_id_fk",
            ondelete="CASCADE",
        ),
    )
    op.create_index("article_index_article", "article_index", ["article_id"], unique=True)
    op.create_table(
        "article_segment",
        sa.Column("id", number, nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("becomes", sa.BigInteger()),
        sa.Column("made_to", sa.LargeBinary(), nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.Column("firsts", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="article_segment_pk"),
        sqlite_autoincrement=True,
    )
    op.create_index("article_segment_level", "article_segment", ["level", "becomes"])
    op.create_table(
        "article_page",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="article_page_pk"),
    )
    if dialect == "postgresql":  # pages hardly become smaller
        op.execute("ALTER TABLE article_page ALTER COLUMN bytes SET STORAGE EXTERNAL")
