"""The doubtful words of a page on a sheet of their own, to be read again. Pure but for the pixels.

Each run of such words is cut out with a little of what surrounds it, and the cuttings stand below
each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil, floor
from statistics import median

from PIL import Image

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.choose import better

DOUBT, DOUBT_DIGITS = 0.6, 0.8
"""Calibrated confidence below which a word is read again; one with a digit sooner, as a wrong dose
or date does more harm than a wrong word, and fits no dictionary. Of 1,307 words with digits on 58
good pages 70 were wrong before, and 61 after; without the other words it gained less.
"""

TALL = 2.5  # middling words: taller is a logo or a scrawl, and dear to read
AROUND, ABOVE = (
    3.0,
    0.4,
)  # of a run's height, left beside it and above: words are read better in company
APART = 16  # px between two strips
PAPER = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Words beside each other, the pixels cut out around them, and from which row of the sheet
    these are.
    """

    words: tuple[Word, ...]
    cut: tuple[int, int, int, int]
    top: int

    def found(self, lines: Iterable[Line]) -> tuple[Word, ...]:
        """What was read on the sheet in place of these words, at its place on the page."""
        back = Affine.shifting(self.cut[0], self.cut[1] - self.top)
        own = Box.around(word.box for word in self.words)
        there = (replace(word, box=back.box(word.box)) for line in lines for word in line.words)
        return tuple(word for word in there if _lies_in(word, own))


def strips_of(lines: Sequence[Line], size: tuple[int, int]) -> tuple[Strip, ...]:
    """The doubtful words of a page of `size` (width, height) pixels, a strip for each run."""
    strips: list[Strip] = []
    top = APART
    for run in _doubtful(lines):
        cut = _around(Box.around(word.box for word in run), size)
        strips.append(Strip(words=run, cut=cut, top=top))
        top += cut[3] - cut[1] + APART
    return tuple(strips)


def sheet_of(strips: Sequence[Strip], page: Image.Image) -> Image.Image:
    """The strips, cut from the page's image; ValueError where there are none."""
    width = max(strip.cut[2] - strip.cut[0] for strip in strips)
    last = strips[-1]
    sheet = Image.new("L", (width, last.top + last.cut[3] - last.cut[1] + APART), PAPER)
    for strip in strips:
        sheet.paste(page.crop(strip.cut), (0, strip.top))
    return sheet


def mended(
    lines: Iterable[Line], strips: Iterable[Strip], said: Sequence[Line]
) -> tuple[Line, ...]:
    """`lines` with the better reading of each strip; `said` was read on the sheet.

    Where nothing was read the words stay. Confidences are calibrated.
    """
    instead: dict[Word, tuple[Word, ...]] = {}
    for strip in strips:
        if found := strip.found(said):
            chosen = better([Line(words=strip.words)], [Line(words=found)]).lines
            words = sorted((w for line in chosen for w in line.words), key=lambda w: w.box.x0)
            instead |= dict.fromkeys(strip.words, ()) | {strip.words[0]: tuple(words)}
    replaced = (_replaced(line, instead) for line in lines)
    return tuple(line for line in replaced if line.words)


def _replaced(line: Line, instead: Mapping[Word, tuple[Word, ...]]) -> Line:
    return replace(line, words=tuple(w for old in line.words for w in instead.get(old, (old,))))


def _doubtful(lines: Sequence[Line]) -> Iterator[tuple[Word, ...]]:
    """Runs of doubtful words that stand beside each other."""
    heights = [word.box.height for line in lines for word in line.words]
    tallest = TALL * median(heights) if heights else 0.0
    for line in lines:
        for doubted, run in groupby(line.words, lambda word: _is_doubtful(word, tallest)):
            if doubted:
                yield tuple(run)


def _is_doubtful(word: Word, tallest: float) -> bool:
    digits = any(character.isdigit() for character in word.text)
    letters = any(character.isalpha() for character in word.text)
    least = DOUBT_DIGITS if digits else DOUBT
    return (digits or letters) and word.confidence < least and word.box.height <= tallest


def _around(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    beside, above = AROUND * box.height, ABOVE * box.height
    return (
        max(0, floor(box.x0 - beside)),
        max(0, floor(box.y0 - above)),
        min(size[0], ceil(box.x1 + beside)),
        min(size[1], ceil(box.y1 + above)),
    )


def _lies_in(word: Word, box: Box) -> bool:
    x, y = word.box.centre
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
