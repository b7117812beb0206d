"""SQLite keeps long texts packed from now on, and lists the ends of words that there are.

Texts that are there stay as they are and can be read; a program of before could not read new ones.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STATEMENTS = {
    "sqlite": (
        "CREATE TABLE article_listed (token TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE article_tokens_there USING fts5vocab(article_tokens, row)",
        "INSERT INTO article_listed SELECT term FROM article_tokens_there "
        "WHERE term >= '~' AND term < '~' || char(1114111)",
        "DROP TABLE article_tokens_there",
    ),
    "postgresql": (),
}


def upgrade() -> None:
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)
