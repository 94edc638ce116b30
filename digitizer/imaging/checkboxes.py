"""The stage that finds printed check-boxes beside lines of text and writes their state down.

An engine reads a box as "O", "[]", "CJ" or nothing at all, and an unticked "Stroke" as a stroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import ClassVar

from PIL import Image

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.chart.text import Line, Word
from digitizer.imaging.frames import BELIEVED, LONG_WORD, Frame, boxes_among, framed, is_sure
from digitizer.imaging.squares import MARKED, TEXT_HEIGHT, Inked, Window, squares

UNTICKED, TICKED = "[ ]", "[x]"
LABEL_WITHIN = 3.0  # print heights from a box to the label on its right
SLACK = 0.1  # print heights that a word's box may be off
TICK = 0.5  # of a box's width that a tick may begin before it
WIDE_GAP = 1.2  # print heights; between words of a sentence it is about a quarter
TRACE = re.compile(
    r"^(?:[^\w]*[Z7](?=[B-DF-HJ-NP-TV-X][A-Z])"
    r"|[^\w]+[JIl1L7\])}|]?(?=\w\w)|[^\w]+(?=\w)"
    r"|[A-Za-z0-9](?=[A-Z][a-z]))"
)
"""What engines make of a box at the head of a word: a tick like a "Z" before two capitals with
which it makes no word, brackets, or a letter before a capital."""
STROKE = 0.45  # print heights: behind the box there is room for one narrow letter
UPRIGHTS = {"l": "I", "!": "I", "|": "I"}
"""What engines make of an "I" that stands alone; a digit is left as it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkboxes:
    """Puts "[ ]" or "[x]" before the label of each box, in place of what was read for the box."""

    name: ClassVar[str] = "checkboxes"
    version: ClassVar[str] = "3"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image", "lines"})
    gives: ClassVar[frozenset[str]] = frozenset({"lines"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's image and lines."""
        return _read


def _read(page: Page) -> Page:
    height = print_height(page.lines or ())
    if page.image is None or not page.lines or not height:
        return page
    scale = TEXT_HEIGHT / height
    with Image.open(page.image) as image:
        ink = Inked.of(image, scale)
    found = [
        framed(ink, square, scale) for square in squares(ink, _windows(page.lines, height, scale))
    ]
    lines = page.lines
    for frame in boxes_among(found, page.lines):
        lines = with_box(lines, _as_word(frame), frame.label, height)
    return replace(page, lines=lines)


def _windows(lines: Iterable[Line], height: float, scale: float) -> Iterator[Window]:
    """Around where a stretch of text begins, and around words that may be a misread box."""
    for line in lines:
        end = -WIDE_GAP * height
        for word in line.words:
            if word.box.x0 - end > WIDE_GAP * height or not is_sure(word):
                yield _around(word.box, height, scale)
            end = word.box.x1


def _around(box: Box, height: float, scale: float) -> Window:
    x0, x1 = box.x0 - LABEL_WITHIN * height, box.x0 + 2.5 * height
    y0, y1 = box.y0 - height, box.y1 + height
    return round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale)


def print_height(lines: Iterable[Line]) -> float:
    """The height of a middling word of the page, in its pixels; 0.0 where nothing is legible."""
    words = (word for line in lines for word in line.words)
    heights = [w.box.height for w in words if w.confidence >= BELIEVED and len(w.text) >= LONG_WORD]
    return median(heights) if heights else 0.0


def _as_word(frame: Frame) -> Word:
    square = frame.square
    doubt = max(0.0, 1 - abs(square.inside - MARKED) / (MARKED / 2))
    confidence = square.cover * (1 - doubt / 2)
    return Word(
        text=TICKED if square.marked else UNTICKED,
        box=frame.box,
        confidence=round(confidence, 3),
    )


def with_box(lines: Sequence[Line], mark: Word, start: float, height: float) -> tuple[Line, ...]:
    """`lines` with `mark` before the nearest word on its right, in place of what lies under it.

    Unchanged where no label stands within reach. `start` is where the ink of the label begins,
    `height` that of the page's print, in pixels.
    """
    place = _Place(mark.box, start, height)
    cleared = [_cleared(line, place) for line in lines]
    row = _row(cleared, mark.box, LABEL_WITHIN * height)
    if row is None:
        return tuple(lines)
    words = cleared[row].words
    column = sum(word.box.x0 < mark.box.x0 for word in words)
    cleared[row] = replace(cleared[row], words=(*words[:column], mark, *words[column:]))
    return tuple(line for line in cleared if line.words)


def _row(lines: Sequence[Line], box: Box, reach: float) -> int | None:
    """The line of the nearest word on the right of `box` and level with it."""
    best, nearest = None, reach
    for row, line in enumerate(lines):
        for word in line.words:
            gap = word.box.x0 - box.x1
            if -box.width / 2 <= gap < nearest and _level(word.box, box) and _wordy(word):
                best, nearest = row, gap
    return best


def _wordy(word: Word) -> bool:
    return any(character.isalpha() for character in word.text)


def _level(word: Box, box: Box) -> bool:
    return word.level(box) > 0.4 * min(word.height, box.height)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a box is, where the ink of its label begins, and how high the page's print is."""

    box: Box
    start: float
    height: float

    def holds(self, word: Word) -> bool:
        """Whether the word is nothing but the box and its tick: it ends before the label begins."""
        reach, end = TICK * self.box.width, self.start + SLACK * self.height
        inside = self.box.x0 - reach <= word.box.x0 and word.box.x1 <= end
        return inside and _level(word.box, self.box) and word.box.common(self.box) > 0

    def begins(self, word: Word) -> bool:
        """Whether the word begins under the box, as "[JEpilepsy", and goes on behind it."""
        box = word.box
        return box.x0 < self.box.x1 - self.box.width / 2 and box.common(self.box) > 0


def _cleared(line: Line, place: _Place) -> Line:
    """The line without words that are nothing but the box, and without its trace in others."""
    left = [word for word in line.words if not place.holds(word)]
    words = (_freed(word, place) if place.begins(word) else word for word in left)
    others = [word for word in left if not place.begins(word)]
    return replace(line, words=tuple(w for w in words if w.text and not _twice(w, others)))


def _freed(word: Word, place: _Place) -> Word:
    """The word without what was read for the box."""
    box = replace(word.box, x0=min(place.start, word.box.x1 - 1))
    if box.width < STROKE * place.height and len(word.text) > 1:
        return replace(word, box=box, text=UPRIGHTS.get(word.text[-1], word.text[-1]))
    return replace(word, box=box, text=TRACE.sub("", word.text, count=1))


def _twice(word: Word, others: Iterable[Word]) -> bool:
    """Whether the word, freed from the box, was read by itself too."""
    return any(
        other is not word
        and other.text == word.text
        and other.box.common(word.box) > 0.5 * word.box.area
        for other in others
    )
