"""How the tables came to be: run by `storage.admin.migrate`, with Alembic."""
