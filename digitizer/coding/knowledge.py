"""What is known of the code systems: a read-only file that `build` writes, and the lexicon."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from digitizer.chart.coding import ICD10CM, Code, CodeMatch, NameCover
from digitizer.coding.build import SCHEMA, dotted
from digitizer.coding.coverage import Coverage
from digitizer.coding.edits.claim import Facts
from digitizer.coding.lexicon import Lexicon, read_lexicon
from digitizer.coding.match import Found, Matcher
from digitizer.coding.notes import Note
from digitizer.coding.periods import in_force
from digitizer.errors import ConfigError

REMEDY = "run: digitizer codes build"

SHORTHAND = 3
"""Letters of a listed name that is too short to be told in part."""

BELOW_LISTED = 0.99
"""What a wording's score is multiplied by where the lexicon lists the term: it goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDescription:
    """Everything that a coder reads about a code.

    `parents` run from the category's section down to the code's parent, as (code, title);
    `children` are the codes right below; `notes` its own first, then inherited ones; `severity`
    and `payment` as in `edits.claim.Facts`.
    """

    code: Code
    chapter: str
    parents: tuple[tuple[str, str], ...] = ()
    inclusion_terms: tuple[str, ...] = ()
    severity: str = ""
    payment: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    children: tuple[Code, ...] = ()


