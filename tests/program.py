"""Runs the real program `digitizer` on a home of the test's own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("digitizer")


def _quickened(config: str) -> str:
    shorter = config.replace("settle_seconds: 2.0", "settle_seconds: 0.3")
    return shorter.replace("patience_seconds: 30.0", "patience_seconds: 1.0")


class Program:
    """The program with a fresh home."""

    def __init__(self, home: Path, *, quick: bool = True):
        """A `quick` one waits less for files that may still be written."""
        self.home = home
        self("init", str(home), at_home=False)
        config = home / "config.yaml"
        if quick:
            config.write_text(_quickened(config.read_text()))
        self.inbox = home / "inbox"

    def __call__(self, *arguments, stdin="", code=0, at_home=True):
        """Run a command; what it printed on stdout."""
        done = self.run(*arguments, stdin=stdin, at_home=at_home)
        assert done.returncode == code, done.stderr
        return done.stdout

    def run(self, *arguments, stdin="", at_home=True):
        """Run a command, whatever its exit code."""
        home = ["--home", str(self.home)] if at_home else []
        return subprocess.run(
            [PROGRAM, *arguments, *home],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def json(self, *arguments, **options):
        """Run a command that answers in JSON."""
        return json.loads(self(*arguments, "--json", **options))

    def states(self):
        """What became of each file, by name."""
        return {file["name"]: file["state"] for file in self.json("status")["files"]}

    def start(self) -> subprocess.Popen:
        """Start the daemon."""
        return subprocess.Popen(
            [PROGRAM, "run", "--no-web", "--home", str(self.home)],
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def wait_for(condition, seconds=120):
    """Wait until `condition()` is true, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def kill(process: subprocess.Popen) -> None:
    """`kill -9`, the daemon alone."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
