"""What a technician sees when something dropped is no good."""

import pytest

from tests import scans
from tests.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("home") / "charts")
    inbox = program.inbox
    program("run", "--once")  # an empty inbox is no fault
    assert program.states() == {}
    (inbox / "empty.pdf").touch()
    (inbox / "page.pdf").write_text("<html><body>404 not found</body></html>")
    (inbox / "letter.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    whole = scans.pdf(inbox / "cut.pdf", [scans.page()]).read_bytes()
    (inbox / "cut.pdf").write_bytes(whole[: len(whole) // 3])
    (inbox / "link.pdf").symlink_to("/etc/passwd")
    (inbox / "blank.png").write_bytes(b"")
    scans.page(lines=()).save(inbox / "blank.png")
    scans.page().save(inbox / "good.jpg", quality=90)
    scans.tiff(inbox / "two.tif", [scans.page(), scans.page(("Second page, cellulitis.",))])
    program("run", "--once")
    return program


def _reason(program, name):
    (file,) = [file for file in program.json("status")["files"] if file["name"] == name]
    assert file["state"] == "quarantined"
    return file["reason"].lower()


@pytest.mark.parametrize(
    ("name", "word"), [("empty.pdf", "empty"), ("page.pdf", "html"), ("letter.docx", "office")]
)
def test_what_is_no_scan_is_quarantined_with_a_reason(program, name, word):
    assert word in _reason(program, name)


def test_a_cut_off_file_is_quarantined_or_says_what_is_missing(program):
    assert program.states()["cut.pdf"] in {"quarantined", "digitized_with_warning"}


def test_a_link_is_ignored_and_left_where_it_lies(program):
    assert program.states()["link.pdf"] == "ignored"
    assert (program.inbox / "link.pdf").is_symlink()


def test_good_files_beside_bad_ones_are_digitized(program):
    states = program.states()
    assert states["good.jpg"] == states["two.tif"] == states["blank.png"] == "digitized"
    assert program.json("search", "cellulitis")["hits"][0]["page"] == 2


def test_every_original_is_kept(program, tmp_path):
    for number, file in enumerate(program.json("status")["files"]):
        if file["sha256"]:
            program("original", file["sha256"], "--out", str(tmp_path / str(number)))


def test_status_names_each_bad_file_for_people(program):
    said = program("status")
    assert "empty.pdf" in said
    assert "quarantined" in said


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("search",), 2, "filter"),
        (("search", '"open'), 2, "quotation"),
        (("show", "nothing-1"), 2, "no document"),
        (("search", "x", "--dob", "yesterday"), 2, "YYYY-MM-DD"),
        (("original", "abc", "--out", "x"), 2, "SHA-256"),
        (("codes", "show", "XX9"), 2, "no code"),
        (("read", "missing.pdf"), 2, "not a file"),
    ],
)
def test_errors_are_one_line_that_names_the_remedy(program, arguments, code, word):
    done = program.run(*arguments)
    assert done.returncode == code
    assert word.lower() in done.stderr.lower()
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
