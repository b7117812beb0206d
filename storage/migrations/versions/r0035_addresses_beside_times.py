"""An article's address is found in the index of when articles were seen; its own index goes.

Its entries lay all over an index, so that each article wrote a page of it anew. What segments of
the search index say of themselves PostgreSQL no longer packs: it is read and written bite by bite.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("article_url")
    op.drop_index("article_seen")
    columns = ["first_seen_at", "id", "source_id", "language", "url_hash"]
    op.create_index("article_seen", "article", columns)
    if op.get_bind().dialect.name == "postgresql":
        for column in ("firsts", "places"):
            op.execute(f"ALTER TABLE article_segment ALTER COLUMN {column} SET STORAGE EXTERNAL")
