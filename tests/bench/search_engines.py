"""One search engine, built from chart pages and asked, in a process of its own.

    python -m tests.bench.search_engines ENGINE build FOLDER PAGES.jsonl NUMBER
    python -m tests.bench.search_engines ENGINE ask FOLDER QUERIES.json

The second prints what it measured as JSON. Times are of the CPU, for the machine may be busy.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from digitizer.chart.search import PageRecord, SearchRequest
from digitizer.search.whoosh import WhooshBackend

TOP = 20
"""Hits that each engine hands over."""

REPEATS = 3
"""Each query is asked so often; its median counts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of one class, as every engine can put it in its own words."""

    kind: str
    words: tuple[str, ...]
    doc_type: str = ""
    first: str = ""
    last: str = ""


@dataclass(slots=True)
class Measured:
    """`classes` are CPU milliseconds of each query; memory is in MB, `bytes` on disk."""

    engine: str
    build_seconds: float
    bytes: int
    open_ms: float = 0.0
    memory: float = 0.0
    add_ms: float = 0.0
    partial: int = 0
    classes: dict[str, list[float]] = field(default_factory=dict)


class Engine(Protocol):
    """A search engine in `folder`."""

    def __init__(self, folder: Path) -> None: ...

    def build(self, records: Iterator[PageRecord]) -> None: ...

    def open(self) -> None: ...

    def ask(self, asked: Asked, limit: int) -> Sequence[str]:
        """The uids of the best `limit` pages; a page of ours stands with those of its document."""

    def add(self, record: PageRecord) -> None:
        """So that the next question sees it."""


def read(path: Path, number: int) -> Iterator[PageRecord]:
    """The first pages of a file that the corpus generator wrote."""
    with path.open(encoding="utf-8") as file:
        for page in map(json.loads, islice(file, number)):
            yield PageRecord(
                uid=page["uid"],
                document=page["doc_id"],
                source=f"{page['doc_id']}.pdf",
                number=page["page"],
                text=page["text"],
                name=page["patient"],
                mrn=page["mrn"],
                doc_type=page["doc_type"],
                encounter_date=date.fromisoformat(page["date"]),
                codes=tuple(page["codes"]),
                entities=tuple(("PROBLEM", text, "affirmed") for text in page["entities"]),
            )


def queries(path: Path) -> Iterator[Asked]:
    """The queries of every class."""
    for kind, given in json.loads(path.read_text()).items():
        for one in given:
            if kind == "filtered":
                word, doc_type, first, last = one
                yield Asked(kind, (word,), doc_type, first, last)
            else:
                yield Asked(kind, (one,) if isinstance(one, str) else tuple(one))


class Ours:
    """digitizer's own backend, asked as a person would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._backend = WhooshBackend(folder)
        self.partial = 0

    def build(self, records: Iterator[PageRecord]) -> None:
        self._backend.rebuild(records)

    def open(self) -> None:
        self._backend.count()

    def ask(self, asked: Asked, limit: int) -> Sequence[str]:
        answer = self._backend.search(self._request(asked, limit))
        self.partial += answer.partial
        return [hit.uid for hit in answer.hits]

    def _request(self, asked: Asked, limit: int) -> SearchRequest:
        typed = {
            "phrase": f'"{" ".join(asked.words)}"',
            "prefix": f"{asked.words[0]}*",  # a wildcard is as it stands in the file
            "fuzzy": f"{asked.words[0]}~",
            "or5": " OR ".join(asked.words),
        }.get(asked.kind, " ".join(asked.words))
        request = SearchRequest(query=typed, limit=limit)
        if asked.kind == "filtered":
            request = replace(
                request,
                doc_type=asked.doc_type,
                date_from=date.fromisoformat(asked.first),
                date_to=date.fromisoformat(asked.last),
            )
        return replace(request, facets=True) if asked.kind == "facets" else request

    def add(self, record: PageRecord) -> None:
        self._backend.update([record])
        self._backend.count()


def _at(day: date | None) -> datetime | None:
    return datetime.combine(day, clock()) if day else None


