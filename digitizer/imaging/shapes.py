"""Whether letters have the shapes that they are said to have: an x is low, a b or a p is not.

A font may show other letters than it says: one that lies, or one that was made so badly. The
heights of a font's own letters give that away, without looking at the page. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from digitizer.imaging.text_layer import Glyph

LOW = frozenset("acemnorsuvwxz")
HIGH = frozenset("bdfghklpqyABCDEFGHIKLMNOPRSTUVWXYZ")
ENOUGH = 8  # low letters of a font that tell how high its low letters are
UNLIKE = 0.2  # of that height, up or down: round letters stand out by a thirtieth
HIGHER = 1.1


def misshapen(glyphs: Iterable[Glyph]) -> frozenset[Glyph]:
    """The letters that are too high or too low for what they are said to be."""
    fonts: dict[object, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.tight and glyph.text in LOW | HIGH:
            fonts[glyph.font, glyph.turn % 180].append(glyph)
    return frozenset(glyph for letters in fonts.values() for glyph in _odd(letters))


def _odd(letters: list[Glyph]) -> Iterable[Glyph]:
    low = [_height(glyph) for glyph in letters if glyph.text in LOW]
    if len(low) < ENOUGH:
        return ()
    usual = median(low)
    return (glyph for glyph in letters if not _is_like(glyph, usual))


def _is_like(glyph: Glyph, low: float) -> bool:
    height = _height(glyph)
    if glyph.text in LOW:
        return abs(height - low) <= UNLIKE * low
    return height >= HIGHER * low


def _height(glyph: Glyph) -> float:
    return glyph.box.width if glyph.turn % 180 else glyph.box.height
