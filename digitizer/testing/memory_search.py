"""A search backend that keeps every page in memory and looks at each of them for each question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.chart.search import PageHit, PageRecord, SearchAnswer, SearchRequest
from digitizer.search import plan as plans
from digitizer.search import query, ranking
from digitizer.search.fields import DAY_FIELDS, WORD_FIELDS, group
from digitizer.search.plan import Atom, Days, How, Plan, Rung
from digitizer.search.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class _Held:
    """A page with its words: field → word → positions."""

    record: PageRecord
    words: dict[str, dict[str, list[int]]]

    @classmethod
    def of(cls, record: PageRecord) -> _Held:
        words: dict[str, dict[str, list[int]]] = {name: {} for name in WORD_FIELDS}
        for name, placed in WORD_FIELDS.items():
            for word, position in placed(record):
                words[name].setdefault(word, []).append(position)
        return cls(record, words)

    def matches(self, plan: Plan) -> bool:
        match plan:
            case plans.Every():
                return True
            case Atom():
                return bool(self.matched(plan))
            case Days(field, first, last):
                day = DAY_FIELDS[field](self.record)
                return day > 0 and first.toordinal() <= day <= last.toordinal()
            case plans.All(parts):
                return all(map(self.matches, parts))
            case plans.Any(parts) | plans.Best(parts):
                return any(map(self.matches, parts))
            case plans.Except(part):
                return not self.matches(part)

    def matched(self, atom: Atom) -> Sequence[str]:
        """The words of this page that make it match; none where it does not."""
        words, first = self.words[atom.field], atom.words[0]
        match atom.how:
            case How.PREFIX:
                return [word for word in words if word.startswith(first)]
            case How.NEAR:
                lead, bar, bare = first.rpartition("|")
                there = [w.removeprefix(lead + bar) for w in words if w.startswith(lead + bar)]
                return [lead + bar + word for word in ranking.near(bare, there)]
            case How.RUN:
                starts = (
                    {at - i for at in words.get(word, ())} for i, word in enumerate(atom.words)
                )
            case How.TOGETHER:
                starts = (set(words.get(word, ())) for word in atom.words)
        return atom.words if set.intersection(*starts) else ()


class MemorySearch:
    """Simple and right rather than fast: what every other backend is compared with."""

    def __init__(self, synonyms: Synonyms | None = None) -> None:
        """Start empty; `synonyms` are used as by the real backend."""
        self._synonyms = synonyms
        self._pages: dict[str, _Held] = {}

    def open(self) -> None:
        """Nothing to do."""

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """See `SearchBackend.update`."""
        added = {record.uid: _Held.of(record) for record in records}
        gone = {*deletions, *added}
        kept = {uid: page for uid, page in self._pages.items() if uid not in gone}
        self._pages = {**kept, **added}

    def rebuild(self, records: Iterable[PageRecord]) -> None:
        """See `SearchBackend.rebuild`."""
        self._pages = {record.uid: _Held.of(record) for record in records}

    def tend(self) -> bool:
        """Nothing to do."""
        return False

    def verify(self) -> None:
        """Nothing to do."""

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `SearchBackend.search`."""
        required = plans.filters(request)
        pages = [p for p in self._pages.values() if all(map(p.matches, required))]

        def carry_out(rung: Rung) -> list[_Held]:
            return [page for page in pages if page.matches(rung.plan)]

        climbed = list(ranking.climb(plans.rungs(request, self._synonyms), carry_out))
        tiers: dict[str, int] = {}
        for rung, found in climbed:
            for page in found:
                tiers.setdefault(page.record.uid, rung.tier)
        note = "; ".join(filter(None, [plans.reading(query.parse(request.query)), _note(climbed)]))
        return self._answer(tiers, [rung.plan for rung, _ in climbed], request.limit, note)

    def _answer(
        self, tiers: dict[str, int], asked: Sequence[Plan], limit: int, note: str
    ) -> SearchAnswer:
        pages = [self._pages[uid] for uid in tiers]
        names = [group(page.record) for page in pages]
        ordinals = {name: number for number, name in enumerate(dict.fromkeys(names))}
        groups = np.array([ordinals[name] for name in names], np.int64)
        scores = np.array([tier + 0.5 for tier in tiers.values()], np.float32)
        ranked = ranking.together(groups, scores, limit)
        hits = tuple(
            PageHit(
                uid=pages[i].record.uid,
                document=pages[i].record.document,
                score=float(scores[i]),
                terms=_terms(pages[i], asked),
            )
            for i in ranked.pages
        )
        return SearchAnswer(hits=hits, documents=ranked.documents, note=note)

    def count(self) -> int:
        """See `SearchBackend.count`."""
        return len(self._pages)

    def uids(self) -> frozenset[str]:
        """See `SearchBackend.uids`."""
        return frozenset(self._pages)

    def close(self) -> None:
        """Nothing to do; the pages stay."""


def _note(climbed: Sequence[tuple[Rung, list[_Held]]]) -> str:
    return next((rung.note for rung, found in climbed if found), "")


def _terms(page: _Held, asked: Sequence[Plan]) -> tuple[str, ...]:
    words = {
        plans.mark(word)
        for plan in asked
        for atom in plans.marked_atoms(plan)
        for word in page.matched(atom)
    }
    return tuple(sorted(words))
