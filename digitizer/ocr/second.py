"""A second engine for what the first reads badly: which pages it reads, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from digitizer.chart.page import Page
from digitizer.errors import InputError
from digitizer.ocr.choose import GOOD, Choice, better
from digitizer.ocr.confidence import calibrated, share_right
from digitizer.ocr.engine import Engine
from digitizer.ocr.tidy import tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Reads again, with `engine`, pages that `first` read; both names are of entry points."""

    engine: Engine
    name: str
    first: str

    def again(self, page: Page) -> Page:
        """The page in the better words of both engines, where the first is not good enough.

        The page is upright, and the confidence of its words calibrated. Where the second reading
        fails the first one stands. What was done is noted.
        """
        share = share_right(page.lines or ())
        if page.image is None or share >= GOOD:
            return page
        try:
            said = tidied(self.engine.read(page.image, dpi=page.dpi), page.image)
        except InputError as error:
            return _noted(page, f"the second reading failed: {error}")
        choice = better(page.lines or (), calibrated(said, self.name))
        return _noted(replace(page, lines=choice.lines), self._why(share, choice))

    def _why(self, share: float, choice: Choice) -> str:
        return (
            f"read again by {self.name}, as about {share:.0%} of the words that {self.first} read "
            f"are right: {choice.alike} places read alike, {choice.first} kept of {self.first}, "
            f"{choice.second} taken of {self.name}"
        )


def _noted(page: Page, note: str) -> Page:
    return replace(page, notes=(*page.notes, note))
