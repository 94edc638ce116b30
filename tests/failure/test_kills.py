"""`kill -9` of the daemon in the middle of a batch: every file is there once, none is lost."""

import hashlib
import random
import time

import pytest

from tests import scans
from tests.program import Program, kill

FILES = 8
ROUNDS = 4


@pytest.mark.slow
def test_every_file_is_there_once_after_kills_at_random_moments(tmp_path):
    program = Program(tmp_path / "home")
    dropped = {}
    for number in range(FILES):
        lines = (f"Note number {number}", f"The patient has condition{number:03} and gout.")
        path = program.inbox / f"note-{number}.png"
        scans.page(lines, dpi=100).save(path)
        dropped[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    moments = random.Random(4)
    for _ in range(ROUNDS):
        daemon = program.start()
        time.sleep(moments.uniform(0.3, 6))
        kill(daemon)
    program("run", "--once")
    files = program.json("status")["files"]
    assert sorted(file["name"] for file in files) == sorted(dropped)
    assert {file["name"]: file["sha256"] for file in files} == dropped
    assert {file["state"] for file in files} == {"digitized"}
    assert program.json("search", "gout", "--limit", "50")["documents"] == FILES
    assert not list((program.inbox / ".claimed").iterdir())
    assert not list((program.home / ".digitizer/work").iterdir())
