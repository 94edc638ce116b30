"""Opens what is to be imported: one file, or a zip whose files are read without being unpacked.

A zip may claim any size, so bytes are counted as they come out; a name in it is never used as a
path.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from digitizer.errors import UsageError

MOST_BYTES = 256 << 20
"""Of all files of an import together; the largest that CMS publishes has about 30 MB."""

MOST_FILES = 200
READ = (".xml", ".txt", ".csv", ".tsv")
_PIECE = 1 << 20
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A file to import. `name` is for people only, never a path."""

    name: str
    content: bytes


def members(path: Path) -> Iterator[Member]:
    """The file itself, or the text and XML files of a zip, one after another.

    Raises:
        UsageError: it cannot be read, is damaged, locked, or larger than MOST_BYTES in all.
    """
    try:
        if is_zipfile(path):
            yield from _unzipped(path)
        else:
            with path.open("rb") as file:
                yield Member(shown(path.name), _read(file, MOST_BYTES))
    except OSError as error:
        raise UsageError(f"{shown(path.name)} cannot be read ({error.strerror})") from None


def shown(name: str) -> str:
    """The last part of a name, as far as it can be printed."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c if c.isprintable() else "?" for c in last)[:120] or "?"


def _unzipped(path: Path) -> Iterator[Member]:
    left = MOST_BYTES
    try:
        with ZipFile(path) as archive:
            for info in _wanted(archive):
                with archive.open(info) as file:
                    content = _read(file, left)
                left -= len(content)
                yield Member(shown(info.filename), content)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise UsageError(f"{shown(path.name)} is a damaged zip; download it again") from None


def _wanted(archive: ZipFile) -> list[ZipInfo]:
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) > MOST_FILES:
        raise UsageError(f"the zip holds {len(files)} files; import those you need one by one")
    wanted = [info for info in files if info.filename.lower().endswith(READ)]
    if any(info.flag_bits & _ENCRYPTED for info in wanted):
        raise UsageError("the zip needs a password; unpack it, then import its files")
    if not wanted:
        raise UsageError(f"the zip holds no {', '.join(READ)} file; unpack what is in it first")
    return wanted


def _read(file: IO[bytes], most: int) -> bytes:
    pieces, size = [], 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > most:
            raise UsageError(
                f"it holds more than {MOST_BYTES >> 20} MB, which no code system has;"
                " import its files one by one"
            )
        pieces.append(piece)
    return b"".join(pieces)
