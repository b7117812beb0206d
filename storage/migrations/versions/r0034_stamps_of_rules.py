"""A rule says in its own row whether it asks of articles what it asked before.

Those that are there get a stamp that no other rule has, until they change.
"""

import sqlalchemy as sa
from alembic import op

from storage.sql.tables.columns import Words

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule", sa.Column("stamp", Words(), nullable=False, server_default=""))
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute("UPDATE rule SET stamp = gen_random_uuid()::text")
    else:
        op.execute("UPDATE rule SET stamp = lower(hex(randomblob(16)))")
