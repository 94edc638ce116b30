"""A page's text as lines, with the places where columns part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from digitizer.chart.text import Text

_WIDE = re.compile(r"\s{3,}|\t| ?\| ?|\s[\u2022\u00b7]\s")
# A line to write on is a blank.
_RULED = re.compile(r"_{2,}|(?<!\S)_|_(?!\S)")
# A blank parts two columns where it is so many times the page's usual blank (a typewriter's is as
# wide as a letter), and so many times the height of the word behind it (justified lines stretch).
_TIMES_USUAL = 2.5
_TIMES_HEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line's words at `start` of the page's text; `cells` are (start, end) offsets in `text`."""

    index: int
    start: int
    text: str
    cells: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """Where the line ends in the page's text, its newline not counted."""
        return self.start + len(self.text)

    def cell_end(self, at: int) -> int:
        """Where the cell that holds offset `at` of the line ends."""
        return next((end for start, end in self.cells if at < end), len(self.text))


def printed_lines(text: Text) -> tuple[PrintedLine, ...]:
    """The lines of a page that hold anything, with their columns."""
    gaps = _wide_gaps(text)
    lines: list[PrintedLine] = []
    start = 0
    for content in text.content.split("\n"):
        if content.strip():
            here = {gap - start for gap in gaps if start < gap < start + len(content)}
            printed = _RULED.sub(lambda ruled: " " * len(ruled.group()), content)
            lines.append(PrintedLine(len(lines), start, printed, _cells(printed, here)))
        start += len(content) + 1
    return tuple(lines)


def _wide_gaps(text: Text) -> frozenset[int]:
    """Offsets of words that stand well apart from the word before them in the same line."""
    pairs = list(pairwise(zip(text.words, text.starts, strict=True)))
    gaps = [
        (start, word.box.x0 - before.box.x1, word.box.height)
        for (before, _), (word, start) in pairs
    ]
    usual = median([gap for _, gap, _ in gaps if gap > 0] or [0.0])
    return frozenset(
        start
        for start, gap, height in gaps
        if gap > _TIMES_USUAL * usual and gap > _TIMES_HEIGHT * height
    )


def _cells(line: str, gaps: set[int]) -> tuple[tuple[int, int], ...]:
    edges = {(gap, gap) for gap in gaps} | {match.span() for match in _WIDE.finditer(line)}
    starts = [0, *(end for _, end in sorted(edges))]
    ends = [*(start for start, _ in sorted(edges)), len(line)]
    return tuple((s, e) for s, e in zip(starts, ends, strict=True) if line[s:e].strip())
