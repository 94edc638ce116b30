"""A page, from the image that was delivered to the text that was read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from digitizer.chart.barcode import Barcode
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.patient import PatientRef
from digitizer.chart.text import Line, Section, Text


class PageKind(StrEnum):
    """What a page is good for. Stages run only while a page is CONTENT."""

    CONTENT = "content"
    BLANK = "blank"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Provenance: which stage did what, with which options, at what cost."""

    stage: str
    version: str
    options: str
    seconds: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a page's own header says: printed labels and title, nothing inferred.

    `doc_type` is a document type or "cover" / "separator" or `None`; `page_number` is the printed
    one ("Page 2 of 3"). `reasons` says for each field read which printed words it comes from,
    without repeating the value.
    """

    patient: PatientRef = PatientRef()
    doc_type: str | None = None
    encounter_date: date | None = None
    provider: str | None = None
    facility: str | None = None
    page_number: int | None = None
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a scan. `number` counts from 1 in the source file.

    `width` and `height` are those of the upright image in pixels, at `dpi`. `rotation` is by how
    many degrees clockwise the content was turned when delivered (0, 90, 180 or 270).
    `to_delivered` maps upright pixels to fractions (0 to 1) of the page as a viewer shows it.

    `warnings` say what is wrong with the page, `notes` how its words came to be, for the auditor.

    `marks` are where stamps or handwriting were seen (upright pixels; large print too, until the
    page is read): little or nothing of them is in the text, and what is there is not to be trusted.

    `image` (a gray, uncompressed TIFF in the work folder), `plain` (the same before it was
    cleaned, where it was; perhaps of another size, never a negative), `seen` (where words seem to
    stand, upright pixels) and `lines` are intermediate: they live while the page is being read and
    are not stored.
    """

    number: int
    kind: PageKind = PageKind.CONTENT
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    rotation: int = 0
    skew: float = 0.0
    to_delivered: Affine = Affine()
    image: Path | None = None
    plain: Path | None = None
    seen: tuple[Box, ...] = ()
    lines: tuple[Line, ...] | None = None
    text: Text | None = None
    header: Header | None = None
    sections: tuple[Section, ...] | None = None
    barcodes: tuple[Barcode, ...] = ()
    marks: tuple[Box, ...] = ()
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = ()

    def delivered(self, box: Box) -> Box:
        """`box` (upright pixels) in fractions of the page as delivered, cut at its edges."""
        there = self.to_delivered.box(box)
        return Box(*(min(1.0, max(0.0, v)) for v in (there.x0, there.y0, there.x1, there.y1)))

    def turned(self, degrees: int, image: Path) -> Page:
        """The page with its image turned by `degrees` (0, 90, 180 or 270) clockwise into `image`.

        Layers found on the image as it was stay behind.
        """
        width, height = self.width, self.height
        back = {
            0: Affine(),
            90: Affine(a=0, b=1, d=-1, e=0, f=height),
            180: Affine(a=-1, c=width, e=-1, f=height),
            270: Affine(a=0, b=-1, c=width, d=1, e=0),
        }[degrees]
        sideways = degrees in (90, 270)
        return replace(
            self,
            image=image,
            plain=None,
            seen=(),
            marks=(),
            width=height if sideways else width,
            height=width if sideways else height,
            rotation=(self.rotation - degrees) % 360,
            to_delivered=back.then(self.to_delivered),
            lines=None,
            text=None,
        )

    def noted(self, note: str) -> Page:
        """The page with one more note."""
        return replace(self, notes=(*self.notes, note))

    @property
    def kept(self) -> Page:
        """The page without its intermediates, as it is kept."""
        return replace(self, image=None, plain=None, seen=(), lines=None)

    @property
    def content(self) -> str:
        """The page's text, or "" where none was read."""
        return self.text.content if self.text else ""

    @property
    def confidence(self) -> float | None:
        """Mean confidence of the words (0 to 1); `None` where there are no words."""
        words = self.text.words if self.text else ()
        return sum(word.confidence for word in words) / len(words) if words else None
