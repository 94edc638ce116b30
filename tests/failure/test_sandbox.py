"""Children that misbehave, through the door that readers of hostile bytes use."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer.chart.stage import Limits
from digitizer.errors import InputError, TransientError
from digitizer.work.sandbox import stream

LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=1 << 30)
HERE = "tests.failure.misbehaving"


def _run(name, limits=LIMITS, **arguments):
    return list(stream(function=f"{HERE}:{name}", arguments=arguments, limits=limits))


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))


def test_things_come_out_in_order():
    assert _run("count", upto=3) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_the_child_makes_nothing_that_was_not_asked_for(tmp_path):
    things = stream(
        function=f"{HERE}:leave_traces", arguments={"folder": str(tmp_path)}, limits=LIMITS
    )
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
