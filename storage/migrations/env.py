"""Alembic's entry: runs the migrations on the connection that `storage.admin.migrate` hands in.

Its transaction is ours and is open: Alembic neither begins nor commits, and all of it is kept or
nothing, on SQLite too.
"""

from alembic import context

from storage.sql.tables.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
