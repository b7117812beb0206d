"""What is written of the search index has a checksum from now on, which no older program reads.

What was written before is read without one until it is written anew.
"""

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: an older program refuses a newer schema."""
