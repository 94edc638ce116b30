"""A search backend that keeps every page in memory and looks at each of them for each question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from digitizer.chart.search import PageHit, PageRecord, SearchAnswer, SearchRequest
from digitizer.search import facets, ladder, note, ranking
from digitizer.search.fields import NUMBER_FIELDS
from digitizer.search.held import Held
from digitizer.search.ladder import Rung
from digitizer.search.meaning import NEAR_REACHES
from digitizer.search.plan import How
from digitizer.search.suggest import did_you_mean
from digitizer.search.synonyms import Synonyms


class MemorySearch:
    """Simple and right rather than fast: what every other backend is compared with."""

    def __init__(self, synonyms: Synonyms | None = None) -> None:
        """Start empty; `synonyms` are used as by the real backend."""
        self._synonyms = synonyms
        self._pages: dict[str, Held] = {}

    def open(self) -> None:
        """Nothing to do."""

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """See `SearchBackend.update`."""
        added = {record.uid: Held.of(record) for record in records}
        gone = {*deletions, *added}
        kept = {uid: page for uid, page in self._pages.items() if uid not in gone}
        self._pages = {**kept, **added}

    def rebuild(self, records: Iterable[PageRecord]) -> None:
        """See `SearchBackend.rebuild`."""
        self._pages = {record.uid: Held.of(record) for record in records}

    def tend(self) -> bool:
        """Nothing to do."""
        return False

    def verify(self) -> None:
        """Nothing to do."""

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `SearchBackend.search`."""
        required = ladder.filters(request)

        def carry_out(rung: Rung) -> list[Held]:
            wanted = (rung.plan, *required)
            return [
                page
                for page in self._pages.values()
                if all(page.matches(plan, self._telling) for plan in wanted)
            ]

        climbed = list(ranking.climb(ladder.rungs(request, self._synonyms), carry_out))
        tiers: dict[str, int] = {}
        for rung, found in climbed:
            for page in found:
                tiers.setdefault(page.record.uid, rung.tier)
        return self._answer(request, tiers, [rung for rung, found in climbed if found])

    def _telling(self, counts: Sequence[tuple[str, int]]) -> tuple[list[str], int]:
        return ranking.telling(counts, partial(self._pages_with, "text"), len(self._pages))

    def _pages_with(self, field: str, word: str) -> int:
        return sum(word in page.words[field] for page in self._pages.values())

    def _answer(
        self, request: SearchRequest, tiers: dict[str, int], helped: Sequence[Rung]
    ) -> SearchAnswer:
        pages = [self._pages[uid] for uid in tiers]
        groups, days = (
            np.array([NUMBER_FIELDS[name](page.record) for page in pages], np.int64)
            for name in ("group", "date")
        )
        scores = np.array([tier + 0.5 for tier in tiers.values()], np.float32)
        ranked = ranking.together(ranking.numbered(groups), scores, days, request)
        asked = [rung.plan for rung in helped]
        hits = tuple(
            PageHit(
                uid=pages[i].record.uid,
                document=pages[i].record.document,
                score=float(scores[i]),
                terms=pages[i].terms(asked),
            )
            for i in ranked.pages
        )
        return SearchAnswer(
            hits=hits,
            documents=len(ranked.matching),
            note=note.of(request, self._synonyms, helped, hits),
            suggestion=self._suggestion(request.query, helped),
            facets=facets.of_records(page.record for page in pages) if request.facets else (),
        )

    def _suggestion(self, typed: str, helped: Sequence[Rung]) -> str:
        if any(rung.reach in NEAR_REACHES for rung in helped):
            return ""
        return did_you_mean(typed, self._pages_with, self._spelled_like)

    def _spelled_like(self, field: str, word: str) -> Sequence[str]:
        words = sorted({held for page in self._pages.values() for held in page.words[field]})
        return [words[place] for place in ranking.spelled(How.NEAR, word, words)]

    def count(self) -> int:
        """See `SearchBackend.count`."""
        return len(self._pages)

    def uids(self) -> frozenset[str]:
        """See `SearchBackend.uids`."""
        return frozenset(self._pages)

    def close(self) -> None:
        """Nothing to do; the pages stay."""
