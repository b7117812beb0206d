"""PostgreSQL keeps new pages of the search index whole, where it kept each in five pieces."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # The most that may be asked for: a row with a page is of 8,016 bytes.
        op.execute("ALTER TABLE article_page SET (toast_tuple_target = 8160)")
