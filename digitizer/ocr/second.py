"""A second engine for what the first reads badly: pages, and the doubtful words of good pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page
from digitizer.chart.text import Line
from digitizer.errors import InputError
from digitizer.ocr.beneath import rows_beneath
from digitizer.ocr.choose import ALIKE, OTHERS, Alone, Choice, better
from digitizer.ocr.confidence import calibrated, share_right
from digitizer.ocr.engine import Engine
from digitizer.ocr.known import NONE, KnownWords
from digitizer.ocr.numbering import without_lost
from digitizer.ocr.strips import Strip, mended, sheet_of, strips_at, strips_of
from digitizer.ocr.tidy import tidied
from digitizer.ocr.unread import unread
from digitizer.work.page_image import SUFFIX, save_page

UNDER_INK = Alone(first=0.6, second=0.6)
"""Where strokes run through print either engine misses words, and both take strokes for some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The image that an engine reads, its width and height in pixels, and by how much it is larger
    than the page.
    """

    path: Path
    size: tuple[int, int]
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Reads again, with `engine`, pages that `first` read; both names are of entry points.

    An engine `of_another_kind` reads the doubtful words of good pages too, and pages as they were
    before they were cleaned: PP-OCR read forms of FUNSD with a word F1 of .864 so, and of .848
    cleaned, in four fifths of the time; photocopies alike.
    """

    engine: Engine
    name: str
    first: str
    of_another_kind: bool = True
    known: KnownWords = NONE

    def again(self, page: Page, *, poor: bool) -> Page:
        """The page in the better words of both engines, where the first is not good enough: all
        of a `poor` page, and of another what was passed over and the words that are doubtful,
        numbers above all.

        The page is upright, and the confidence of its words calibrated. Where the second reading
        fails the first one stands. What was done is noted.
        """
        if page.image is None:
            return page
        try:
            if poor:
                return self._all(page, page.image)
            return self._words(page, page.image)
        except InputError as error:
            return page.noted(f"the second reading failed: {error}")

    def beneath(self, page: Page) -> Page:
        """The page with the better words of both engines in the rows of print that its marks run
        through. An engine of the same kind would read them no better, and is not asked.

        For good pages: of a poor one it has read those rows already. Read twice, forms of FUNSD
        lost .003 in the F1 of their numbers.
        """
        rows = rows_beneath(page.marks, page.lines or ()) if self.of_another_kind else ()
        if page.image is None or not rows:
            return page
        source = self._source(page, page.image)
        note = f"{len(rows)} rows under marks read again by {self.name}"
        try:
            strips = strips_at(rows, source.size, source.scale)
            return self._mended(page, source, strips, note, UNDER_INK)
        except InputError as error:
            return page.noted(f"reading rows under marks failed: {error}")

    def _all(self, page: Page, image: Path) -> Page:
        said = self._read(page, image)
        alone = OTHERS if self.of_another_kind else ALIKE
        first = without_lost(page.lines or ())
        choice = better(first, calibrated(said, self.name, self.known), alone, self.known)
        why = self._why(share_right(page.lines or ()), choice)
        return replace(page, lines=choice.lines).noted(why)

    def _read(self, page: Page, image: Path) -> tuple[Line, ...]:
        source = self._source(page, image)
        said = self.engine.read(source.path, dpi=page.dpi * source.scale)
        return scaled(tidied(said, source.path), 1 / source.scale)

    def _words(self, page: Page, image: Path) -> Page:
        lines = page.lines or ()
        source = self._source(page, image)
        doubted = lines if self.of_another_kind else ()
        strips = strips_of(doubted, unread(page.seen, lines), source.size, source.scale)
        return self._mended(page, source, strips, _count(strips, self.name)) if strips else page

    def _mended(
        self,
        page: Page,
        source: Source,
        strips: Sequence[Strip],
        note: str,
        alone: Alone = OTHERS,
    ) -> Page:
        sheet = source.path.with_suffix(f".doubtful{SUFFIX}")
        with Image.open(source.path) as opened:
            save_page(sheet_of(strips, opened), sheet)
        said = self.engine.read(sheet, dpi=page.dpi * source.scale)
        found = calibrated(tidied(said, sheet), self.name, self.known)
        lines = mended(page.lines or (), strips, found, alone, self.known)
        return replace(page, lines=lines).noted(note)

    def _source(self, page: Page, image: Path) -> Source:
        path = page.plain if self.of_another_kind and page.plain is not None else image
        with Image.open(path) as opened:
            return Source(path=path, size=opened.size, scale=opened.width / page.width)

    def _why(self, share: float, choice: Choice) -> str:
        return (
            f"read again by {self.name}, as about {share:.0%} of the words that {self.first} read "
            f"are right: {choice.alike} places read alike, {choice.first} kept of {self.first}, "
            f"{choice.second} taken of {self.name}"
        )


def _count(strips: Iterable[Strip], engine: str) -> str:
    """How many words were doubted, and how many places had been passed over."""
    words = sum(len(strip.words) for strip in strips)
    places = sum(not strip.words for strip in strips)
    counts = [f"{words} doubtful words"] if words else []
    counts += [f"{places} places passed over"] if places else []
    return f"{' and '.join(counts)} read again by {engine}"


def scaled(lines: Iterable[Line], scale: float) -> tuple[Line, ...]:
    """The lines with boxes on an image `scale` times as large."""
    grown = Affine.scaling(scale, scale)
    return tuple(
        replace(line, words=tuple(replace(w, box=grown.box(w.box)) for w in line.words))
        for line in lines
    )
