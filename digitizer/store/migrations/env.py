"""What Alembic runs: migrates the engine that `store.engine` hands over.

SQLite changes a column by copying its table and dropping the old one, which foreign keys forbid
while rows point at it. So they are off on this one connection, which is not used again, and are
checked as a whole before anything is committed.
"""

import sqlalchemy as sa
from alembic import context

from digitizer.errors import ConfigError
from digitizer.store.tables import METADATA


def _foreign_keys_off(connection: sa.Connection) -> None:
    connection.detach()  # nobody gets this connection from the pool again
    driver = connection.connection.dbapi_connection
    assert driver is not None, "a connection that was just opened"
    driver.cursor().execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
    if broken:
        raise ConfigError(
            f"the database was not updated: {len(broken)} rows point at nothing, "
            f"the first in the table {broken[0][0]}; restore a back-up"
        )


with context.config.attributes["engine"].connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _foreign_keys_off(connection)
    with connection.begin():
        context.configure(connection=connection, target_metadata=METADATA)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            _check_foreign_keys(connection)
