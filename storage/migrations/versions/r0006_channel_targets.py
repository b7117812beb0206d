"""Channels know their target again; what is sent says which installation it is from."""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.model import stable_id
from storage.sql.tables.columns import Instant, Words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("target_print", "settings_id"):
        # Not as a batch, which would make the table anew although others point at it.
        op.add_column("channel", sa.Column(name, Words(), nullable=False, server_default=""))
    connection = op.get_bind()
    source = sa.table("source", sa.column("id", Words()), sa.column("added_at", Instant()))
    oldest = sa.select(source).order_by(source.c.added_at, source.c.id).limit(1)
    first = connection.execute(oldest).first()
    # An older backup that is restored and migrated makes the same ids as it did here.
    name = (
        stable_id("installation", first.id, first.added_at.isoformat())
        if first
        else secrets.token_hex(13)
    )
    connection.execute(
        sa.text("INSERT INTO meta (key, value) VALUES ('installation', :name)"), {"name": name}
    )
