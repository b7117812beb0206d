"""Whoever reads the search index from its end knows where to stop."""

from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = {
    "sqlite": (
        "ALTER TABLE article_index ADD COLUMN latest_at TEXT NOT NULL DEFAULT ''",
        "UPDATE article_index SET latest_at = running.latest_at FROM (SELECT number, "
        "max(seen_at) OVER (ORDER BY number) AS latest_at FROM article_index) AS running "
        "WHERE running.number = article_index.number",
    ),
    "postgresql": (),
}


def upgrade() -> None:
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)
