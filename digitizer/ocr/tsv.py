"""Tesseract's TSV output → lines of words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

_WORD_LEVEL = "5"
_COLUMNS = 12

_Place = tuple[int, int, int]


def lines_of(tsv: str) -> tuple[Line, ...]:
    """The lines, as Tesseract grouped and ordered them; empty words are left out.

    Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence
    (0 to 100), text. A row of any other shape is passed over.
    """
    rows = groupby(_words(tsv), key=lambda row: row[0])
    return tuple(Line(words=tuple(word for _, word in row), block=place[0]) for place, row in rows)


def _words(tsv: str) -> Iterator[tuple[_Place, Word]]:
    for row in tsv.split("\n"):
        cells = row.rstrip("\r").split("\t", _COLUMNS - 1)
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL or not cells[-1].strip():
            continue
        block, paragraph, line = (int(cell) for cell in cells[2:5])
        left, top, width, height = (float(cell) for cell in cells[6:10])
        yield (
            (block, paragraph, line),
            Word(
                text="".join(cells[-1].split()),
                box=Box(left, top, left + width, top + height),
                confidence=min(1.0, max(0.0, float(cells[10]) / 100)),
            ),
        )
