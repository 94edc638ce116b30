"""In what order a page's lines are read. Pure.

Forms and tables are read row by row, so that a label stands before its value; columns of prose one
after the other, but for a head of labels over them. Where it is not clear which of the two a page
holds, it is read row by row: a label torn from its value is worse than a sentence broken in two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import numpy as np

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

WIDE_GAP = 2.0  # line heights; between words of a sentence it is about a quarter
STRAY_HEIGHT = 2.0  # of its line's: a word so tall and off its line is of a pen or a stamp
END_WORDS = 3  # tell where a piece stands at its end: on a photo rows rise and fall
BESIDE = 0.5  # of the lower of two pieces: the height that they share in a row
ALIKE = 0.4  # of the higher one: lower ones are in its row only at the height of its middle
OVER = 0.3  # of the narrower of two pieces: with more in common one is over the other
SLOPE_WORDS = 5  # in a line that tells how the rows about it slope
SLOPE_REACH = 20.0  # of its height from its first words to its last
SLOPE_LINES = 5  # nearest to a word
STEEPEST = 0.06  # pages are straightened before they are read: steeper is no line
GUTTER = 0.8  # line heights
PROSE_LINES = 4  # on either side of a gutter
PROSE_WORDS = 4  # in a middling line
PROSE_FILL = 0.7  # share of its column's width that a middling line takes
LABEL_WORDS = 4  # within which a label ends: "Date of Service:"

_LABEL_END = re.compile(r"[A-Za-z#][A-Za-z#./]*[:;]")

Row = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Put:
    """A word and where it would stand if the rows of its page were level."""

    word: Word
    box: Box


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of a line without a wide gap between them, left to right.

    `box` is around them from side to side, but only as high as most of their letters stand, and
    `start` and `end` are so around its first and its last words: a word read with a rule or with
    the stroke of a pen reaches into other rows.
    """

    words: Row
    line: int
    box: Box
    start: Box
    end: Box

    @classmethod
    def of(cls, put: Sequence[_Put], line: int) -> _Piece:
        """The words, of the line of this number."""
        words = tuple(one.word for one in put)
        return cls(words, line, _band(put), _band(put[:END_WORDS]), _band(put[-END_WORDS:]))


_Pieces = tuple[_Piece, ...]  # of one row, left to right


def rows_in_order(lines: Iterable[Line]) -> tuple[Row, ...]:
    """The words of each printed row, left to right, rows in reading order."""
    pieces = [
        piece for number, line in enumerate(_levelled(lines)) for piece in _pieces(line, number)
    ]
    return tuple(
        tuple(word for piece in row for word in piece.words) for row in _in_columns(_rows(pieces))
    )


def _levelled(lines: Iterable[Line]) -> Iterator[list[_Put]]:
    """The words of each line, left to right, put as if the page's rows were level."""
    put = [
        [_Put(word, word.box) for word in sorted(line.words, key=lambda word: word.box.x0)]
        for line in lines
    ]
    slopes = sorted(slope for line in put for slope in _slope(line))
    for line in put:
        yield [_level(one, slopes) for one in line]


def _slope(line: Sequence[_Put]) -> Iterator[tuple[float, float]]:
    """How high a long line stands, and how far it falls for each pixel to the right."""
    if len(line) < SLOPE_WORDS:
        return
    (x0, y0), (x1, y1) = _band(line[:END_WORDS]).centre, _band(line[-END_WORDS:]).centre
    if x1 - x0 >= SLOPE_REACH * _band(line).height and abs(y1 - y0) <= STEEPEST * (x1 - x0):
        yield (y0 + y1) / 2, (y1 - y0) / (x1 - x0)


def _level(put: _Put, slopes: Sequence[tuple[float, float]]) -> _Put:
    """The word, put where it would stand if the long lines nearest to it were level; `slopes` are
    from the page's top to its foot.
    """
    if not slopes:
        return put
    x, y = put.box.centre
    at = bisect_left(slopes, (y,))
    about = slopes[max(0, at - SLOPE_LINES) : at + SLOPE_LINES]
    near = sorted(about, key=lambda line: abs(line[0] - y))[:SLOPE_LINES]
    fall = x * median(slope for _, slope in near)
    return replace(put, box=replace(put.box, y0=put.box.y0 - fall, y1=put.box.y1 - fall))


def _pieces(line: Sequence[_Put], number: int) -> Iterator[_Piece]:
    """The line, cut where a gap is too wide for a space (table cells, form columns); words that
    stand astray of it apart.
    """
    astray = _astray(line)
    for one in astray:
        yield _Piece.of([one], number)
    kept = [one for one in line if one not in astray]
    if not kept:
        return
    reach = WIDE_GAP * median(one.box.height for one in kept)
    start = 0
    for index, (one, other) in enumerate(pairwise(kept), 1):
        if other.box.x0 - one.box.x1 > reach:
            yield _Piece.of(kept[start:index], number)
            start = index
    yield _Piece.of(kept[start:], number)


def _astray(line: Sequence[_Put]) -> list[_Put]:
    """Those that are far higher than the line and have their middle above or below it."""
    if not line:
        return []
    band = _band(line)
    return [
        one
        for one in line
        if one.box.height > STRAY_HEIGHT * band.height
        and not band.y0 <= one.box.centre[1] <= band.y1
    ]


def _band(line: Sequence[_Put]) -> Box:
    """Around the words, but only as high as most of their letters stand."""
    around = Box.around(one.box for one in line)
    top = _middling((one.box.y0, len(one.word.text)) for one in line)
    return replace(around, y0=top, y1=_middling((one.box.y1, len(one.word.text)) for one in line))


