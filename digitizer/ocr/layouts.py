"""Tesseract once more, under other assumptions of how a page is laid out.

It is a second engine that is always there: on forms and receipts, where automatic segmentation
takes a column of figures for a picture, its other ways mostly see the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

from digitizer.chart.text import Line
from digitizer.ocr.choose import ALIKE, better
from digitizer.ocr.confidence import letters_of
from digitizer.ocr.tesseract import Tesseract

LAYOUTS = (6, 11)
"""One even block, and words anywhere: `--psm` of tesseract(1). Each sees words that the others pass
over: on 100 forms of FUNSD automatic segmentation had a word F1 of .782, these .754 and .785, the
best of them by `worth` .79, and all their words together .807; on 18 receipts of SROIE they had
.783, .813 and .717, .816, and .819. One column of lines (4) added nothing to these.
"""

EVEN = 0.5  # a word is as likely wrong as right: it speaks neither for a reading nor against it


@dataclass(frozen=True, kw_only=True)
class Layouts:
    """An `Engine`: at each place the surer word of the readings under `LAYOUTS`."""

    languages: tuple[str, ...] = ("eng",)
    seconds: int = 180

    def __post_init__(self) -> None:
        """Refuse to start without Tesseract or a language."""
        _ = self._engines

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:
        """The lines on the image, as Tesseract groups them under the layout that is worth most."""
        return reduce(together, (engine.read(image, dpi=dpi) for engine in self._engines))

    def turn(self, image: Path, *, dpi: float) -> int:
        """What Tesseract's orientation detection says."""
        return self._engines[0].turn(image, dpi=dpi)

    @cached_property
    def _engines(self) -> tuple[Tesseract, ...]:
        return tuple(
            Tesseract(languages=self.languages, seconds=self.seconds, layout=layout)
            for layout in LAYOUTS
        )


def together(one: Sequence[Line], other: Sequence[Line]) -> tuple[Line, ...]:
    """The words of two readings by Tesseract, in the lines of the one that is worth more."""
    worse, more = sorted((one, other), key=worth)
    return better(worse, more, ALIKE).lines


def worth(lines: Iterable[Line]) -> float:
    """Letters and digits, each counted by how far the confidence of its word is above even."""
    words = (word for line in lines for word in line.words)
    return sum((word.confidence - EVEN) * letters_of(word.text) for word in words)
