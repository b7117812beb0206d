"""How the tables came to be: run by `storage.migrate`, with Alembic."""