def _middling(weighed: Iterable[tuple[float, int]]) -> float:
    """The median of the values, each counted as often as its weight says."""
    ordered = sorted(weighed)
    every = [value for value, weight in ordered for _ in range(weight)]
    return every[(len(every) - 1) // 2]


def _rows(pieces: Sequence[_Piece]) -> list[_Pieces]:
    """Pieces that stand beside each other, joined; from top to bottom."""
    after = _followers(pieces)
    followed = set(after.values())
    rows = [
        tuple(pieces[at] for at in _chain(first, after))
        for first in range(len(pieces))
        if first not in followed
    ]
    return sorted(rows, key=_height)


def _height(row: _Pieces) -> float:
    """At what height it stands."""
    return sum(piece.box.centre[1] for piece in row) / len(row)


def _followers(pieces: Sequence[_Piece]) -> dict[int, int]:
    """Which piece comes after which in its row: the nearest neighbours find each other first."""
    links = sorted(
        (far, i, j)
        for i, j in _near(pieces)
        if (far := _distance(pieces[i], pieces[j])) is not None
    )
    after: dict[int, int] = {}
    before: dict[int, int] = {}
    for _, i, j in links:
        if i not in after and j not in before:
            after[i], before[j] = j, i
    return after


def _near(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """The pairs of which the one may come after the other: of one line, or where the one ends as
    high as the other begins. A page of figures has thousands of pieces, and few beside each.
    """
    tops, feet, lines = (
        np.array([(piece.start.y0, piece.start.y1, piece.line) for piece in pieces])
        .reshape(-1, 3)
        .T
    )
    for i, piece in enumerate(pieces):
        level = (tops <= piece.end.y1) & (feet >= piece.end.y0)
        for j in np.flatnonzero(level | (lines == piece.line)).tolist():
            yield i, j


def _chain(first: int, after: Mapping[int, int]) -> Iterator[int]:
    """`first` and all that come after it."""
    at: int | None = first
    while at is not None:
        yield at
        at = after.get(at)


def _distance(left: _Piece, right: _Piece) -> float | None:
    """How far the one is from the other where that may come after it in a row; `None` elsewhere."""
    gap = right.box.x0 - left.box.x1
    narrower = min(left.box.width, right.box.width)
    if right.box.x0 <= left.box.x0 or gap < -OVER * narrower:
        return None
    off = abs(left.end.centre[1] - right.start.centre[1])
    if left.line != right.line and not _beside(left.end, right.start, off):
        return None
    return max(0.0, gap) + off


def _beside(one: Box, other: Box, off: float) -> bool:
    """Whether two boxes, their middles `off` in height, may stand in one row."""
    lower, higher = sorted((one.height, other.height))
    alike = lower >= ALIKE * higher or off <= lower / 2
    return alike and one.level(other) >= BESIDE * lower


def _in_columns(rows: Sequence[_Pieces]) -> Iterator[_Pieces]:
    """The rows, column after column where the page holds prose in columns.

    Rows that cross the gutter (headings, the page's head) part the page into bands; in a band of
    prose the left column comes first, and may have a gutter of its own.
    """
    gutter = _gutter([piece for row in rows for piece in row])
    if gutter is None:
        yield from rows
        return
    for crosses, group in groupby(rows, key=lambda row: _crosses(row, gutter)):
        band = tuple(group)
        yield from band if crosses else _in_two(band, gutter)


def _crosses(row: _Pieces, gutter: float) -> bool:
    return any(piece.box.x0 < gutter < piece.box.x1 for piece in row)


def _in_two(band: Sequence[_Pieces], gutter: float) -> Iterator[_Pieces]:
    """The rows of a band that no piece crosses: its head, the left column, the right one."""
    head = _head(band, gutter)
    left, right = _sides(band[head:], gutter)
    if not (_is_prose(left) and _is_prose(right)):
        yield from band
        return
    yield from band[:head]
    yield from _in_columns(left)
    yield from _in_columns(right)


def _sides(rows: Iterable[_Pieces], gutter: float) -> tuple[list[_Pieces], list[_Pieces]]:
    """What of the rows is left of the gutter, and what right of it."""
    parted = [
        (
            tuple(piece for piece in row if piece.box.x1 <= gutter),
            tuple(piece for piece in row if piece.box.x1 > gutter),
        )
        for row in rows
    ]
    return [left for left, _ in parted if left], [right for _, right in parted if right]


def _head(band: Sequence[_Pieces], gutter: float) -> int:
    """How many rows at the top of a band are its head: the last of them has a label on both sides
    and does not fill both, and none is the text of a column.
    """
    widths = [_width(side) for side in _sides(band, gutter)]
    head = 0
    for number, row in enumerate(band, 1):
        sides = _sides([row], gutter)
        full = [
            _width(side) >= PROSE_FILL * width for side, width in zip(sides, widths, strict=True)
        ]
        labelled = [bool(side) and _labelled(side[0]) for side in sides]
        if any(fills and not has for fills, has in zip(full, labelled, strict=True)):
            break
        if all(labelled) and not all(full):
            head = number
    return head


def _labelled(row: _Pieces) -> bool:
    """Whether it begins with a label."""
    return any(_LABEL_END.match(word.text) for word in row[0].words[:LABEL_WORDS])


def _width(rows: Sequence[_Pieces]) -> float:
    return Box.around(piece.box for row in rows for piece in row).width if rows else 0.0


def _gutter(pieces: Sequence[_Piece]) -> float | None:
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


def _is_prose(rows: Sequence[_Pieces]) -> bool:
    pieces = [piece for row in rows for piece in row]
    if len(pieces) < PROSE_LINES:
        return False
    words = median(len(piece.words) for piece in pieces)
    fill = median(piece.box.width for piece in pieces) / max(_width(rows), 1e-9)
    return words >= PROSE_WORDS and fill >= PROSE_FILL
