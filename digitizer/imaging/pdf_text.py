"""The glyphs of a PDF page and how each one is painted, by PDFium.

Poppler says what stands where, but not what is painted invisibly nor where a letter's own ink ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_float, c_uint, c_void_p, cast
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from digitizer.chart.geometry import Box
from digitizer.imaging.text_layer import LINE_END, Glyph, Layer, layer_of, spelling, word_gaps

MOST_GLYPHS = 50_000  # a page of the smallest legible print has a third of that
GROUPS = 4  # groups within groups that are looked into
LEAST_POINTS = 3.0  # the size of a font that is meant to be read
LEAST_OPAQUE = 64  # of 255
_STRAIGHT = 0.01  # sine of the angle at which a glyph's box is no longer tight
_UNSEEN_NOTES = frozenset((raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP))
_PAINTED = frozenset((0, 1, 2, 4, 5, 6))  # text rendering modes: ISO 32000-1, table 106


@dataclass(frozen=True, slots=True)
class TextFile:
    """An opened PDF, to be closed."""

    pdf: pypdfium2.PdfDocument

    @classmethod
    def open(cls, file: Path) -> TextFile | None:
        """`None` where PDFium cannot open it."""
        try:
            return cls(pypdfium2.PdfDocument(file))
        except pypdfium2.PdfiumError:
            return None

    def close(self) -> None:
        """Let go of the file."""
        self.pdf.close()

    def layer(self, number: int) -> Layer:
        """What the file says that page `number` (from 1) prints; empty where it cannot be read."""
        try:
            page = self.pdf[number - 1]
        except (pypdfium2.PdfiumError, IndexError):
            return Layer(0.0, 0.0)
        try:
            return _layer(page)
        except pypdfium2.PdfiumError:
            return Layer(0.0, 0.0)
        finally:
            page.close()


def _layer(page: pypdfium2.PdfPage) -> Layer:
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        if text.count_chars() > MOST_GLYPHS:
            return Layer(width, height)
        shown = _Shown.of(page)
        layer = layer_of(width, height, _glyphs(text.raw, text.count_chars(), shown))
        pictures = tuple(shown.box(picture) for picture in _pictures(page))
        return replace(layer, noted=_is_noted(page), pictures=pictures)
    finally:
        text.close()


def _is_noted(page: pypdfium2.PdfPage) -> bool:
    """Whether anything but links is pinned to it."""
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, index)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind not in _UNSEEN_NOTES:
            return True
    return False


def _pictures(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """Where images lie, or groups that have one in them, in points of the page, y upwards."""
    edges = left, bottom, right, top = [c_float() for _ in range(4)]
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        thing = raw.FPDFPage_GetObject(page.raw, index)
        if _has_image(thing, GROUPS) and raw.FPDFPageObj_GetBounds(thing, *map(byref, edges)):
            yield Box(left.value, bottom.value, right.value, top.value)


def _has_image(thing: Any, groups: int) -> bool:  # noqa: ANN401 - a C handle
    kind = raw.FPDFPageObj_GetType(thing)
    if kind == raw.FPDF_PAGEOBJ_IMAGE:
        return True
    if kind != raw.FPDF_PAGEOBJ_FORM:
        return False
    return not groups or any(
        _has_image(raw.FPDFFormObj_GetObject(thing, index), groups - 1)
        for index in range(raw.FPDFFormObj_CountObjects(thing))
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """How a viewer shows the page: the part `crop` of it, y upwards, turned clockwise."""

    crop: Box
    turn: int

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> _Shown:
        media, crop = page.get_mediabox(), page.get_cropbox()
        lower = (max(a, b) for a, b in zip(media[:2], crop[:2], strict=True))
        upper = (min(a, b) for a, b in zip(media[2:], crop[2:], strict=True))
        return cls(Box(*lower, *upper), page.get_rotation())

    def box(self, box: Box) -> Box:
        """A box of the page, y upwards, as it lies on the screen, y down."""
        wide, high = self.crop.width, self.crop.height
        x0, y0 = box.x0 - self.crop.x0, self.crop.y1 - box.y1
        x1, y1 = box.x1 - self.crop.x0, self.crop.y1 - box.y0
        if self.turn == 90:
            return Box(high - y1, x0, high - y0, x1)
        if self.turn == 180:
            return Box(wide - x1, high - y1, wide - x0, high - y0)
        if self.turn == 270:
            return Box(y0, wide - x1, y1, wide - x0)
        return Box(x0, y0, x1, y1)

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box of the page is shown."""
        return self.crop.holds(box)


