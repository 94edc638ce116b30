"""The files that a home has imported, kept as they came so that tables can be built anew.

A small SQLite file of a home's private data (a licensed list stays where its licence is). Removing
an import removes its content; that it was there stays on the list.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from digitizer.coding.imports.recognise import Part
from digitizer.errors import ConfigError

_TABLES = """
CREATE TABLE IF NOT EXISTS imports (id INTEGER PRIMARY KEY, at TEXT, actor TEXT, file TEXT,
                                    sha256 TEXT, first TEXT, last TEXT, removed TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS parts (import INT, kind TEXT, name TEXT, version TEXT, count INT,
                                  content BLOB);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import: `parts` are (kind, file, version, number of codes); `removed` says when, or "".

    `first` and `last` are the days of service that it holds for, as YYYY-MM-DD; "" where its
    files say that themselves, or nothing does.
    """

    id: int
    at: str
    actor: str
    file: str
    sha256: str
    first: str
    last: str
    removed: str
    parts: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A part of an import that counts, with its import's number and days."""

    number: int
    part: Part
    first: str
    last: str


class Imports:
    """The file at a path, which is made where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether anything was ever imported."""
        return self.path.is_file()

    def add(
        self,
        at: str,
        actor: str,
        file: tuple[str, str],
        days: tuple[str, str],
        parts: Sequence[tuple[Part, int]],
    ) -> int:
        """Keep the counted parts of a `file` (name, sha256) for `days`; returns the number."""
        with self._open() as db:
            made = db.execute(
                "INSERT INTO imports (at, actor, file, sha256, first, last)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (at, actor, *file, *days),
            )
            number = int(made.lastrowid or 0)
            db.executemany(
                "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (number, p.kind, p.name, p.version, count, zlib.compress(p.content))
                    for p, count in parts
                ),
            )
        return number

    def listed(self) -> tuple[Import, ...]:
        """All imports, oldest first, removed ones too."""
        query = "SELECT id, at, actor, file, sha256, first, last, removed FROM imports ORDER BY id"
        of = "SELECT kind, name, version, count FROM parts WHERE import = ? ORDER BY rowid"
        names = ("id", "at", "actor", "file", "sha256", "first", "last", "removed")
        with self._open() as db:
            return tuple(
                Import(
                    **dict(zip(names, row, strict=True)),
                    parts=tuple(db.execute(of, (row[0],)).fetchall()),
                )
                for row in db.execute(query).fetchall()
            )

    def held(self) -> Iterator[Held]:
        """The parts that count, oldest first."""
        query = (
            "SELECT i.id, i.first, i.last, kind, name, version, content FROM parts"
            " JOIN imports i ON i.id = import WHERE removed = '' ORDER BY i.id, parts.rowid"
        )
        with self._open() as db:
            for number, first, last, kind, name, version, content in db.execute(query):
                part = Part(kind=kind, name=name, version=version, content=zlib.decompress(content))
                yield Held(number=number, part=part, first=first, last=last)

    def remove(self, number: int, at: str) -> bool:
        """Forget the content of an import; says whether there was one that counted."""
        with self._open() as db:
            query = "UPDATE imports SET removed = ? WHERE id = ? AND removed = ''"
            done = db.execute(query, (at, number)).rowcount == 1
            db.execute("UPDATE parts SET content = x'' WHERE import = ?", (number,))
        return done

    def discard(self, number: int) -> None:
        """Take back an import that turned out not to fit, as if it had never been."""
        with self._open() as db:
            db.execute("DELETE FROM parts WHERE import = ?", (number,))
            db.execute("DELETE FROM imports WHERE id = ?", (number,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path)) as db:
                db.executescript(f"PRAGMA secure_delete = ON;{_TABLES}")
                with db:
                    yield db
        except sqlite3.DatabaseError:
            raise ConfigError(
                f"{self.path.name} is damaged: delete it, then import your files again"
            ) from None
