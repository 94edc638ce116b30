import os

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from digitizer.chart.document import Document
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.job import JobEvent, JobState
from digitizer.chart.page import Page
from digitizer.chart.text import Text, Word
from digitizer.errors import ConfigError, UsageError
from digitizer.store import Blobs, documents, files, open_store, outbox, pages
from digitizer.store.files import Lane
from digitizer.store.tables import METADATA

SHA = "a" * 64


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'charts.sqlite'}")
    yield store
    store.close()


def _arrive(store, claim, sha=SHA):
    with store.begin() as tx:
        return files.arrived(tx, claim=claim, name=b"scan.pdf", sha256=sha, size=3)


def _page(number):
    word = Word(text="pain", box=Box(1, 2, 3, 4), confidence=0.5)
    text = Text(content="pain\n", words=(word,), starts=(0,))
    return Page(
        number=number, width=10, height=10, text=text, to_delivered=Affine.scaling(0.1, 0.1)
    )


def test_the_migrations_make_exactly_the_tables_of_the_code(store):
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_database_of_a_newer_digitizer_is_refused(store, tmp_path):
    with store.begin() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="update digitizer"):
        open_store(f"sqlite:///{tmp_path / 'charts.sqlite'}")


def test_the_same_claim_entered_twice_is_one_row(store):
    assert _arrive(store, "1") == _arrive(store, "1")


def test_bytes_that_were_digitized_are_a_duplicate_of_the_first(store):
    first, second = _arrive(store, "1"), _arrive(store, "2")
    with store.begin() as tx:
        row = files.take_next(tx)
        assert row.id == first.id
        assert files.take_next(tx) is None  # the second waits for the first
        files.move(tx, row.job, JobEvent.FINISHED)
        assert files.take_next(tx) is None
        late = files.get(tx, second.id)
    assert (late.outcome, late.duplicate_of) == ("duplicate", first.id)
    assert _arrive(store, "3").outcome == "duplicate"


def test_pages_kept_of_what_turns_out_a_duplicate_are_gone_from_the_index_too(store):
    first, second = _arrive(store, "1"), _arrive(store, "2")
    with store.begin() as tx:
        files.move(tx, files.take_next(tx).job, JobEvent.REJECTED, "bad")
        row = files.take_next(tx)
        assert row.id == second.id
        pages.save(tx, row.id, _page(1), "v1")
        files.move(tx, row.job, JobEvent.STUMBLED, "disk full")
        files.move(tx, files.get(tx, first.id).job, JobEvent.RETRIED)
        files.move(tx, files.take_next(tx).job, JobEvent.FINISHED)
        outbox.settled(tx, outbox.last(tx))
        assert files.take_next(tx) is None
        assert files.get(tx, second.id).outcome == "duplicate"
        assert pages.get(tx, second.id, 1) is None
        assert [change.file_id for change in outbox.waiting(tx, 9)] == [second.id]


def test_a_bad_file_dropped_twice_is_bad_twice(store):
    _arrive(store, "1"), _arrive(store, "2")
    with store.begin() as tx:
        for _ in range(2):
            files.move(tx, files.take_next(tx).job, JobEvent.REJECTED, "it is empty")
        assert files.counts(tx) == {"quarantined": 2}


def test_only_one_of_two_takers_gets_the_job(store):
    row = _arrive(store, "1")
    with store.begin() as tx:
        assert files.move(tx, row.job, JobEvent.STARTED)
        assert not files.move(tx, row.job, JobEvent.STARTED)


def test_what_a_killed_process_was_running_is_queued_again(store):
    _arrive(store, "1")
    with store.begin() as tx:
        files.take_next(tx)
    with store.begin() as tx:
        assert files.recover(tx) == 1
        assert files.take_next(tx).state == JobState.RUNNING


def test_a_small_new_file_overtakes_a_burst_and_a_thick_chart(store):
    with store.begin() as tx:
        for number in range(3):
            files.arrived(tx, claim=f"old{number}", name=b"old", sha256=f"{number}" * 64, size=9)
        files.arrived(tx, claim="new", name=b"new.pdf", sha256="e" * 64, size=9)
        files.arrived(tx, claim="thick", name=b"thick.pdf", sha256="f" * 64, size=1 << 30)
        assert files.take_next(tx, Lane.SMALL).name == b"new.pdf"
        assert files.take_next(tx).sha256 == "0" * 64


def test_a_higher_priority_is_read_first(store):
    with store.begin() as tx:
        files.arrived(tx, claim="1", name=b"a", sha256="a" * 64, size=9)
        urgent = files.Origin(priority=5, department="ED")
        files.arrived(tx, claim="2", name=b"b", sha256="b" * 64, size=9, origin=urgent)
        row = files.take_next(tx)
    assert (row.name, row.department) == (b"b", "ED")


def test_files_are_counted_by_what_became_of_them(store):
    for number, event in enumerate((JobEvent.FINISHED, JobEvent.REJECTED, JobEvent.GAVE_UP)):
        _arrive(store, f"c{number}", f"{number}" * 64)
        with store.begin() as tx:
            row = files.take_next(tx)
            files.move(tx, row.job, event, "page 2 is torn")
    _arrive(store, "waits", "9" * 64)
    with store.read() as tx:
        assert files.counts(tx) == {"digitized_with_warning": 1, "quarantined": 2, "queued": 1}


def test_a_page_and_its_document_come_back_as_they_were(store):
    row = _arrive(store, "1")
    with store.begin() as tx:
        for number in (1, 2):
            pages.save(tx, row.id, _page(number), "stages")
        (key,) = documents.replace_all(tx, row.id, SHA, [Document(pages=(_page(1), _page(2)))])
    with store.read() as tx:
        stored = documents.get(tx, key)
        assert stored.document.pages == (_page(1), _page(2))
        assert pages.numbers(tx, row.id, "stages") == {1, 2}
        assert pages.numbers(tx, row.id, "other stages") == frozenset()


def test_a_transaction_that_fails_leaves_neither_page_nor_notice(store):
    row = _arrive(store, "1")
    with pytest.raises(RuntimeError), store.begin() as tx:
        pages.save(tx, row.id, _page(1), "stages")
        raise RuntimeError
    with store.read() as tx:
        assert outbox.count(tx) == 0
        assert pages.get(tx, row.id, 1) is None


def test_an_original_is_kept_once_and_read_only(tmp_path):
    blobs = Blobs(tmp_path / "blobs")
    (tmp_path / "scan").write_bytes(b"bytes")
    descriptor = os.open(tmp_path / "scan", os.O_RDONLY)
    kept = {blobs.keep(descriptor) for _ in range(2)}
    os.close(descriptor)
    ((sha256, size),) = kept
    assert size == 5
    assert blobs.path(sha256).read_bytes() == b"bytes"
    assert blobs.path(sha256).stat().st_mode & 0o777 == 0o400
    assert not list((tmp_path / "blobs").glob("draft-*"))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "f" * 64, "z" * 64])
def test_what_is_no_known_hash_gives_no_file(tmp_path, name):
    with pytest.raises(UsageError):
        Blobs(tmp_path).path(name)


def test_the_last_written_small_file_goes_first_though_it_was_taken_before_others(store):
    with store.begin() as tx:
        for number, written in enumerate((5.0, 9.0, 7.0)):
            facts = {"name": b"scan.pdf", "sha256": f"{number}" * 64, "size": 9}
            files.arrived(tx, claim=str(number), written=written, **facts)
        turns = [files.take_next(tx, lane).id for lane in (Lane.SMALL, Lane.SMALL, Lane.OLDEST)]
    assert turns == [2, 3, 1]
