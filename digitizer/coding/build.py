"""Builds the code knowledge: what is packaged and what was imported, made into one SQLite file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, cast

from digitizer.chart.coding import ICD10CM, ICD10PCS
from digitizer.coding import packaged
from digitizer.coding.imported import Held
from digitizer.coding.imports.pcs import beginnings
from digitizer.coding.imports.recognise import rows_of, wordings_of
from digitizer.coding.imports.rows import Row, Wording
from digitizer.coding.index import Index, Named, index
from digitizer.coding.periods import OPEN, CodeSet, fiscal_year, periods
from digitizer.coding.plain import plain_codes
from digitizer.coding.tabular import Entry, mentioned_ranges, read_entries, read_version

SCHEMA = "3"
"""Of the tables below and of the stems in them: a change of either, `words.stem` too, counts it up.

A file of another schema is refused and built anew.
"""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE blocks (id TEXT PRIMARY KEY, title TEXT, chapter TEXT) WITHOUT ROWID;
CREATE TABLE codes (code TEXT PRIMARY KEY, title TEXT, parent TEXT, billable INT, chapter TEXT,
                    plain TEXT) WITHOUT ROWID;
CREATE TABLE others (system TEXT, code TEXT, title TEXT, billable INT,
                     PRIMARY KEY (system, code)) WITHOUT ROWID;
CREATE TABLE sets (system TEXT, first TEXT, last TEXT);
CREATE TABLE periods (system TEXT, code TEXT, first TEXT, last TEXT);
CREATE TABLE terms (code TEXT, kind TEXT, text TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, code TEXT, kind TEXT, text TEXT);
CREATE TABLE note_ranges (note INT, first TEXT, last TEXT);
CREATE TABLE severities (code TEXT PRIMARY KEY, level TEXT, exclusions TEXT) WITHOUT ROWID;
CREATE TABLE exclusions (id TEXT, code TEXT, PRIMARY KEY (id, code)) WITHOUT ROWID;
CREATE TABLE categories (code TEXT, category TEXT, label TEXT, year TEXT);
CREATE TABLE poa_exempt (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE spans (system TEXT PRIMARY KEY, first INT, size INT) WITHOUT ROWID;
CREATE TABLE entries (id INTEGER PRIMARY KEY, code TEXT, text TEXT, folded TEXT, weight REAL,
                      norm REAL);
CREATE TABLE keys (system TEXT, key TEXT, entry INT);
CREATE TABLE postings (system TEXT, stem TEXT, rarity REAL, ids BLOB, impacts BLOB,
                       PRIMARY KEY (system, stem)) WITHOUT ROWID;
CREATE TABLE grams (system TEXT, gram TEXT, rarity REAL, stems TEXT,
                    PRIMARY KEY (system, gram)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX codes_parent ON codes (parent);
CREATE INDEX terms_code ON terms (code);
CREATE INDEX notes_code ON notes (code);
CREATE INDEX note_ranges_note ON note_ranges (note);
CREATE INDEX periods_code ON periods (system, code);
CREATE INDEX categories_code ON categories (code);
CREATE INDEX keys_key ON keys (key, system);
"""


def build(target: Path, imported: Iterable[Held] = ()) -> None:
    """Write the code knowledge to `target`, in one step: readers see the old file or the new.

    About 20 CPU seconds, 420 MB of memory and 83 MB on disk without imports. What a killed build
    has left behind is cleared away. Raises ConfigError where the package with the published list is
    not installed.
    """
    held = tuple(imported)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _begun(target) as partial:
        path = Path(partial.name)
        try:
            _write(path, held)
            os.fsync(partial)
            path.chmod(0o644)
            path.replace(target)
        finally:
            path.unlink(missing_ok=True)


