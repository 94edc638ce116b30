"""Looks at the processes of a daemon through /proc."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def peak_mib(root: int, every: float = 0.3) -> Iterator[Callable[[], float]]:
    """Watch the resident memory of a process and all below it; yields the peak so far, in MiB."""
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(every):
            peak[0] = max(peak[0], sum(map(_resident, family(root))) / 2**20)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: peak[0]
    finally:
        stop.set()
        watcher.join()


def family(root: int) -> set[int]:
    """The process and everything it has started, down to the last child."""
    parents = dict(_parents())
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def children(parent: int) -> set[int]:
    """What the process has started or inherited, and not yet buried."""
    return {pid for pid, started_by in _parents() if started_by == parent}


def alive(processes: set[int]) -> dict[int, str]:
    """Those of the processes that still run, with their commands; the dead unburied do not."""
    return {pid: command for pid in processes if (command := _command(pid))}


def _command(pid: int) -> str:
    """What a process was started as; "" for one that is gone, or gone but for its exit code."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""


def _parents() -> Iterator[tuple[int, int]]:
    """Each process with the one that started it."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(folder.name), int(after_name[1])


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
