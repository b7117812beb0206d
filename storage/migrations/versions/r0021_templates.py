"""A channel may have a template of its own."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Words

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("template", Words(), nullable=False, server_default=""))
