"""Builds the code knowledge: the published tabular list, made into one read-only SQLite file."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import NamedTemporaryFile

from digitizer.coding.index import Index, Named, index
from digitizer.coding.plain import plain_codes
from digitizer.coding.tabular import Entry, mentioned_ranges, read_entries, read_version
from digitizer.errors import ConfigError

SCHEMA = "2"
"""Of the tables below and of the stems in them: a change of either, `words.stem` too, counts it up.

A file of another schema is refused and built anew.
"""

PACKAGE = "simple-icd-10-cm"

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE blocks (id TEXT PRIMARY KEY, title TEXT, chapter TEXT) WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, title TEXT, parent TEXT, billable INT, chapter TEXT,
                    plain TEXT) WITHOUT ROWID;
CREATE TABLE terms (code TEXT, kind TEXT, text TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, code TEXT, kind TEXT, text TEXT);
CREATE TABLE note_ranges (note INT, first TEXT, last TEXT);
CREATE TABLE entries (id INTEGER PRIMARY KEY, code TEXT, text TEXT, folded TEXT, weight REAL,
                      norm REAL);
CREATE TABLE keys (key TEXT, entry INT);
CREATE TABLE postings (stem TEXT PRIMARY KEY, rarity REAL, ids BLOB, impacts BLOB) WITHOUT ROWID;
CREATE TABLE grams (gram TEXT PRIMARY KEY, rarity REAL, stems TEXT) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX codes_parent ON codes (parent);
CREATE INDEX terms_code ON terms (code);
CREATE INDEX notes_code ON notes (code);
CREATE INDEX note_ranges_note ON note_ranges (note);
CREATE INDEX keys_key ON keys (key);
"""


def build(target: Path) -> None:
    """Write the code knowledge to `target`, in one step: readers see the old file or the new.

    About five seconds and 40 MB. Raises ConfigError where the package with the published list is
    not installed.
    """
    source, version = find_source()
    entries = list(read_entries(source))
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as partial:
        path = Path(partial.name)
    try:
        _write(path, entries, _meta(source, version))
        path.chmod(0o644)
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def find_source() -> tuple[Path, str]:
    """The list's XML inside the installed package, and the package's version.

    The package itself is not imported: that takes 21 seconds and 193 MB.
    """
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        raise ConfigError(f"{PACKAGE} is not installed; run: pip install {PACKAGE}") from None
    for file in package.files or ():
        if file.suffix == ".xml" and "tabular" in file.name:
            return Path(str(package.locate_file(file))), package.version
    raise ConfigError(f"{PACKAGE} {package.version} holds no tabular list; install another version")


def _write(path: Path, entries: Sequence[Entry], meta: dict[str, str]) -> None:
    codes = [entry for entry in entries if not entry.block]
    plain = plain_codes(codes)
    with sqlite3.connect(path) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        _write_blocks(db, [entry for entry in entries if entry.block])
        db.executemany(
            "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?)",
            [(e.code, e.title, e.parent, e.leaf, e.chapter, plain[e.code]) for e in codes],
        )
        _write_notes(db, entries)
        _write_index(db, index(_named(codes)))
        db.executescript(_INDEXES + "ANALYZE;")
    db.close()


def _write_blocks(db: sqlite3.Connection, blocks: Iterable[Entry]) -> None:
    rows = [(block.code, block.title, block.parent) for block in blocks]
    db.executemany("INSERT INTO blocks VALUES (?, ?, ?)", rows)


def _write_notes(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    for entry in entries:
        rows = [(entry.code, kind, text) for kind, text in entry.terms]
        db.executemany("INSERT INTO terms VALUES (?, ?, ?)", rows)
        for kind, text in entry.notes:
            row = (entry.code, kind, text)
            note = db.execute("INSERT INTO notes (code, kind, text) VALUES (?, ?, ?)", row)
            ranges = [(note.lastrowid, *span) for span in mentioned_ranges(text)]
            db.executemany("INSERT INTO note_ranges VALUES (?, ?, ?)", ranges)


def _write_index(db: sqlite3.Connection, made: Index) -> None:
    db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", made.entries)
    db.executemany("INSERT INTO keys VALUES (?, ?)", made.keys)
    db.executemany("INSERT INTO postings VALUES (?, ?, ?, ?)", made.postings)
    db.executemany("INSERT INTO grams VALUES (?, ?, ?)", made.grams)


def _named(codes: Iterable[Entry]) -> list[Named]:
    """Every wording of a code that can be searched for; a seventh character adds no wording."""
    named = []
    for entry in codes:
        if not entry.completes:
            named.append(Named(code=entry.code, text=entry.title))
        named += [Named(code=entry.code, text=text) for _, text in entry.terms]
    return named


def _meta(source: Path, version: str) -> dict[str, str]:
    return {
        "schema": SCHEMA,
        "system": "ICD-10-CM",
        "version": f"{read_version(source)}, {source.stem}",
        "source": f"{PACKAGE} {version}",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
    }
