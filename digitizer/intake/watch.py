"""Wakes the intake when something happens in the inbox.

An event is only a hint to look at once: what is true is what `look` finds, and it looks every few
seconds anyway, so a lost event or a full inotify table costs seconds, not files. On a network share
it looks every second.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

MOUNTS = Path("/proc/self/mountinfo")

_REMOTE = frozenset(
    [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
        "lustre",
        "nfs",
        "nfs4",
        "ncpfs",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    ]
)
"""File systems on which other machines write: inotify(7) does not tell of that."""

_OCTAL = re.compile(r"\\([0-7]{3})")  # how mountinfo writes blanks and the like

_READ_ONLY = (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE)


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _READ_ONLY:
            self._wake.set()


@contextmanager
def watching(inbox: Path, wake: threading.Event) -> Iterator[bool]:
    """Set `wake` whenever something in the inbox changes, as long as the block runs.

    Yields whether events tell of everything; where not (a network mount in or under the inbox, no
    inotify left), only looking often does.
    """
    observer = Observer()
    try:
        observer.schedule(_Waker(wake), str(inbox), recursive=True)
        observer.start()
    except OSError:
        yield False
        return
    try:
        yield not network_mounts(inbox, MOUNTS.read_text(encoding="utf-8"))
    finally:
        observer.stop()
        observer.join()


def network_mounts(inbox: Path, mounts: str) -> list[Path]:
    """Where files may appear in the inbox without an event: others write to the same share.

    Args:
        inbox: The watched folder.
        mounts: The text of proc(5) `mountinfo`.
    """
    inbox = inbox.resolve()
    remote = [(point, kind in _REMOTE) for point, kind in map(_mount, mounts.splitlines())]
    below = [point for point, far in remote if far and point.is_relative_to(inbox)]
    around = [(point, far) for point, far in remote if inbox.is_relative_to(point)]
    if around:
        point, far = max(around, key=lambda mount: len(mount[0].parts))
        if far and point not in below:
            below.append(point)
    return below


def _mount(line: str) -> tuple[Path, str]:
    """Mount point and file-system type; the type stands behind a lonely hyphen."""
    front, _, back = line.partition(" - ")
    point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), front.split()[4])
    return Path(point), back.split()[0]
