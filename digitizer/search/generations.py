"""The folder of an index: whole generations side by side, and which of them holds.

    index/gen-001/ …  index/gen-002/manifest.json  index/CURRENT ("gen-002")  index/writer.lock

A generation is complete before CURRENT names it, so a reader never meets half of one. Its manifest
knows the size and CRC-32 of every file before a commit points at it: Whoosh itself keeps no sums
(64 flipped bytes were answered from as if nothing were) and never syncs. It also knows when the
system last saw the file changed: only a file that was touched since has to be read for its sum.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from digitizer.errors import TransientError
from digitizer.search.backend import IndexBroken

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_SUSPECTED = "SUSPECTED"
_PATIENCE = 1.0
"""Seconds to wait for the lock: a commit takes some hundredths of a second."""

BESIDE = "merge-"
"""How the names of folders begin in which segments are merged."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""Faults of the disk, not of the index."""

_CHANGING = (
    *(_MANIFEST, _MANIFEST + ".new"),
    "MAIN_WRITELOCK",  # Whoosh's
    *("meta.json", ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"),
)
"""Files that are written more than once: no sum is kept of them."""


def prepare(folder: Path) -> None:
    """Make the folder, readable by its owner only: it holds the words of every chart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def writing(folder: Path, lock_name: str = "writer.lock") -> Iterator[None]:
    """Be the one that writes; the system lets go of the lock if the process dies.

    Raises:
        TransientError: Another process or thread is writing, or the disk is full.
    """
    with _full_disk_passes():
        prepare(folder)
        with _held(folder / lock_name):
            yield


@contextmanager
def _full_disk_passes() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise TransientError("the index could not be written; is the disk full?") from error


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        patience = time.monotonic() + _PATIENCE
        while not _locked(lock):
            if time.monotonic() > patience:
                raise TransientError("the index is being written; try again in a moment")
            time.sleep(0.01)
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def current(folder: Path, version: str) -> Path:
    """The generation that holds.

    Raises:
        IndexBroken: There is none, or it was written by another version of the schema.
    """
    generation = named(folder)
    written = _manifest(generation).schema
    if written != version:
        raise IndexBroken(f"the search index is of version {written}, not {version}")
    return generation


def named(folder: Path) -> Path:
    """The generation that is said to hold, whatever there is to it."""
    try:
        return folder / (folder / _CURRENT).read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise IndexBroken("the search index is lost") from error


def never_used(folder: Path) -> bool:
    """Whether nothing was ever indexed here."""
    return not (folder / _CURRENT).exists() and not _all(folder)


def fresh(folder: Path) -> Path:
    """An empty folder for the next generation."""
    numbers = [int(path.name.removeprefix("gen-")) for path in _all(folder)]
    generation = folder / f"gen-{max(numbers, default=0) + 1:03d}"
    generation.mkdir(mode=0o700)
    return generation


def switch(generation: Path) -> None:
    """Let a finished generation hold, safe against a power cut, and remove all others."""
    folder = generation.parent
    _write(folder / _CURRENT, generation.name)
    (folder / _SUSPECTED).unlink(missing_ok=True)
    for other in _all(folder):
        if other != generation:
            shutil.rmtree(other, ignore_errors=True)


def vouch(generation: Path, version: str) -> None:
    """Force every file to disk and enter its size, sum and time of change in the manifest.

    Files are written once, so one that was vouched for keeps its sum whatever became of it.
    """
    known = _manifest(generation).files if (generation / _MANIFEST).exists() else {}
    names = [path.name for path in generation.iterdir() if path.is_file()]
    _enter(
        generation,
        version,
        {
            name: known.get(name) or _synced(generation / name)
            for name in sorted(names)
            if name not in _CHANGING
        },
    )


def confirm(generation: Path, version: str) -> None:
    """After all sums were found right: enter the times of change anew, as after a restore."""
    known = _manifest(generation).files
    there = {name: known[name] for name in known if (generation / name).exists()}
    changed = {name: Seen.of(generation / name).changed for name in there}
    if any(there[name].changed != changed[name] for name in there):
        _enter(
            generation,
            version,
            {name: seen._replace(changed=changed[name]) for name, seen in there.items()},
        )


class Seen(NamedTuple):
    """A file as it was seen: bytes, CRC-32 (0 where it was not read), and nanoseconds of change."""

    size: int
    crc: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> Seen:
        """Without reading it."""
        found = path.stat()
        return cls(found.st_size, 0, found.st_ctime_ns)


def check(generation: Path, beginning: str, *, thoroughly: bool = False) -> dict[Path, Seen]:
    """See that files whose names begin so are what was written.

    One that was not touched since is believed so; `thoroughly` none is, which takes about 0.3 s
    for 100 MB. Returns each file as it is now.

    Raises:
        IndexBroken: One is not as it was written.
        FileNotFoundError: One is missing; perhaps a commit has just replaced it.
    """
    known = _manifest(generation).files
    files = {generation / name: seen for name, seen in known.items() if name.startswith(beginning)}
    if not files:
        raise FileNotFoundError("the files of a commit are not in the manifest")
    now = {path: Seen.of(path) for path in files}
    for path, written in files.items():
        touched = now[path].changed != written.changed
        if now[path].size != written.size or (
            (touched or thoroughly) and _crc(path) != written.crc
        ):
            raise IndexBroken
    return now


def untouched_since(seen: Mapping[Path, Seen]) -> bool:
    """Whether files are still as they were seen; this costs 2 µs a file."""
    try:
        return all(Seen.of(path) == known for path, known in seen.items())
    except FileNotFoundError:
        return False


def suspect(folder: Path) -> None:
    """Remember that reading failed, for the one that tends the index to look into."""
    with suppress(OSError):
        (folder / _SUSPECTED).touch()


def suspected(folder: Path) -> bool:
    """Whether reading failed since the index was last looked over."""
    return (folder / _SUSPECTED).exists()


def left_over(folder: Path) -> list[Path]:
    """Folders that killed processes left, or that one works in just now."""
    there = (*_all(folder), *folder.glob(f"{BESIDE}*"))
    return [left for left in there if left != named(folder)]


def tidy(folder: Path) -> None:
    """Remove what is left over; nobody else may write or merge meanwhile."""
    (folder / _SUSPECTED).unlink(missing_ok=True)
    for left in left_over(folder):
        shutil.rmtree(left, ignore_errors=True)


class _Manifest(NamedTuple):
    schema: str
    files: dict[str, Seen]


def _manifest(generation: Path) -> _Manifest:
    try:
        manifest = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        files = {name: Seen(*map(int, seen)) for name, seen in manifest["files"].items()}
        return _Manifest(str(manifest["schema"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexBroken from error


def _enter(generation: Path, version: str, files: Mapping[str, Seen]) -> None:
    _write(generation / _MANIFEST, json.dumps({"schema": version, "files": files}))


def _synced(path: Path) -> Seen:
    _sync(path)
    return Seen.of(path)._replace(crc=_crc(path))


def _crc(path: Path) -> int:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def _all(folder: Path) -> list[Path]:
    return [path for path in folder.glob("gen-*") if path.name[4:].isdigit()]


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, its content on disk first."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    _sync(beside)
    beside.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