def _glyphs(text: Any, count: int, shown: _Shown) -> Iterator[Glyph]:  # noqa: ANN401 - a C handle
    run: list[tuple[Glyph, _Cell]] = []
    for index in range(count):
        character = spelling(_character(raw.FPDFText_GetUnicode(text, index)))
        if character in (" ", LINE_END) or raw.FPDFText_IsGenerated(text, index) == 1:
            yield from _spaced(run)
            yield Glyph(character if character == LINE_END else " ", _NOWHERE)
            run = []
            continue
        cell = _cell(text, index, shown)
        run.append((_glyph(text, index, shown, character, cell), cell))
    yield from _spaced(run)


def _spaced(run: Sequence[tuple[Glyph, _Cell]]) -> Iterator[Glyph]:
    """The glyphs of a run without spaces, with spaces where two of them stand too far apart."""
    gaps = [after.gap(before) for (_, before), (_, after) in pairwise(run)]
    apart = (False, *word_gaps(gaps))
    for (glyph, _), space in zip(run, apart, strict=False):
        if space:
            yield _SPACE
        yield glyph


@dataclass(frozen=True, slots=True)
class _Cell:
    """The room that a glyph takes up in its line, how large it is, and how it lies."""

    room: Box
    points: float
    turn: int
    tight: bool

    def gap(self, before: _Cell) -> float:
        """Between the two, in sizes of the font."""
        gap = {
            0: self.room.x0 - before.room.x1,
            90: self.room.y0 - before.room.y1,
            180: before.room.x0 - self.room.x1,
            270: before.room.y0 - self.room.y1,
        }[self.turn]
        return gap / max(self.points, LEAST_POINTS)


def _cell(text: Any, index: int, shown: _Shown) -> _Cell:  # noqa: ANN401 - a C handle
    matrix, room = raw.FS_MATRIX(), raw.FS_RECTF()
    raw.FPDFText_GetMatrix(text, index, byref(matrix))
    raw.FPDFText_GetLooseCharBox(text, index, byref(room))
    along, across = sorted((abs(matrix.a), abs(matrix.b)))
    return _Cell(
        room=shown.box(Box(room.left, room.bottom, room.right, room.top)),
        points=abs(raw.FPDFText_GetFontSize(text, index) * hypot(matrix.c, matrix.d)),
        turn=(_quarter(matrix) + shown.turn) % 360,
        tight=along <= _STRAIGHT * across,
    )


def _glyph(
    text: Any,  # noqa: ANN401 - a C handle
    index: int,
    shown: _Shown,
    character: str,
    cell: _Cell,
) -> Glyph:
    left, right, bottom, top = edges = [c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text, index, *map(byref, edges))
    box = Box(left.value, bottom.value, right.value, top.value)
    mode, shade, opaque = _paint(text, index)
    large = cell.points >= LEAST_POINTS and box.width > 0 and box.height > 0
    return Glyph(
        _UNMAPPED if raw.FPDFText_HasUnicodeMapError(text, index) == 1 else character,
        shown.box(box),
        turn=cell.turn,
        tight=cell.tight,
        shade=shade,
        seen=mode in _PAINTED and opaque >= LEAST_OPAQUE and large and shown.holds(box),
        font=(_font(text, index), round(10 * cell.points)),
    )


_NOWHERE = Box(0, 0, 0, 0)
_SPACE = Glyph(" ", _NOWHERE)
_UNMAPPED = "\N{REPLACEMENT CHARACTER}"


def _character(code: int) -> str:
    if code in (0x0A, 0x0D):
        return LINE_END
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else _UNMAPPED


def _quarter(matrix: raw.FS_MATRIX) -> int:
    """By how many degrees clockwise a line runs, to the next quarter; y is upwards."""
    return round(-degrees(atan2(matrix.b, matrix.a)) / 90) % 4 * 90


def _font(text: Any, index: int) -> int:  # noqa: ANN401 - a C handle
    """A number for the glyph's font: where PDFium keeps it."""
    font = raw.FPDFTextObj_GetFont(raw.FPDFText_GetTextObject(text, index))
    return cast(font, c_void_p).value or 0


def _paint(text: Any, index: int) -> tuple[int, float, int]:  # noqa: ANN401 - a C handle
    """Rendering mode, shade (0 to 1) and opacity (0 to 255) of a glyph."""
    mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text, index))
    ask = raw.FPDFText_GetStrokeColor if mode in (1, 5) else raw.FPDFText_GetFillColor
    parts = [c_uint() for _ in range(4)]
    ask(text, index, *map(byref, parts))
    red, green, blue, opaque = (part.value for part in parts)
    return mode, (0.299 * red + 0.587 * green + 0.114 * blue) / 255, opaque
