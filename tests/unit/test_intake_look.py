import os
import socket

import pytest

from digitizer.errors import TransientError
from digitizer.intake.look import look


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def _taken(inbox):
    return {seen.name for seen in look(inbox) if seen.sighting}


def _left(inbox):
    return {seen.name: seen.ignored for seen in look(inbox) if not seen.sighting}


def test_files_are_seen_in_subfolders_and_under_any_name(inbox):
    (inbox / "ward 3").mkdir()
    (inbox / "ward 3" / "скан.pdf").touch()
    (inbox / os.fsdecode(b"odd\xff.tif")).touch()
    assert _taken(inbox) == {"ward 3/скан.pdf".encode(), b"odd\xff.tif"}


def test_links_sockets_and_pipes_are_left_alone_with_a_reason(inbox):
    (inbox / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(inbox / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(inbox / "socket.pdf"))
        left = _left(inbox)
    assert _taken(inbox) == set()
    words = {
        name: word for name, word in zip(sorted(left), ("link", "pipe", "socket"), strict=True)
    }
    assert all(word in left[name] for name, word in words.items())


def test_a_linked_folder_is_not_followed(inbox, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.pdf").touch()
    (inbox / "folder").symlink_to(outside)
    assert _taken(inbox) == set()


def test_housekeeping_is_ignored_and_unfinished_downloads_wait(inbox):
    for name in (".DS_Store", "Thumbs.db", "~$chart.docx", "._scan.pdf", "notes.txt~"):
        (inbox / name).touch()
    (inbox / "scan.pdf.part").touch()
    (inbox / "@eaDir").mkdir()
    (inbox / "@eaDir" / "scan.pdf").touch()
    assert _taken(inbox) == set()
    left = _left(inbox)
    assert "unfinished" in left.pop(b"scan.pdf.part")
    assert set(left) == {b".DS_Store", b"Thumbs.db", b"~$chart.docx", b"._scan.pdf", b"notes.txt~"}


def test_the_inboxes_own_readme_is_not_seen(inbox):
    (inbox / "README.md").touch()
    assert list(look(inbox)) == []


def test_a_missing_inbox_is_a_fault_that_passes(tmp_path):
    with pytest.raises(TransientError, match="is the share there"):
        list(look(tmp_path / "gone"))
