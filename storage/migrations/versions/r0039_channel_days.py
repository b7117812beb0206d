"""Channels say how many alerts a day they are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("max_per_day", sa.BigInteger()))