class NaiveWhoosh:
    """Whoosh as its manual has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, records: Iterator[PageRecord]) -> None:
        from whoosh import fields, index

        self._folder.mkdir()
        schema = fields.Schema(
            uid=fields.ID(stored=True, unique=True),
            text=fields.TEXT,
            doc_type=fields.ID,
            date=fields.DATETIME,
        )
        writer = index.create_in(str(self._folder), schema).writer(limitmb=256)
        for record in records:
            writer.add_document(**self._row(record))
        writer.commit()

    @staticmethod
    def _row(record: PageRecord) -> dict[str, Any]:
        return {
            "uid": record.uid,
            "text": record.text,
            "doc_type": record.doc_type,
            "date": _at(record.encounter_date),
        }

    def open(self) -> None:
        from whoosh import index

        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def ask(self, asked: Asked, limit: int) -> Sequence[str]:
        from whoosh import query

        results = self._searcher.search(self._query(asked, query), limit=limit)
        return [hit["uid"] for hit in results]

    def _query(self, asked: Asked, query: Any) -> Any:
        words = [query.Term("text", word) for word in asked.words]
        match asked.kind:
            case "phrase":
                return query.Phrase("text", list(asked.words))
            case "prefix":
                return query.Prefix("text", asked.words[0])
            case "wildcard":
                return query.Wildcard("text", asked.words[0])
            case "fuzzy":
                return query.FuzzyTerm("text", asked.words[0], maxdist=2, prefixlength=0)
            case "or5":
                return query.Or(words)
            case "filtered":
                first, last = (_at(date.fromisoformat(day)) for day in (asked.first, asked.last))
                span = query.DateRange("date", first, last)
                return query.And([*words, query.Term("doc_type", asked.doc_type), span])
        return query.And(words)

    def add(self, record: PageRecord) -> None:
        writer = self._index.writer()
        writer.update_document(**self._row(record))
        writer.commit()
        self._searcher = self._index.searcher()


class Fts5:
    """SQLite's full-text index. It has no fuzzy words, and a wildcard only at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, records: Iterator[PageRecord]) -> None:
        self._folder.mkdir()
        self.open()
        self._base.executescript(
            "create table page(id integer primary key, uid text, doc_type text, date text);"
            "create index page_type on page(doc_type, date);"
            "create virtual table words using fts5(text, content='', tokenize='unicode61');"
        )
        with self._base:
            for record in records:
                self._put(record)

    def _put(self, record: PageRecord) -> None:
        done = self._base.execute(
            "insert into page(uid, doc_type, date) values (?, ?, ?)",
            (record.uid, record.doc_type, str(record.encounter_date)),
        )
        self._base.execute(
            "insert into words(rowid, text) values (?, ?)", (done.lastrowid, record.text)
        )

    def open(self) -> None:
        self._base = sqlite3.connect(self._folder / "index.sqlite")

    def ask(self, asked: Asked, limit: int) -> Sequence[str]:
        sought = {
            "phrase": f'"{" ".join(asked.words)}"',
            "prefix": f'"{asked.words[0]}"*',
            "or5": " OR ".join(f'"{word}"' for word in asked.words),
        }.get(asked.kind, " ".join(f'"{word}"' for word in asked.words))
        rows = self._base.execute(
            "select uid from words join page on page.id = words.rowid where words match ?"
            + (" and doc_type = ? and date between ? and ?" if asked.doc_type else "")
            + " order by rank limit ?",
            [sought, *([asked.doc_type, asked.first, asked.last] if asked.doc_type else []), limit],
        )
        return [uid for (uid,) in rows]

    def add(self, record: PageRecord) -> None:
        with self._base:
            self._put(record)


