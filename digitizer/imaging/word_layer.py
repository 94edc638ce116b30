"""The words of a page as invisible text of a PDF, each over its ink, and the font for them.

Units: words come in pixels of the upright page image, origin at the top left. The layer is written
in those pixels too, turned upwards, under one matrix a page: so its numbers are short, and text
runs along the print of a turned or skewed page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from digitizer.chart.geometry import Affine, Box

FONT = "/DigitizerWords"
_ADVANCE = 500  # of every character, in thousandths of the font's size
_EM = 1000
_LEVEL = 0.6  # share of the lower word's height that two words of one stretch have in common
_EPOCH = 2_082_844_800  # 1970, in seconds since 1904 as fonts count: the same bytes every time
_KEPT_TABLES = ("head", "hhea", "hmtx", "maxp", "loca", "glyf")
"""Of a font that a PDF addresses by glyph number: ISO 32000-1, 9.9."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A word and where it is printed, in pixels of the upright page."""

    text: str
    box: Box


Row = tuple[Printed, ...]
"""The words of one line of text, in reading order."""


def layer(rows: Sequence[Row], height: float, place: Affine) -> bytes:
    """Drawing instructions for a page `height` pixels high; none where there are no words.

    `place` maps those pixels, y upwards from the lower left corner, to the page in points.
    """
    stretches = [stretch for row in rows for stretch in _stretches(row)]
    if not stretches:
        return b""
    matrix = " ".join(map(_number, (place.a, place.d, place.b, place.e, place.c, place.f)))
    text = b"\n".join(_text(stretches, height))
    return b"q %s cm\nBT 3 Tr\n%s\nET Q\n" % (matrix.encode(), text)


def _stretches(row: Row) -> Iterator[Row]:
    """The row cut where a word stands on another level than the one before, or left of it."""
    so_far: list[Printed] = []
    for word in row:
        if so_far and not _follows(so_far[-1].box, word.box):
            yield tuple(so_far)
            so_far = []
        so_far.append(word)
    if so_far:
        yield tuple(so_far)


def _follows(one: Box, other: Box) -> bool:
    return other.x0 >= one.x0 and one.level(other) >= _LEVEL * min(one.height, other.height)


def _text(stretches: Sequence[Row], height: float) -> Iterator[bytes]:
    size = 0
    for words in stretches:
        around = Box.around(word.box for word in words)
        if (high := max(1, round(around.height))) != size:
            yield b"%s %d Tf" % (FONT.encode(), high)
            size = high
        left = round(around.x0)
        yield b"1 0 0 1 %d %d Tm" % (left, round(height - around.y1))
        yield from _words(words, size, left)


def _words(words: Row, size: int, left: int) -> Iterator[bytes]:
    """Each word from its left edge, stretched to its right one, with a space behind it."""
    for place, word in enumerate(words, 1):
        move, left = round(word.box.x0) - left, round(word.box.x0)
        natural = len(word.text) * size * _ADVANCE / _EM
        stretch = max(1, round(100 * max(1.0, word.box.width) / natural))
        said = _literal(codes(word.text + " " * (place < len(words))))
        start = b"%d 0 Td " % move if move else b""
        yield b"%s%d Tz %s Tj" % (start, stretch, said)


def _literal(content: bytes) -> bytes:
    """A string between brackets, half as long as in hexadecimal: ISO 32000-1, 7.3.4.2."""
    for mark, escaped in ((b"\\", b"\\\\"), (b"(", b"\\("), (b")", b"\\)"), (b"\r", b"\\r")):
        content = content.replace(mark, escaped)
    return b"(%s)" % content


def printable(row: Row) -> Row:
    """The row with characters that a two-byte code can stand for, without emptied words."""
    plain = (replace(word, text=_plain(word.text)) for word in row)
    return tuple(word for word in plain if word.text)


def _plain(text: str) -> str:
    return "".join(
        ch if ord(ch) < 0x10000 else "\N{REPLACEMENT CHARACTER}" for ch in text if ch.isprintable()
    )


def codes(text: str) -> bytes:
    """How the font numbers characters: by their Unicode number, in two bytes."""
    return text.encode("utf-16-be", "replace")


def _number(value: float) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".") or "0"


def font(pdf: pikepdf.Pdf, characters: Iterable[str]) -> pikepdf.Object:
    """A font of invisible glyphs of one width that says which character each code stands for."""
    used = sorted({ord(character) for character in characters} | {ord(" ")})
    file = pdf.make_stream(_font_file())
    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name(FONT),
        Flags=4,  # symbolic: none of the usual encodings
        FontBBox=[0, 0, _ADVANCE, _EM],
        ItalicAngle=0,
        Ascent=_EM,
        Descent=-1,  # readers take 0 for "not known"
        CapHeight=_EM,
        StemV=80,
        FontFile2=file,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=pikepdf.Name(FONT),
        CIDSystemInfo=pikepdf.Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(described),
        DW=_ADVANCE,
        CIDToGIDMap=pdf.make_stream(b"\0\1" * (used[-1] + 1)),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name(FONT),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=pdf.make_stream(_to_unicode(used)),
        )
    )


def _font_file() -> bytes:
    """A TrueType font of glyphs with nothing to fill: a line there and back.

    Its corners say how high and wide a character is, which viewers mark when it is selected.
    """
    names = [".notdef", "word"]
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((_ADVANCE, _EM))
    pen.closePath()
    glyph = pen.glyph()
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (_ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=_EM, descent=0)
    builder.setupMaxp()
    made = builder.font
    made["head"].created = made["head"].modified = _EPOCH
    made.recalcTimestamp = False
    for tag in set(made.keys()) - {*_KEPT_TABLES, "GlyphOrder"}:
        del made[tag]
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _to_unicode(used: Sequence[int]) -> bytes:
    """A CMap that maps the rows of 256 codes that are used to themselves: ISO 32000-1, 9.10.3."""
    rows = [row for row, _ in groupby(used, key=lambda code: code >> 8)]
    ranges = [b"<%02X00><%02XFF><%02X00>" % (row, row, row) for row in rows]
    parts = [ranges[at : at + 100] for at in range(0, len(ranges), 100)]
    listed = [b"%d beginbfrange\n%s\nendbfrange" % (len(p), b"\n".join(p)) for p in parts]
    return _CMAP % b"\n".join(listed)


_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><FFFF>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
