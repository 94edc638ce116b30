"""Rows of tables whose cells take more than one printed line, read cell by cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from statistics import median

from digitizer.chart.text import Text, Word

FEWEST_CELLS = 3
"""Cells of a printed line that make it a row of a table."""

APART = 1.5
"""Cells are at least so many letter heights apart; words are less."""

ALIGNED = 0.7
"""What goes on with a cell begins at most so many letter heights beside where the cell begins."""

_Placed = tuple[int, Word]
"""A word and its offset in the text."""


def unwrapped(text: Text, start: int, end: int) -> str:
    """The text from `start` to `end`, each cell of a row together with its further lines.

    The row is the printed line that `start` is in; it ends where another begins. Where it is none,
    or a line below begins where no cell does, the text as it is printed.
    """
    printed = text.content[start:end]
    first, *below = list(_lines(text, start, end)) or [[]]
    height = median([word.box.height for _, word in first] or [1.0])
    cells = list(_cells(first, height))
    if not below or len(cells) < FEWEST_CELLS:
        return printed
    lefts = [cell[0][1].box.x0 for cell in cells]
    for line in below:
        parts = list(_cells(line, height))
        if len(parts) >= FEWEST_CELLS:
            break
        for part in parts:
            at = _nearest(lefts, part[0][1].box.x0)
            if abs(lefts[at] - part[0][1].box.x0) > ALIGNED * height:
                return printed
            cells[at] = [*cells[at], *part]
    return " ".join(word.text for cell in cells for at, word in cell if at >= start)


def _lines(text: Text, start: int, end: int) -> Iterator[list[_Placed]]:
    """The words of each printed line from the one that `start` is in, up to `end`."""
    line: list[_Placed] = []
    before = text.content.rfind("\n", 0, start) + 1
    for i in range(bisect_left(text.starts, before), bisect_left(text.starts, end)):
        at = text.starts[i]
        if line and "\n" in text.content[line[-1][0] : at]:
            yield line
            line = []
        line.append((at, text.words[i]))
    if line:
        yield line


def _cells(line: Sequence[_Placed], height: float) -> Iterator[list[_Placed]]:
    cell: list[_Placed] = []
    for placed in line:
        if cell and placed[1].box.x0 - cell[-1][1].box.x1 > APART * height:
            yield cell
            cell = []
        cell.append(placed)
    if cell:
        yield cell


def _nearest(lefts: Sequence[float], left: float) -> int:
    return min(range(len(lefts)), key=lambda i: abs(lefts[i] - left))
