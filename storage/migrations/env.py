"""Alembic's entry: runs the migrations on the connection that `storage.migrate` hands in."""

from alembic import context

from storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # One transaction, ours: SQLite can roll back tables too, though Alembic does not expect it.
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
