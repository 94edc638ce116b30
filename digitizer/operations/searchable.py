"""Makes a searchable PDF of a document or a whole file, when it is asked for.

The words are those that were read and kept: nothing is recognised again.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from digitizer.chart.duplex import side_of
from digitizer.chart.page import Page
from digitizer.chart.text import Text
from digitizer.errors import ConfigError, UsageError
from digitizer.operations.house import House
from digitizer.store import Transaction, documents, files
from digitizer.store import pages as page_store
from digitizer.store.files import FileRow
from digitizer.work.sandbox import stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """What was written. `archival`: a validator found it to be valid PDF/A-2b."""

    pages: int
    size: int
    archival: bool


@dataclass(frozen=True, slots=True)
class _Scan:
    """A file and which of its pages are wanted."""

    row: FileRow
    backs: FileRow | None
    numbers: Sequence[int]
    sheets: int

    @property
    def hashes(self) -> list[str]:
        """Of the originals: the fronts, and the backs of a stack that was scanned side by side."""
        return [row.sha256 or "" for row in (self.row, self.backs) if row is not None]

    def side(self, number: int) -> tuple[int, int]:
        """In which of the originals a page is, and its number there."""
        if self.backs is None:
            return 0, number
        side = side_of(number, self.sheets)
        return int(side.is_back), side.number


def searchable(house: House, key: str, out: Path) -> Searchable:
    """Write a document (its id) or a file (the SHA-256 of its bytes) to `out` as one PDF.

    `out` must not exist yet. The pages look as they were scanned, with the words over their ink.

    Raises:
        UsageError: there is no such document or file, or it was not digitized.
        InputError: the original cannot be copied.
        TransientError: the disk is full, or the writer was killed.
        ConfigError: `out` exists or cannot be written.
    """
    with house.store.read() as tx:
        scan = _scan(tx, key)
    house.note("pdf", key)
    house.home.work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=house.home.work, prefix="pdf-") as folder:
        made = Path(folder) / "searchable.pdf"
        done = _make(house, scan, made)
        size = _hand_over(made, out)
    return Searchable(pages=done["pages"], size=size, archival=done["archival"])


def _scan(tx: Transaction, key: str) -> _Scan:
    stored = documents.bare(tx, key)
    if stored is not None:
        row = files.get(tx, stored.file_id)
        numbers: Sequence[int] = [leaf.number for leaf in stored.leaves]
    else:
        row = _file(tx, key.lower())
        numbers = sorted(page_store.all_numbers(tx, row.id))
    sheets = max(page_store.all_numbers(tx, row.id), default=0) // 2
    return _Scan(row, files.get(tx, row.backs) if row.backs else None, numbers, sheets)


def _file(tx: Transaction, sha256: str) -> FileRow:
    for row in files.every(tx):
        if row.sha256 == sha256 and row.outcome.startswith("digitized"):
            return row
    raise UsageError(
        "there is no document of that id, and no digitized file with that SHA-256: "
        "`digitizer status --json` lists both"
    )


def _make(house: House, scan: _Scan, made: Path) -> dict[str, Any]:
    """Have the child write it, with the words handed over page by page in a file."""
    layer = made.with_name("layer.jsonl")
    with layer.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(leaf) + "\n" for leaf in _leaves(house, scan))
    originals = [house.blobs.path(sha256) for sha256 in scan.hashes]
    limits = house.home.settings.limits.limits()
    limits = limits.lifted() if scan.row.released else limits
    answers = stream(
        function="digitizer.imaging.searchable:searchable",
        arguments={
            "originals": [str(original) for original in originals],
            "layer_file": str(layer),
            "out": str(made),
            "pixels": limits.pixels,
            "passwords": house.home.settings.intake.passwords,
        },
        limits=limits,
        reads=tuple(originals),
        writes=(made.parent,),
    )
    *_, done = answers
    return done


def _leaves(house: House, scan: _Scan) -> Iterator[dict[str, Any]]:
    """Each page for the child: see `digitizer.imaging.searchable`."""
    for number in scan.numbers:
        with house.store.read() as tx:
            page = page_store.get(tx, scan.row.id, number)
        if page is not None:
            original, number_there = scan.side(number)
            yield {"original": original, "page": number_there, **_words(page)}


def _words(page: Page) -> dict[str, Any]:
    rows = _rows(page.text) if page.text else []
    return {"height": page.height, "map": astuple(page.to_delivered), "rows": rows}


def _rows(text: Text) -> list[list[list[Any]]]:
    """The words, line by line, each with its box."""
    rows: list[list[list[Any]]] = []
    end = -1
    for word, start in zip(text.words, text.starts, strict=True):
        if start > end:
            rows.append([])
            newline = text.content.find("\n", start)
            end = newline if newline >= 0 else len(text.content)
        rows[-1].append([word.text, *astuple(word.box)])
    return rows


def _hand_over(made: Path, out: Path) -> int:
    try:
        with made.open("rb") as source, out.open("xb") as target:
            shutil.copyfileobj(source, target)
            return target.tell()
    except OSError as error:
        raise ConfigError(f"{out} cannot be written ({error.strerror})") from None
