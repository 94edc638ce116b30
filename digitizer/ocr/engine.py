"""What an OCR engine is. Engines are found by entry point, in the group "digitizer.engines"."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from digitizer.chart.text import Line


class Engine(Protocol):
    """An engine that is ready to read. The image is 8-bit gray, TIFF or PGM, and upright but for
    quarter turns perhaps; boxes are in its pixels with the origin at the top left.
    """

    def read(self, image: Path, *, dpi: float) -> tuple[Line, ...]:
        """The lines printed on the image, in the engine's own order.

        Raises:
            InputError: the image cannot be read, or takes too long.
            TransientError: the engine was killed from outside.
        """

    def turn(self, image: Path, *, dpi: float) -> int:
        """By how many degrees (0, 90, 180, 270) clockwise to turn the image for its text to stand
        upright; 0 where the engine cannot tell.
        """


class EngineType(Protocol):
    """What an entry point of the group names: makes an engine, or says why it cannot."""

    def __call__(self, *, languages: tuple[str, ...], seconds: int) -> Engine:
        """An engine that reads `languages` and gives up on a page after `seconds`.

        Raises:
            ConfigError: the program or a language is not installed; the message says how to get it.
        """