def _begun(target: Path) -> IO[bytes]:
    """A new file beside the target, locked before another build can take it for left behind."""
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        _clear(target)
        partial = NamedTemporaryFile(dir=target.parent, prefix=_prefix(target), delete=False)  # noqa: SIM115 - the caller closes it
        fcntl.flock(partial, fcntl.LOCK_EX)
    finally:
        os.close(folder)
    return cast("IO[bytes]", partial)


def _prefix(target: Path) -> str:
    return f".{target.name}."


def _clear(target: Path) -> None:
    """Remove half-made files beside the target that no build writes any more."""
    for path in target.parent.glob(f"{_prefix(target)}*"):
        with suppress(OSError), path.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _write(path: Path, held: Sequence[Held]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        _write_diagnoses(db, held)
        _write_others(db, held)
        _write_facts(db, held)
        db.executescript(_INDEXES + "ANALYZE;")


def _write_diagnoses(db: sqlite3.Connection, held: Sequence[Held]) -> None:
    """ICD-10-CM: the list that begins last is looked up and searched; of others what it lacks."""
    source, version = packaged.find_tabular()
    year = read_version(source)
    meta = {
        "schema": SCHEMA,
        "system": ICD10CM,
        "version": f"{year}, {source.stem}",
        "source": f"{packaged.TABULAR} {version}",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "lacking": ", ".join(packaged.lacking()),
    }
    first = (fiscal_year(year) or ("0001-01-01",))[0]
    lists = [(first, OPEN, list(read_entries(source)))]
    lists += [
        (*_days(one), list(read_entries(one.part.content)))
        for one in held
        if one.part.kind == "icd10cm-tabular"
    ]
    if len(lists) > 1:
        _write_periods(db, ICD10CM, lists)
    current = max(lists, key=lambda one: one[0])[2]
    if current is not lists[0][2]:
        newest = [one for one in held if one.part.kind == "icd10cm-tabular"]
        meta |= {"version": max(n.part.version for n in newest), "source": "imported"}
    db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    _write_list(db, current, [entry for one in lists for entry in one[2]])
    wordings = chain.from_iterable(
        wordings_of(one.part) for one in held if one.part.system == ICD10CM
    )
    _write_index(db, ICD10CM, _named(e for e in current if not e.block), wordings)


def _write_periods(
    db: sqlite3.Connection, system: str, lists: Sequence[tuple[str, str, list[Entry]]]
) -> None:
    sets = [
        CodeSet(
            codes=[entry.code for entry in entries if entry.leaf],
            first=first,
            last=last,
            packaged=not number,
        )
        for number, (first, last, entries) in enumerate(lists)
    ]
    db.executemany("INSERT INTO sets VALUES (?, ?, ?)", [(system, s.first, s.last) for s in sets])
    rows = ((system, *row) for row in periods(sets))
    db.executemany("INSERT INTO periods VALUES (?, ?, ?, ?)", rows)


def _write_list(db: sqlite3.Connection, current: Sequence[Entry], every: Iterable[Entry]) -> None:
    codes = [entry for entry in current if not entry.block]
    known = {entry.code for entry in codes}
    gone = {e.code: e for e in every if not e.block and e.code not in known}
    plain = plain_codes(codes)
    _write_blocks(db, [entry for entry in current if entry.block])
    db.executemany(
        "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?)",
        [
            (e.code, e.title, e.parent, e.leaf, e.chapter, plain.get(e.code, ""))
            for e in (*codes, *gone.values())
        ],
    )
    _write_notes(db, (*current, *gone.values()))


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


def _write_others(db: sqlite3.Connection, held: Sequence[Held]) -> None:
    """The other systems: of a code in several imports the last one's row counts."""
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    words: dict[str, list[Wording]] = defaultdict(list)
    rows[ICD10PCS].update((row.code, row) for row in packaged.procedures())
    for one in held:
        if one.part.system == ICD10CM:
            continue
        system = one.part.system
        of_part = list(rows_of(one.part))
        rows[system].update((row.code, row) for row in of_part)
        db.executemany(
            "INSERT INTO periods VALUES (?, ?, ?, ?)",
            [(system, row.code, *days) for row in of_part if (days := _days(one, row))],
        )
        words[system] += [Wording(code=row.code, text=row.title) for row in of_part]
        words[system] += wordings_of(one.part)
    starts = beginnings(rows[ICD10PCS], words[ICD10PCS])
    rows[ICD10PCS].update((row.code, row) for row in [*starts])
    for system, listed in rows.items():
        db.executemany(
            "INSERT INTO others VALUES (?, ?, ?, ?)",
            [(system, row.code, row.title, row.billable) for row in listed.values()],
        )
        named = [Named(code=r.code, text=r.title) for r in listed.values() if r.billable]
        _write_index(db, system, named, words[system])


def _days(one: Held, row: Row | None = None) -> tuple[str, str]:
    """From when to when an imported list, or a row of it, holds; its own words count first."""
    year = fiscal_year(one.part.version) or ("0001-01-01", OPEN)
    first = (row.first if row else "") or one.first or year[0]
    return first, (row.last if row else "") or one.last or year[1]


def _write_facts(db: sqlite3.Connection, held: Sequence[Held]) -> None:
    """What is shown beside a code, and never a reason to code it."""
    severities = dict((code, (level, group)) for code, level, group in packaged.severities())
    db.executemany(
        "INSERT INTO severities VALUES (?, ?, ?)", [(c, *facts) for c, facts in severities.items()]
    )
    db.executemany("INSERT OR IGNORE INTO exclusions VALUES (?, ?)", packaged.exclusions())
    db.executemany("INSERT INTO categories VALUES (?, ?, ?, ?)", packaged.payment_categories())
    exempt = [
        (dotted(row.code),)
        for one in held
        if one.part.kind == "poa-exempt"
        for row in rows_of(one.part)
    ]
    db.executemany("INSERT OR IGNORE INTO poa_exempt VALUES (?)", exempt)


def dotted(code: str) -> str:
    """A code of ICD-10-CM as it is printed: upper case, the dot after the third character."""
    bare = code.strip().upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def _write_index(
    db: sqlite3.Connection, system: str, named: Sequence[Named], wordings: Iterable[Wording]
) -> None:
    """The search tables of a system; a wording that its code has already adds nothing."""
    seen = {(name.code, name.text.lower()) for name in named}
    more = []
    for word in wordings:
        if (word.code, word.text.lower()) not in seen:
            seen.add((word.code, word.text.lower()))
            more.append(Named(code=word.code, text=word.text))
    first = db.execute("SELECT coalesce(max(id) + 1, 0) FROM entries").fetchone()[0]
    made = index([*named, *more], letters=system != ICD10PCS)
    _write_made(db, system, first, made)


def _write_made(db: sqlite3.Connection, system: str, first: int, made: Index) -> None:
    db.execute("INSERT INTO spans VALUES (?, ?, ?)", (system, first, len(made.entries)))
    entries: Iterator[tuple[object, ...]] = ((i + first, *rest) for i, *rest in made.entries)
    db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", entries)
    keys = ((system, key, i + first) for key, i in made.keys)
    db.executemany("INSERT INTO keys VALUES (?, ?, ?)", keys)
    postings = ((system, *row) for row in made.postings)
    db.executemany("INSERT INTO postings VALUES (?, ?, ?, ?, ?)", postings)
    grams = ((system, *row) for row in made.grams)
    db.executemany("INSERT INTO grams VALUES (?, ?, ?, ?)", grams)


def _named(codes: Iterable[Entry]) -> list[Named]:
    """Every wording of a code that can be searched for; a seventh character adds no wording."""
    named = []
    for entry in codes:
        if not entry.completes:
            named.append(Named(code=entry.code, text=entry.title))
        named += [Named(code=entry.code, text=text) for _, text in entry.terms]
    return named
