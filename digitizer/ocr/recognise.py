"""The stage that reads: an upright page image → lines of words with boxes and confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from PIL import Image

from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.ocr.confidence import plausibility, without_junk
from digitizer.ocr.engine import Engine, EngineType
from digitizer.ocr.rules import without_bars
from digitizer.ocr.spacing import with_spaces
from digitizer.registry import ENGINES, load

LEGIBLE = 0.25  # plausibility; upright pages have .39 or more, upside-down ones .05 or less


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """`engine` is an entry point of the group "digitizer.engines"; `languages` are its codes."""

    engine: str = "tesseract"
    languages: tuple[str, ...] = ("eng",)

    name: ClassVar[str] = "recognise"
    version: ClassVar[str] = "1"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"lines"})

    def open(self, resources: Resources) -> PageReader:
        """A reader with the engine ready; raises ConfigError where it is not installed."""
        make: EngineType = load(ENGINES, self.engine)
        seconds = resources.limits.page_seconds
        return Reading(engine=make(languages=tuple(self.languages), seconds=seconds))


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads pages with one engine.

    A page that reads as nonsense may still lie upside down (one without letters that tell top
    from bottom is not turned before it is read), so it is read again turned, and the better
    reading stays. That costs a second pass on those pages only.
    """

    engine: Engine

    def __call__(self, page: Page) -> Page:
        """The page with its lines, turned if that is how it reads best.

        A page that came with the words of its text layer keeps them.
        """
        if page.lines is not None:
            return page
        best = self._read(page)
        for turn in (self._upside_down, self._as_engine_says):
            if _sense(best) >= LEGIBLE:
                break
            best = max(best, turn(page), key=_sense)
        return replace(_tidied(best), warnings=(*best.warnings, *_doubts(best)))

    def _upside_down(self, page: Page) -> Page:
        return self._read(_turned(page, 180))

    def _as_engine_says(self, page: Page) -> Page:
        if page.image is None:
            return page
        degrees = self.engine.turn(page.image, dpi=page.dpi)
        return self._read(_turned(page, degrees)) if degrees % 180 else page

    def _read(self, page: Page) -> Page:
        if page.image is None:
            return page
        return replace(page, lines=self.engine.read(page.image, dpi=page.dpi))


def _tidied(page: Page) -> Page:
    """The page without what is no lettering, and with its spaces where the ink shows them."""
    lines = without_bars(without_junk(page.lines or ()))
    if page.image is not None and lines:
        with Image.open(page.image) as image:
            lines = with_spaces(lines, np.asarray(image))
    return replace(page, lines=lines)


def _sense(page: Page) -> float:
    return plausibility(page.lines or ())


def _doubts(page: Page) -> tuple[str, ...]:
    """A warning where little or nothing could be made out, so that nobody relies on it."""
    if not page.lines:
        return (f"page {page.number} is not blank, but no text could be read on it: look at it",)
    if _sense(page) < LEGIBLE:
        return (f"page {page.number} is hardly legible: compare its text with the paper",)
    return ()


def _turned(page: Page, degrees: int) -> Page:
    """The page turned clockwise, its image in a file of its own."""
    if page.image is None:
        return page
    target = page.image.with_suffix(f".{degrees}.pgm")
    with Image.open(page.image) as image:
        image.rotate(-degrees, expand=True).save(target, format="PPM")
    return page.turned(degrees, target)
