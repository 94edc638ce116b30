"""What the reading child says of each page: plain values that travel as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page, PageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One page as a viewer shows it. `file` is its image's name in the work folder, "" for a page
    that could not be read; `width` and `height` in pixels at `dpi`.
    """

    number: int
    file: str = ""
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Its fields, for `json.dumps`."""
        return asdict(self)

    def page(self, folder: Path) -> Page:
        """The page, with its image in `folder`."""
        if not self.file:
            return Page(number=self.number, kind=PageKind.UNREADABLE, warnings=self.warnings)
        return Page(
            number=self.number,
            width=self.width,
            height=self.height,
            dpi=self.dpi,
            to_delivered=Affine.scaling(1 / self.width, 1 / self.height),
            image=folder / self.file,
            warnings=self.warnings,
        )


def delivered(values: dict[str, Any]) -> Delivered:
    """The inverse of `Delivered.as_json`."""
    return Delivered(**{**values, "warnings": tuple(values["warnings"])})


def gray_page(
    image: Image.Image, dpi: float, number: int, folder: Path, warnings: tuple[str, ...] = ()
) -> Delivered:
    """The page whose gray image this is, now written to `folder`."""
    path = folder / f"page-{number:04}.pgm"
    image.save(path, format="PPM")
    return Delivered(
        number=number,
        file=path.name,
        width=image.width,
        height=image.height,
        dpi=dpi,
        warnings=warnings,
    )


def unreadable(number: int, reason: str) -> Delivered:
    """A page that is there and cannot be read; `reason` says why and what to do."""
    return Delivered(number=number, warnings=(f"page {number} could not be read: {reason}",))
