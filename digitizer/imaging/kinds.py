"""What a file is, by its first bytes; its name is not asked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from digitizer.errors import InputError

HEAD_BYTES = 4096
PDF_HEADER_WITHIN = 1024  # viewers take a header this far into the file: ISO 32000-1, annex H.3.4.1


class Kind(StrEnum):
    """The kinds of file that hold pages."""

    PDF = "PDF"
    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"
    JPEG2000 = "JPEG 2000"


_IMAGES = (
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\x00\x00\x00\x0cjP  ", Kind.JPEG2000),
    (b"\xff\x4f\xff\x51", Kind.JPEG2000),
)

_OTHERS = (
    (0, b"PK\x03\x04", "a ZIP archive or an Office document"),
    (0, b"\xd0\xcf\x11\xe0", "an old Office document or another OLE file"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript file"),
    (0, b"GIF8", "a GIF image"),
    (0, b"BM", "a BMP image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftypheic", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftyp", "a video"),
    (128, b"DICM", "a DICOM image"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"MZ", "a program"),
    (0, b"\x7fELF", "a program"),
)

_MARKUP = (
    (b"<svg", "an SVG drawing"),
    (b"<html", "an HTML page"),
    (b"<!doctype html", "an HTML page"),
)


def kind_of(path: Path) -> Kind:
    """The kind of the file at `path`.

    Raises:
        InputError: it is none of them; the message says what it looks like and what to do.
    """
    with path.open("rb") as file:
        return kind_of_bytes(file.read(HEAD_BYTES))


def kind_of_bytes(head: bytes) -> Kind:
    """Like `kind_of`, from the first `HEAD_BYTES` bytes of the file."""
    if not head:
        raise InputError("the file is empty (0 bytes): scan the paper again")
    for magic, kind in _IMAGES:
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[: PDF_HEADER_WITHIN + 5]:
        return Kind.PDF
    raise InputError(
        f"unsupported type: this is not a PDF, TIFF, JPEG, PNG or JPEG 2000 file, "
        f"it looks like {_likeness(head)}; print or scan it to PDF and drop that"
    )


def _likeness(head: bytes) -> str:
    for offset, magic, name in _OTHERS:
        if head[offset:].startswith(magic):
            return name
    lower = head.lower()
    for magic, name in _MARKUP:
        if magic in lower:
            return name
    if lower.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "an XML file"
    if not head.strip(b"\x00"):
        return "nothing but zeros, as a broken copy leaves behind"
    return "text" if _is_text(head) else "no known kind of file, or a corrupt one"


def _is_text(head: bytes) -> bool:
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return b"\x00" not in head and printable >= 0.98 * len(head)
