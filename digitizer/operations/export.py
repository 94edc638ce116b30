"""Writes everything that was digitized into a folder, one JSON file a source file."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from digitizer.errors import ConfigError, UsageError
from digitizer.export.neutral import document_json, file_json
from digitizer.operations.chart import chart_in
from digitizer.operations.house import House
from digitizer.review.release import line_json
from digitizer.store import Transaction, documents, files, pages
from digitizer.store.documents import StoredDocument
from digitizer.store.files import FileRow

FORMATS = ("json",)


def export(house: House, form: str, out: Path) -> int:
    """Write one file for each thing seen in the inbox; returns how many.

    A file is named after its source, with ".json" behind it; folders and odd characters become
    "_", and a name that occurs twice gets a number.

    Raises:
        UsageError: the format is unknown.
        ConfigError: `out` cannot be written to.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}: use one of {', '.join(FORMATS)}")
    with house.store.read() as tx:
        rows = files.every(tx)
    house.note("export", f"{form} {len(rows)} files")
    used: Counter[str] = Counter()
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for row in rows:
            target = out / _name(row, used)
            target.write_text(json.dumps(file_of(house, row), ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{out} cannot be written to ({error.strerror})") from None
    return len(rows)


def file_of(house: House, row: FileRow) -> dict[str, Any]:
    """One source file in the neutral form."""
    with house.store.read() as tx:
        stored = [documents.get(tx, key) for key in documents.of_file(tx, row.id)]
        confirmed = {s.id: _confirmed(tx, s) for s in stored if s is not None}
        read = list(pages.every(tx, row.id))
    return file_json(
        source=row.source,
        sha256=row.sha256,
        status=row.outcome,
        reason=row.reason,
        documents=[
            {"id": s.id, **document_json(s.document), "confirmed": confirmed[s.id]}
            for s in stored
            if s is not None
        ],
        pages=read,
    )


def _confirmed(tx: Transaction, stored: StoredDocument) -> dict[str, Any]:
    """What a person stands for, apart from what the engine suggests; `version` is the signed one.

    Before the first sign-off, and after a reopening, the codes are not final: see "state".
    """
    chart = chart_in(tx, stored.id)
    return {
        "state": chart.review.state,
        "version": chart.versions[-1].number if chart.versions else None,
        "sha256": chart.versions[-1].sha256 if chart.versions else None,
        "codes": [line_json(line) for line in chart.coding.confirmed],
    }


def _name(row: FileRow, used: Counter[str]) -> str:
    """A file name of at most 200 bytes, unique in this export."""
    plain = "".join(ch if ch.isalnum() or ch in " .-_()" else "_" for ch in row.source)
    stem = plain.encode()[:180].decode("utf-8", "ignore").lstrip(".") or "file"
    used[stem] += 1
    return f"{stem}.json" if used[stem] == 1 else f"{stem}.{used[stem]}.json"
