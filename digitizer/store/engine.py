"""Opens the database, brings its schema up to date, and hands out transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc

from digitizer.errors import ConfigError, TransientError

Transaction = sa.Connection

SCHEMA = "0009"
"""The newest revision in `store/migrations/versions`."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. Safe to use from several threads; every transaction is one connection."""

    engine: sa.Engine

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction that writes: durable when the block ends, undone when it raises.

        Raises:
            TransientError: the database is locked, full or gone; nothing was written.
        """
        try:
            with self.engine.begin() as transaction:
                yield transaction
        except exc.OperationalError as error:
            raise TransientError(f"the database cannot be written ({error.orig})") from error

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads, and sees one moment of the store."""
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(writes=False)
        except exc.OperationalError as error:
            raise TransientError(f"the database cannot be read ({error.orig})") from error

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at `url` and bring its schema up to date.

    Raises:
        ConfigError: the URL is wrong, or a newer digitizer wrote the database.
    """
    try:
        engine = sa.create_engine(url)
    except (exc.ArgumentError, exc.NoSuchModuleError, ImportError) as error:
        raise ConfigError(f"config.yaml: database: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    if _schema_of(engine) != SCHEMA:
        _migrate(engine)
    return Store(engine)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # so that BEGIN is ours
    connection.execute("PRAGMA busy_timeout = 30000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a committed row survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A read that later writes would fail at once against another writer; a writer may wait.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _schema_of(engine: sa.Engine) -> str | None:
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return None if version is None else str(version)
    except exc.OperationalError as error:
        if "unable to open" in str(error.orig):  # wrong path or rights: SQLITE_CANTOPEN
            raise ConfigError(f"the database cannot be opened ({error.orig})") from None
        raise TransientError(f"the database cannot be opened ({error.orig})") from None


def _migrate(engine: sa.Engine) -> None:
    from alembic import command  # heavy, and needed only when the schema changed
    from alembic.config import Config
    from alembic.util.exc import CommandError

    with resources.as_file(resources.files("digitizer.store") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        attributes: dict[str, Any] = config.attributes
        attributes["engine"] = engine
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigError(
                f"another version of digitizer wrote the database ({error}): update digitizer"
            ) from None
