"""Children that misbehave, through the door that readers of hostile bytes use."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer.chart.stage import Limits
from digitizer.errors import InputError, TransientError
from digitizer.work.box import available
from digitizer.work.sandbox import stream
from tests.program import wait_for

LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=1 << 30)
HERE = "tests.failure.misbehaving"


def _run(name, limits=LIMITS, **arguments):
    return list(_stream(name, limits, **arguments))


def _stream(name, limits=LIMITS, writes=(), **arguments):
    return stream(
        function=f"{HERE}:{name}",
        arguments=arguments,
        limits=limits,
        reads=[Path(__file__).parents[1]],
        writes=writes,
    )


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))


def test_things_come_out_in_order():
    assert _run("count", upto=3) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_the_child_makes_nothing_that_was_not_asked_for(tmp_path):
    things = _stream("leave_traces", writes=[tmp_path], folder=str(tmp_path))
    next(things)
    time.sleep(0.3)
    assert len(list(tmp_path.iterdir())) == 1
    things.close()


def test_an_input_error_arrives_with_its_message():
    with pytest.raises(InputError, match="it is empty"):
        _run("refuse")


def test_an_unforeseen_error_says_where_but_not_what():
    with pytest.raises(InputError, match=r"ValueError in misbehaving\.py") as caught:
        _run("fail", secret="Hargrove")
    assert "Hargrove" not in str(caught.value)


def test_a_child_that_never_ends_is_ended():
    before = time.monotonic()
    with pytest.raises(InputError, match="longer than the limit"):
        _run("sleep", replace(LIMITS, wall_seconds=1))
    assert time.monotonic() - before < 10


def test_a_child_that_burns_cpu_is_ended():
    with pytest.raises(InputError, match="longer than the limit"):
        _run("spin", replace(LIMITS, cpu_seconds=1))


def test_a_child_that_swells_is_refused():
    with pytest.raises(InputError, match="too large"):
        _run("swell", replace(LIMITS, memory_bytes=400 << 20))


def test_a_crash_is_the_files_fault():
    with pytest.raises(InputError, match="crash"):
        _run("crash", signal=11)


def test_a_kill_from_outside_is_not():
    with pytest.raises(TransientError, match="killed"):
        _run("crash", signal=9)


@pytest.mark.skipif(
    not available(), reason="this machine allows no box: bwrap is missing or barred"
)
def test_in_the_box_there_is_nothing_but_what_was_named(tmp_path):
    (tmp_path / "secret").write_text("theirs")
    seen = _run("look_around", folder=str(tmp_path), home=str(Path.home()))
    assert seen == [{"secret": False, "home": [], "network": False, "processes": []}]


def test_a_child_ends_with_its_parent(tmp_path):
    """The parent is killed while its child sleeps, holding a file that it was given."""
    code = (
        "from tests.failure.test_sandbox import _stream; from pathlib import Path; import sys;"
        "next(_stream('sleep_long', writes=[Path(sys.argv[1])], folder=sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    beat = tmp_path / "beat"
    wait_for(beat.exists, 20)
    parent.kill()
    parent.wait()
    time.sleep(0.5)
    beat.unlink()
    time.sleep(0.5)
    assert not beat.exists()
