"""What running a program costs: CPU seconds and memory of everything that it starts."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.torture.tree import children, peak_mib

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_ONE_THREAD = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`cpu` (user and system) and `wall` in seconds, `peak` resident memory of the tree in MiB."""

    cpu: float = 0.0
    wall: float = 0.0
    peak: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        return Cost(
            cpu=self.cpu + other.cpu,
            wall=self.wall + other.wall,
            peak=max(self.peak, other.peak),
        )


class FailedError(Exception):
    """A program ended with an exit code that is no success."""


def run(command: Sequence[str | Path], *, out: Path, good: Sequence[int] = (0,)) -> Cost:
    """Run a program, its output into the file `out`, one thread a process.

    Raises:
        FailedError: its exit code is none of `good`; the message ends with what it said last.
    """
    _inherit_orphans()
    others = children(os.getpid())
    environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
    cpu, started = _spent(), time.monotonic()
    with out.open("wb") as file, out.with_suffix(".stderr").open("wb") as said:
        process = subprocess.Popen(command, stdout=file, stderr=said, env=environment)
        with peak_mib(process.pid, every=0.1) as peak:
            code = process.wait()
            wall = time.monotonic() - started
            _bury_orphans(others)
    if code not in good:
        last = out.with_suffix(".stderr").read_text(errors="replace")[-400:]
        raise FailedError(f"{' '.join(map(str, command[:4]))} … ended with {code}: {last}")
    return Cost(cpu=_spent() - cpu, wall=wall, peak=peak())


def _spent() -> float:
    """CPU seconds of all that this process has started and buried."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _inherit_orphans() -> None:
    """A program's children that outlive their parent become ours, so that their time is counted:
    bubblewrap does not bury what it starts.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _bury_orphans(others: set[int]) -> None:
    """Wait for what the program has left to us; `others` are children of our own."""
    while orphans := children(os.getpid()) - others:
        for orphan in orphans:
            with suppress(ChildProcessError):
                os.waitpid(orphan, 0)
