"""One bounded child process for reading one hostile file, streaming what it finds out.

The threat is a file that makes its reader loop, swell, crash, or do what its author wants. The
child (`digitizer.work.child`) runs in a box (`digitizer.work.box`) that holds little but the file,
starts with limits on CPU seconds, memory and file size, in a session of its own, and ends with the
thread that started it. The parent holds the wall clock and kills the whole session when it runs
out, when the stream is closed, and at the end. Of the file no more than the name it is kept under
stands in the child's arguments.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from digitizer.chart.stage import Limits
from digitizer.errors import ConfigError, InputError, TransientError
from digitizer.work.box import PYTHON, boxed

_ERRORS = {kind.__name__: kind for kind in (InputError, TransientError, ConfigError)}
_BY_SIGNAL = 128
"""The box ends with this and the signal's number where the child in it ended by a signal."""

_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "PYTHONPATH", "TESSDATA_PREFIX")


def stream(
    *,
    function: str,
    arguments: Mapping[str, Any],
    limits: Limits,
    reads: Sequence[Path] = (),
    writes: Sequence[Path] = (),
) -> Iterator[dict[str, Any]]:
    """Run the generator `function` ("module:name") in a child and yield what it yields.

    Of the home's files it sees those of `reads`, and may change those of `writes`.

    The child makes one thing at a time, when it is asked for, so work folders stay small.

    Raises:
        InputError: the child raised it, broke a limit, or crashed on what it read.
        TransientError: the child raised it, or was killed from outside.
    """
    child = _start(reads, writes)
    out_of_time = threading.Event()
    clock = threading.Timer(limits.wall_seconds, _stop, (child, out_of_time))
    clock.start()
    try:
        call = {"function": function, "arguments": dict(arguments), "limits": asdict(limits)}
        _send(child, json.dumps(call))
        while (answer := _next(child)) is not None:
            if "item" not in answer:
                raise _ERRORS.get(answer["error"], InputError)(answer["message"])
            yield answer["item"]
        _check_ending(child, out_of_time=out_of_time.is_set(), limits=limits)
    finally:
        clock.cancel()
        _stop(child)


def _start(reads: Sequence[Path], writes: Sequence[Path]) -> subprocess.Popen[str]:
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    environment |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        boxed([PYTHON, "-m", "digitizer.work.child"], reads=reads, writes=writes),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
        text=True,
    )


def _send(child: subprocess.Popen[str], line: str) -> None:
    if child.stdin is None:
        return
    with suppress(BrokenPipeError):  # how it ended is read off its exit status
        child.stdin.write(line + "\n")
        child.stdin.flush()


def _next(child: subprocess.Popen[str]) -> dict[str, Any] | None:
    """Ask for one more thing; `None` at the end of the child's output."""
    _send(child, "next")
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        return None
    answer: dict[str, Any] = json.loads(line)
    return None if answer.get("end") else answer


def _check_ending(child: subprocess.Popen[str], *, out_of_time: bool, limits: Limits) -> None:
    status = child.wait()
    ended_by = -status if status < 0 else status - _BY_SIGNAL
    for over, seconds, setting in (
        (out_of_time, limits.wall_seconds, "wall_seconds"),
        (ended_by == signal.SIGXCPU, limits.cpu_seconds, "cpu_seconds"),
    ):
        if over:
            raise InputError(
                f"reading it takes longer than the limit of {seconds} s: "
                f"split the scan, or raise limits.{setting} in config.yaml"
            )
    if ended_by == signal.SIGKILL:
        raise TransientError("its reader was killed from outside: it will be tried again")
    if status != 0:
        raise InputError(
            "it is corrupt in a way that makes its reader crash: scan the paper again, "
            "or print the file to a new PDF and drop that"
        )


def _stop(child: subprocess.Popen[str], flag: threading.Event | None = None) -> None:
    if flag is not None:
        flag.set()
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    if flag is None:
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
