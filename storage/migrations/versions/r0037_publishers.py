"""Who published an article whose address is that of an aggregator."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Words

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("publisher", Words(), nullable=False, server_default=""))
