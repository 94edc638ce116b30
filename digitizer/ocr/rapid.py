"""PP-OCR, whose models come with rapidocr: finds lines of text, then reads each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from PIL import Image

from digitizer.chart.geometry import Affine
from digitizer.chart.text import Line, Word
from digitizer.errors import ConfigError, InputError
from digitizer.ocr.decoded import plain, words_of
from digitizer.ocr.ink import Pixels
from digitizer.ocr.pp_ocr import Corners, find_lines, read_line

LANGUAGES = frozenset({"eng", "deu", "fra", "spa", "ita", "por", "nld"})
"""Those in Latin letters of Tesseract's codes that the model is made for, as far as charts go."""

LONGEST_SIDE = 1600
"""Pixels of the image on which lines are looked for; they are read at the page's own size."""

FINE = 200.0
"""Pixels an inch of that image at most. Doubtful words of 66 clean and office pages at 300 dpi were
read at least as well as where lines were looked for at the page's own size (CER .0134 for .0138),
and in .6 of the time; at 150 lines below each other ran together.
"""

LEAST_SIDE = 4  # pixels of a line, below which nothing can be read
UPRIGHT = 1.5  # times as high as wide: writing that runs up or down the page, or a rule
LEAST_TURNED = 3  # characters of such writing
SURE = 0.9  # of a character on average, from which on writing that runs so is believed
ROW = 10  # px by which the next row begins lower
FLATTEST = 80  # times as wide as high, beyond any line of text: a rule, and much memory

_Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom; half-open, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RapidOcr:
    """An `Engine`. It uses one thread, reaches for no network, and keeps nothing between pages.

    Unlike Tesseract it needs no clean page, but an upright one: it reads nothing upside down.
    """

    languages: tuple[str, ...] = ("eng",)
    seconds: int = 180

    def __post_init__(self) -> None:
        """Refuse to start without the packages or for other letters."""
        if not (find_spec("rapidocr") and find_spec("onnxruntime")):
            raise ConfigError(
                "the engine rapidocr is not installed: "
                "install digitizer with its extra, as in pip install 'digitizer[second]'"
            )
        if strange := set(self.languages) - LANGUAGES:
            raise ConfigError(
                f"the engine rapidocr does not read {', '.join(sorted(strange))}: "
                f"it reads {', '.join(sorted(LANGUAGES))}"
            )

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:
        """The lines on the image, from top to bottom."""
        until = time.monotonic() + self.seconds
        return tuple(self._lines(_pixels(image), dpi, until))

    def turn(self, image: Path, *, dpi: float) -> int:  # noqa: ARG002 - the protocol's
        """0: it cannot tell."""
        return 0

    def _lines(self, gray: Pixels, dpi: float, until: float) -> Iterator[Line]:
        for box in _found(gray, dpi):
            if time.monotonic() > until:
                raise InputError(
                    f"recognising the page takes longer than {self.seconds} s: "
                    "scan it again, or raise limits.page_seconds"
                )
            if words := _words(gray, box):
                yield Line(words=words)


def _words(gray: Pixels, box: _Box) -> tuple[Word, ...]:
    left, top, right, bottom = box
    pixels = gray[top:bottom, left:right]
    if bottom - top < UPRIGHT * (right - left):
        return words_of(plain(read_line(pixels)), pixels, (left, top))
    up = Affine(a=0, b=-1, c=right, d=1, e=0, f=top)
    down = Affine(a=0, b=1, c=left, d=-1, e=0, f=bottom)
    readings = (_turned(pixels, 1, up), _turned(pixels, -1, down))
    return max(readings, key=_sure)


def _turned(pixels: Pixels, quarters: int, to_page: Affine) -> tuple[Word, ...]:
    """The words of writing that runs along the page's side, once turned by so many `quarters`
    against the clock; none where that is not how it runs.
    """
    level = np.ascontiguousarray(np.rot90(pixels, quarters))
    words = words_of(plain(read_line(level)), level, (0, 0))
    if _sure(words) < SURE or sum(len(word.text) for word in words) < LEAST_TURNED:
        return ()
    return tuple(replace(word, box=to_page.box(word.box)) for word in words)


def _sure(words: Sequence[Word]) -> float:
    """The mean confidence of the words, 0.0 where there are none."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def _pixels(image: Path) -> Pixels:
    try:
        with Image.open(image) as opened:
            return np.asarray(opened.convert("L"))
    except OSError:
        raise InputError("rapidocr cannot read the page image: scan the page again") from None


def _found(gray: Pixels, dpi: float) -> Iterator[_Box]:
    """The box of each line of text."""
    scale = min(1.0, LONGEST_SIDE / max(gray.shape), FINE / dpi)
    boxes = [_around(corners) for corners in find_lines(gray, scale)]
    for left, top, right, bottom in _in_rows(boxes):
        width, height = right - left, bottom - top
        if min(width, height) >= LEAST_SIDE and max(width, height) < FLATTEST * min(width, height):
            yield left, top, right, bottom


def _in_rows(boxes: Iterable[_Box]) -> Iterator[_Box]:
    """From top to bottom, and those that begin at about one height from left to right."""
    by_top = sorted(boxes, key=lambda box: box[1])
    rows = [0, *accumulate(b[1] - a[1] >= ROW for a, b in pairwise(by_top))]
    placed = sorted(zip(rows, by_top, strict=False), key=lambda row: (row[0], row[1][0]))
    return (box for _, box in placed)


def _around(corners: Corners) -> _Box:
    left, top = (int(v) for v in np.floor(corners.min(axis=0)))
    right, bottom = (int(v) + 1 for v in np.ceil(corners.max(axis=0)))
    return left, top, right, bottom
