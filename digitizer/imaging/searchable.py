"""Runs in the sandboxed child: originals and the words read on them → one searchable PDF.

What is shown of each page stays as it is, the scanner's compressed image first of all. What acts
(scripts, actions, forms, attachments, links) stays behind: pages are put into a new file, and only
what is drawn comes along. An earlier hidden reading is replaced; a page of visible text keeps it.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pikepdf
from pikepdf import pdfa
from PIL import Image, ImageCms

from digitizer.chart.geometry import Affine, Box
from digitizer.errors import InputError
from digitizer.imaging.kinds import Kind, kind_of
from digitizer.imaging.pdf_hidden import drop_hidden_text
from digitizer.imaging.pdf_open import unlock
from digitizer.imaging.pdf_placed import DAMAGE, seen_box
from digitizer.imaging.pdf_wrap import add_image, add_nothing
from digitizer.imaging.raster import DECODING, open_image
from digitizer.imaging.word_layer import FONT, Printed, Row, font, layer, printable

FLAVOUR = "2b"
OWN_TEXT = 0.5  # of the characters that were read: visible text of that much is the page's own

_DRAWN = frozenset((
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents",
    "/Group",
))  # fmt: skip
"""Keys of a page that say what is drawn: ISO 32000-1, table 30. All others stay behind."""

_ELSEWHERE = frozenset((
    "/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref", "/PS", "/Alternates", "/Metadata",
    "/PieceInfo", "/AF",
))  # fmt: skip
"""Keys of streams that fetch from other files, or hold what is not drawn."""


def searchable(
    originals: Sequence[str],
    layer_file: str,
    out: str,
    pixels: int,
    passwords: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """Write the PDF to `out`, and yield how many pages it has and whether it is valid PDF/A-2b.

    Args:
        originals: The files as they arrived.
        layer_file: A JSON object a line: "original" (a place in `originals`), "page" (its number
            there), "height" (of the upright image, px), "map" (six numbers: upright pixels to
            fractions of the page as delivered) and "rows" (lists of [text, x0, y0, x1, y1]).
        out: The PDF to write.
        pixels: The most pixels that an image of an original may have.
        passwords: Tried on PDFs that need one.

    Raises:
        InputError: an original cannot be opened.
    """
    folder = Path(out).parent
    with ExitStack() as stack:
        made = stack.enter_context(pikepdf.new())
        sources = [
            stack.enter_context(_source(Path(name), folder / f"{place}", pixels, passwords))
            for place, name in enumerate(originals)
        ]
        _add_pages(made, sources, Path(layer_file))
        _let_go(made)
        yield {"pages": len(made.pages), "archival": _save(made, Path(out))}


def _add_pages(made: pikepdf.Pdf, sources: Sequence[_Source], layer_file: Path) -> None:
    """Add every page that the layer's file names, with its words; one is in memory at a time."""
    written, used = [], set[str]()
    with layer_file.open(encoding="utf-8") as lines:
        for leaf in map(json.loads, lines):
            rows = [printable(_row(words)) for words in leaf["rows"]]
            characters = [ch for row in rows for word in row for ch in word.text]
            source = sources[leaf["original"]]
            shown = source.add(made, leaf["page"])
            page = made.pages[-1]
            if shown < OWN_TEXT * len(characters):
                place = _upwards(leaf["height"]).then(Affine(*leaf["map"])).then(_points(page))
                words = made.make_stream(layer(rows, leaf["height"], place))
                page.contents_add(words, prepend=True)  # first, under the page's own matrix
                written.append(page)
                used.update(characters)
    invisible = font(made, used)
    for page in written:
        page.add_resource(invisible, pikepdf.Name.Font, pikepdf.Name(FONT))


def _row(words: Sequence[Sequence[Any]]) -> Row:
    return tuple(Printed(text, Box(*corners)) for text, *corners in words)


def _upwards(height: float) -> Affine:
    """From pixels with y upwards to pixels with y downwards."""
    return Affine(e=-1, f=height)


