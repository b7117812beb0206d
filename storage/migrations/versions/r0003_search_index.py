"""The search index of the articles; it is filled afterwards, in the background."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {
    "sqlite": (
        "CREATE TABLE article_index (number INTEGER PRIMARY KEY AUTOINCREMENT, "
        "article_id TEXT NOT NULL UNIQUE REFERENCES article (id) ON DELETE CASCADE, "
        "seen_at TEXT NOT NULL, analysis TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE article_tokens USING fts5 (tokens, content='', detail=none, "
        "columnsize=0, tokenize=\"ascii tokenchars '^~='\")",
        "INSERT INTO article_tokens (article_tokens, rank) VALUES ('automerge', 8)",
    ),
    "postgresql": (
        'CREATE TABLE article_index (article_id TEXT COLLATE "C" NOT NULL PRIMARY KEY '
        "REFERENCES article (id) ON DELETE CASCADE, seen_at TIMESTAMP WITH TIME ZONE NOT NULL, "
        "analysis TEXT NOT NULL, tokens TEXT NOT NULL)",
        "CREATE INDEX article_index_tokens ON article_index "
        "USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
    ),
}


def upgrade() -> None:
    for statement in TABLES[op.get_bind().dialect.name]:
        op.execute(statement)
