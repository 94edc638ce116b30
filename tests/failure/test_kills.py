"""`kill -9` in the middle of a batch: every file is there once, none is lost.

The environment variable KILL_ROUNDS says how often (4 in the suite; 100 before a release).
"""

import hashlib
import os
import random
import signal
import time

import pytest

from tests import scans
from tests.program import Program, kill, wait_for
from tests.torture.tree import family

ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))
AT_FIRST = 4


def _drop(program, number):
    lines = (f"Note number {number}", f"The patient has condition{number:03} and gout.")
    path = program.inbox / f"note-{number}.png"
    scans.page(lines, dpi=100).save(path)
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


def _check(program, dropped):
    files = program.json("status")["files"]
    assert sorted(file["name"] for file in files) == sorted(dropped)
    assert {file["name"]: file["sha256"] for file in files} == dropped
    assert {file["state"] for file in files} == {"digitized"}
    found = program.json("search", "gout", "--limit", "500")["documents"]
    assert found == len(dropped)
    assert not list((program.inbox / ".claimed").iterdir())
    assert not list((program.home / ".digitizer/work").iterdir())


@pytest.mark.slow
@pytest.mark.timeout(60 + 20 * ROUNDS)
def test_every_file_is_there_once_after_kills_at_random_moments(tmp_path):
    program = Program(tmp_path / "home")
    dropped = dict(_drop(program, number) for number in range(AT_FIRST))
    moments = random.Random(4)
    for number in range(AT_FIRST, AT_FIRST + ROUNDS):
        daemon = program.start()
        time.sleep(moments.uniform(0.2, 3))
        dropped |= [_drop(program, number)]
        time.sleep(moments.uniform(0.2, 3))
        kill(daemon)
    program("run", "--once")
    _check(program, dropped)


@pytest.mark.slow
def test_a_killed_worker_costs_no_file(tmp_path):
    program = Program(tmp_path / "home")
    dropped = dict(_drop(program, number) for number in range(AT_FIRST))
    daemon = program.start()
    wait_for(lambda: "running" in program.states().values())
    moments = random.Random(8)
    for _ in range(3):
        time.sleep(1)
        children = sorted(family(daemon.pid) - {daemon.pid})
        if children:
            os.kill(moments.choice(children), signal.SIGKILL)
    wait_for(lambda: set(program.states().values()) == {"digitized"})
    daemon.terminate()
    daemon.wait(30)
    daemon.stderr.close()
    program("run", "--once")
    _check(program, dropped)


def test_ctrl_c_ends_all_processes_without_a_word_too_many(tmp_path):
    program = Program(tmp_path / "home")
    _drop(program, 1)
    daemon = program.start()
    wait_for(lambda: set(program.states().values()) == {"digitized"})
    os.killpg(daemon.pid, signal.SIGINT)  # as a terminal does
    said = daemon.communicate(timeout=30)[1]
    assert daemon.returncode == 0
    assert "Traceback" not in said


def test_a_claim_that_could_not_be_stored_is_carried_on_by_the_running_daemon(tmp_path):
    program = Program(tmp_path / "home")
    daemon = program.start()
    assert daemon.stderr.readline().startswith("Watching")
    name, sha256 = _drop(program, 1)
    stranded = program.inbox / ".claimed/0123456789abcdef"
    stranded.mkdir(parents=True)
    (program.inbox / name).rename(stranded / name)
    wait_for(lambda: program.states() == {name: "digitized"})
    daemon.terminate()
    daemon.wait(30)
    daemon.stderr.close()
    _check(program, {name: sha256})
