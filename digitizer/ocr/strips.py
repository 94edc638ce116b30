"""The doubtful words of a page, and those it shows but an engine passed over, on a sheet of their
own, to be read again. Pure but for the pixels.

Each run of such words is cut out with a little of what surrounds it, and the cuttings stand below
each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil, floor

from PIL import Image

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.choose import OTHERS, Alone, better
from digitizer.ocr.confidence import share_right
from digitizer.ocr.known import NONE, KnownWords
from digitizer.ocr.numbering import besides, lost_numbers
from digitizer.ocr.unread import TALL, usual_height

DOUBT, DOUBT_DIGITS = 0.4, 0.6
"""Calibrated confidence below which a word is read again; one with a digit sooner, as a wrong dose
or date does more harm than a wrong word, and fits no dictionary. From .2 more on, office and clean
pages were read no better (word recall within .0001, the same numbers wrong), for twice the time.
"""

FAIR, DOUBT_FAIR = 0.95, 0.85
"""On a page of which a smaller share is likely to be right more words are doubted. In place of
reading fair pages as a whole it cost less, and read office pages better (word recall .9937 for
.9927), photocopies and faxes as well.
"""

AROUND, ABOVE = (
    3.0,
    0.4,
)  # of a run's height, left beside it and above: words are read better in company
BESIDE = 0.1  # of its height, by which the middle of a word may lie beside its place
EDGE = 0.3  # of a doubtful word, from which on it is of the place that was passed over there
APART = 16  # px between two strips
SHORT = 1.6  # times as wide as high, below which what was passed over is a number or nothing
NUMBER = re.compile(r"^\(?\d{1,2}[.):]?$|^\d+\.\d+$")  # of a list, or a value
PAPER = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Words beside each other, or none where none was read; their place on the page, the pixels of
    an image cut out around it, by how much that is larger than the page, and from which row of the
    sheet they are.
    """

    words: tuple[Word, ...]
    place: Box
    cut: tuple[int, int, int, int]
    scale: float
    top: int

    @property
    def is_of_number(self) -> bool:
        """Whether a number stands here or nothing: the place is short, and no letter was read."""
        bare = not any(c.isalnum() for word in self.words for c in word.text)
        return bare and self.place.width < SHORT * self.place.height

    def found(self, lines: Iterable[Line]) -> tuple[Word, ...]:
        """What was read on the sheet at this place, by where it lies on the page."""
        shift = Affine.shifting(self.cut[0], self.cut[1] - self.top)
        back = shift.then(Affine.scaling(1 / self.scale, 1 / self.scale))
        there = (replace(word, box=back.box(word.box)) for line in lines for word in line.words)
        return tuple(word for word in there if _at(word.box, self.place))


def _at(box: Box, place: Box) -> bool:
    """Whether a word is of the place: engines do not agree to the pixel where one begins."""
    x, y = box.centre
    beside = BESIDE * place.height
    return place.x0 - beside <= x <= place.x1 + beside and place.y0 <= y <= place.y1


def strips_of(
    lines: Sequence[Line], passed_over: Iterable[Box], size: tuple[int, int], scale: float = 1.0
) -> tuple[Strip, ...]:
    """A strip for each run of doubtful words and for each place `passed_over`, of an image of
    `size` (width, height) pixels that is `scale` times as large as the page.
    """
    return strips_at(_runs(lines, passed_over), size, scale)


def strips_at(
    runs: Iterable[tuple[tuple[Word, ...], Box]], size: tuple[int, int], scale: float = 1.0
) -> tuple[Strip, ...]:
    """A strip for each run of words and its place on the page; `size` and `scale` as above."""
    to_image = Affine.scaling(scale, scale)
    strips: list[Strip] = []
    top = APART
    for words, place in runs:
        cut = _around(to_image.box(place), size)
        strips.append(Strip(words=words, place=place, cut=cut, scale=scale, top=top))
        top += cut[3] - cut[1] + APART
    return tuple(strips)


def _runs(
    lines: Sequence[Line], passed_over: Iterable[Box]
) -> Iterator[tuple[tuple[Word, ...], Box]]:
    """Doubtful words and their place. What an engine made of the edge of a line that it passed over
    goes with that line.
    """
    lost = lost_numbers(lines)
    yield from (((stop,), place) for stop, place in lost.items())
    doubtful = list(_doubtful(lines))
    edges: set[Word] = set()
    for place in besides(passed_over, lost.values()):
        under = tuple(
            word
            for run in doubtful
            for word in run
            if word.box.common(place) > EDGE * word.box.area
        )
        edges |= set(under)
        yield under, Box.around((place, *(word.box for word in under)))
    for run in doubtful:
        for taken, words in groupby(run, edges.__contains__):
            if not taken:
                left = tuple(words)
                yield left, Box.around(word.box for word in left)


