"""A store that holds charts is brought up to date with all it holds."""

import zlib
from importlib import resources

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from digitizer.errors import ConfigError
from digitizer.store import open_store
from digitizer.store.engine import SCHEMA


@pytest.fixture
def alembic():
    with resources.as_file(resources.files("digitizer.store") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        yield config


def _old_store(alembic, url, revision):
    """A store of `revision` with one row in every table."""
    engine = sa.create_engine(url)
    alembic.attributes["engine"] = engine
    command.upgrade(alembic, revision)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    tables = [table for table in metadata.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as tx:
        for table in tables:
            values = {column.name: _value_of(column) for column in table.columns}
            tx.execute(table.insert().values(values))
    engine.dispose()
    return [table.name for table in tables]


def _value_of(column):
    """A value that fits; the same for all, so that what points at a row finds it."""
    kind = column.type.python_type
    return {bytes: b"1", str: "1"}.get(kind, 1)


@pytest.mark.parametrize("number", range(1, int(SCHEMA)))
def test_a_store_of_any_earlier_version_keeps_all_its_rows(tmp_path, alembic, number):
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    tables = _old_store(alembic, url, f"{number:04}")
    store = open_store(url)
    with store.read() as tx:
        counts = {name: tx.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in tables}
        assert counts == dict.fromkeys(tables, 1)
        assert tx.scalar(sa.text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_store_whose_rows_point_at_nothing_is_left_as_it_was(tmp_path, alembic):
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    _old_store(alembic, url, "0002")
    engine = sa.create_engine(url)
    with engine.begin() as tx:
        tx.execute(sa.text("DELETE FROM files"))
    with pytest.raises(ConfigError, match="back-up"):
        open_store(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "0002"
    engine.dispose()


def test_the_newest_migration_is_the_schema_that_the_code_asks_for(alembic):
    assert ScriptDirectory.from_config(alembic).get_current_head() == SCHEMA


@pytest.mark.parametrize(("code", "tries"), [("C50.911", [0]), ("I10", [1])])
def test_documents_that_name_a_neoplasm_are_read_for_tumors_anew(tmp_path, alembic, code, tries):
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    _old_store(alembic, url, "0008")
    engine = sa.create_engine(url)
    with engine.begin() as tx:
        content = zlib.compress(b'{"suggestions":[{"code":{"code":"' + code.encode() + b'"}}]}')
        tx.execute(sa.text("UPDATE documents SET content = :content"), {"content": content})
    engine.dispose()
    store = open_store(url)
    with store.read() as tx:
        assert tx.execute(sa.text("SELECT tries FROM anew")).scalars().all() == tries
    store.close()
