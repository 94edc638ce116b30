"""Wakes the intake when something happens in the inbox.

An event is only a hint to look at once: what is true is what `look` finds, and it looks every few
seconds anyway, so a lost event, a full inotify table or a network share costs seconds, not files.
"""

from __future__ import annotations

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

    Yields whether events can be had; where not (no inotify left), looking regularly must do.
    """
    observer = Observer()
    observer.schedule(_Waker(wake), str(inbox), recursive=True)
    try:
        observer.start()
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        observer.stop()
        observer.join()
