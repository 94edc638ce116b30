"""Tesseract once more, under other assumptions of how a page is laid out.

It is a second engine that is always there: on forms and receipts, where automatic segmentation
takes a column of figures for a picture, one of its other ways mostly sees the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from digitizer.chart.text import Line
from digitizer.ocr.confidence import letters_of
from digitizer.ocr.tesseract import Tesseract

LAYOUTS = (4, 6, 11)
"""One column of lines of any size, one even block, words anywhere: `--psm` of tesseract(1). On 25
forms of FUNSD the best of these and automatic segmentation by `worth` gave a word F1 of .797, the
best by the gold .802, any one of them .773 to .778."""

EVEN = 0.5  # a word is as likely wrong as right: it speaks neither for a reading nor against it


@dataclass(frozen=True, kw_only=True)
class Layouts:
    """An `Engine`: the reading under one of `LAYOUTS` that is worth most."""

    languages: tuple[str, ...] = ("eng",)
    seconds: int = 180

    def __post_init__(self) -> None:
        """Refuse to start without Tesseract or a language."""
        _ = self._engines

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:
        """The lines on the image, as Tesseract groups them under that layout."""
        return max((engine.read(image, dpi=dpi) for engine in self._engines), key=worth)

    def turn(self, image: Path, *, dpi: float) -> int:
        """What Tesseract's orientation detection says."""
        return self._engines[0].turn(image, dpi=dpi)

    @cached_property
    def _engines(self) -> tuple[Tesseract, ...]:
        return tuple(
            Tesseract(languages=self.languages, seconds=self.seconds, layout=layout)
            for layout in LAYOUTS
        )


def worth(lines: Iterable[Line]) -> float:
    """Letters and digits, each counted by how far the confidence of its word is above even."""
    words = (word for line in lines for word in line.words)
    return sum((word.confidence - EVEN) * letters_of(word.text) for word in words)
