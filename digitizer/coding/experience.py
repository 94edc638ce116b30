"""The log of what was learned from coders: batches of coded charts, and rankers made of them.

A small SQLite file of a home's private data. Nothing in it is ever changed but two marks: that a
batch was undone, and that a ranker was rolled back. It holds stems of words, no text.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from digitizer.coding.boost import Trees, trees_of
from digitizer.coding.memory import Example
from digitizer.errors import ConfigError

_TABLES = """
CREATE TABLE IF NOT EXISTS batches (id INTEGER PRIMARY KEY, at TEXT, actor TEXT, source TEXT,
                                    undone INT DEFAULT 0);
CREATE TABLE IF NOT EXISTS examples (id INTEGER PRIMARY KEY, batch INT, chart TEXT, content BLOB);
CREATE TABLE IF NOT EXISTS rankers (id INTEGER PRIMARY KEY, at TEXT, charts INT, before REAL,
                                    after REAL, promoted INT, content TEXT);
CREATE INDEX IF NOT EXISTS examples_batch ON examples (batch);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Charts that were learned together; `source` says from where, never whose they are."""

    id: int
    at: str
    actor: str
    source: str
    charts: int
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """A ranker that was made; `before` and `after` are mean average precision on held-back charts.

    `before` is of what ranked until then. It is in force if it is the last one `promoted`.
    """

    id: int
    at: str
    charts: int
    before: float
    after: float
    promoted: bool


class Experience:
    """The log at a path, which is made where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether anything was ever learned."""
        return self.path.is_file()

    def add(self, at: str, actor: str, source: str, learned: Iterable[tuple[str, Example]]) -> int:
        """Append a batch of (chart's id, example); returns its number."""
        with self._open() as db:
            made = db.execute(
                "INSERT INTO batches (at, actor, source) VALUES (?, ?, ?)", (at, actor, source)
            )
            number = int(made.lastrowid or 0)
            db.executemany(
                "INSERT INTO examples (batch, chart, content) VALUES (?, ?, ?)",
                ((number, chart, _packed(example)) for chart, example in learned),
            )
        return number

    def batches(self) -> tuple[Batch, ...]:
        """All batches, oldest first."""
        query = (
            "SELECT b.id, at, actor, source, count(e.id), undone FROM batches b"
            " LEFT JOIN examples e ON e.batch = b.id GROUP BY b.id ORDER BY b.id"
        )
        with self._open() as db:
            rows = db.execute(query).fetchall()
        return tuple(
            Batch(id=i, at=at, actor=actor, source=source, charts=n, undone=bool(undone))
            for i, at, actor, source, n, undone in rows
        )

    def undo(self, batch: int) -> bool:
        """Mark a batch undone; says whether there was one to undo."""
        with self._open() as db:
            done = db.execute("UPDATE batches SET undone = 1 WHERE id = ? AND undone = 0", (batch,))
        return done.rowcount == 1

    def examples(self) -> tuple[Example, ...]:
        """All that counts, in order; of a chart that was learned twice, the last."""
        query = (
            "SELECT chart, content FROM examples JOIN batches b ON b.id = batch"
            " WHERE NOT undone ORDER BY examples.id"
        )
        with self._open() as db:
            rows = db.execute(query).fetchall()
        return tuple(_unpacked(content) for content in dict(rows).values())

    def keep(self, at: str, charts: int, before: float, after: float, trees: Trees) -> Ranker:
        """Append a ranker, promoted unless it loses against what ranked before."""
        promoted = after >= before
        content = json.dumps(trees.as_json())
        with self._open() as db:
            made = db.execute(
                "INSERT INTO rankers (at, charts, before, after, promoted, content)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (at, charts, before, after, promoted, content),
            )
            number = int(made.lastrowid or 0)
        return Ranker(
            id=number, at=at, charts=charts, before=before, after=after, promoted=promoted
        )

    def rankers(self) -> tuple[Ranker, ...]:
        """All rankers, oldest first."""
        query = "SELECT id, at, charts, before, after, promoted FROM rankers ORDER BY id"
        with self._open() as db:
            rows = db.execute(query).fetchall()
        return tuple(
            Ranker(id=i, at=at, charts=n, before=b, after=a, promoted=bool(p))
            for i, at, n, b, a, p in rows
        )

    def trees(self) -> Trees | None:
        """The ranker in force; `None` where there is none."""
        query = "SELECT content FROM rankers WHERE promoted ORDER BY id DESC LIMIT 1"
        with self._open() as db:
            row = db.execute(query).fetchone()
        return trees_of(json.loads(row[0])) if row else None

    def roll_back(self) -> bool:
        """Take the ranker in force out of force; says whether there was one."""
        last = "SELECT max(id) FROM rankers WHERE promoted"
        with self._open() as db:
            done = db.execute(f"UPDATE rankers SET promoted = 0 WHERE id = ({last})")  # noqa: S608
        return done.rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
                db.executescript(_TABLES)
                yield db
        except sqlite3.DatabaseError as error:
            raise ConfigError(
                f"{self.path.name} cannot be used ({error}); move it away to start anew"
            ) from None


def _packed(example: Example) -> bytes:
    plain = {
        "keys": sorted(example.keys),
        "codes": sorted(example.codes),
        "suggested": {code: list(row) for code, row in example.suggested.items()},
        "named": {code: list(row) for code, row in example.named.items()},
        "covered": {code: list(row) for code, row in example.covered.items()},
    }
    return zlib.compress(json.dumps(plain).encode())


def _unpacked(content: bytes) -> Example:
    plain = json.loads(zlib.decompress(content))
    return Example(
        keys=frozenset(plain["keys"]),
        codes=frozenset(plain["codes"]),
        suggested=_rows(plain["suggested"]),
        named=_rows(plain.get("named", {})),  # which older logs lack, as they do the next
        covered=_rows(plain.get("covered", {})),
    )


def _rows(plain: dict[str, Sequence[float]]) -> dict[str, tuple[float, ...]]:
    return {code: tuple(row) for code, row in plain.items()}
