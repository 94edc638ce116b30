"""A person settles what was refused, with the daemon's work going on around it."""

import pytest

from tests import scans
from tests.program import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Two files that were refused: no document at all, and one page too many."""
    program = Program(tmp_path_factory.mktemp("home"))
    config = program.home / "config.yaml"
    config.write_text(config.read_text().replace("pages: 5000", "pages: 1"))
    (program.inbox / "notes.zip").write_bytes(b"PK\3\4 not a scan")
    pages = [scans.page((f"Progress note {number}", "She has gout."), dpi=100) for number in (1, 2)]
    pages[0].save(program.inbox / "stack.tif", save_all=True, append_images=pages[1:])
    program("run", "--once")
    return program


def _listed(program, *options):
    files = program.json("quarantine", "list", *options)["files"]
    return {file["name"]: file for file in files}


def test_what_was_refused_is_settled_by_a_person(program):
    refused = _listed(program)
    assert refused["stack.tif"]["actions"][0] == "release"
    assert refused["notes.zip"]["fault"] == "file"
    assert "release" not in refused["notes.zip"]["actions"]

    done = program.run("quarantine", "release", "notes.zip")
    assert (done.returncode, "no limit stopped" in done.stderr) == (2, True)

    program("quarantine", "release", refused["stack.tif"]["sha256"][:8])
    number = str(refused["notes.zip"]["id"])
    program("quarantine", "discard", number, "--because", "not a chart")
    program("run", "--once")
    assert program.states() == {"stack.tif": "digitized", "notes.zip": "discarded"}
    assert _listed(program) == {}
    assert "not a chart" in _listed(program, "--discarded")["notes.zip"]["reason"]
    program("original", refused["notes.zip"]["sha256"], "--out", str(program.home / "again.zip"))

    program("quarantine", "retry", number)
    program("run", "--once")
    assert program.states()["notes.zip"] == "quarantined"


@pytest.mark.parametrize("key", ["no-such.pdf", "999999", "abcdef12"])
def test_a_file_that_is_not_there_is_named(program, key):
    done = program.run("quarantine", "retry", key)
    assert (done.returncode, key in done.stderr) == (2, True)
