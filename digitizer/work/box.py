"""The box around a child that reads hostile bytes: bubblewrap, where this machine allows it.

In the box there is no network, no other process and no file system but what is named: the system's
programs and libraries, this Python, the files to read, and one folder to write to. Where bubblewrap
is missing or the kernel forbids it, the limits of `work.child` are all there is.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import digitizer

_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/fonts",
    "/etc/ld.so.cache", "/var/cache/fontconfig",
)  # fmt: skip
_ISOLATED = (
    "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--dev", "/dev",
    "--size", str(64 << 20), "--tmpfs", "/tmp", "--chdir", "/",  # noqa: S108 - the box's own
)  # fmt: skip
_PROBE_SECONDS = 10

PYTHON = str(Path(sys.executable).absolute())
"""This interpreter; it may have been started under a relative name."""


def boxed(command: Sequence[str], *, reads: Sequence[Path], writes: Sequence[Path]) -> list[str]:
    """The command, to be run in the box where there is one, else as it is."""
    if not available():
        return list(command)
    return [*_box(), *_binds("--ro-bind", reads), *_binds("--bind", writes), "--", *command]


@cache
def available() -> bool:
    """Whether this machine lets us make the box; tried once a process."""
    if shutil.which("bwrap") is None:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [*_box(), "--", PYTHON, "-c", "import digitizer"],
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _box() -> list[str]:
    ours = dict.fromkeys((*_python(), Path(digitizer.__path__[0])))
    system = [Path(folder) for folder in _SYSTEM]
    return ["bwrap", *_ISOLATED, *_binds("--ro-bind-try", [*system, *ours])]


def _python() -> Iterator[Path]:
    """Where this interpreter and its packages lie."""
    yield Path(sys.base_prefix)
    yield Path(sys.prefix)
    yield Path(sys.executable).resolve().parent
    for kind in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield Path(sysconfig.get_path(kind))


def _binds(how: str, paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        yield from (how, str(path), str(path))
