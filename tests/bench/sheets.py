"""Pages to read, and how they are laid before the readers."""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path

import pikepdf
from PIL import Image, ImageOps

PAGES_A_ROUND = 16
PAGES_A_FILE = 3  # of a mixed inbox
_IMAGES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page of known words: page `number` of `file` (a PDF, a TIFF or an image), at `dpi`.

    `kind` is what it looks like; `digital` pages were never on paper, `blank` ones have no words.
    """

    kind: str
    file: Path
    number: int
    printed: str
    dpi: int
    turned: bool = False
    digital: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.printed.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The same pages as each reader takes them: `dropped` are files as people drop them, `pdf`
    holds all pages, `images` is one gray PGM a page.
    """

    dropped: tuple[Path, ...]
    pdf: Path
    images: tuple[Path, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What every reader reads before any of them goes on."""

    name: str
    scans: tuple[Scan, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All pages, in order."""
        return tuple(chain.from_iterable(scan.sheets for scan in self.scans))


def spread(sheets: Sequence[Sheet], most: int) -> list[Sheet]:
    """At most `most` of the sheets: the first of every kind and file, then the second …"""
    groups = _grouped(sheets, lambda s: (s.kind, s.file))
    by_kind = _grouped([list(g) for g in groups], lambda group: group[0].kind)
    kinds = [_in_turn(groups_of_kind) for groups_of_kind in by_kind]
    return list(islice(_in_turn(kinds), most))


def by_kind(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """The sheets in stacks of one kind; images apart from PDFs."""
    stacks = _grouped(sheets, lambda s: (s.kind, _is_image(s.file)))
    return [
        stack[at : at + PAGES_A_ROUND]
        for stack in stacks
        for at in range(0, len(stack), PAGES_A_ROUND)
    ]


def mixed(sheets: Sequence[Sheet], most: int) -> list[list[Sheet]]:
    """Files of an inbox: a third of the pages born digital, a tenth blank, a tenth dropped twice.

    A file that comes twice is the same list twice.
    """
    digital = spread([s for s in sheets if s.digital], max(1, most // 3))
    blank = spread([s for s in sheets if s.blank and not s.digital], most // 10)
    others = [s for s in sheets if not s.digital and not s.blank]
    twice = most // 10
    scanned = spread(others, max(1, most - len(digital) - len(blank) - twice))
    files = [*_files(digital), *_files(list(_in_turn([scanned, blank])))]
    again = list(
        islice((f for f in reversed(files) if not f[0].digital), -(-twice // PAGES_A_FILE))
    )
    return list(_in_turn([files[: len(files) // 2], files[len(files) // 2 :]])) + again


def lay(stack: Sequence[Sheet], folder: Path, image_to_pdf: Sequence[str | Path]) -> Scan:
    """Write the files that the readers take to `folder`.

    `image_to_pdf` is a command that takes an image and writes a PDF to stdout.
    """
    folder.mkdir(parents=True)
    pdf = folder / "pages.pdf"
    _bind(stack, pdf, image_to_pdf)
    images = tuple(_image(sheet, pdf, place, folder) for place, sheet in enumerate(stack, 1))
    loose = all(_is_image(sheet.file) for sheet in stack)
    dropped = tuple(_copies(stack, folder)) if loose else (pdf,)
    return Scan(dropped=dropped, pdf=pdf, images=images, sheets=tuple(stack))


def _bind(stack: Sequence[Sheet], pdf: Path, image_to_pdf: Sequence[str | Path]) -> None:
    """All pages in one PDF, their image streams as they are."""
    with pikepdf.new() as bound:
        for sheet in stack:
            source = _as_pdf(sheet.file, pdf.parent, image_to_pdf)
            with pikepdf.open(source) as opened:
                bound.pages.append(opened.pages[sheet.number - 1])
        bound.save(pdf)


def _as_pdf(file: Path, folder: Path, image_to_pdf: Sequence[str | Path]) -> Path:
    if file.suffix.lower() == ".pdf":
        return file
    made = folder / f"{file.name}.whole.pdf"
    if not made.exists():
        with made.open("wb") as out:
            subprocess.run([*image_to_pdf, file], stdout=out, check=True)
    return made


def _image(sheet: Sheet, pdf: Path, place: int, folder: Path) -> Path:
    target = folder / f"page-{place}.pgm"
    if _is_image(sheet.file):
        with Image.open(sheet.file) as image:
            ImageOps.exif_transpose(image).convert("L").save(target, format="PPM")
        return target
    command = ["pdftoppm", "-gray", "-singlefile", "-r", str(sheet.dpi)]
    command += ["-f", str(place), "-l", str(place), str(pdf), str(target.with_suffix(""))]
    subprocess.run(command, check=True)
    return target


def _copies(stack: Sequence[Sheet], folder: Path) -> Iterator[Path]:
    for place, sheet in enumerate(stack, 1):
        yield Path(shutil.copyfile(sheet.file, folder / f"{place}{sheet.file.suffix.lower()}"))


def _is_image(file: Path) -> bool:
    return file.suffix.lower() in _IMAGES


def _files(sheets):
    return [list(sheets[at : at + PAGES_A_FILE]) for at in range(0, len(sheets), PAGES_A_FILE)]


def _grouped(things, key):
    groups = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return list(groups.values())


def _in_turn(lists):
    """The first of each, then the second of each, and so on."""
    gone = object()
    rows = zip_longest(*lists, fillvalue=gone)
    return (thing for row in rows for thing in row if thing is not gone)
