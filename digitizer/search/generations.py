"""The folder of an index: whole generations side by side, and which of them holds.

    index/gen-001/ …  index/gen-002/manifest.json  index/CURRENT ("gen-002")  index/writer.lock

A generation is complete before CURRENT names it, so a reader never meets half of one.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digitizer.errors import TransientError
from digitizer.search.backend import IndexBroken

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"


def prepare(folder: Path) -> None:
    """Make the folder, readable by its owner only: it holds the words of every chart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one process that writes; the system lets go of the lock if the process dies.

    Raises:
        TransientError: Another one is writing.
    """
    prepare(folder)
    with (folder / "writer.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TransientError("the index is being written; try again in a moment") from None
        yield


def current(folder: Path, version: str) -> Path:
    """The generation that holds.

    Raises:
        IndexBroken: There is none, or it was written by another version of the schema.
    """
    try:
        generation = folder / (folder / _CURRENT).read_text(encoding="ascii").strip()
        manifest = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        written = manifest["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexBroken("the index has no readable generation; rebuild it") from error
    if written != version:
        raise IndexBroken(f"the index is of version {written}, not {version}; rebuild it")
    return generation


def untouched(folder: Path) -> bool:
    """Whether nothing was ever indexed here."""
    return not (folder / _CURRENT).exists() and not _all(folder)


def fresh(folder: Path) -> Path:
    """An empty folder for the next generation."""
    numbers = [int(path.name.removeprefix("gen-")) for path in _all(folder)]
    generation = folder / f"gen-{max(numbers, default=0) + 1:03d}"
    generation.mkdir(mode=0o700)
    return generation


def switch(generation: Path, version: str) -> None:
    """Let a finished generation hold, safe against a power cut, and remove all others."""
    folder = generation.parent
    _write(generation / _MANIFEST, json.dumps({"schema": version}))
    sync(generation)
    _write(folder / _CURRENT, generation.name)
    _sync_one(folder)
    for other in _all(folder):
        if other != generation:
            shutil.rmtree(other, ignore_errors=True)


def sync(generation: Path, done: frozenset[str] = frozenset()) -> frozenset[str]:
    """Force every file not yet `done` to disk; returns the names that now are."""
    names = frozenset(path.name for path in generation.iterdir() if path.is_file())
    for name in names - done:
        _sync_one(generation / name)
    _sync_one(generation)
    return names


def _all(folder: Path) -> list[Path]:
    return [path for path in folder.glob("gen-*") if path.name[4:].isdigit()]


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, its content on disk first."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    _sync_one(beside)
    beside.replace(path)


def _sync_one(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # a commit cleans up behind itself
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
