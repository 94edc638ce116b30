"""What a recogniser of whole lines decoded → words with boxes. Pure.

Such a recogniser slides over the image of a line and says at each step which character it sees,
if any. So it knows about where each character stands, and loses some of the spaces; the ink of the
line says where words begin and end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

import numpy as np

from digitizer.chart.geometry import Box
from digitizer.chart.text import Word
from digitizer.ocr.ink import Ink, Pixels, without_rules

LEAST_SPACE = 0.12
"""The narrowest gap in the ink, in heights of the line, that may be a decoded space."""

LOST_SPACE = 0.25
"""The narrowest gap beside one of LOSING that may be a space the recogniser lost, in heights."""

LIKE_A_SPACE = 0.55
"""… and in middling spaces of the line: in 560 lines no dash of a number had more than .41 on its
narrower side, and next to none between words less than .7. Between other characters no gap is a
lost space: those between the letters of typewriters are as wide as spaces in print, and on a poor
copy letters lose strokes.
"""

LOSING = frozenset("-–|(")
LOSING_BEHIND = frozenset("-–|")

NEAR = 1.2
"""How far from its gap, in widths of a middling character, a space may be thought to stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of one line, left to right, spaces among them.

    `confidences` and `places` run parallel to `text`: 0 to 1, and where the character's middle
    stands on the line, 0 for its left edge and 1 for its right.
    """

    text: str
    confidences: tuple[float, ...]
    places: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse characters without a confidence or a place."""
        if not len(self.text) == len(self.confidences) == len(self.places):
            raise ValueError("a character has no confidence or no place")


def plain(line: Decoded) -> Decoded:
    """The line in the letters of English: specks above letters are read as accents by a model of
    fifty languages, dots in the background as middle dots, and odd shapes as Chinese.
    """
    letters = [_plain(character) for character in line.text]
    kept = [i for i, letter in enumerate(letters) if letter]
    return Decoded(
        text="".join(letters[i] for i in kept),
        confidences=tuple(line.confidences[i] for i in kept),
        places=tuple(line.places[i] for i in kept),
    )


def _plain(character: str) -> str:
    """One character, or none."""
    if character in _DOTS:
        return " "
    if unicodedata.category(character) == "Lo":
        return ""
    if unicodedata.east_asian_width(character) == "F":
        character = unicodedata.normalize("NFKC", character)
    return unicodedata.normalize("NFD", character)[0]


_DOTS = frozenset("·・•")


def words_of(line: Decoded, pixels: Pixels, at: tuple[int, int]) -> tuple[Word, ...]:
    """The words of `line`, whose image is `pixels` (gray) with its top left corner at `at`.

    A word's confidence is that of its characters on average.
    """
    printed = [i for i, character in enumerate(line.text) if not character.isspace()]
    if not printed:
        return ()
    ink = _ink(pixels)
    cuts = _cuts(line, printed, without_rules(ink))
    groups = np.split(np.array(printed), [number for number, _ in cuts])
    edges = [0, *(x for _, x in cuts), ink.shape[1]]
    return tuple(
        Word(
            text="".join(line.text[i] for i in group),
            box=_tight(ink, start, end, at),
            confidence=sum(line.confidences[i] for i in group) / len(group),
        )
        for group, (start, end) in zip(groups, pairwise(edges), strict=True)
    )


def _ink(pixels: Pixels) -> Ink:
    dark, light = np.percentile(pixels, (2, 90))
    found: Ink = pixels < (dark + light) / 2
    return found


def _cuts(line: Decoded, printed: list[int], ink: Ink) -> list[tuple[int, int]]:
    """Before which printed character, and in which column, one word ends and another begins."""
    width, height = ink.shape[1], _height(ink)
    near = NEAR * width / len(line.text)
    gaps = [gap for gap in _gaps(ink) if _width(gap) >= LEAST_SPACE * height]
    cuts: dict[int, int] = {}
    spaces = []
    joined = []
    for number, (one, other) in enumerate(pairwise(printed), 1):
        place = (line.places[one] + line.places[other]) / 2 * width
        if other - one == 1:
            joined.append((number, place))
            continue
        gap = _nearest(place, gaps, near)
        cuts[number] = sum(gap) // 2 if gap else round(place)
        if gap:
            spaces.append(_width(gap))
            gaps.remove(gap)
    for number, place in joined:
        gap = _nearest(place, gaps, near / 2)
        if gap and _width(gap) >= _lost_space(line.text, printed[number - 1], height, spaces):
            cuts[number] = sum(gap) // 2
            gaps.remove(gap)
    return sorted(cuts.items())


def _width(gap: tuple[int, int]) -> int:
    return gap[1] - gap[0]


def _nearest(place: float, gaps: list[tuple[int, int]], near: float) -> tuple[int, int] | None:
    gap = min(gaps, key=lambda gap: abs(sum(gap) / 2 - place), default=None)
    return gap if gap and abs(sum(gap) / 2 - place) <= near else None


def _lost_space(text: str, one: int, height: int, spaces: Sequence[int]) -> float:
    """From what width a gap behind the character `one` is a space, where the line has such."""
    before, after = text[one], text[one + 1]
    if before == ":" and text[one - 1 : one].isalpha() and after.isalnum():
        return LEAST_SPACE * height  # "MRN:12"
    usual = median(spaces) if spaces else 0.0
    if before in LOSING_BEHIND or after in LOSING:
        return max(LOST_SPACE * height, LIKE_A_SPACE * usual)
    return inf


def _gaps(ink: Ink) -> list[tuple[int, int]]:
    """The runs of columns without ink, half-open, but for the margins."""
    inked = np.flatnonzero(ink.any(axis=0))
    return [(int(a) + 1, int(b)) for a, b in pairwise(inked) if b - a > 1]


def _height(ink: Ink) -> int:
    rows = np.flatnonzero(ink.any(axis=1))
    return int(rows[-1] - rows[0] + 1) if rows.size else ink.shape[0]


def _tight(ink: Ink, start: int, end: int, at: tuple[int, int]) -> Box:
    """Around the ink of these columns; all of them where there is none."""
    part = ink[:, start:end]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    x, y = at
    if not columns.size:
        return Box(x + start, y, x + max(end, start + 1), y + ink.shape[0])
    return Box(
        float(x + start + columns[0]),
        float(y + rows[0]),
        float(x + start + columns[-1] + 1),
        float(y + rows[-1] + 1),
    )
