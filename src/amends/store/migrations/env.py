"""What Alembic runs to reach the database; it works on the connection, and in the transaction, that `store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from amends.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
