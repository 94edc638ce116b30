"""Tesseract in a child process that stays for many pages, where this machine has its library.

A page that makes it crash or takes too long costs that child; the next page gets a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

COMMAND = (str(Path(sys.executable).absolute()), "-m", "digitizer.ocr.tesseract_child")
PAGES = 200  # of one child; what it may have lost of memory by then is given back


class FailedError(Exception):
    """The page was not read: `status` is that with which the child ended, or the program would have
    ended; `None` where time ran out.
    """

    def __init__(self, status: int | None) -> None:
        super().__init__()
        self.status = status


class Resident:
    """One child at most, started when there is a page to read. Threads take turns."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._command = [*COMMAND, "+".join(languages)]
        self._child: subprocess.Popen[str] | None = None
        self._absent = False
        self._pages = 0
        self._turn = threading.Lock()
        atexit.register(self.close)

    def read(self, image: Path, *, layout: int, dpi: int, seconds: float) -> str | None:
        """Tesseract's TSV of the image; `None` where this machine has no such library.

        Raises:
            FailedError: the image cannot be read, or takes longer; or the child ended over it.

        Whatever breaks it off, the child goes with it: an answer that nobody took must never be
        taken for that of the next page.
        """
        with self._turn:
            out_of_time = threading.Event()
            clock = threading.Timer(seconds, self._stop, (out_of_time,))
            clock.start()
            try:
                if not self._is_there(out_of_time):
                    return None
                return self._answer({"image": str(image), "layout": layout, "dpi": dpi})
            except FailedError as failed:
                raise FailedError(None if out_of_time.is_set() else failed.status) from None
            except BaseException:
                self.close()
                raise
            finally:
                clock.cancel()
                clock.join()
                if out_of_time.is_set():
                    self.close()

    def close(self) -> None:
        """End the child; the next page starts another."""
        child, self._child, self._pages = self._child, None, 0
        if child is not None:
            with suppress(OSError):
                child.kill()
            child.communicate()

    def _is_there(self, out_of_time: threading.Event) -> bool:
        """Whether there is a child to be asked; starts one where there is none, or an old one."""
        if self._absent:
            return False
        if self._child is None or self._pages >= PAGES:
            self.close()
            self._child = self._started()
            if out_of_time.is_set():  # before there was a child to stop
                raise FailedError(None)
            self._absent = not self._said(self._child)["ready"]
        if self._absent:
            self.close()
        return not self._absent

    def _answer(self, page: dict[str, Any]) -> str:
        if self._child is None or self._child.stdin is None:
            raise FailedError(1)
        self._pages += 1
        with suppress(BrokenPipeError):  # how it ended is read off its exit status
            self._child.stdin.write(json.dumps(page) + "\n")
            self._child.stdin.flush()
        said = self._said(self._child)
        tsv: str | None = said["tsv"]
        if tsv is None or said["image"] != page["image"]:
            raise FailedError(1)
        return tsv

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what Tesseract prints may hold text of the page
            text=True,
        )

    def _said(self, child: subprocess.Popen[str]) -> dict[str, Any]:
        line = child.stdout.readline() if child.stdout else ""
        if not line:
            self._child = None
            child.communicate()
            raise FailedError(child.returncode)
        said: dict[str, Any] = json.loads(line)
        return said

    def _stop(self, out_of_time: threading.Event) -> None:
        out_of_time.set()
        child = self._child
        if child is not None:
            with suppress(OSError):
                child.send_signal(signal.SIGKILL)


def resident(languages: tuple[str, ...]) -> Resident:
    """The one of this process for these languages; a process that was forked gets its own."""
    return _resident(languages, os.getpid())


@cache
def _resident(languages: tuple[str, ...], process: int) -> Resident:  # noqa: ARG001 - its key
    return Resident(languages)
