"""Sources keep what their owners chose about how they are read."""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch, which would make the table anew although others point at it.
    op.add_column("source", sa.Column("options", Json(), nullable=False, server_default="{}"))
