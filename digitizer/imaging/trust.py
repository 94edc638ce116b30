"""Whether the text layer of a page is to be believed. Pure.

Text that was encoded badly, or an earlier reading full of errors, is worse than a fresh one; and a
layer may have been made to say something else than what the page shows.
"""

from __future__ import annotations

from digitizer.chart.geometry import Box
from digitizer.imaging.letters import plausible
from digitizer.imaging.shapes import misshapen
from digitizer.imaging.text_layer import Glyph, Layer, spelled

MOST_UNSEEN = 0.05  # of glyphs
MOST_UNKNOWN = 0.02
LEAST_PLAUSIBLE = 0.75  # of words; pages that a person wrote have .91, misread ones .59
MOST_MISSHAPEN = 2  # letters of a page; 28 pages with 62 fonts of all makers had none


def doubt(layer: Layer) -> str:
    """Why the layer is not to be believed; "" where it may be, or where there is none."""
    many = len(layer.glyphs)
    if layer.noted and many:
        return "notes or form fields lie on it"
    if any(_holds(picture, glyph) for picture in layer.pictures for glyph in layer.glyphs):
        return "some of it lies on or under a picture"
    if layer.unseen > MOST_UNSEEN * (many + layer.unseen):
        return "parts of it cannot be seen"
    unknown = [not glyph.is_known for word in layer.words if len(word) > 1 for glyph in word]
    if sum(unknown) > MOST_UNKNOWN * many:
        return "it does not say which characters it shows"
    if len(misshapen(layer.glyphs)) > MOST_MISSHAPEN:
        return "its letters look other than it says"
    if plausible(spelled(word) for word in layer.words) < LEAST_PLAUSIBLE:
        return "what it says are no words"
    return ""


def _holds(picture: Box, glyph: Glyph) -> bool:
    x, y = glyph.box.centre
    return picture.x0 <= x < picture.x1 and picture.y0 <= y < picture.y1
