"""Scanners that read one side: a file of fronts, then one of backs, out of two folders at once."""

import os
import time

import pytest

from tests import scans
from tests.program import Program

_RULES = """  folders:
    - {path: east, duplex: true}
    - {path: west, duplex: true}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    program = Program(tmp_path_factory.mktemp("home"))
    config = program.home / "config.yaml"
    text = config.read_text().replace("  folders: []", f"{_RULES}  _: 0", 1)
    config.write_text(
        text.replace("  _: 0", "").replace("backs_seconds: 600.0", "backs_seconds: 4")
    )
    return program


def _drop(program, name, *words):
    """A stack with a word on each page; dropped a moment after the one before."""
    _drop.clock += 1
    path = program.inbox / name
    path.parent.mkdir(exist_ok=True)
    scans.tiff(path, [scans.page((f"Progress note about {w}",), dpi=100) for w in words], dpi=100)
    os.utime(path, (_drop.clock, _drop.clock))


_drop.clock = time.time() - 100


def _words(program, name):
    """The last word of each page of what was made of a file."""
    files = {file["name"]: file for file in program.json("status")["files"]}
    pages = [
        page
        for document in files[name]["documents"]
        for page in program.json("show", document)["pages"]
    ]
    in_order = sorted(pages, key=lambda page: page["source_page"])
    return [page["text"].split()[-1] for page in in_order]


def test_fronts_and_backs_are_collated_each_scanner_by_itself(program):
    _drop(program, "east/1.tif", "gout", "cough")
    _drop(program, "west/1.tif", "fever", "nausea", "itching")
    _drop(program, "east/2.tif", "asthma", "anemia")
    _drop(program, "west/2.tif", "vertigo", "edema", "sepsis")
    program("run", "--once")
    assert program.states() == {
        "east/1.tif": "digitized",
        "east/2.tif": "backs",
        "west/1.tif": "digitized",
        "west/2.tif": "backs",
    }
    assert _words(program, "east/1.tif") == ["gout", "anemia", "cough", "asthma"]
    west = ["fever", "sepsis", "nausea", "edema", "itching", "vertigo"]
    assert _words(program, "west/1.tif") == west


def test_a_stack_with_a_page_missing_is_no_guess(program):
    _drop(program, "east/3.tif", "gout", "cough", "fever")
    _drop(program, "east/4.tif", "asthma", "anemia")
    program("run", "--once")
    files = {file["name"]: file for file in program.json("status")["files"]}
    assert files["east/3.tif"]["state"] == "quarantined"
    assert "fronts have 3 pages and the backs 2" in files["east/3.tif"]["reason"]


def test_fronts_whose_backs_never_come_are_read_alone_and_say_so(program):
    _drop(program, "west/5.tif", "nausea", "gout")
    program("run", "--once")
    files = {file["name"]: file for file in program.json("status")["files"]}
    assert files["west/5.tif"]["state"] == "digitized_with_warning"
    assert "no back sides came" in files["west/5.tif"]["reason"]
    assert _words(program, "west/5.tif") == ["nausea", "gout"]
