"""Lines of words → one text in reading order, and the stage that makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.chart.text import Line, Text, Word
from digitizer.text.reading_order import Row, rows_in_order

CLEAR_GAP = 1.2  # row heights between two rows that a blank line keeps apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """Nothing to set."""

    name: ClassVar[str] = "compose"
    version: ClassVar[str] = "2"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"lines"})
    gives: ClassVar[frozenset[str]] = frozenset({"text"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's lines."""
        return _read


def compose(lines: Iterable[Line]) -> Text:
    """The text of `lines`: words of a row joined by one space, every row ended by a newline.

    A gap clearly wider than a row is high becomes a blank line.
    """
    parts: list[str] = []
    words: list[Word] = []
    starts: list[int] = []
    length = 0
    above: Box | None = None
    for row in rows_in_order(lines):
        box = Box.around(word.box for word in row)
        lead = "\n" if above is not None and _apart(above, box) else ""
        length += len(lead)
        for word in row:
            words.append(word)
            starts.append(length)
            length += len(word.text) + 1
        parts.append(lead + _joined(row))
        above = box
    return Text(content="".join(parts), words=tuple(words), starts=tuple(starts))


def _read(page: Page) -> Page:
    return replace(page, text=compose(page.lines or ()))


def _joined(row: Row) -> str:
    return " ".join(word.text for word in row) + "\n"


def _apart(above: Box, below: Box) -> bool:
    return below.y0 - above.y1 > CLEAR_GAP * min(above.height, below.height)
