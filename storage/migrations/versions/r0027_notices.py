"""What is wrong with a source is over when it is no longer told; what has happened is not."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of what was told before nobody knows: it is over when the next poll does not tell it.
    op.add_column(
        "notice", sa.Column("lasts", sa.Boolean(), nullable=False, server_default=sa.true())
    )
