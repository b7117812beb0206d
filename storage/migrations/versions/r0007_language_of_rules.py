"""Rules know which language they are written in."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Json, Words

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule", sa.Column("language", Words(), nullable=False, server_default=""))
    op.add_column("rule", sa.Column("written_in", Json(), nullable=False, server_default="[]"))
