"""An optional second backend: tantivy, an engine in Rust. It indexes thirty times as fast.

`pip install digitizer[tantivy]`, and `search.backend: tantivy` in config.yaml. It carries out the
same plans, so it finds the same pages; scores differ within a rung. The record of each page is kept
beside its words, since tantivy does not tell which words matched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from pydantic import TypeAdapter
from tantivy import DocAddress, FieldType, Occur, Query

from digitizer.chart.search import Facet, PageHit, PageRecord, SearchAnswer, SearchRequest
from digitizer.errors import DigitizerError
from digitizer.search import facets, generations, ladder, note, ranking
from digitizer.search import plan as plans
from digitizer.search.backend import IndexBroken
from digitizer.search.fields import NUMBER_FIELDS, WORD_FIELDS
from digitizer.search.held import Held
from digitizer.search.ladder import Rung
from digitizer.search.meaning import NEAR_REACHES
from digitizer.search.plan import Atom, How, Plan
from digitizer.search.suggest import did_you_mean
from digitizer.search.synonyms import NoSynonyms, Synonyms

VERSION = "tantivy 1"
"""Raise it with every change to what is indexed."""

_HEAP = 64_000_000
"""Bytes that the writer collects in memory; tantivy asks for 15 million at least."""

_RECORDS = TypeAdapter(PageRecord)
_NOTHING_SCORED = 0.0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uid", stored=True, tokenizer_name="raw")
    builder.add_bytes_field("record", stored=True)
    for name in WORD_FIELDS:
        builder.add_text_field(_words(name), tokenizer_name="raw")
    for name in NUMBER_FIELDS:
        builder.add_integer_field(_number(name), indexed=True, fast=True)
    return builder.build()


def _words(name: str) -> str:
    return f"{name}_words"


def _number(name: str) -> str:
    return f"{name}_number"


def _document(record: PageRecord) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("uid", record.uid)
    document.add_bytes("record", _RECORDS.dump_json(record))
    for name, placed in WORD_FIELDS.items():
        words = [tantivy.Token(word, position, 0, 0) for word, position in placed(record)]
        if words:
            text = tantivy.PreTokenizedString("", words)
            document.add_pre_tokenized_text(_words(name), text)
    for name, number in NUMBER_FIELDS.items():
        document.add_integer(_number(name), number(record))
    return document


class TantivyBackend:
    """See `SearchBackend`."""

    def __init__(self, folder: Path, synonyms: Synonyms | None = None) -> None:
        """Remember where the index is, and by which other names to look."""
        self._folder = Path(folder)
        self._synonyms = synonyms or NoSynonyms()
        self._turn = threading.RLock()
        self._opened: tuple[Path, tantivy.Index] | None = None
        self._seen: _Seen | None = None

    def open(self) -> None:
        """See `SearchBackend.open`."""
        generations.prepare(self._folder)
        if generations.never_used(self._folder):
            self.rebuild(())
        self.count()

    def close(self) -> None:
        """See `SearchBackend.close`."""
        with self._turn:
            self._opened = self._seen = None

    def count(self) -> int:
        """See `SearchBackend.count`."""
        with self._turn, _damage_is_broken():
            return self._latest().searcher.num_docs

    def uids(self) -> frozenset[str]:
        """See `SearchBackend.uids`."""
        with self._turn, _damage_is_broken():
            seen = self._latest()
            return frozenset(seen.uid(address) for _, address in seen.all_hits(Query.all_query()))

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """See `SearchBackend.update`."""
        with generations.writing(self._folder):
            added = {record.uid: record for record in records}
            generation = generations.current(self._folder, VERSION)
            with _damage_is_broken():
                index = tantivy.Index.open(str(generation))
            _write(index, generation, added.values(), {*added, *deletions})

    def rebuild(self, records: Iterable[PageRecord]) -> None:
        """See `SearchBackend.rebuild`."""
        with generations.writing(self._folder):
            generation = generations.fresh(self._folder)
            _write(tantivy.Index(_schema(), path=str(generation)), generation, records, ())
            generations.switch(generation)

    def tend(self) -> bool:
        """See `SearchBackend.tend`; tantivy merges by itself."""
        with _damage_is_broken():
            generations.check(generations.current(self._folder, VERSION), "")
        return False

    def verify(self) -> None:
        """See `SearchBackend.verify`."""
        with generations.writing(self._folder), _damage_is_broken():
            generations.check(generations.current(self._folder, VERSION), "", thoroughly=True)

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `SearchBackend.search`."""
        rungs = ladder.rungs(request, self._synonyms)
        with self._turn, _damage_is_broken():
            return _Answering(self._latest(), request).answer(rungs, self._synonyms)

    def _latest(self) -> _Seen:
        generation = generations.current(self._folder, VERSION)
        if self._opened is None or self._opened[0] != generation:
            self._opened = generation, tantivy.Index.open(str(generation))
        stamp = (generation / "meta.json").stat().st_ctime_ns
        if self._seen is None or (self._seen.generation, self._seen.stamp) != (generation, stamp):
            index = self._opened[1]
            index.reload()
            self._seen = _Seen(generation, stamp, index.schema, index.searcher())
        return self._seen


