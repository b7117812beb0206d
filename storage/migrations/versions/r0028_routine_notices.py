"""What a source's owner is told and need do nothing about does not count as what is wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notice", sa.Column("routine", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # As it was worded by then.
    was = "a rule matches % listed when the source was added%"
    notice = sa.table("notice", sa.column("text", sa.Text()), sa.column("routine", sa.Boolean()))
    op.execute(notice.update().where(notice.c.text.like(was)).values(routine=True))