class Tantivy:
    """tantivy, a library in Rust, by its Python binding."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, records: Iterator[PageRecord]) -> None:
        import tantivy

        self._folder.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("uid", stored=True, tokenizer_name="raw")
        builder.add_text_field("text")
        builder.add_text_field("doc_type", tokenizer_name="raw")
        builder.add_integer_field("day", indexed=True, fast=True)
        tantivy.Index(builder.build(), path=str(self._folder))
        self.open()
        writer = self._index.writer(128_000_000, 1)
        for record in records:
            writer.add_document(self._document(record))
        writer.commit()
        writer.wait_merging_threads()

    @staticmethod
    def _document(record: PageRecord) -> Any:
        import tantivy

        day = record.encounter_date.toordinal() if record.encounter_date else 0
        return tantivy.Document(uid=record.uid, text=record.text, doc_type=record.doc_type, day=day)

    def open(self) -> None:
        import tantivy

        self._index = tantivy.Index.open(str(self._folder))
        self._searcher = self._index.searcher()

    def ask(self, asked: Asked, limit: int) -> Sequence[str]:
        found = self._searcher.search(self._query(asked), min(limit, 1_000_000))
        return [self._searcher.doc(address)["uid"][0] for _, address in found.hits]

    def _query(self, asked: Asked) -> Any:
        from tantivy import FieldType, Occur, Query

        schema = self._index.schema
        words = [Query.term_query(schema, "text", word) for word in asked.words]
        match asked.kind:
            case "phrase":
                return Query.phrase_query(schema, "text", list(asked.words))
            case "prefix":
                return Query.regex_query(schema, "text", f"{asked.words[0]}.*")
            case "wildcard":
                return Query.regex_query(schema, "text", asked.words[0].replace("*", ".*"))
            case "fuzzy":
                return Query.fuzzy_term_query(schema, "text", asked.words[0], distance=2)
            case "or5":
                return Query.boolean_query([(Occur.Should, word) for word in words])
            case "filtered":
                first, last = (date.fromisoformat(d).toordinal() for d in (asked.first, asked.last))
                words += [
                    Query.term_query(schema, "doc_type", asked.doc_type),
                    Query.range_query(schema, "day", FieldType.Integer, first, last),
                ]
        return Query.boolean_query([(Occur.Must, word) for word in words])

    def add(self, record: PageRecord) -> None:
        writer = self._index.writer(15_000_000, 1)
        writer.add_document(self._document(record))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()


ENGINES: dict[str, type[Engine]] = {
    "digitizer": Ours,
    "whoosh": NaiveWhoosh,
    "fts5": Fts5,
    "tantivy": Tantivy,
}
CANNOT = {("fts5", "fuzzy"), ("fts5", "wildcard")}
"""Classes that an engine has no words for."""

OURS_ALONE = ("facets",)
"""Classes that only our backend is asked."""


def build(engine: str, folder: Path, pages: Path, number: int) -> None:
    """Build anew, unless it was built before."""
    noted = folder.with_suffix(".built")
    if noted.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    records = read(pages, number)
    spent = _seconds(lambda: ENGINES[engine](folder).build(records))
    noted.write_text(str(spent - _seconds(lambda: deque(read(pages, number), maxlen=0))))


def ask(engine: str, folder: Path, asked: Sequence[Asked], into: Measured) -> None:
    """Ask everything of a newly opened engine."""
    searcher, start = ENGINES[engine](folder), time.process_time()
    searcher.open()
    searcher.ask(asked[0], TOP)
    into.open_ms = 1000 * (time.process_time() - start)
    for one in asked:
        if _can(engine, one):
            spent = [_seconds(partial(searcher.ask, one, TOP)) for _ in range(REPEATS)]
            into.classes.setdefault(one.kind, []).append(round(1000 * median(spent), 3))
    into.memory = _resident()
    into.partial = getattr(searcher, "partial", 0)
    added = PageRecord(
        uid=f"added{time.time_ns()}", document="added", source="a", number=1, text="zweihander"
    )
    into.add_ms = 1000 * _seconds(partial(searcher.add, added))
    assert added.uid in searcher.ask(Asked("rare", ("zweihander",)), TOP)


def _can(engine: str, asked: Asked) -> bool:
    if asked.kind in OURS_ALONE:
        return engine == "digitizer"
    return (engine, asked.kind) not in CANNOT


def _seconds(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def _resident() -> float:
    """Megabytes of this process in memory."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def main() -> None:
    """Build, or ask."""
    engine, deed, folder, *more = sys.argv[1:]
    if deed == "build":
        build(engine, Path(folder), Path(more[0]), int(more[1]))
    else:
        sys.stdout.write(json.dumps(asdict(_asked(engine, Path(folder), Path(more[0])))))


def _asked(engine: str, folder: Path, given: Path) -> Measured:
    asked = list(queries(given))
    asked += [replace(one, kind="facets") for one in asked if one.kind == "common"]
    files = (path for path in folder.rglob("*") if path.is_file())
    measured = Measured(
        engine,
        build_seconds=float(folder.with_suffix(".built").read_text()),
        bytes=sum(path.stat().st_size for path in files),
    )
    ask(engine, folder, asked, measured)
    return measured


if __name__ == "__main__":
    main()
