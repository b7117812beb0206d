"""The newest articles of a language or of some sources are chosen in an index alone.

And PostgreSQL writes the search index in small steps, of which none keeps a commit waiting long.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("article_seen", "article")
    op.create_index("article_seen", "article", ["first_seen_at", "id", "source_id", "language"])
    op.drop_index("article_source", "article")
    op.create_index("article_source", "article", ["source_id", "first_seen_at", "id", "language"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX article_index_tokens SET (gin_pending_list_limit = 256)")
