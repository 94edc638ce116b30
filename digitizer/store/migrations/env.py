"""What Alembic runs: migrates the engine that `store.engine` hands over."""

from alembic import context

from digitizer.store.tables import METADATA

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection, target_metadata=METADATA)
    with context.begin_transaction():
        context.run_migrations()
