"""What is reported while work goes on. No chart text, only file names, numbers and reasons."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file was taken from the inbox; `state` is "queued" or "duplicate"."""

    source: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """Page `number` of a file was read and kept; `kind` is a PageKind."""

    source: str
    number: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Work on a file ended. `outcome` is its outcome word, `reason` a sentence or ""."""

    source: str
    outcome: str
    reason: str
    pages: int = 0
    documents: int = 0
    suggestions: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something outside the files goes wrong (share gone, disk full); work goes on when it can."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """The search index is built anew: `done` of `pages` are in."""

    done: int
    pages: int


Event = Arrived | PageRead | Finished | Trouble | Rebuilding
Report = Callable[[Event], None]


def quiet(_event: Event) -> None:
    """Report to nobody."""


def seldom(report: Report, seconds: float = 60.0) -> Report:
    """The same report, but a trouble that lasts is told at most once in so many seconds."""
    told: dict[str, float] = {}

    def tell(event: Event) -> None:
        if isinstance(event, Trouble):
            if time.monotonic() - told.get(event.message, -seconds) < seconds:
                return
            told[event.message] = time.monotonic()
        report(event)

    return tell
