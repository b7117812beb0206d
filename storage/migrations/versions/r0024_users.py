"""People who log in, calls that may be repeated, and the order in which articles were stored."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Words

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _users()
    op.create_table(
        "web_call",
        sa.Column("digest", Words(), nullable=False),
        sa.Column("request", Words(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("answer", Words()),
        sa.PrimaryKeyConstraint("digest", name=op.f("web_call_pk")),
    )
    op.create_index("web_call_begun", "web_call", ["begun_at"])
    _order_of_articles()


def _users() -> None:
    op.create_table(
        "web_user",
        sa.Column("id", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("role", Words(), nullable=False),
        sa.Column("password", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("web_user_pk")),
        sa.CheckConstraint("role IN ('reader', 'editor', 'admin')", name=op.f("web_user_role_ck")),
    )
    # Made anew rather than changed: who was logged in with a token shows it once more.
    op.drop_table("web_session")
    op.create_table(
        "web_session",
        sa.Column("digest", Words(), nullable=False),
        sa.Column("token_id", Words()),
        sa.Column("user_id", Words()),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("web_session_pk")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["access_token.id"], name=op.f("web_session_token_id_fk")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["web_user.id"], name=op.f("web_session_user_id_fk")),
    )
    op.create_index("web_session_token", "web_session", ["token_id"])
    op.create_index("web_session_user", "web_session", ["user_id"])


def _order_of_articles() -> None:
    op.create_table(
        "article_order",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("article_id", Words(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("article_order_pk")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("article_order_article_id_fk")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO article_order (number, article_id) "
        "SELECT row_number() OVER (ORDER BY first_seen_at, id), id FROM article"
    )
    op.create_index("article_order_article", "article_order", ["article_id"], unique=True)
    op.execute(
        "INSERT INTO meta (key, value) "
        "SELECT 'article_number', CAST(count(*) AS TEXT) FROM article_order"
    )