def _write(
    index: tantivy.Index, generation: Path, records: Iterable[PageRecord], gone: Iterable[str]
) -> None:
    writer = index.writer(_HEAP, 1)
    try:
        for uid in gone:
            writer.delete_documents_by_term("uid", uid)
        for record in records:
            writer.add_document(_document(record))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()
    generations.vouch(generation, VERSION)


@dataclass
class _Seen:
    """The index as of one commit."""

    generation: Path
    stamp: int
    schema: tantivy.Schema
    searcher: tantivy.Searcher

    def all_hits(self, query: Query) -> list[tuple[float, DocAddress]]:
        return self.searcher.search(query, max(self.searcher.num_docs, 1)).hits

    def uid(self, address: DocAddress) -> str:
        return str(self.searcher.doc(address)["uid"][0])

    def held(self, address: DocAddress) -> Held:
        return Held.of(_RECORDS.validate_json(self.searcher.doc(address)["record"][0]))

    def numbers(self, name: str, addresses: list[DocAddress]) -> NDArray[np.int64]:
        found = self.searcher.fast_field_values(_number(name), addresses)
        return np.array(found, np.int64)

    def pages_with(self, name: str, word: str) -> int:
        """On how many pages a word is, none of them removed."""
        return len(self.all_hits(self.term(name, word)))

    def term(self, name: str, word: str) -> Query:
        return Query.term_query(self.schema, _words(name), word)

    def beginning(self, name: str, prefix: str) -> list[str]:
        return [word for word, _ in self.searcher.terms_with_prefix(_words(name), prefix)]

    @cached_property
    def printed(self) -> list[str]:
        """Every word in a text."""
        return self.beginning("text", "")

    def spelled(self, name: str, how: How, word: str) -> list[str]:
        """The words of a field for which `word` stands; what is before a "|" must be equal."""
        lead, bar, bare = word.rpartition("|")
        head = "" if how is How.NEAR else bare.partition("*")[0]
        there = self.beginning(name, lead + bar + head)
        fitting = ranking.spelled(how, bare, [w.removeprefix(lead + bar) for w in there])
        return [there[place] for place in fitting]

    def query(self, plan: Plan) -> Query:
        """A plan in tantivy's words."""
        match plan:
            case plans.Every():
                return _unscored(Query.all_query())
            case Atom():
                return Query.boost_query(self._atom(plan), plan.weight)
            case plans.Between(name, first, last):
                return self._between(name, max(0, first), last)
            case plans.All(parts):
                return Query.boolean_query([(Occur.Must, self.query(part)) for part in parts])
            case plans.Any(parts):
                return Query.boolean_query([(Occur.Should, self.query(part)) for part in parts])
            case plans.Best(parts):
                return Query.disjunction_max_query([self.query(part) for part in parts])
            case plans.Except(part):
                every = (Occur.Must, _unscored(Query.all_query()))
                return Query.boolean_query([every, (Occur.MustNot, self.query(part))])
            case plans.Alike(name, counts):
                return self._alike(name, counts)

    def _atom(self, atom: Atom) -> Query:
        name, (first, *others) = atom.field, atom.words
        if atom.how in plans.SPELLINGS:
            words = self.spelled(name, atom.how, first)
            return Query.term_set_query(self.schema, _words(name), words)
        if atom.how is How.MISREAD:
            return self._misread(atom)
        if not others:
            return self.term(name, first)
        step = 0 if atom.how is How.TOGETHER else 1
        placed: list[str | tuple[int, str]] = list(
            dict.fromkeys((i * step, word) for i, word in enumerate(atom.words))
        )
        if len(placed) == 1:
            return self.term(name, first)
        return Query.phrase_query(self.schema, _words(name), placed)

    def _misread(self, atom: Atom) -> Query:
        """Pages with a reading of every word, each of which is then looked at."""
        joined = [a + b for a, b in pairwise(atom.words)]
        near = zip(atom.words, [*joined, ""], ["", *joined], strict=True)
        some = [self._readings(atom.field, words) for words in near]
        hits = self.all_hits(Query.boolean_query([(Occur.Must, one) for one in some]))
        held = [self.held(address) for _, address in hits]
        uids = [page.record.uid for page in held if page.matched(atom)]
        return Query.term_set_query(self.schema, "uid", uids)

    def _readings(self, name: str, words: Iterable[str]) -> Query:
        read = [r for word in words for r in ranking.misreadings(word, self.printed)]
        return Query.term_set_query(self.schema, _words(name), read)

    def _between(self, name: str, first: int, last: int) -> Query:
        if first > last:
            return Query.empty_query()
        return _unscored(
            Query.range_query(self.schema, _number(name), FieldType.Integer, first, last)
        )

    def _alike(self, name: str, counts: Sequence[tuple[str, int]]) -> Query:
        with_word = partial(self.searcher.doc_freq, _words(name))
        words, least = ranking.telling(counts, with_word, self.searcher.num_docs)
        some = [(Occur.Should, self.term(name, word)) for word in words]
        return Query.boolean_query(some, minimum_number_should_match=least)


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, _NOTHING_SCORED)


