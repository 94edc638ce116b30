"""In what order a page's lines are read. Pure.

Forms and tables are read row by row, so that a label stands before its value; columns of prose one
after the other. Where it is not clear which of the two a page holds, it is read row by row: a
label torn from its value is worse than a sentence broken in two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

WIDE_GAP = 2.0  # line heights; between words of a sentence it is about a quarter
GUTTER = 0.8  # line heights
PROSE_LINES = 4  # on either side of a gutter
PROSE_WORDS = 4  # in a middling line
PROSE_FILL = 0.7  # share of its column's width that a middling line takes

Row = tuple[Word, ...]


def rows_in_order(lines: Iterable[Line]) -> tuple[Row, ...]:
    """The words of each printed row, left to right, rows in reading order."""
    pieces = [piece for line in lines for piece in _pieces(line)]
    return tuple(row for part in _columns(pieces) for row in _rows(part))


def _pieces(line: Line) -> Iterator[Line]:
    """The line, cut where a gap is too wide for a space: table cells, form columns."""
    words = sorted(line.words, key=lambda word: word.box.x0)
    if not words:
        return
    reach = WIDE_GAP * median(word.box.height for word in words)
    start = 0
    for index in range(1, len(words)):
        if words[index].box.x0 - words[index - 1].box.x1 > reach:
            yield replace(line, words=tuple(words[start:index]))
            start = index
    yield replace(line, words=tuple(words[start:]))


def _columns(pieces: Sequence[Line]) -> Iterator[list[Line]]:
    """Parts of the page to be read one after the other, each row by row.

    Lines that cross the gutter (headings, the page's head) part the page into bands; in a band of
    prose the left column comes first, and may have a gutter of its own.
    """
    gutter = _gutter(pieces)
    if gutter is None:
        yield list(pieces)
        return
    plain: list[Line] = []
    for band in _bands(pieces, gutter):
        left = [piece for piece in band if piece.box.x1 <= gutter]
        right = [piece for piece in band if piece.box.x0 >= gutter]
        if len(left) + len(right) == len(band) and _is_prose(left) and _is_prose(right):
            yield plain
            plain = []
            yield from _columns(left)
            yield from _columns(right)
        else:
            plain.extend(band)
    yield plain


def _gutter(pieces: Sequence[Line]) -> float | None:
    """The x that has the most lines of prose ending closely left of it and beginning right of it.

    `None` where too few do.
    """
    boxes = [piece.box for piece in pieces if len(piece.words) >= PROSE_WORDS]
    if len(boxes) < 2 * PROSE_LINES:
        return None
    room = GUTTER * median(box.height for box in boxes)
    best, most = None, PROSE_LINES - 1
    for edge in sorted({box.x0 for box in boxes}):
        beginning = sum(edge <= box.x0 < edge + room for box in boxes)
        crossing = sum(box.x0 < edge - room / 2 < box.x1 for box in boxes)
        ending = sum(box.x1 <= edge - room / 2 for box in boxes)
        support = min(beginning, ending) - crossing
        if support > most:
            best, most = edge - room / 2, support
    return best


def _bands(pieces: Sequence[Line], gutter: float) -> Iterator[list[Line]]:
    """From top to bottom: runs of lines that keep to their side, and lines that cross `gutter`."""
    band: list[Line] = []
    crossed = False
    for piece in sorted(pieces, key=lambda piece: piece.box.centre[1]):
        crosses = piece.box.x0 < gutter < piece.box.x1
        if band and crosses != crossed:
            yield band
            band = []
        band.append(piece)
        crossed = crosses
    if band:
        yield band


def _is_prose(pieces: Sequence[Line]) -> bool:
    if len(pieces) < PROSE_LINES:
        return False
    width = Box.around(piece.box for piece in pieces).width
    words = median(len(piece.words) for piece in pieces)
    fill = median(piece.box.width for piece in pieces) / max(width, 1e-9)
    return words >= PROSE_WORDS and fill >= PROSE_FILL


def _rows(pieces: Sequence[Line]) -> list[Row]:
    """Pieces that stand beside each other, joined; from top to bottom."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box.centre[1], piece.box.x0)):
        row = next((row for row in reversed(rows) if _belongs(piece, row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    rows.sort(key=lambda row: sum(piece.box.centre[1] for piece in row) / len(row))
    return [_words(row) for row in rows]


def _words(row: Sequence[Line]) -> Row:
    pieces = sorted(row, key=lambda piece: piece.box.x0)
    return tuple(word for piece in pieces for word in piece.words)


def _belongs(piece: Line, row: Sequence[Line]) -> bool:
    """Whether the piece stands beside the row's nearest piece, and over or under none of them."""
    box = piece.box
    if any(_shared(box.x0, box.x1, other.box.x0, other.box.x1) > 0.3 for other in row):
        return False
    near = min((other.box for other in row), key=lambda other: _distance(box, other))
    heights = sorted((box.height, near.height))
    alike = heights[0] >= 0.4 * heights[1]
    return alike and _shared(box.y0, box.y1, near.y0, near.y1) >= 0.5


def _shared(a0: float, a1: float, b0: float, b1: float) -> float:
    """The overlap of two stretches as a share of the shorter one; 0 where they are apart."""
    shorter = min(a1 - a0, b1 - b0)
    overlap = min(a1, b1) - max(a0, b0)
    return max(0.0, overlap) / shorter if shorter > 0 else 0.0


def _distance(one: Box, other: Box) -> float:
    return max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
