"""Channels know their target again; what is sent says which installation it is from."""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.model import stable_id
from storage.sql.columns import Words

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("target_print", "settings_id"):
        # Not as a batch, which would make the table anew although others point at it.
        op.add_column("channel", sa.Column(name, Words(), nullable=False, server_default=""))
    connection = op.get_bind()
    first = connection.exec_driver_sql(
        "SELECT id, added_at FROM source ORDER BY added_at, id LIMIT 1"
    ).first()
    # An older backup that is restored and migrated makes the same ids as it did here.
    name = stable_id("installation", *map(str, first)) if first else secrets.token_hex(13)
    connection.execute(
        sa.text("INSERT INTO meta (key, value) VALUES ('installation', :name)"), {"name": name}
    )
