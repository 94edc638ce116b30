"""The pages of an image file: TIFF frames, or the one picture of a JPEG, PNG or JPEG 2000."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageFile

from digitizer.errors import InputError
from digitizer.imaging.delivered import Delivered, gray_page, unreadable
from digitizer.imaging.gray import square_pixels, to_gray
from digitizer.imaging.kinds import Kind
from digitizer.work.whole import cut_off

LETTER_INCHES = 11.0  # long side that an image without a credible resolution is taken for
LEAST_CREDIBLE_DPI = 90.0  # cameras and screens write 72 whatever the truth is

_FORMATS = {
    Kind.TIFF: ("TIFF",),
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.PNG: ("PNG",),
    Kind.JPEG2000: ("JPEG2000",),
}
DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
)
"""What Pillow's decoders raise on damaged bytes."""


def raster_pages(
    original: Path, folder: Path, kind: Kind, *, pages: int, pixels: int
) -> Iterator[Delivered]:
    """Each page of the image file, written to `folder` as it is asked for.

    Raises:
        InputError: it cannot be opened at all, or has more than `pages` pages.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    warnings.simplefilter("ignore")  # Pillow warns of damaged tags; damage is found below
    numbers = _numbers(original, kind, pages)
    image = open_image(original, kind)
    try:
        for number, note in numbers:
            try:
                yield _page(image, folder, number, pixels, note)
            except (InputError, *DECODING) as error:
                yield unreadable(number, _why(error))
                image.close()
                image = open_image(original, kind)  # the old one may be astray
    finally:
        image.close()


def one_frame(original: Path, kind: Kind, number: int, *, pixels: int) -> Image.Image:
    """One page in gray, with square pixels and as a viewer shows it.

    Raises:
        InputError: it cannot be decoded, or has more than `pixels` pixels.
    """
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    with open_image(original, kind) as image:
        try:
            image.seek(number - 1)
            _check_size(image.size, pixels)
            decoded, _ = _decoded(image)
            gray, _ = square_pixels(to_gray(decoded), resolution(image))
        except DECODING as error:
            raise InputError(_why(error)) from None
    return gray


def open_image(original: Path, kind: Kind) -> Image.Image:
    """The file with nothing decoded; InputError where it is not of its kind."""
    try:
        return Image.open(original, formats=_FORMATS[kind])
    except DECODING:
        raise InputError(f"the {kind} file is truncated or corrupt: scan the paper again") from None


def _numbers(original: Path, kind: Kind, most: int) -> list[tuple[int, str]]:
    """Page numbers from 1, each with a warning or ""; reads headers only."""
    if kind is not Kind.TIFF:
        return [(1, "")]
    numbers = [(1, "")]
    with open_image(original, kind) as image, original.open("rb") as file:
        try:
            for frame in range(1, most + 1):
                image.seek(frame)
                numbers.append((frame + 1, ""))
        except EOFError:
            return _noted(numbers) if cut_off(file.fileno()) else numbers
        except DECODING:
            return _noted(numbers)
    raise InputError(f"too many pages (more than {most}): split the scan, or raise limits.pages")


def _noted(numbers: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The same, with a warning at the last page that more may have been there."""
    last = numbers[-1][0]
    note = f"the file is truncated or corrupt after page {last}: pages may be missing"
    return [*numbers[:-1], (last, note)]


def _why(error: Exception) -> str:
    if isinstance(error, InputError):
        return str(error)
    return "the image is truncated or corrupt: scan this page again"


def _page(image: Image.Image, folder: Path, number: int, pixels: int, note: str) -> Delivered:
    """One page, out of the open file: a TIFF's frames are reached one after the other."""
    if number > 1:
        image.seek(number - 1)
    _check_size(image.size, pixels)
    scanned_at = resolution(image)
    decoded, partly = _decoded(image)
    gray, dpi = square_pixels(to_gray(decoded), scanned_at)
    _check_size(gray.size, pixels)
    notes = [note] if note else []
    if partly:
        notes.append(f"page {number} is truncated: its end is missing; scan this page again")
    return gray_page(gray, dpi, number, folder, tuple(notes))


def _check_size(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise InputError(
            f"the image is too large ({width} x {height} pixels; the limit is {most // 10**6} "
            "megapixels): scan at a lower resolution, or raise limits.megapixels"
        )
    if min(size) < 1:
        raise InputError("the image is empty: it has no pixels")


def _decoded(image: Image.Image) -> tuple[Image.Image, bool]:
    """The image with its pixels, and whether its end was missing.

    A truncated image is decoded as far as it goes: half a page read and marked beats none.
    """
    try:
        image.load()
    except OSError:
        found = _as_far_as_it_goes(image)
        if _empty(found):
            raise
        return found, True
    return image, False


def _as_far_as_it_goes(image: Image.Image) -> Image.Image:
    """The same page out of a file opened afresh, what cannot be decoded left as it is."""
    path: str = image.filename  # type: ignore[attr-defined]  # the image of a file has one
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with Image.open(path, formats=(image.format or "",)) as again:
            again.seek(image.tell())
            return again.copy()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _empty(image: Image.Image) -> bool:
    """Whether nothing at all was decoded: missing pixels are all the same."""
    low, high = image.convert("L").getextrema()
    return low == high


def resolution(image: Image.Image) -> tuple[float, float]:
    """Pixels an inch across and down; taken from the page's size where the file is no help."""
    across, down = (float(value) for value in image.info.get("dpi", (0.0, 0.0)))
    if across >= LEAST_CREDIBLE_DPI and down >= LEAST_CREDIBLE_DPI:
        return _as_shown(image, (across, down))
    guess = max(image.size) / LETTER_INCHES
    return guess, guess


def _as_shown(image: Image.Image, resolution: tuple[float, float]) -> tuple[float, float]:
    """Across and down change places where EXIF lays the image on its side (values 5 to 8)."""
    sideways = image.getexif().get(0x0112, 1) >= 5
    return (resolution[1], resolution[0]) if sideways else resolution
