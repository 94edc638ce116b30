"""The index under misuse, damage and sudden death."""

import errno
import gc
import json
import os
import shutil
import subprocess
import sys
import threading

import pytest

from digitizer.chart.search import PageRecord, SearchRequest
from digitizer.errors import TransientError
from digitizer.search import commit, generations, merge
from digitizer.search.answering import Answering
from digitizer.search.backend import IndexBroken
from digitizer.search.whoosh import WhooshBackend
from digitizer.work import box


def page(uid, text, **more):
    return PageRecord(uid=uid, document=uid, source="s.pdf", number=1, text=text, **more)


def found(backend, query):
    return {hit.uid for hit in backend.search(SearchRequest(query=query, limit=50)).hits}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def backend(folder):
    backend = WhooshBackend(folder)
    backend.open()
    yield backend
    backend.close()


def test_removed_text_is_gone_for_a_reader_that_was_open(backend, folder):
    reader = WhooshBackend(folder, segments=2)
    backend.update([page(f"p{i}", f"secret{i} common") for i in range(6)])
    assert len(found(reader, "common")) == 6
    backend.update([page("p0", "harmless")], ["p1"])
    assert found(reader, '"secret0"') == found(reader, '"secret1"') == set()
    assert len(found(reader, "common")) == 4
    merged = False
    for i in range(12):
        backend.update([page("p2", f"version{i}")])
        merged |= backend.tend()
        assert found(reader, "version*") == {"p2"}
        assert found(reader, f'"version{i - 1}"') == set()
    assert merged, "segments were merged under the reader"
    assert reader.uids() == {"p0", "p2", "p3", "p4", "p5"}
    reader.close()


def test_a_removed_word_is_not_suggested(backend):
    backend.update([page("p", "zweihander"), page("q", "other")])
    assert backend.search(SearchRequest(query="zweihandre")).suggestion == "zweihander"
    backend.update([], ["p"])
    assert backend.search(SearchRequest(query="zweihandre")).suggestion == ""


def test_removed_words_leave_the_disk_when_most_of_a_segment_is_gone(backend, folder):
    backend.update([page(f"p{i}", "zweihander") for i in range(8)])
    backend.update([page("q", "other")], [f"p{i}" for i in range(8)])
    assert backend.tend()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(b"zweihander" in path.read_bytes() for path in files)
    assert len(list(folder.glob("gen-*/*.trm"))) == 1, "an empty segment is not kept"


def test_segments_stay_few(backend, folder):
    for i in range(40):
        backend.update([page(f"p{i}", "word")])
        backend.tend()
    assert len(list(folder.glob("gen-*/*.trm"))) <= 11
    assert backend.count() == 40


def test_only_the_owner_can_read_the_folder(backend, folder):
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in folder.glob("gen-*"))


def test_a_second_writer_is_told_to_come_back(backend, folder):
    with generations.writing(folder), pytest.raises(TransientError):
        WhooshBackend(folder).update([page("p", "x")])


def test_another_schema_asks_for_a_rebuild(backend, folder):
    backend.close()
    (manifest,) = folder.glob("gen-*/manifest.json")
    manifest.write_text(json.dumps({"schema": "0", "files": {}}))
    for ask in (backend.count, backend.open, lambda: backend.update([])):
        with pytest.raises(IndexBroken):
            ask()
    backend.rebuild([page("p", "anew")])
    assert found(backend, "anew") == {"p"}


