"""The stage that reads: an upright page image → lines of words with boxes and confidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from PIL import Image

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.errors import ConfigError
from digitizer.ocr.confidence import LIKELY, calibrated, is_poor, plausibility
from digitizer.ocr.engine import Engine, EngineType
from digitizer.ocr.known import NONE, KnownWords, known_words
from digitizer.ocr.scrawls import scrawls, without_wrong
from digitizer.ocr.second import Second
from digitizer.ocr.thicker import read_thicker
from digitizer.ocr.tidy import tidied
from digitizer.ocr.unread import marks
from digitizer.registry import ENGINES, load
from digitizer.work.page_image import SUFFIX, save_page

FALLBACK = "layouts"  # a second engine that needs nothing but Tesseract
LEGIBLE = 0.25  # plausibility; upright pages have .39 or more, upside-down ones .05 or less

ON_CODE = 0.3  # of a mark, from which on it is a part of a bar code


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """`engine` is an entry point of the group "digitizer.engines"; `languages` are its codes.

    `second` is another, which reads again what the first reads badly; "" for none. Where it is not
    installed `FALLBACK` takes its place, and `lacks` says so.
    """

    engine: str = "tesseract"
    languages: tuple[str, ...] = ("eng",)
    second: str = ""

    name: ClassVar[str] = "recognise"
    version: ClassVar[str] = "6"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"lines"})

    def open(self, resources: Resources) -> PageReader:
        """A reader with the engine ready; raises ConfigError where it is not installed."""
        seconds = resources.limits.page_seconds
        known = known_words(tuple(self.languages), resources.models)
        second = None
        if name := FALLBACK if self.lacks() else self.second:
            again, other = self._made(name, seconds), name != FALLBACK
            second = Second(
                engine=again, name=name, first=self.engine, of_another_kind=other, known=known
            )
        engine = self._made(self.engine, seconds)
        return Reading(engine=engine, name=self.engine, second=second, known=known)

    def lacks(self) -> str:
        """What is missing for the second reading, and how to get it; "" where nothing is.

        Raises:
            ConfigError: no engine has the name of `second`.
        """
        if not self.second:
            return ""
        make: EngineType = load(ENGINES, self.second)
        try:
            make(languages=tuple(self.languages), seconds=1)
        except ConfigError as missing:
            return f"Poor pages are read again by Tesseract only: {missing}"
        return ""

    def _made(self, name: str, seconds: int) -> Engine:
        make: EngineType = load(ENGINES, name)
        return make(languages=tuple(self.languages), seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Reads pages with one engine, and poor ones with a second.

    A page that reads as nonsense may still lie upside down (one without letters that tell top
    from bottom is not turned before it is read), so it is read again turned, and the better
    reading stays. That costs a second pass on those pages only. The second engine comes after it,
    for it reads nothing upside down.
    """

    engine: Engine
    name: str = "tesseract"
    second: Second | None = None
    known: KnownWords = NONE

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
        lines = calibrated(tidied(best.lines or (), best.image), self.name, self.known)
        done = replace(best, lines=lines)
        poor = is_poor(lines)
        if poor:
            done = read_thicker(done, self.engine, self.name, self.known)
        if self.second is not None:
            done = self.second.again(done, poor=poor)
        done = _marked(done)
        if self.second is not None and not poor:
            done = self.second.beneath(done)
        return replace(done, warnings=(*done.warnings, *_doubts(done)))

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


def _marked(page: Page) -> Page:
    """The page with stamps and handwriting marked, and without what was read of them wrongly."""
    if page.image is None:
        return page
    lines = page.lines or ()
    with Image.open(page.image) as image:
        written = scrawls(lines, np.asarray(image))
    found = marks(page.marks, page.seen, lines, written)
    kept = tuple(mark for mark in found if not _on_bar_code(page, mark))
    return replace(page, lines=without_wrong(lines, written), marks=kept)


def _on_bar_code(page: Page, mark: Box) -> bool:
    there = page.delivered(mark)
    return any(code.box.common(there) > ON_CODE * there.area for code in page.barcodes)


def _sense(page: Page) -> float:
    return plausibility(page.lines or ())


def _doubts(page: Page) -> tuple[str, ...]:
    """A warning where little or nothing could be made out, so that nobody relies on it."""
    if not page.lines:
        return (f"page {page.number} is not blank, but no text could be read on it: look at it",)
    if plausibility(page.lines, LIKELY) < LEGIBLE:
        return (f"page {page.number} is hardly legible: compare its text with the paper",)
    return ()


def _turned(page: Page, degrees: int) -> Page:
    """The page turned clockwise, its image in a file of its own."""
    if page.image is None:
        return page
    target = page.image.with_suffix(f".{degrees}{SUFFIX}")
    with Image.open(page.image) as image:
        save_page(image.rotate(-degrees, expand=True), target)
    return page.turned(degrees, target)
