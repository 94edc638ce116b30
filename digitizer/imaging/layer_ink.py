"""How the text layer of a page lies on its ink: glyphs on ink, and no print beside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from digitizer.imaging.blank import LETTERS_IN_A_ROW
from digitizer.imaging.components import Components
from digitizer.imaging.ink import look
from digitizer.imaging.pairs import neighbours
from digitizer.imaging.text_layer import Glyphs, Layer

CONTRAST = 40  # steps of gray (of 255) between ink and what it is printed on
CELL = 8  # px; a letter is not much larger
DARK_GROUND = 140  # gray
WITHOUT, WITHIN = 1, 3  # px that ink may begin or end beyond the edge of its box, or short of it
OTHER_FONT = 3
"""The part of its width by which a glyph may be narrower: a font that the file lacks is replaced by
another one of its widths, and not every program takes the same."""
AROUND = 2  # px
MOST_FILLED = 0.85  # of a glyph's box and what is around it; more is a bar over it
BLACK, WHITE = 0.5, 0.85  # shades: up to the one only dark ink is looked for, from the other light
MISSING_ONE_IN = 4  # glyphs of a word: hair strokes end short of their box
MOST_BESIDE = 0.03  # of the letters of a page

_Bits = NDArray[np.bool_]
_Ints = NDArray[np.int64]
_Sums = NDArray[np.int32]


def on_ink(layer: Layer, image: Image.Image) -> Layer:
    """The layer without the words that have no ink of their own.

    A glyph has where ink comes near each side of its box: another letter under it leaves a side
    free. `image` is the page in gray, at any resolution at which letters are legible.
    """
    glyphs = layer.glyphs
    if not glyphs:
        return layer
    fits, inked = _on_ink(glyphs, image, image.width / layer.width)
    ends = iter(np.cumsum([len(word) for word in layer.words]))

    def seen(word: Glyphs) -> bool:
        end = int(next(ends))
        place = slice(end - len(word), end)
        missing = int((~fits[place]).sum())
        return bool(inked[place].any()) and missing <= max(1, len(word) // MISSING_ONE_IN)

    return layer.only(seen)


def _on_ink(glyphs: Glyphs, image: Image.Image, scale: float) -> tuple[_Bits, _Bits]:
    """Which glyphs fit their ink, and which have any, in the shade that they are painted in."""
    boxes = _pixels(glyphs, scale)
    shades = np.array([glyph.shade for glyph in glyphs])
    sideways = np.array([glyph.turn % 180 == 90 for glyph in glyphs])
    tight = np.array([glyph.tight for glyph in glyphs])
    fits = inked = np.zeros(len(glyphs), dtype=bool)
    for shaded, ink in ((shades < WHITE, _darker), (shades > BLACK, _lighter)):
        if shaded.any():
            sums = _sums(ink(image))
            has = shaded & _has_ink(boxes, sums)
            inked = inked | has
            fits = fits | (has & (~tight | _reaches_each_side(boxes, sideways, sums)))
    return fits, inked


def _darker(image: Image.Image) -> _Bits:
    """Where it is darker than the lightest nearby."""
    paper = _coarse(image, ImageFilter.MaxFilter(3))
    return np.asarray(ImageChops.subtract(paper, image)) > CONTRAST


def _lighter(image: Image.Image) -> _Bits:
    """Where it is lighter than its dark surroundings."""
    around = _coarse(image, ImageFilter.BoxBlur(2))
    lighter = np.asarray(ImageChops.subtract(image, around)) > CONTRAST
    return lighter & (np.asarray(around) < DARK_GROUND)


def _coarse(image: Image.Image, by: ImageFilter.Filter) -> Image.Image:
    return image.reduce(CELL).filter(by).resize(image.size, Image.Resampling.BILINEAR)


def _sums(ink: _Bits) -> _Sums:
    """How much ink there is above and left of each corner: shape (height + 1, width + 1)."""
    sums = np.zeros((ink.shape[0] + 1, ink.shape[1] + 1), dtype=np.int32)
    np.cumsum(ink, axis=0, dtype=np.int32, out=sums[1:, 1:])
    np.cumsum(sums, axis=1, out=sums)
    return sums


def _pixels(glyphs: Glyphs, scale: float) -> _Ints:
    """Shape (4, glyphs): x0, y0, x1, y1 of the pixels that each one touches."""
    boxes = np.array([(g.box.x0, g.box.y0, g.box.x1, g.box.y1) for g in glyphs]) * scale
    boxes = np.clip(boxes.reshape(-1, 4).T, -1e6, 1e6)
    return np.concatenate((np.floor(boxes[:2]), np.ceil(boxes[2:]))).astype(np.int64)


def _has_ink(boxes: _Ints, ink: _Sums) -> _Bits:
    """Where there is some, but also paper around it: under a bar there is none."""
    x0, y0, x1, y1 = boxes
    area = (x1 - x0 + 2 * AROUND) * (y1 - y0 + 2 * AROUND)
    around = _count(ink, x0 - AROUND, y0 - AROUND, x1 + AROUND, y1 + AROUND)
    return np.asarray((_count(ink, x0, y0, x1, y1) > 0) & (around < MOST_FILLED * area))


def _reaches_each_side(boxes: _Ints, sideways: _Bits, ink: _Sums) -> _Bits:
    x0, y0, x1, y1 = boxes
    loose_x = np.where(sideways, WITHIN, np.maximum(WITHIN, (x1 - x0) // OTHER_FONT))
    loose_y = np.where(sideways, np.maximum(WITHIN, (y1 - y0) // OTHER_FONT), WITHIN)
    sides = (
        (x0, y0 - WITHOUT, x1, y0 + loose_y),
        (x0, y1 - loose_y, x1, y1 + WITHOUT),
        (x0 - WITHOUT, y0, x0 + loose_x, y1),
        (x1 - loose_x, y0, x1 + WITHOUT, y1),
    )
    return np.asarray(np.all([_count(ink, *side) > 0 for side in sides], axis=0))


def _count(ink: _Sums, x0: _Ints, y0: _Ints, x1: _Ints, y1: _Ints) -> _Ints:
    """How many pixels of each rectangle are ink; what lies off the page is none."""
    height, width = ink.shape[0] - 1, ink.shape[1] - 1
    left, right = np.clip(x0, 0, width), np.clip(x1, 0, width)
    top, bottom = np.clip(y0, 0, height), np.clip(y1, 0, height)
    found = ink[bottom, right] - ink[top, right] - ink[bottom, left] + ink[top, left]
    return np.asarray(found, dtype=np.int64)


def print_beside(layer: Layer, image: Image.Image, dpi: float) -> bool:
    """Whether there is print on the page that the layer does not have: letters in rows."""
    seen = look(image, dpi)
    if seen is None:
        return False
    letters = seen.letters
    scale = seen.ink.shape[1] / layer.width
    covered = np.zeros(seen.ink.shape, dtype=bool)
    for x0, y0, x1, y1 in np.clip(_pixels(layer.glyphs, scale), 0, None).T:
        covered[y0:y1, x0:x1] = True
    x, y = (letters.x0 + letters.x1) // 2, (letters.y0 + letters.y1) // 2
    beside = letters.where(~covered[y, x])
    return _in_rows(beside) > max(LETTERS_IN_A_ROW, MOST_BESIDE * len(letters))


def _in_rows(letters: Components) -> int:
    """How many have a neighbour, along the page or across it."""
    across = Components(letters.y0, letters.x0, letters.y1, letters.x1, letters.area)
    return max(len(np.union1d(*neighbours(each))) for each in (letters, across))
