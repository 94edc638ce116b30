"""Text layers, read in a process of their own.

A page that makes PDFium swell, hang or crash (a group that draws itself, say) loses its words to
that, and is read from its image; its file and the other pages lose nothing.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import resource
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path

from digitizer.imaging.pdf_text import TextFile
from digitizer.imaging.text_layer import Layer

PAGE_SECONDS = 20  # a page of small print takes a twentieth of one
MEMORY = 1 << 30  # bytes of address space; the libraries take a third of it
MOST_CRASHES = 3
NOTHING = Layer(0.0, 0.0)


@dataclass
class LayerReader:
    """Reads the layers of a file; its process starts at the first page, and again after a crash."""

    file: Path
    _crashes: int = 0
    _under_way: tuple[ForkProcess, Connection] | None = field(default=None, repr=False)

    def layer(self, number: int) -> Layer:
        """The layer of page `number`; empty where there is none, or where reading it failed."""
        if self._crashes >= MOST_CRASHES:
            return NOTHING
        self._under_way = self._under_way or _started(self.file)
        _, pipe = self._under_way
        with suppress(EOFError, OSError):
            pipe.send(number)
            if pipe.poll(PAGE_SECONDS):
                found: Layer = pipe.recv()
                return found
        self._crashes += 1
        self.close()
        return NOTHING

    def close(self) -> None:
        """End the process."""
        if self._under_way is None:
            return
        process, pipe = self._under_way
        self._under_way = None
        pipe.close()
        process.kill()
        process.join()
        process.close()


def _started(file: Path) -> tuple[ForkProcess, Connection]:
    context = multiprocessing.get_context("fork")  # nothing to import anew; no threads run here
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(file, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _serve(file: Path, pipe: Connection) -> None:
    """Answer with the layer of each page that is asked for, until no one asks."""
    _limit_memory()
    faulthandler.disable()  # a crash is foreseen
    text = TextFile.open(file)
    with suppress(EOFError, OSError):
        while True:
            number = pipe.recv()
            pipe.send(text.layer(number) if text else NOTHING)


def _limit_memory() -> None:
    now, most = resource.getrlimit(resource.RLIMIT_AS)
    least = MEMORY if now == resource.RLIM_INFINITY else min(now, MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (least, most))
