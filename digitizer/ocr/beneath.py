"""Rows of print that a stamp or a hand runs through, to be read again by themselves. Pure.

An engine that sees a signature and the name printed below it takes both for one line, and reads
neither. Of the row alone, cut out closely, the second engine reads the print past the strokes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.unread import usual_height

PRINT = (0.5, 1.5)  # middling words: the height of words that make a row of print
APART = 0.5  # middling words, from the middle of a row to that of the next
BESIDE = 12.0  # middling words, from a mark to the words that tell where the row beside it runs
SURE = 0.75  # calibrated confidence of a word that need not be read again
MISSING = 1.5  # middling words' heights of a mark's width, over which no sure word stands
THROUGH = 0.25  # of its height, by which a mark reaches into a row

Row: TypeAlias = tuple[tuple[Word, ...], Box]
"""The words that were read of a row, and where it stands, as far as the mark goes."""


def rows_beneath(marks: Iterable[Box], lines: Sequence[Line]) -> tuple[Row, ...]:
    """The rows of print that `marks` run through, as far as words beside or below the marks show
    them, and as far as something may be missing there; no word is in two.
    """
    usual = usual_height(lines)
    words = [word for line in lines for word in line.words]
    rows: list[Row] = []
    for mark in marks:
        for place in _places(words, mark, usual):
            row = tuple(word for word in words if place.holds(word.box))
            if _missing(row, mark) > MISSING * usual:
                rows = _added(rows, (row, place))
    return tuple(rows)


def _places(words: Iterable[Word], mark: Box, usual: float) -> Iterator[Box]:
    """Where rows of words of usual height run, that the mark reaches into."""
    low, high = (share * usual for share in PRINT)
    near = [
        word
        for word in words
        if low <= word.box.height <= high and _is_near(word.box, mark, BESIDE * usual)
    ]
    for row in _rows(near, APART * usual):
        place = _place(row, mark)
        if place.level(mark) > THROUGH * place.height:
            yield place


def _missing(row: Iterable[Word], mark: Box) -> float:
    """How much of the mark's width stands over no sure word of the row."""
    sure = (word.box for word in row if word.confidence >= SURE)
    return mark.width - sum(max(0.0, min(b.x1, mark.x1) - max(b.x0, mark.x0)) for b in sure)


def _is_near(box: Box, mark: Box, reach: float) -> bool:
    beside = max(box.x0 - mark.x1, mark.x0 - box.x1) < reach
    return beside and box.level(mark) > 0


def _rows(words: Iterable[Word], apart: float) -> Iterator[tuple[Word, ...]]:
    """The words by the row they stand in, each from left to right."""
    down = sorted(words, key=lambda word: word.box.centre[1])
    cuts = [0]
    for at, (above, below) in enumerate(pairwise(down), start=1):
        if below.box.centre[1] - above.box.centre[1] > apart:
            cuts.append(at)
    for start, end in pairwise((*cuts, len(down))):
        if start < end:
            yield tuple(sorted(down[start:end], key=lambda word: word.box.x0))


def _place(row: Sequence[Word], mark: Box) -> Box:
    """From the first of the words or the mark's edge to the last, as high as the words."""
    return Box(
        min(mark.x0, row[0].box.x0),
        median(word.box.y0 for word in row),
        max(mark.x1, *(word.box.x1 for word in row)),
        median(word.box.y1 for word in row),
    )


def _added(rows: Sequence[Row], row: Row) -> list[Row]:
    """`rows` and the row, in one with those that share words with it."""
    same = [known for known in rows if set(known[0]) & set(row[0])]
    words = {word for known in (*same, row) for word in known[0]}
    place = Box.around(place for _, place in (*same, row))
    whole = tuple(sorted(words, key=lambda word: word.box.x0)), place
    return [*(known for known in rows if known not in same), whole]
