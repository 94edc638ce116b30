"""What a stage is: options that declare what they need and give, and open into a callable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.document import Document
from digitizer.chart.page import Page


class Scope(StrEnum):
    """What a stage's callable works on.

    READ opens one file into pages; PAGE maps a page to a page, independently of all others;
    ASSEMBLE turns all pages of a file into documents; DOCUMENT maps a document to a document.
    """

    READ = "read"
    PAGE = "page"
    ASSEMBLE = "assemble"
    DOCUMENT = "document"


_LIFTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child process that reads hostile bytes may use, and how much it may hand over."""

    cpu_seconds: int = 600
    wall_seconds: int = 900
    memory_bytes: int = 2 << 30
    file_bytes: int = 1 << 30  # of any file that the child writes
    original_bytes: int = 1 << 30
    pages: int = 5_000
    pixels: int = 120_000_000
    page_seconds: int = 180  # of recognising one page

    def lifted(self) -> Limits:
        """The limits for a file that a person vouches for: ten times, memory twice."""
        return replace(
            self,
            memory_bytes=2 * self.memory_bytes,
            **{
                name: _LIFTED * getattr(self, name)
                for name in ("cpu_seconds", "wall_seconds", "original_bytes", "pages", "pixels")
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What stages are given when they open: where data lies, and what may be asked."""

    models: Path
    codes: Path | None = None  # the code tables that `knowledge` is opened from
    knowledge: CodeKnowledge | None = None
    learned: Path | None = None  # the log of what was learned from coders
    limits: Limits = Limits()
    passwords: tuple[str, ...] = field(default=(), repr=False)  # that PDFs may be encrypted with


FileReader = Callable[[Path, Path], Iterator[Page]]
"""(original, work folder) → pages in order, each with its image in the work folder."""

PageReader = Callable[[Page], Page]
Assembler = Callable[[Sequence[Page]], tuple[Document, ...]]
DocumentReader = Callable[[Document], Document]


@runtime_checkable
class Lacking(Protocol):
    """A stage that also runs, though less well, where something is not installed."""

    def lacks(self) -> str:
        """What is missing and how to get it, in one line; "" where nothing is."""


class Stage(Protocol):
    """Options of one stage: a picklable frozen dataclass whose fields are the keys of the YAML.

    `needs` and `gives` name layers: "image", "lines", "text", "header", "sections", "documents",
    "entities", "suggestions", "tumors".
    """

    name: ClassVar[str]
    version: ClassVar[str]
    scope: ClassVar[Scope]
    needs: ClassVar[frozenset[str]]
    gives: ClassVar[frozenset[str]]

    def open(self, resources: Resources) -> Callable[..., Any]:
        """Load what the stage needs, once a process, and return the callable of its scope."""
