"""Who may ask over HTTP: tokens, and the sessions of browsers that showed one."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Instant, Words

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_token",
        sa.Column("id", Words(), nullable=False),
        sa.Column("name", Words(), nullable=False),
        sa.Column("scope", Words(), nullable=False),
        sa.Column("digest", Words(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("access_token_pk")),
        sa.CheckConstraint(
            "scope IN ('read', 'write', 'admin')", name=op.f("access_token_scope_ck")
        ),
    )
    op.create_index("access_token_digest", "access_token", ["digest"], unique=True)
    op.create_table(
        "web_session",
        sa.Column("digest", Words(), nullable=False),
        sa.Column("token_id", Words(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("web_session_pk")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["access_token.id"], name=op.f("web_session_token_id_fk")
        ),
    )
    op.create_index("web_session_token", "web_session", ["token_id"])
