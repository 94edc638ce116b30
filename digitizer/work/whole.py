"""Is a file cut off? Read off its own bytes, so that a writer's pause is not taken for the end.

Only the ends of the file and a TIFF's chain of page directories are looked at. A file of another
kind counts as whole; one that is damaged elsewhere does too: that is for its reader to say.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

_TAIL = 2048
"""Bytes from the end in which a PDF's last line must stand; readers accept 1024 (ISO 32000-1,
annex H.3.4.4), scanners pad more."""

_MOST_DIRECTORIES = 100_000
"""A TIFF's chain of directories is followed no further: it may bite its own tail."""

_MOST_ENTRIES = 4_096
"""Entries of one directory that are looked at; real ones have a few dozen."""

_BIG = 43
"""The version number of BigTIFF, whose offsets have eight bytes; classic TIFF has 42."""

_STRIPS = frozenset({273, 324})  # StripOffsets, TileOffsets (TIFF 6.0)
_LENGTHS = frozenset({279, 325})  # StripByteCounts, TileByteCounts
_FORMS = {3: "H", 4: "I", 16: "Q"}  # SHORT, LONG, LONG8


def cut_off(descriptor: int) -> bool:
    """Whether the file is empty or ends before its own format says it does."""
    size = os.fstat(descriptor).st_size
    head = os.pread(descriptor, 16, 0)
    return size == 0 or any(
        head.startswith(mark) and ends_early(descriptor, size) for mark, ends_early in _KINDS
    )


def _no_end_of_pdf(descriptor: int, size: int) -> bool:
    return b"%%EOF" not in _tail(descriptor, size)


def _no_end_of_png(descriptor: int, size: int) -> bool:
    return b"IEND" not in _tail(descriptor, size)


def _no_end_of_jpeg(descriptor: int, size: int) -> bool:
    return b"\xff\xd9" not in _tail(descriptor, size)


def _page_missing(descriptor: int, size: int) -> bool:
    """Follow a TIFF's directories; true where one, or the last strip of one, is beyond the end."""
    tiff = _Tiff.of(descriptor)
    at = tiff.first
    for _ in range(_MOST_DIRECTORIES):
        where = tiff.number(tiff.offset, at)
        if not where:
            return where is None
        entries = tiff.number(tiff.count, where)
        if entries is None or tiff.end_of_pixels(where, entries) > size:
            return True
        at = where + struct.calcsize(tiff.count) + entries * tiff.entry
        if at > size:
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tiff:
    """How numbers are written in this file; `entry` is the length of a directory's entry."""

    descriptor: int
    order: str
    count: str
    offset: str
    entry: int
    first: int

    @classmethod
    def of(cls, descriptor: int) -> _Tiff:
        head = os.pread(descriptor, 4, 0)
        big = _BIG in head
        return cls(
            descriptor=descriptor,
            order="<" if head.startswith(b"II") else ">",
            count="Q" if big else "H",
            offset="Q" if big else "I",
            entry=20 if big else 12,
            first=8 if big else 4,
        )

    def number(self, form: str, at: int) -> int | None:
        """The number at a place of the file; `None` beyond its end."""
        length = struct.calcsize(form)
        found = os.pread(self.descriptor, length, at) if at < 1 << 62 else b""
        return int(struct.unpack(self.order + form, found)[0]) if len(found) == length else None

    def end_of_pixels(self, directory: int, entries: int) -> int:
        """Where the last strip or tile of a page ends; 0 where the directory does not say."""
        last: dict[int, int] = {}
        for place in range(min(entries, _MOST_ENTRIES)):
            at = directory + struct.calcsize(self.count) + place * self.entry
            tag = self.number("H", at)
            if tag in _STRIPS | _LENGTHS:
                last[tag] = self._last_value(at)
        start = max((last.get(tag, 0) for tag in _STRIPS), default=0)
        return start + max((last.get(tag, 0) for tag in _LENGTHS), default=0)

    def _last_value(self, entry: int) -> int:
        """The last of an entry's numbers, which stand in the entry itself where they fit."""
        form = _FORMS.get(self.number("H", entry + 2) or 0, "I")
        many = self.number(self.offset, entry + 4) or 0
        values = entry + 4 + struct.calcsize(self.offset)
        if many * struct.calcsize(form) > struct.calcsize(self.offset):
            values = self.number(self.offset, values) or 0
        return self.number(form, values + max(0, many - 1) * struct.calcsize(form)) or 0


def _tail(descriptor: int, size: int) -> bytes:
    return os.pread(descriptor, _TAIL, max(0, size - _TAIL))


_KINDS: tuple[tuple[bytes, Callable[[int, int], bool]], ...] = (
    (b"%PDF", _no_end_of_pdf),
    (b"II*\0", _page_missing),
    (b"MM\0*", _page_missing),
    (b"II+\0", _page_missing),
    (b"MM\0+", _page_missing),
    (b"\x89PNG", _no_end_of_png),
    (b"\xff\xd8\xff", _no_end_of_jpeg),
)
