"""What the reading child says of each page: plain values that travel as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page, PageKind
from digitizer.chart.text import Line, Word
from digitizer.work.page_image import SUFFIX, save_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One page as a viewer shows it. `file` is its image's name in the work folder, "" for a page
    that could not be read; `width` and `height` in pixels at `dpi`.

    A page with a text layer has its `lines`, in pixels, and its image stands upright: it was
    turned by `rotation` degrees clockwise when delivered. `notes` are for the auditor: no fault.
    """

    number: int
    file: str = ""
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    rotation: int = 0
    lines: tuple[Line, ...] | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Its fields, for `json.dumps`."""
        return asdict(replace(self, lines=None)) | {"lines": _plain(self.lines)}

    def page(self, folder: Path) -> Page:
        """The page, with its image in `folder`."""
        if not self.file:
            return Page(number=self.number, kind=PageKind.UNREADABLE, warnings=self.warnings)
        sideways = self.rotation in (90, 270)
        page = Page(
            number=self.number,
            width=self.height if sideways else self.width,
            height=self.width if sideways else self.height,
            dpi=self.dpi,
            image=folder / self.file,
            warnings=self.warnings,
            notes=self.notes,
        )
        scaled = replace(page, to_delivered=Affine.scaling(1 / page.width, 1 / page.height))
        upright = scaled.turned(-self.rotation % 360, folder / self.file)
        return replace(upright, lines=self.lines)


def delivered(values: dict[str, Any]) -> Delivered:
    """The inverse of `Delivered.as_json`."""
    more = {key: tuple(values[key]) for key in ("warnings", "notes")}
    return Delivered(**{**values, **more, "lines": _lines(values["lines"])})


_PlainWord = tuple[str, float, float, float, float, float]


def _plain(lines: tuple[Line, ...] | None) -> list[list[_PlainWord]] | None:
    """Words as text, the four edges of their box, and confidence."""
    if lines is None:
        return None
    return [[_plain_word(word) for word in line.words] for line in lines]


def _plain_word(word: Word) -> _PlainWord:
    box = word.box
    return word.text, box.x0, box.y0, box.x1, box.y1, word.confidence


def _lines(lines: list[list[_PlainWord]] | None) -> tuple[Line, ...] | None:
    if lines is None:
        return None
    return tuple(Line(words=tuple(_word(*word) for word in line)) for line in lines)


def _word(text: str, x0: float, y0: float, x1: float, y1: float, confidence: float) -> Word:
    return Word(text=text, box=Box(x0, y0, x1, y1), confidence=confidence)


def gray_page(
    image: Image.Image, dpi: float, number: int, folder: Path, warnings: tuple[str, ...] = ()
) -> Delivered:
    """The page whose gray image this is, now written to `folder`."""
    path = folder / f"page-{number:04}{SUFFIX}"
    save_page(image, path)
    return Delivered(
        number=number,
        file=path.name,
        width=image.width,
        height=image.height,
        dpi=dpi,
        warnings=warnings,
    )


def read_afresh(number: int, reason: str) -> str:
    """The note on a page whose text layer is not used, without a word of it."""
    return f"page {number} was read from its image and not from its text layer: {reason}"


def unreadable(number: int, reason: str) -> Delivered:
    """A page that is there and cannot be read; `reason` says why and what to do."""
    return Delivered(number=number, warnings=(f"page {number} could not be read: {reason}",))
