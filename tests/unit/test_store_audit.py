"""The audit trail shows whatever was done to it."""

import pytest
import sqlalchemy as sa

from digitizer.store import audit, open_store
from digitizer.store.chain import Head, faults


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'charts.sqlite'}")
    with store.begin() as tx:
        for number in range(40):
            audit.note(tx, actor="anna", action="view", subject=f"chart {number}")
    yield store
    store.close()


def _faults(store, *heads):
    with store.read() as tx:
        return faults(audit.every(tx), heads)


def _do(store, statement):
    with store.begin() as tx:
        tx.execute(sa.text(statement))


def _head(store):
    with store.read() as tx:
        return audit.head(tx)


def test_a_trail_that_nobody_touched_is_whole(store):
    assert _faults(store, _head(store)) == []


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "previous", "hash"])
def test_an_edit_of_any_column_is_found(store, column):
    _do(store, f"UPDATE audit SET {column} = 'x' WHERE seq = 20")
    assert any("20" in fault for fault in _faults(store))


@pytest.mark.parametrize("seq", [1, 20])
def test_a_deleted_row_is_found(store, seq):
    _do(store, f"DELETE FROM audit WHERE seq = {seq}")
    assert _faults(store)


def test_two_rows_that_changed_places_are_found(store):
    _do(store, "UPDATE audit SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6)")
    _do(store, "UPDATE audit SET seq = -seq WHERE seq < 0")
    assert _faults(store)


def test_a_cut_tail_is_found_only_by_a_head_that_was_kept(store):
    head = _head(store)
    _do(store, "DELETE FROM audit WHERE seq > 30")
    assert _faults(store) == []
    assert _faults(store, head) == ["row 40 is gone: an exported head names it"]


def test_a_trail_written_anew_is_found_by_a_head_that_was_kept(store):
    head = _head(store)
    _do(store, "DELETE FROM audit")
    with store.begin() as tx:
        for number in range(50):
            audit.note(tx, actor="anna", action="view", subject=f"another {number}")
    assert _faults(store) == []
    assert _faults(store, head) == ["row 40 is not the one that the exported head names"]
    assert _faults(store, Head()) == []


def test_rows_from_before_the_chain_are_chained_by_the_migration(tmp_path):
    from importlib import resources

    from alembic import command
    from alembic.config import Config

    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    engine = sa.create_engine(url)
    with resources.as_file(resources.files("digitizer.store") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["engine"] = engine
        command.upgrade(config, "0002")
    with engine.begin() as tx:
        for number in range(3):
            row = f"('2026-01-01T00:00:0{number}', 'root', 'view', 'chart')"
            tx.execute(sa.text(f"INSERT INTO audit (at, actor, action, subject) VALUES {row}"))
    engine.dispose()
    store = open_store(url)
    with store.begin() as tx:
        audit.note(tx, actor="anna", action="view", subject="chart")
    assert _faults(store) == []
    assert _head(store).seq == 4
    _do(store, "UPDATE audit SET actor = 'x' WHERE seq = 2")
    assert _faults(store)
    store.close()