# Whoosh forgets to close the files it had opened before it met the damaged one
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("suffix", ["trm", "pst", "col", "toc"])
@pytest.mark.parametrize("damage", ["truncate", "overwrite", "remove"])
def test_damage_is_reported_and_rebuilt(backend, folder, suffix, damage):
    backend.update([page(f"p{i}", "heart attack") for i in range(20)])
    backend.close()
    for path in [p for p in folder.glob("gen-*/*") if p.suffix == f".{suffix}"]:
        if damage == "truncate":
            os.truncate(path, path.stat().st_size // 2)
        elif damage == "overwrite":
            path.write_bytes(b"\xff" * path.stat().st_size)
        else:
            path.unlink()
    with pytest.raises(IndexBroken):
        backend.open()
        found(backend, '"heart attack"')
    backend.rebuild([page("p", "anew")])
    assert backend.uids() == {"p"}
    gc.collect()


@pytest.mark.parametrize("suffix", ["trm", "pst", "col", "toc"])
def test_one_flipped_bit_is_noticed_on_demand(backend, folder, suffix):
    backend.update([page(f"p{i}", f"heart attack {i}") for i in range(20)])
    backend.verify()
    path = max(folder.glob(f"gen-*/*.{suffix}"))
    flip(path)
    with pytest.raises(IndexBroken):
        WhooshBackend(folder).verify()


def test_pages_come_and_go_while_segments_are_merged(backend, folder, monkeypatch):
    small = WhooshBackend(folder, segments=3)
    for i in range(3):
        backend.update([page(f"p{i}", f"steady number{i}")])
    merged = merge._merged

    def slowly(*given):
        done = merged(*given)
        backend.update([page("new", "steady newcomer")], ["p1"])
        return done

    monkeypatch.setattr(merge, "_merged", slowly)
    assert small.tend()
    assert found(backend, "steady") == {"p0", "p2", "new"}
    assert found(backend, '"number1"') == set()
    assert found(backend, "newcomer") == {"new"}
    assert found(backend, '"steady number2"') == {"p2"}
    backend.verify()
    small.close()


def test_a_lost_pointer_is_not_taken_for_an_empty_index(backend, folder):
    backend.update([page("p", "x")])
    (folder / "CURRENT").unlink()
    with pytest.raises(IndexBroken):
        WhooshBackend(folder).open()


def test_a_failed_rebuild_leaves_the_old_index(backend, folder):
    def records():
        yield page("new", "new")
        raise RuntimeError("the store went away")

    backend.update([page("old", "old")])
    with pytest.raises(RuntimeError):
        backend.rebuild(records())
    assert backend.uids() == {"old"}
    backend.rebuild([page("new", "new")])
    assert backend.uids() == {"new"}
    assert len(list(folder.glob("gen-*"))) == 1


def test_a_failed_update_changes_nothing_and_frees_the_index(backend):
    backend.update([page("old", "old")])
    with pytest.raises(TypeError):
        backend.update([page("bad", None)], ["old"])
    assert backend.uids() == {"old"}
    backend.update([page("new", "new")])
    assert backend.uids() == {"old", "new"}


def test_a_search_out_of_time_says_so(folder):
    backend = WhooshBackend(folder, seconds=-1.0)
    backend.open()
    backend.update([page("p", "word")])
    answer = backend.search(SearchRequest(query="word"))
    assert answer.partial
    assert answer.hits == ()
    backend.close()


def test_readers_in_threads_never_stumble_over_commits(backend):
    backend.update([page("p", "steady")])
    wrong, done = [], threading.Event()

    def read():
        while not done.is_set():
            if found(backend, "steady") != {"p"}:
                wrong.append("missed")

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(10):
        backend.update([page(f"q{i}", "other")])
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("opened", ["before", "after"])
@pytest.mark.parametrize("suffix", ["trm", "pst", "uid.col", "voc", "date_number.col"])
@pytest.mark.parametrize("damage", ["truncate", "flip", "remove"])
def test_what_is_left_of_a_damaged_index_answers_and_says_so(
    backend, folder, suffix, damage, opened
):
    backend.update([page(f"p{i}", f"heart attack {i}") for i in range(20)])
    old = set(folder.glob(f"gen-*/*.{suffix}"))
    backend.update([page("new", "heart attack")])
    if opened == "before":
        assert len(found(backend, '"heart attack"')) == 21
    if suffix in ("voc", "date_number.col"):  # in memory: a reader that has them needs no file
        backend.close()
    for path in old:
        spoil(path, damage)
    answer = backend.search(SearchRequest(query='"heart attack"', limit=50))
    assert {hit.uid for hit in answer.hits} == {"new"}
    assert answer.partial
    assert "damaged" in answer.note
    for ask in (backend.uids, backend.tend, lambda: backend.update([page("more", "x")])):
        with pytest.raises(IndexBroken):
            ask()
    backend.rebuild([page(f"p{i}", f"heart attack {i}") for i in range(21)])
    answer = backend.search(SearchRequest(query='"heart attack"', limit=50))
    assert len(answer.hits) == 21
    assert not answer.partial
    assert not backend.tend()
    gc.collect()


def spoil(path, damage):
    if damage == "truncate":
        os.truncate(path, path.stat().st_size // 2)
    elif damage == "flip":
        flip(path)
    else:
        path.unlink()


def flip(path):
    """One bit, the file's size and time of writing as they were."""
    before, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_an_index_put_back_from_a_backup_is_read_once_and_then_believed(backend, folder, tmp_path):
    backend.update([page("p", "steady")])
    backend.close()
    shutil.copytree(folder, tmp_path / "copy")
    copy = WhooshBackend(tmp_path / "copy")
    assert found(copy, "steady") == {"p"}
    copy.verify()
    (manifest,) = (tmp_path / "copy").glob("gen-*/manifest.json")
    known = json.loads(manifest.read_text())["files"]
    assert all(
        (manifest.parent / name).stat().st_ctime_ns == changed
        for name, (_, _, changed) in known.items()
    )
    copy.close()


def test_a_search_that_fails_on_what_it_reads_has_the_index_looked_over(
    backend, folder, monkeypatch
):
    backend.update([page("p", "steady")])
    with monkeypatch.context() as patched:
        patched.setattr(Answering, "answer", lambda *_: 1 / 0)
        with pytest.raises(IndexBroken):
            found(backend, "steady")
    looked = []
    check = generations.check
    monkeypatch.setattr(
        generations, "check", lambda *a, **k: looked.append(k["thoroughly"]) or check(*a, **k)
    )
    backend.tend()
    assert all(looked), "every byte was read"
    looked.clear()
    backend.tend()
    assert not all(looked), "and found right, so it is believed again"


def trial(name, folder, *more, box=()):
    command = [*box, sys.executable, "-m", "tests.failure.index_trials", name, str(folder), *more]
    subprocess.run(command, check=True, timeout=200)


@pytest.mark.slow
def test_a_killed_writer_leaves_a_whole_index(folder):
    """INDEX_KILLS says how often (20 in the suite; 200 before a release)."""
    trial("kills", folder, os.environ.get("INDEX_KILLS", "20"))


@pytest.mark.slow
def test_two_writers_take_turns(folder):
    trial("two_writers", folder)


@pytest.mark.slow
@pytest.mark.skipif(not box.available(), reason="a disk that is full is made by bubblewrap")
def test_a_full_disk_changes_nothing_and_passes(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "1500000", "--tmpfs", str(disk)]
    trial("full_disk", disk / "index", box=small)


def test_a_word_without_end_can_be_indexed(backend):
    backend.update([page("p", "again " * 70_000), page("q", "x" * 70_000)])
    assert found(backend, "again") == found(backend, "aga*") == {"p"}
    assert found(backend, f"{'x' * 40}*") == {"q"}


def test_pages_are_looked_up_while_nobody_else_writes(backend, folder):
    """Else one who was slow would put in a page as it was before another put it in as it is."""

    def records():
        with pytest.raises(TransientError), generations.writing(folder):
            pass
        yield page("p", "steady")

    backend.update(records())
    assert found(backend, "steady") == {"p"}


# Whoosh forgets to close what it had begun to write
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_a_commit_that_cannot_even_be_given_up_frees_the_index(backend, monkeypatch):
    kept = []

    def full(writer, *_, **__):
        kept.append(writer)  # else the lock would go with it
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr(commit.Writer, "add_document", full)
        patched.setattr(commit.Writer, "cancel", full)
        with pytest.raises(TransientError, match="disk"):
            backend.update([page("p", "x")])
    assert len(kept) == 2
    backend.update([page("p", "x")])
    assert backend.uids() == {"p"}
    kept.clear()
    gc.collect()
