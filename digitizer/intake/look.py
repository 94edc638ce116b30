"""Looks through the inbox: which regular files lie there, and what lies there that is none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from digitizer.errors import TransientError

CLAIMS = b".claimed"
_OURS = frozenset({CLAIMS, b"README.md", b".gitignore"})

# What NAS boxes, desktops and Office leave beside real files; matched on the lower-case name.
_JUNK = (
    "thumbs.db", "desktop.ini", "ehthumbs.db", "*.lnk", "~$*", "*~", "._*", ".*", "*.nfs????????*",
)  # fmt: skip
_JUNK_FOLDERS = ("@eadir", "#recycle", "@recycle", "#snapshot", "lost+found", "__macosx", ".*")

# What copying and downloading programs call a file that is not whole yet.
_UNFINISHED = ("*.part", "*.partial", "*.tmp", "*.filepart", "*.crdownload", "*.download", "*.!ut")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What tells whether a file has changed since it was seen last."""

    inode: int
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing in the inbox: a file to be taken, or one to be left alone with a reason why."""

    name: bytes
    sighting: Sighting | None
    ignored: str = ""


def look(inbox: Path) -> Iterator[Seen]:
    """Everything in the inbox and its subfolders; links are not followed.

    Raises:
        TransientError: the inbox itself cannot be read (a share that went away).
    """
    try:
        entries = list(os.scandir(os.fsencode(inbox)))
    except OSError as error:
        raise TransientError(
            f"the inbox cannot be read ({error.strerror}): is the share there?"
        ) from error
    for entry in entries:
        if entry.name not in _OURS:
            yield from _see(entry, entry.name)


def _see(entry: os.DirEntry[bytes], name: bytes) -> Iterator[Seen]:
    with suppress(FileNotFoundError):  # gone between listing and looking: no news
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _see_folder(entry, name)
        elif not stat.S_ISREG(status.st_mode):
            yield Seen(
                name, None, f"it is a {_kind(status.st_mode)}, not a file: drop the file itself"
            )
        elif _matches(name, _JUNK):
            yield Seen(name, None, "it is a hidden or housekeeping file, not a scan")
        elif _matches(name, _UNFINISHED):
            yield Seen(name, None, "its name says it is unfinished: taken once it is renamed")
        else:
            yield Seen(name, Sighting(status.st_ino, status.st_size, status.st_mtime_ns))


def _see_folder(entry: os.DirEntry[bytes], name: bytes) -> Iterator[Seen]:
    if _matches(name, _JUNK_FOLDERS):
        return
    with suppress(PermissionError, NotADirectoryError):
        for inner in list(os.scandir(entry.path)):
            yield from _see(inner, name + b"/" + inner.name)


def _matches(name: bytes, patterns: tuple[str, ...]) -> bool:
    last = os.fsdecode(name.rpartition(b"/")[2]).lower()
    return any(fnmatchcase(last, pattern) for pattern in patterns)


def _kind(mode: int) -> str:
    tests = (
        (stat.S_ISLNK, "link"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISFIFO, "pipe"),
    )
    return next((word for test, word in tests if test(mode)), "device")