def sheet_of(strips: Sequence[Strip], page: Image.Image) -> Image.Image:
    """The strips, cut from the page's image; ValueError where there are none."""
    width = max(strip.cut[2] - strip.cut[0] for strip in strips)
    last = strips[-1]
    sheet = Image.new("L", (width, last.top + last.cut[3] - last.cut[1] + APART), PAPER)
    for strip in strips:
        sheet.paste(page.crop(strip.cut), (0, strip.top))
    return sheet


def mended(
    lines: Sequence[Line],
    strips: Iterable[Strip],
    said: Sequence[Line],
    alone: Alone = OTHERS,
    known: KnownWords = NONE,
) -> tuple[Line, ...]:
    """`lines` with the better reading of each strip, and those that had been passed over behind
    them; `said` was read on the sheet.

    Where nothing was read the words stay. Confidences are calibrated.
    """
    instead: dict[Word, tuple[Word, ...]] = {}
    new: list[Line] = []
    found = [(strip, strip.found(said)) for strip in strips]
    numbers = [strip.place for strip, there in found if _number(strip, there)]
    for strip, there in found:
        rest = tuple(w for w in there if not any(place.holds(w.box) for place in numbers))
        words = (
            _number(strip, there)
            if strip.is_of_number
            else _better(strip.words, rest, alone, known)
        )
        if there and not rest:  # what was read here were the numbers, over several rows
            instead |= dict.fromkeys(strip.words, ())
        if words and strip.words:
            instead |= dict.fromkeys(strip.words, ()) | {strip.words[0]: words}
        elif words and not _said_beside(words, lines):
            new.append(Line(words=words))
    replaced = (_replaced(line, instead) for line in lines)
    return tuple(line for line in (*replaced, *new) if line.words)


def _number(strip: Strip, there: tuple[Word, ...]) -> tuple[Word, ...]:
    """The number that was read where one stands or nothing."""
    found = _better((), there, OTHERS, NONE) if strip.is_of_number else ()
    return tuple(word for word in found if NUMBER.match(word.text))


def _better(
    words: tuple[Word, ...], found: tuple[Word, ...], alone: Alone, known: KnownWords
) -> tuple[Word, ...]:
    """From left to right; none where nothing was found."""
    chosen = better([Line(words=words)], [Line(words=found)], alone, known).lines if found else ()
    return tuple(sorted((w for line in chosen for w in line.words), key=lambda w: w.box.x0))


def _said_beside(words: Sequence[Word], lines: Iterable[Line]) -> bool:
    """Whether all the words stand in their row already: engines misplace a word now and then."""
    row = Box.around(word.box for word in words)
    level = (w for line in lines for w in line.words if row.y0 <= w.box.centre[1] <= row.y1)
    return {word.text for word in words} <= {word.text for word in level}


def _replaced(line: Line, instead: Mapping[Word, tuple[Word, ...]]) -> Line:
    return replace(line, words=tuple(w for old in line.words for w in instead.get(old, (old,))))


def _doubtful(lines: Sequence[Line]) -> Iterator[tuple[Word, ...]]:
    """Runs of doubtful words that stand beside each other."""
    tallest = TALL * usual_height(lines)
    doubt = DOUBT_FAIR if share_right(lines) < FAIR else DOUBT
    for line in lines:
        for doubted, run in groupby(line.words, lambda word: _is_doubtful(word, tallest, doubt)):
            if doubted:
                yield tuple(run)


def _is_doubtful(word: Word, tallest: float, doubt: float) -> bool:
    digits = any(character.isdigit() for character in word.text)
    letters = any(character.isalpha() for character in word.text)
    least = max(doubt, DOUBT_DIGITS) if digits else doubt
    return (digits or letters) and word.confidence < least and word.box.height <= tallest


def _around(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    beside, above = AROUND * box.height, ABOVE * box.height
    return (
        max(0, floor(box.x0 - beside)),
        max(0, floor(box.y0 - above)),
        min(size[0], ceil(box.x1 + beside)),
        min(size[1], ceil(box.y1 + above)),
    )
