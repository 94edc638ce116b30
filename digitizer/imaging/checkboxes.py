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
from digitizer.imaging.squares import (
    MARKED,
    TEXT_HEIGHT,
    Inked,
    Square,
    Window,
    apart,
    squares,
)

UNTICKED, TICKED = "[ ]", "[x]"
LABEL_WITHIN = 3.0  # print heights from a box to the label on its right
WIDE_GAP = 1.2  # print heights; between words of a sentence it is about a quarter
LONG_WORD = 3
SPELLED = 0.99  # by the file itself; engines stay below
TYPED_MARK = "x"
BELIEVED, SURE = 0.47, 0.74  # calibrated confidence of a word
TRACE = re.compile(r"^(?:[^\w]+[JIl1L7\])}|]?(?=\w\w)|[A-Za-z0-9](?=[A-Z][a-z]))")
"""What engines make of a box at the head of a word: brackets, or a letter before a capital."""
LETTERING = 0.3  # of a frame's area under a believable word


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkboxes:
    """Puts "[ ]" or "[x]" before the label of each box, in place of what was read for the box."""

    name: ClassVar[str] = "checkboxes"
    version: ClassVar[str] = "2"
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
    lines = page.lines
    for square in squares(ink, _windows(page.lines, height, scale)):
        mark = _as_word(square, scale)
        if apart(ink, square) or not _is_lettering(lines, mark.box):
            lines = with_box(lines, mark, height)
    return replace(page, lines=lines)


def _windows(lines: Iterable[Line], height: float, scale: float) -> Iterator[Window]:
    """Around where a stretch of text begins, and around words that may be a misread box."""
    for line in lines:
        end = -WIDE_GAP * height
        for word in line.words:
            if word.box.x0 - end > WIDE_GAP * height or _odd(word):
                yield _around(word.box, height, scale)
            end = word.box.x1


def _odd(word: Word) -> bool:
    letters = sum(character.isalnum() for character in word.text)
    return letters < LONG_WORD or word.confidence < BELIEVED


def _around(box: Box, height: float, scale: float) -> Window:
    x0, x1 = box.x0 - LABEL_WITHIN * height, box.x0 + 2.5 * height
    y0, y1 = box.y0 - height, box.y1 + height
    return round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale)


def print_height(lines: Iterable[Line]) -> float:
    """The height of a middling word of the page, in its pixels; 0.0 where nothing is legible."""
    words = (word for line in lines for word in line.words)
    heights = [w.box.height for w in words if w.confidence >= BELIEVED and len(w.text) >= LONG_WORD]
    return median(heights) if heights else 0.0


def _as_word(square: Square, scale: float) -> Word:
    box = Box(
        square.x / scale,
        square.y / scale,
        (square.x + square.side) / scale,
        (square.y + square.side) / scale,
    )
    doubt = max(0.0, 1 - abs(square.inside - MARKED) / (MARKED / 2))
    confidence = square.cover * (1 - doubt / 2)
    return Word(
        text=TICKED if square.marked else UNTICKED, box=box, confidence=round(confidence, 3)
    )


def _is_lettering(lines: Iterable[Line], box: Box) -> bool:
    """Whether a believable word runs through the box: then the frame is made of its letters."""
    return any(
        _believable(word) and word.box.common(box) > LETTERING * box.width * box.height
        for line in lines
        for word in line.words
    )


def _believable(word: Word) -> bool:
    """Real words; a box was read as one or two letters at .89 at most, as two at .74 at most."""
    letters = sum(character.isalnum() for character in word.text)
    if word.confidence >= SPELLED:
        return letters > 0 and word.text.lower() != TYPED_MARK
    if letters < LONG_WORD:
        return letters == LONG_WORD - 1 and word.confidence >= SURE
    return word.confidence >= BELIEVED and word.text[0].isalnum()


def with_box(lines: Sequence[Line], mark: Word, height: float) -> tuple[Line, ...]:
    """`lines` with `mark` before the nearest word on its right, in place of what lies under it.

    Unchanged where no label stands within reach, or where the mark is a part of a longer word:
    then it is a letter. `height` is that of the page's print, in pixels.
    """
    cleared = [_cleared(line, mark.box) for line in lines]
    label = _label(cleared, mark.box, LABEL_WITHIN * height)
    if label is None:
        return tuple(lines)
    row, column = label
    words = cleared[row].words
    cleared[row] = replace(cleared[row], words=(*words[:column], mark, *words[column:]))
    return tuple(line for line in cleared if line.words)


def _label(lines: Sequence[Line], box: Box, reach: float) -> tuple[int, int] | None:
    """Line and place in it of the nearest word on the right of `box` and level with it."""
    best, nearest = None, reach
    for row, line in enumerate(lines):
        for column, word in enumerate(line.words):
            gap = word.box.x0 - box.x1
            if -box.width / 2 <= gap < nearest and _level(word.box, box) and _wordy(word):
                best, nearest = (row, column), gap
    return best


def _wordy(word: Word) -> bool:
    return any(character.isalpha() for character in word.text)


def _level(word: Box, box: Box) -> bool:
    return word.level(box) > 0.4 * min(word.height, box.height)


def _cleared(line: Line, box: Box) -> Line:
    """The line without words that are nothing but the box, and without its trace in others."""
    words = (_freed(word, box) for word in line.words if not _is_box(word, box))
    return replace(line, words=tuple(word for word in words if word.text))


def _freed(word: Word, box: Box) -> Word:
    """A word that begins under the box, as "[JEpilepsy", without what was read for the box."""
    glued = word.box.x0 < box.x1 - box.width / 2 and word.box.common(box) > 0
    if not glued or word.box.x1 <= box.x1:
        return word
    place = replace(word.box, x0=min(box.x1, word.box.x1 - 1))
    return replace(word, box=place, text=TRACE.sub("", word.text, count=1))


def _is_box(word: Word, box: Box) -> bool:
    """Most of the word lies on the box, and the word is not much larger."""
    return word.box.common(box) > 0.5 * word.box.width * word.box.height