class Knowledge:
    """Code knowledge in one SQLite file, opened read-only. Implements `chart.coding.CodeKnowledge`.

    For one thread. It can be pickled: the copy opens the same files again.
    """

    def __init__(self, path: Path, lexicon_path: Path | None = None) -> None:
        self._paths = (path, lexicon_path)
        self._db = _connect(path)
        self._matchers: dict[str, Matcher] = {}
        self._facts = lru_cache(maxsize=2_000)(self._read_facts)
        # Charts name the same diseases again and again.
        self._entry = lru_cache(maxsize=20_000)(self._read_entry)
        self._below = lru_cache(maxsize=4_000)(self._read_children)
        self._searched = lru_cache(maxsize=2_000)(self._search)
        self.lexicon = read_lexicon(lexicon_path) if lexicon_path else Lexicon()

    def __reduce__(self) -> tuple[type[Knowledge], tuple[Path, Path | None]]:
        return Knowledge, self._paths

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def version(self) -> str:
        """Which code set this is, and from which package it was built."""
        meta = dict(self._db.execute("SELECT name, value FROM meta"))
        return f"{meta['system']} {meta['version']} ({meta['source']})"

    @cached_property
    def systems(self) -> tuple[str, ...]:
        """The code systems that it holds, ICD-10-CM first."""
        rows = self._db.execute("SELECT system FROM spans WHERE size ORDER BY first").fetchall()
        return tuple(system for (system,) in rows)

    def code(self, code: str, system: str = ICD10CM) -> Code | None:
        """The entry with this code, its case and dot not minded; `None` where there is none."""
        return self._other(code, system) if system != ICD10CM else self._entry(dotted(code))

    def _read_entry(self, code: str) -> Code | None:
        query = "SELECT code, title, billable FROM codes WHERE code = ?"
        row = self._db.execute(query, (code,)).fetchone()
        return _code(*row) if row else None

    def _other(self, code: str, system: str) -> Code | None:
        query = "SELECT code, title, billable FROM others WHERE system = ? AND code IN (?, ?)"
        row = self._db.execute(query, (system, code.strip(), code.strip().upper())).fetchone()
        return _other(system, *row) if row else None

    def beginning(self, start: str, system: str) -> tuple[Code, ...]:
        """The codes of another system than ICD-10-CM that begin so, in order."""
        query = (
            "SELECT code, title, billable FROM others"
            " WHERE system = ? AND code >= ? AND code < ? ORDER BY code"
        )
        rows = self._db.execute(query, (system, start, f"{start}~"))
        return tuple(_other(system, *row) for row in rows)

    def in_force(self, code: Code, on: date) -> bool | None:
        """Whether the code is valid on a day of service; `None` where no list of that day is.

        Only imported lists say more than that the packaged one is the newest.
        """
        query = "SELECT first, last FROM periods WHERE system = ? AND code = ?"
        stretches = self._db.execute(query, (code.system, code.code)).fetchall()
        if code.system != ICD10CM:
            return in_force(stretches, on) if stretches else None
        sets = self._db.execute("SELECT first, last FROM sets").fetchall()
        return in_force(stretches, on) if in_force(sets, on) else None

    def plain(self, code: str) -> Code | None:
        """The billable code to use for `code` when nothing more is said; `None` where none is."""
        row = self._db.execute("SELECT plain FROM codes WHERE code = ?", (dotted(code),)).fetchone()
        return self.code(row[0]) if row and row[0] else None

    def children(self, code: str) -> tuple[Code, ...]:
        """The codes right below `code`, in order."""
        return self._below(dotted(code))

    def _read_children(self, code: str) -> tuple[Code, ...]:
        query = "SELECT code, title, billable FROM codes WHERE parent = ? ORDER BY code"
        return tuple(_code(*row) for row in self._db.execute(query, (code,)))

    def parent(self, code: str) -> Code | None:
        """The code right above; `None` for a category, which has only a section above it."""
        query = "SELECT parent FROM codes WHERE code = ?"
        row = self._db.execute(query, (dotted(code),)).fetchone()
        return self.code(row[0]) if row else None

    def exact(self, term: str) -> list[Found]:
        """Titles and terms of the same words as `term`, whatever their order and endings."""
        return self._matcher(ICD10CM).exact(term)

    def called(self, keys: Collection[str]) -> dict[str, list[str]]:
        """For each of these keys (see `words.key`) that is a whole title or term, its codes."""
        return self._matcher(ICD10CM).called(keys)

    def covered(self, sentences: Sequence[Collection[str]]) -> list[NameCover]:
        """The codes of whose titles, terms and listed names the sentences (stems) say most."""
        return self._coverage.of(sentences)

    @cached_property
    def _coverage(self) -> Coverage:
        listed = (
            (known.code, term.term)
            for term in self.lexicon.terms
            for code in ((term.code, *term.also) if len(term.term) > SHORTHAND else ())
            if (known := self.code(code)) and known.billable
        )
        return self._matcher(ICD10CM).coverage(tuple(listed))

    def _matcher(self, system: str) -> Matcher:
        if system not in self._matchers:
            self._matchers[system] = Matcher(self._db, system)
        return self._matchers[system]

    def search(self, term: str, limit: int = 10, system: str = ICD10CM) -> list[CodeMatch]:
        """Codes that `term` may mean, best first, scores from 0 to 1; billable ones where possible.

        A code itself finds itself. A non-billable code gives way to the one below it that stands
        for it when nothing more is said. Takes about five milliseconds, and none the second time.
        """
        return list(self._searched(term, limit, system))

    def _search(self, term: str, limit: int, system: str) -> tuple[CodeMatch, ...]:
        if known := self.code(term, system):
            return (CodeMatch(code=known, score=1.0),)
        found = self._matches(term, 3 * limit) if system == ICD10CM else self._named(term, system)
        matches = {match.code.code: match for match in reversed(found)}
        return tuple(sorted(matches.values(), key=_rank)[:limit])

    def _matches(self, term: str, count: int) -> list[CodeMatch]:
        """Matches from the lexicon, then exact, then similar ones; the first of a code counts."""
        listed = self.lexicon.find(term)
        known = self.code(listed.code) if listed else None
        matches = [CodeMatch(code=known, score=1.0, wording=term)] if known else []
        for found in [*self.exact(term), *self._matcher(ICD10CM).similar(term)][: 2 * count]:
            code = self.plain(found.code) or self.code(found.code)
            if code:
                score = found.score * (BELOW_LISTED if known else 1.0)
                matches.append(CodeMatch(code=code, score=score, wording=found.text))
        return matches

    def _named(self, term: str, system: str) -> list[CodeMatch]:
        """Matches among the wordings of another system than ICD-10-CM."""
        matcher = self._matcher(system)
        return [
            CodeMatch(code=code, score=found.score, wording=found.text)
            for found in (*matcher.exact(term), *matcher.similar(term))
            if (code := self.code(found.code, system))
        ]

    def describe(self, code: str) -> CodeDescription | None:
        """Everything about `code`; `None` where there is no such code."""
        entry = self.code(code)
        if entry is None:
            return None
        line = self._line(entry.code)
        about = self.facts(entry.code)
        query = "SELECT text FROM terms WHERE code = ? ORDER BY rowid"
        return CodeDescription(
            code=entry,
            chapter=self._title("SELECT title FROM blocks WHERE id = ?", self._chapter(entry.code)),
            parents=tuple((name, title) for name, title in reversed(line[1:])),
            inclusion_terms=tuple(text for (text,) in self._db.execute(query, (entry.code,))),
            severity=about.severity,
            payment=about.payment,
            notes=about.notes,
            children=self.children(entry.code),
        )

    def notes(self, code: str) -> tuple[Note, ...]:
        """The notes that hold for `code`: its own first, then those of all that is above it."""
        return tuple(self._notes(name for name, _ in self._line(dotted(code))))

    def facts(self, code: str) -> Facts:
        """What is published about a code of ICD-10-CM."""
        return self._facts(dotted(code))

    def _read_facts(self, name: str) -> Facts:
        severity = self._db.execute("SELECT level FROM severities WHERE code = ?", (name,))
        query = "SELECT category, label, year FROM categories WHERE code = ?"
        return Facts(
            notes=self.notes(name),
            severity=(severity.fetchone() or ("",))[0],
            payment=tuple(self._db.execute(query, (name,)).fetchall()),
            exempt=self._exempt(name),
        )

    def _exempt(self, code: str) -> bool | None:
        if self._db.execute("SELECT 1 FROM poa_exempt LIMIT 1").fetchone() is None:
            return None
        query = "SELECT 1 FROM poa_exempt WHERE code = ?"
        return self._db.execute(query, (code,)).fetchone() is not None

    def counts_beside(self, code: str, principal: str) -> bool:
        """Whether a CC or MCC counts as one where `principal` is the principal diagnosis."""
        query = (
            "SELECT 1 FROM severities s JOIN exclusions e ON e.id = s.exclusions"
            " WHERE s.code = ? AND e.code = ?"
        )
        return self._db.execute(query, (dotted(code), dotted(principal))).fetchone() is None

    @property
    def year(self) -> str:
        """The fiscal year of the list in use, such as "2026"; "" where it says none."""
        query = "SELECT value FROM meta WHERE name = 'version'"
        return str(self._db.execute(query).fetchone()[0]).partition(",")[0]

    def _line(self, code: str) -> list[tuple[str, str]]:
        """(code, title) of the code and of all above it, up to its section."""
        line: list[tuple[str, str]] = []
        query = "SELECT code, title, parent FROM codes WHERE code = ?"
        while row := self._db.execute(query, (code,)).fetchone():
            line.append((row[0], row[1]))
            code = row[2]
        if line:
            line.append((code, self._title("SELECT title FROM blocks WHERE id = ?", code)))
        return line

    def _notes(self, names: Iterable[str]) -> Iterable[Note]:
        query = "SELECT id, kind, text FROM notes WHERE code = ? ORDER BY id"
        spans = "SELECT first, last FROM note_ranges WHERE note = ?"
        for name in names:
            for number, kind, text in self._db.execute(query, (name,)).fetchall():
                ranges = tuple(self._db.execute(spans, (number,)).fetchall())
                yield Note(kind=kind, text=text, at=name, ranges=ranges)

    def _chapter(self, code: str) -> str:
        return self._title("SELECT chapter FROM codes WHERE code = ?", code)

    def _title(self, query: str, name: str) -> str:
        row = self._db.execute(query, (name,)).fetchone()
        return row[0] if row else ""


def open_knowledge(path: Path, lexicon: Path | None = None) -> Knowledge:
    """Open the code knowledge at `path`, and the lexicon beside it where one is named.

    Raises ConfigError, naming the remedy, where the file is missing, damaged or of another schema.
    """
    return Knowledge(path, lexicon)


def _connect(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise ConfigError(f"the code knowledge {path.name} is missing; {REMEDY}")
    # Read only, and asked by one thread at a time: any thread may.
    where = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    db = sqlite3.connect(where, uri=True, check_same_thread=False)
    try:
        row = db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    except sqlite3.DatabaseError:
        row = None
    if row != (SCHEMA,):
        db.close()
        raise ConfigError(f"the code knowledge {path.name} is of another version; {REMEDY}")
    return db


def _code(code: str, title: str, billable: int) -> Code:
    return Code(system=ICD10CM, code=code, title=title, billable=bool(billable))


def _other(system: str, code: str, title: str, billable: int) -> Code:
    return Code(system=system, code=code, title=title, billable=bool(billable))


def _rank(match: CodeMatch) -> tuple[float, int, str]:
    """Best first; of equals the shorter code, which says less."""
    return -match.score, len(match.code.code), match.code.code
