import os

import pytest

from digitizer.errors import TransientError
from digitizer.intake import claim as claims


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / ".claimed").mkdir()
    return tmp_path


def test_a_claimed_file_is_out_of_the_inbox_with_its_bytes(inbox):
    (inbox / "ward").mkdir()
    (inbox / "ward" / "a.pdf").write_bytes(b"bytes")
    claim = claims.take(inbox, inbox / ".claimed", b"ward/a.pdf")
    assert claim is not None
    assert not (inbox / "ward" / "a.pdf").exists()
    with claims.opened(claim) as file:
        assert os.read(file, 9) == b"bytes"


def test_what_a_killed_process_claimed_is_found_again_with_its_name(inbox):
    (inbox / "ward").mkdir()
    (inbox / "ward" / "a.pdf").write_bytes(b"bytes")
    claim = claims.take(inbox, inbox / ".claimed", b"ward/a.pdf")
    (inbox / ".claimed" / "empty").mkdir()
    assert list(claims.left_over(inbox / ".claimed")) == [claim]
    assert not (inbox / ".claimed" / "empty").exists()


def test_nothing_is_claimed_through_a_link(inbox, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.pdf").write_bytes(b"theirs")
    (inbox / "folder").symlink_to(outside)
    (inbox / "link.pdf").symlink_to(outside / "a.pdf")
    assert claims.take(inbox, inbox / ".claimed", b"folder/a.pdf") is None
    assert claims.take(inbox, inbox / ".claimed", b"link.pdf") is None
    assert (outside / "a.pdf").read_bytes() == b"theirs"
    assert list((inbox / ".claimed").iterdir()) == []


def test_a_file_given_back_never_replaces_one_that_came_meanwhile(inbox):
    (inbox / "a.pdf").write_bytes(b"first")
    claim = claims.take(inbox, inbox / ".claimed", b"a.pdf")
    (inbox / "a.pdf").write_bytes(b"second")
    claims.give_back(claim, inbox)
    kept = {path.read_bytes() for path in inbox.rglob("a.pdf")}
    assert kept == {b"first", b"second"}
    assert list((inbox / ".claimed").iterdir()) == []


def test_a_file_given_back_has_its_name_and_place_again(inbox):
    (inbox / "ward").mkdir()
    (inbox / "ward" / "a.pdf").write_bytes(b"bytes")
    claim = claims.take(inbox, inbox / ".claimed", b"ward/a.pdf")
    (inbox / "ward").rmdir()
    claims.give_back(claim, inbox)
    assert (inbox / "ward" / "a.pdf").read_bytes() == b"bytes"
    assert list((inbox / ".claimed").iterdir()) == []


def test_a_file_that_a_program_holds_open_for_writing_is_seen_to_be(inbox):
    with (inbox / "a.pdf").open("wb") as writer:
        writer.write(b"%PDF")
        with claims.peek(inbox, b"a.pdf") as descriptor:
            assert claims.being_written(descriptor)
    with claims.peek(inbox, b"a.pdf") as descriptor:
        assert not claims.being_written(descriptor)
    with (inbox / "a.pdf").open("rb"), claims.peek(inbox, b"a.pdf") as descriptor:
        assert not claims.being_written(descriptor)  # who only reads does not matter


def test_nothing_is_looked_into_through_a_link(inbox):
    (inbox / "link.pdf").symlink_to("/etc/passwd")
    with claims.peek(inbox, b"link.pdf") as descriptor:
        assert descriptor is None


def test_a_claims_folder_that_is_a_link_is_refused(inbox, tmp_path_factory):
    (inbox / ".claimed").rmdir()
    (inbox / ".claimed").symlink_to(tmp_path_factory.mktemp("outside"))
    (inbox / "a.pdf").write_bytes(b"bytes")
    with pytest.raises(TransientError, match="remove it"):
        claims.take(inbox, inbox / ".claimed", b"a.pdf")
    assert (inbox / "a.pdf").exists()
