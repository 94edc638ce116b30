"""Drops a torture plan into the inbox of a live daemon, and writes what became of each drop.

    python -m tests.torture DIR --out OUTCOMES.json [--driver-args …]

DIR holds `plan.json` and `drive_torture.py`. The cases in which the daemon itself is handled
(started late, killed, its disk full) are played here, on homes of their own.
"""

import argparse
import base64
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.program import Program, kill, wait_for
from tests.torture.collect import collect
from tests.torture.tree import alive, family, peak_mib

_OPEN = ("queued", "running", "retrying")
_HARNESS = ("before_start", "kill_restart", "disk_full")


def main() -> None:
    """Play the plan, and write the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only-harness", action="store_true", help="only those played here")
    parser.add_argument("--many", default="5000", help="how many tiny files the load case drops")
    asked = parser.parse_args()
    data = asked.data.resolve()
    cases = json.loads((data / "plan.json").read_text())["cases"]
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = {} if asked.only_harness else play(Path(scratch), data, cases, asked.many)
        for case in cases:
            if case["op"] in _HARNESS:
                folder = Path(scratch) / case["op"]
                outcomes |= _PLAYS[case["op"]](folder, data, case)
    asked.out.write_text(json.dumps(outcomes, indent=1))
    print(f"{len(outcomes)} outcomes in {asked.out}")


def play(scratch: Path, data: Path, cases: list[dict], many: str) -> dict[str, dict]:
    """The plan into the inbox of one running daemon."""
    program = Program(scratch / "home", quick=False)
    before = _outside(scratch)
    daemon = _start(program)
    with peak_mib(daemon.pid) as peak:
        driven = _drive(program, data, scratch, many)
        asked = [case for case in cases if case["id"] in driven]
        _wait_until_quiet(program, many)
    _check("the daemon is alive", daemon.poll() is None)
    outcomes = collect(program, asked, peak(), scratch)
    started = family(daemon.pid)
    daemon.terminate()
    daemon.wait(60)
    time.sleep(1)
    _check(f"no process is left over {alive(started) or ''}", not alive(started))
    _check("nothing was written outside", _outside(scratch) - before <= {"outside", "export"})
    print(f"peak of the process tree: {peak():.0f} MiB")
    return outcomes


def _drive(program: Program, data: Path, scratch: Path, many: str) -> set[str]:
    log = scratch / "driven.json"
    command = [sys.executable, data / "drive_torture.py", "--torture", data]
    command += ["--inbox", program.inbox, "--many", many, "--log", log]
    subprocess.run(command, check=True)
    return {one["id"] for one in json.loads(log.read_text()) if "skipped" not in one}


def _wait_until_quiet(program: Program, many: str) -> None:
    """Until nothing is open and nothing has changed for a while; says when the urgent one is."""
    started, quiet_since, last, urgent = time.monotonic(), time.monotonic(), None, False
    while time.monotonic() - quiet_since < 20:
        files = program.json("status")["files"]
        states = {file["name"]: file["state"] for file in files}
        if not urgent and states.get("urgent.pdf", "").startswith("digitized"):
            urgent = True
            print(f"urgent.pdf behind {many} was done after {time.monotonic() - started:.0f} s")
        waiting = sum(file["state"] in _OPEN for file in files)
        if waiting or states != last:
            quiet_since, last = time.monotonic(), states
        time.sleep(2)


def _before_start(folder: Path, data: Path, case: dict) -> dict[str, dict]:
    program = _home_with(folder, data, case)
    return _finish(program, case, folder)


def _kill_restart(folder: Path, data: Path, case: dict) -> dict[str, dict]:
    program = _home_with(folder, data, case)
    daemon = _start(program)
    wait_for(lambda: "running" in program.states().values())
    time.sleep(1)
    kill(daemon)
    return _finish(program, case, folder)


def _disk_full(folder: Path, data: Path, case: dict) -> dict[str, dict]:
    """The private folder on a small disk that is full for a while."""
    program = Program(folder / "home", quick=False)
    disk = program.home / ".digitizer"
    shutil.rmtree(disk, ignore_errors=True)
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
    try:
        program.run("status")
        filler = disk / "filler"
        _fill(filler)
        daemon = _start(program)
        _drop(program, data, case)
        time.sleep(15)
        _check("the original stays while the disk is full", _somewhere(program, case))
        _check("the daemon outlives a full disk", daemon.poll() is None)
        filler.unlink()
        wait_for(lambda: set(program.states().values()) == {"digitized"}, 120)
        daemon.terminate()
        daemon.wait(60)
        return collect(program, [case], 0, folder)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def _fill(filler: Path) -> None:
    """Write to a file until the disk is full."""
    file = os.open(filler, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, bytes(4096))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    finally:
        os.close(file)


def _home_with(folder: Path, data: Path, case: dict) -> Program:
    program = Program(folder / "home", quick=False)
    _drop(program, data, case)
    return program


def _drop(program: Program, data: Path, case: dict) -> None:
    name = base64.b64decode(case["name_b64"]).decode()
    shutil.copyfile(data / case["data"], program.inbox / name)


def _somewhere(program: Program, case: dict) -> bool:
    name = base64.b64decode(case["name_b64"]).decode()
    return bool(list(program.inbox.rglob(name)) + list(program.inbox.glob(f".claimed/*/{name}")))


def _finish(program: Program, case: dict, folder: Path) -> dict[str, dict]:
    program("run", "--once")
    return collect(program, [case], 0, folder)


def _start(program: Program) -> subprocess.Popen:
    daemon = program.start()
    threading.Thread(target=daemon.stderr.read, daemon=True).start()  # or its pipe fills up
    return daemon


def _outside(scratch: Path) -> set[str]:
    return {path.name for path in scratch.iterdir()} - {"home", "driven.json", "original"}


def _check(what: str, holds: object) -> None:
    print(f"{'yes' if holds else 'NO '}: {what}")


_PLAYS = {
    "before_start": _before_start,
    "kill_restart": _kill_restart,
    "disk_full": _disk_full,
}

if __name__ == "__main__":
    main()
