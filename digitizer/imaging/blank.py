"""Whether anything is on a page: letters in a row, or something drawn."""

from __future__ import annotations

import numpy as np

from digitizer.imaging.components import Components
from digitizer.imaging.ink import Look
from digitizer.imaging.pairs import neighbours

LETTERS_IN_A_ROW = 6
"""Of 302 pages, 19 blank ones had at most 4 letter-like specks with a neighbour (punch holes,
shading, faded reverse sides, fax noise), 283 others at least 17."""


def is_blank(look: Look) -> bool:
    """No text in any of four directions, and no drawing or handwriting.

    Specks, lines, folds, punch holes and the dark edge of a scanner's lid are nothing.
    """
    letters = look.letters
    return max(_rows(letters), _rows(_on_its_side(letters))) < LETTERS_IN_A_ROW and not _drawn(look)


def _rows(letters: Components) -> int:
    left, right = neighbours(letters)
    return len(np.union1d(left, right))


def _on_its_side(parts: Components) -> Components:
    return Components(parts.y0, parts.x0, parts.y1, parts.x1, parts.area)


def _drawn(look: Look) -> bool:
    """A part larger than a letter that is neither line nor blot, and not at the page's edge."""
    parts, (height, width) = look.parts, look.ink.shape
    long, short = np.maximum(parts.width, parts.height), np.minimum(parts.width, parts.height)
    inside = (parts.x0 > 2) & (parts.y0 > 2) & (parts.x1 < width - 2) & (parts.y1 < height - 2)
    fill = parts.area / (parts.width * parts.height)
    return bool((inside & (long > 40) & (short > 4) & (long < 15 * short) & (fill < 0.65)).any())
