"""Pictures of pages for the screen, made from the original in the sandbox and kept.

The pictures are derived: their folder may be deleted at any time.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digitizer.chart.duplex import side_of
from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.errors import InputError, UsageError
from digitizer.operations.house import House
from digitizer.store import Transaction, documents, files
from digitizer.store import pages as page_store
from digitizer.store.files import FileRow
from digitizer.work.sandbox import stream

LARGE, SMALL = 1800, 220
"""Longest side in pixels: 160 dpi of a Letter page, which reads well at 150 %; a thumbnail."""

_TOGETHER = 6
"""Thumbnails that one child makes."""

_UPRIGHT = {
    0: Affine(),
    90: Affine(a=0, b=1, d=-1, e=0, f=1),
    180: Affine(a=-1, c=1, e=-1, f=1),
    270: Affine(a=0, b=-1, c=1, d=1, e=0),
}
"""By how far the content is turned: the map from the page as delivered to the page upright."""


def on_picture(page: Page, box: Box) -> Box:
    """Where `box` (upright pixels of the page as read) lies on the picture, in fractions of it."""
    return delivered_on_picture(page, page.delivered(box))


def delivered_on_picture(page: Page, box: Box) -> Box:
    """The same for a box in fractions of the page as delivered, such as a bar code's."""
    return _UPRIGHT[page.rotation].box(box)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A page in an original."""

    sha256: str
    number: int
    turn: int


def picture(house: House, file_id: int, number: int, side: int) -> Path:
    """The WebP of a page, LARGE or SMALL, upright; made at the first asking.

    Small ones are made together with those of the pages that follow: a child's start costs more
    than a thumbnail.

    Raises:
        UsageError: there is no such page.
        InputError: it cannot be shown.
        TransientError: the disk is full, or the reader was killed.
    """
    spot, *others = _spots(house, file_id, number, _TOGETHER if side == SMALL else 1)
    if not _kept(house, spot, side).exists():
        missing = [other for other in others if not _kept(house, other, side).exists()]
        try:
            _make(house, [spot, *missing], (LARGE, SMALL) if side == LARGE else (SMALL,))
        except InputError:
            if not _kept(house, spot, side).exists():  # else it is one of the others that fails
                raise
    return _kept(house, spot, side)


def _spots(house: House, file_id: int, number: int, most: int) -> list[_Spot]:
    """The page, and at most `most` pages from it on that lie in the same original."""
    with house.store.read() as tx:
        row = files.get(tx, file_id)
        numbers = sorted(page_store.all_numbers(tx, file_id))
        if number not in numbers:
            raise UsageError("there is no such page")
        at = numbers.index(number)
        found = page_store.some(tx, file_id, numbers[at : at + (1 if row.backs else most)])
        if row.backs:
            return [_duplex(tx, row, found[number], max(numbers) // 2)]
        turns = documents.turns_of(tx, file_id)
    return [
        _Spot(row.sha256 or "", n, (turns.get(n, 0) - page.rotation) % 360)
        for n, page in found.items()
    ]


def _duplex(tx: Transaction, row: FileRow, page: Page, sheets: int) -> _Spot:
    """Where a page of a stack lies that was scanned one side at a time."""
    side = side_of(page.number, sheets)
    scan = files.get(tx, row.backs or 0) if side.is_back else row
    turn = documents.turns_of(tx, row.id).get(page.number, 0) - page.rotation
    return _Spot(scan.sha256 or "", side.number, turn % 360)


def _kept(house: House, spot: _Spot, side: int) -> Path:
    folder = house.home.pictures / spot.sha256[:2] / spot.sha256
    return folder / f"{spot.number}-{spot.turn}-{side}.webp"


def _make(house: House, spots: Sequence[_Spot], sides: Sequence[int]) -> None:
    """Pages of one original, each kept as soon as it is drawn."""
    original = house.blobs.path(spots[0].sha256)
    limits = house.home.settings.limits.limits()
    _kept(house, spots[0], SMALL).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.home.pictures, prefix="draft-") as scratch:
        answers = stream(
            function="digitizer.imaging.picture:pictures",
            arguments={
                "original": str(original),
                "folder": scratch,
                "pages": [(spot.number, spot.turn) for spot in spots],
                "sides": list(sides),
                "pixels": limits.pixels,
                "passwords": house.home.settings.intake.passwords,
            },
            limits=limits,
            reads=(original,),
            writes=(Path(scratch),),
        )
        for spot, answer in zip(spots, answers, strict=False):
            for side, name in zip(sides, answer["files"], strict=True):
                shutil.move(Path(scratch) / name, _kept(house, spot, side))
