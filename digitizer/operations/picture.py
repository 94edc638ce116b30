"""Pictures of pages for the screen, made from the original in the sandbox and kept.

The pictures are derived: their folder may be deleted at any time.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from digitizer.chart.duplex import side_of
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.errors import UsageError
from digitizer.operations.house import House
from digitizer.store import files
from digitizer.store import pages as page_store
from digitizer.work.sandbox import stream

LARGE, SMALL = 1800, 220
"""Longest side in pixels: 160 dpi of a Letter page, which reads well at 150 %; a thumbnail."""

_UPRIGHT = {
    0: Affine(),
    90: Affine(a=0, b=1, d=-1, e=0, f=1),
    180: Affine(a=-1, c=1, e=-1, f=1),
    270: Affine(a=0, b=-1, c=1, d=1, e=0),
}
"""By how far the content is turned: the map from the page as delivered to the page upright."""


def on_picture(page: Page, box: Box) -> Box:
    """Where `box` (upright pixels of the page as read) lies on the picture, in fractions of it."""
    return _UPRIGHT[page.rotation].box(page.delivered(box))


@dataclass(frozen=True, slots=True)
class _Spot:
    """A page in an original."""

    sha256: str
    number: int
    turn: int


def picture(house: House, file_id: int, number: int, side: int) -> Path:
    """The WebP of a page, LARGE or SMALL, upright; made at the first asking.

    Raises:
        UsageError: there is no such page.
        InputError: it cannot be shown.
        TransientError: the disk is full, or the reader was killed.
    """
    spot = _spot(house, file_id, number)
    folder = house.home.pictures / spot.sha256[:2] / spot.sha256
    kept = folder / f"{spot.number}-{spot.turn}-{side}.webp"
    if not kept.exists():
        _make(house, spot, folder)
    return kept


def _spot(house: House, file_id: int, number: int) -> _Spot:
    with house.store.read() as tx:
        page = page_store.get(tx, file_id, number)
        if page is None:
            raise UsageError("there is no such page")
        row = files.get(tx, file_id)
        turn = -page.rotation % 360
        if not row.backs:
            return _Spot(row.sha256 or "", number, turn)
        side = side_of(number, max(page_store.all_numbers(tx, file_id)) // 2)
        scan = files.get(tx, row.backs) if side.is_back else row
        return _Spot(scan.sha256 or "", side.number, turn)


def _make(house: House, spot: _Spot, folder: Path) -> None:
    """Both sizes at once: who sees the thumbnail mostly looks at the page."""
    original = house.blobs.path(spot.sha256)
    limits = house.home.settings.limits.limits()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.home.pictures, prefix="draft-") as scratch:
        answers = stream(
            function="digitizer.imaging.picture:picture",
            arguments={
                "original": str(original),
                "folder": scratch,
                "number": spot.number,
                "turn": spot.turn,
                "sides": [LARGE, SMALL],
                "pixels": limits.pixels,
                "passwords": house.home.settings.intake.passwords,
            },
            limits=limits,
            reads=(original,),
            writes=(Path(scratch),),
        )
        for answer in answers:
            for side, name in zip((LARGE, SMALL), answer["files"], strict=True):
                made = folder / f"{spot.number}-{spot.turn}-{side}.webp"
                shutil.move(Path(scratch) / name, made)
