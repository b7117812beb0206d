"""What is due lies in the order in which it is sent: the next few need no look at the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pending = sa.text("state = 'pending'")
    op.drop_index("delivery_due")
    op.create_index(
        "delivery_due",
        "delivery",
        ["channel_id", "next_at", "created_at", "id"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
