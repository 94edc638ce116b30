"""Which pixels of a stretch of the page are ink of its letters. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RULED = 0.8  # share of the columns that a rule darkens
SLANT = 3  # rows within which it does so, on a page a little askew
RULE_ROWS = 0.3  # of the height: rules lie so near to an edge
CLEAR_ROWS = 2  # without much ink, that part a rule from the letters
CLEAR = 0.1  # share of the columns with ink in such rows: specks

Pixels = npt.NDArray[np.uint8]
"""Shape (height, width); 0 is black, 255 is white; row 0 is the top."""

Ink = npt.NDArray[np.bool_]


def without_rules(ink: Ink) -> Ink:
    """`ink` of a line of text without the rules that frame its cell above and below.

    They would fill the spaces between the words. A bar that letters touch is a stroke of theirs.
    """
    kept = ink.copy()
    kept[: _rule(ink)] = False
    if below := _rule(ink[::-1]):
        kept[-below:] = False
    return kept


def _rule(ink: Ink) -> int:
    """How many rows at the top the rule there takes up; 0 where there is none."""
    reach = int(RULE_ROWS * len(ink))
    ruled = [y for y in range(reach) if ink[y : y + SLANT].any(axis=0).mean() >= RULED]
    if not ruled:
        return 0
    covered = ink.mean(axis=1)
    for end in range(ruled[-1] + 1, reach + SLANT + CLEAR_ROWS):
        if (covered[end : end + CLEAR_ROWS] <= CLEAR).all():
            return end
    return 0