@dataclass
class _Found:
    """What one rung found: the pages, and their scores."""

    addresses: list[DocAddress] = field(default_factory=list)
    scores: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))

    def __len__(self) -> int:
        return len(self.addresses)


class _Answering:
    """One request on one commit."""

    def __init__(self, seen: _Seen, request: SearchRequest) -> None:
        self._seen, self._request = seen, request
        self._filters = [(Occur.Must, _unscored(seen.query(p))) for p in ladder.filters(request)]

    def answer(self, rungs: Iterable[Rung], synonyms: Synonyms) -> SearchAnswer:
        """The request's answer, from the rungs as far as they are needed."""
        climbed = list(ranking.climb(rungs, self._carry_out))
        addresses, scores = _gathered(climbed)
        numbers = partial(self._seen.numbers, addresses=addresses)
        groups = ranking.numbered(numbers("group"))
        ranked = ranking.together(groups, scores, numbers("date"), self._request)
        asked = [rung.plan for rung, _ in climbed]
        hits = tuple(self._hit(addresses[i], float(scores[i]), asked) for i in ranked.pages)
        helped = [rung for rung, found in climbed if len(found)]
        return SearchAnswer(
            hits=hits,
            documents=len(ranked.matching),
            note=note.of(self._request, synonyms, helped, hits),
            suggestion=self._suggestion(helped),
            facets=self._facets(addresses) if self._request.facets else (),
        )

    def _query(self, plan: Plan) -> Query:
        return Query.boolean_query([(Occur.Must, self._seen.query(plan)), *self._filters])

    def _carry_out(self, rung: Rung) -> _Found:
        hits = self._seen.all_hits(self._query(rung.plan))
        addresses = [address for _, address in hits]
        prior = ranking.prior(
            self._seen.numbers("date", addresses), self._seen.numbers("conf", addresses)
        )
        return _Found(addresses, np.array([score for score, _ in hits], np.float32) * prior)

    def _hit(self, address: DocAddress, score: float, asked: Sequence[Plan]) -> PageHit:
        held = self._seen.held(address)
        record = held.record
        return PageHit(
            uid=record.uid, document=record.document, score=score, terms=held.terms(asked)
        )

    def _suggestion(self, helped: Sequence[Rung]) -> str:
        if any(rung.reach in NEAR_REACHES for rung in helped):
            return ""
        return did_you_mean(self._request.query, self._seen.pages_with, self._near)

    def _near(self, name: str, word: str) -> list[str]:
        return self._seen.spelled(name, How.NEAR, word)

    def _facets(self, addresses: list[DocAddress]) -> tuple[Facet, ...]:
        return facets.of_records(self._seen.held(address).record for address in addresses)


def _gathered(
    climbed: Sequence[tuple[Rung, _Found]],
) -> tuple[list[DocAddress], NDArray[np.float32]]:
    """Every page once, in the index's order, with the score of its nearest rung."""
    best: dict[tuple[int, int], tuple[DocAddress, float]] = {}
    for rung, found in climbed:
        tiered = ranking.tiered(found.scores, rung.tier).tolist()
        for address, score in zip(found.addresses, tiered, strict=True):
            best.setdefault((address.segment_ord, address.doc), (address, score))
    ordered = [best[place] for place in sorted(best)]
    return [address for address, _ in ordered], np.array([s for _, s in ordered], np.float32)


@contextmanager
def _damage_is_broken() -> Iterator[None]:
    try:
        yield
    except DigitizerError:
        raise
    except Exception as error:  # whatever tantivy raises on what it cannot read
        raise IndexBroken from error
