"""Articles keep their versions and the sources that list them; what a source said is remembered."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch, which would make the tables anew although others point at them.
    op.add_column("source", sa.Column("quiet_before", Instant()))
    op.add_column("article_print", sa.Column("said", Words(), nullable=False, server_default=""))
    op.create_table(
        "article_listing",
        sa.Column("article_id", Words(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("source_id", Words(), sa.ForeignKey("source.id"), nullable=False),
        sa.Column("listed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "source_id", name="article_listing_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("article_listing_source", "article_listing", ["source_id", "article_id"])
    op.create_table(
        "article_version",
        sa.Column("article_id", Words(), sa.ForeignKey("article.id"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("title", Words(), nullable=False),
        sa.Column("text", Words(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "number", name="article_version_pk"),
        sqlite_with_rowid=False,
    )
