"""Says what became of everything that was ever seen in the inbox."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitizer.errors import ConfigError
from digitizer.operations.house import House
from digitizer.store import documents, files, outbox
from digitizer.store.files import FileRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`counts` by outcome word, all files in the order of arrival, and what the index lacks."""

    counts: dict[str, int]
    rows: Sequence[FileRow]
    documents: dict[int, list[str]]
    not_yet_indexed: int

    def json(self) -> dict[str, Any]:
        """The same for machines; `name_b64` is the exact name."""
        return {
            "counts": self.counts,
            "not_yet_indexed": self.not_yet_indexed,
            "files": [self._file_json(row) for row in self.rows],
        }

    def _file_json(self, row: FileRow) -> dict[str, Any]:
        return {
            "name": row.source,
            "name_b64": base64.b64encode(row.name).decode(),
            "sha256": row.sha256,
            "state": row.outcome,
            "reason": row.reason,
            "scanner": row.scanner,
            "department": row.department,
            "documents": self.documents.get(row.duplicate_of or row.id, []),
        }


def status(house: House) -> Status:
    """Read it off the store."""
    with house.store.read() as tx:
        return Status(
            counts=files.counts(tx),
            rows=files.every(tx),
            documents=documents.by_file(tx),
            not_yet_indexed=outbox.count(tx),
        )


def original(house: House, sha256: str, out: Path) -> int:
    """Write the bytes as they arrived to `out`, which must not exist yet; returns their number.

    Raises:
        UsageError: there is no such original.
        ConfigError: `out` exists or cannot be written.
    """
    content = house.blobs.path(sha256.lower())
    house.note("original", sha256.lower())
    try:
        with content.open("rb") as source, out.open("xb") as target:
            while chunk := source.read(1 << 20):
                target.write(chunk)
            return target.tell()
    except OSError as error:
        raise ConfigError(f"{out} cannot be written ({error.strerror})") from None