def _points(page: pikepdf.Page) -> Affine:
    """From fractions of the page as a viewer shows it, y downwards, to its own points."""
    seen = seen_box(page)
    wide, high = seen.width, seen.height
    return {
        0: Affine(a=wide, c=seen.x0, e=-high, f=seen.y1),
        90: Affine(a=0, b=wide, c=seen.x0, d=high, e=0, f=seen.y0),
        180: Affine(a=-wide, c=seen.x1, e=high, f=seen.y0),
        270: Affine(a=0, b=-wide, c=seen.x1, d=-high, e=0, f=seen.y1),
    }[page.rotation % 360]


class _Source(Protocol):
    """An original of which single pages are taken."""

    def add(self, made: pikepdf.Pdf, number: int) -> int:
        """Add page `number` to `made`; returns how many bytes of visible text it has."""


@dataclass(frozen=True, slots=True)
class _Images:
    """An image file."""

    original: Path
    kind: Kind
    image: Image.Image
    pixels: int

    def add(self, made: pikepdf.Pdf, number: int) -> int:
        try:
            self.image.seek(number - 1)
            if self.image.width * self.image.height > self.pixels:
                raise InputError("the page is too large for a PDF: raise limits.megapixels")
            add_image(made, self.image, self.kind, self.original)
        except DECODING:
            add_nothing(made)
        return 0


@dataclass(frozen=True, slots=True)
class _Pages:
    """A PDF."""

    pdf: pikepdf.Pdf

    def add(self, made: pikepdf.Pdf, number: int) -> int:
        made.pages.append(self.pdf.pages[number - 1])
        page = made.pages[-1]
        for key in set(page.obj.keys()) - _DRAWN:
            del page.obj[key]
        try:
            return drop_hidden_text(made, page)
        except DAMAGE:
            return 0


@contextmanager
def _source(
    original: Path, scratch: Path, pixels: int, passwords: Sequence[str]
) -> Iterator[_Source]:
    kind = kind_of(original)
    if kind is Kind.PDF:
        with _opened(original, scratch, passwords) as pdf:
            _draw_notes(pdf)
            yield _Pages(pdf)
    else:
        Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
        warnings.simplefilter("ignore")  # Pillow warns of damaged tags
        with open_image(original, kind) as image:
            yield _Images(original, kind, image, pixels)


def _opened(original: Path, scratch: Path, passwords: Sequence[str]) -> pikepdf.Pdf:
    try:
        return pikepdf.open(original)
    except pikepdf.PasswordError:
        scratch.mkdir()
        return pikepdf.open(unlock(original, scratch, passwords))
    except pikepdf.PdfError:
        raise InputError("the PDF is truncated or corrupt: it cannot be copied") from None


def _draw_notes(pdf: pikepdf.Pdf) -> None:
    """Make what notes and form fields show a part of their pages: the notes stay behind."""
    with suppress(*DAMAGE):
        if any("/Annots" in page.obj for page in pdf.pages):
            pdf.flatten_annotations("screen")


def _let_go(made: pikepdf.Pdf) -> None:
    """Cut what streams take from elsewhere, and what of them is not drawn."""
    for thing in made.objects:
        if isinstance(thing, pikepdf.Stream):
            for key in _ELSEWHERE & set(thing.keys()):
                del thing[key]
    made.remove_unreferenced_resources()


def _save(made: pikepdf.Pdf, out: Path) -> bool:
    """Save it, and say whether the file is valid; one that is not does not say that it is."""
    pikepdf.settings.set_flate_compression_level(9)
    pdfa.prepare(made, FLAVOUR, output_intent=_profile())
    settings = pdfa.resolve_save_kwargs(FLAVOUR)
    made.save(out, **settings)
    if pdfa.validate_written(out, FLAVOUR).passed:
        return True
    with made.open_metadata(set_pikepdf_as_editor=False) as said:
        for name in ("pdfaid:part", "pdfaid:conformance"):
            if name in said:
                del said[name]
    made.save(out, **settings)
    return False


def _profile() -> bytes:
    """What the device's colours mean: sRGB, in 600 bytes; gray goes with it."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
