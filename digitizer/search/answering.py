"""One request on the segments of one commit: climb, gather, group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from digitizer.chart.search import (
    FACETS,
    MOST_VALUES,
    Facet,
    PageHit,
    SearchAnswer,
    SearchRequest,
)
from digitizer.search import ladder, note, ranking
from digitizer.search.codec import NO_IDS, Ids
from digitizer.search.evaluate import NOTHING, Evaluation, Scored, Statistics, TimeUp
from digitizer.search.ladder import Rung
from digitizer.search.meaning import NEAR_REACHES
from digitizer.search.plan import Plan
from digitizer.search.segment import Leaf
from digitizer.search.suggest import did_you_mean
from digitizer.search.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class _Found:
    """What one plan found: for each segment its pages. `complete` unless time ran out."""

    by_segment: tuple[Scored, ...]
    complete: bool = True

    def __len__(self) -> int:
        return sum(len(scored.ids) for scored in self.by_segment)


class Answering:
    """One request on the segments of one commit."""

    def __init__(self, leaves: Sequence[Leaf], request: SearchRequest, seconds: float) -> None:
        """Look at `leaves`, for at most `seconds`."""
        self._statistics = Statistics(leaves, seconds)
        self._request = request
        self._filters = ladder.filters(request)
        self._evaluations = [Evaluation(leaf, self._statistics) for leaf in leaves]
        self._starts = np.cumsum([0, *(len(leaf.alive) for leaf in leaves)])

    def answer(self, rungs: Iterable[Rung], synonyms: Synonyms) -> SearchAnswer:
        """The request's answer, from the rungs as far as they are needed."""
        climbed = list(ranking.climb(rungs, self._carry_out))
        pages, scores = self._gathered(climbed)
        groups, days = self._numbers("group")[pages], self._numbers("date")[pages]
        ranked = ranking.together(groups, scores, days, self._request)
        asked = [rung.plan for rung, _ in climbed]
        hits = tuple(self._hit(int(pages[i]), float(scores[i]), asked) for i in ranked.pages)
        return SearchAnswer(
            hits=hits,
            documents=len(ranked.matching),
            partial=not all(found.complete for _, found in climbed),
            note=note.of(self._request, synonyms, [r for r, found in climbed if len(found)], hits),
            suggestion=self._suggestion(climbed),
            facets=self._facets(pages, pages[ranked.matching]) if self._request.facets else (),
        )

    def _numbers(self, name: str) -> Ids:
        """A number of every page, numbered over all segments."""
        return np.concatenate([NO_IDS, *(e.leaf.columns.numbers[name] for e in self._evaluations)])

    def _suggestion(self, climbed: Sequence[tuple[Rung, _Found]]) -> str:
        if any(len(found) and rung.reach in NEAR_REACHES for rung, found in climbed):
            return ""
        leaves = [evaluation.leaf for evaluation in self._evaluations]
        return did_you_mean(
            self._request.query,
            lambda field, word: sum(e.live_pages_with(field, word) for e in self._evaluations),
            lambda field, word: {w for leaf in leaves for w in leaf.spelled_like(field, word)},
        )

    def _carry_out(self, rung: Rung) -> _Found:
        done: list[Scored] = []
        try:
            done.extend(e.weighed(rung.plan, self._filters) for e in self._evaluations)
        except TimeUp:
            missing = len(self._evaluations) - len(done)
            return _Found((*done, *[NOTHING] * missing), complete=False)
        return _Found(tuple(done))

    def _gathered(self, climbed: Sequence[tuple[Rung, _Found]]) -> tuple[Any, Any]:
        """Every page once, numbered over all segments, with the score of its nearest rung."""
        ids, scores = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        for rung, found in climbed:
            for start, scored in zip(self._starts[:-1], found.by_segment, strict=True):
                ids.append(scored.ids + start)
                scores.append(ranking.tiered(scored.scores, rung.tier))
        pages, first = np.unique(np.concatenate(ids), return_index=True)
        return pages, np.concatenate(scores)[first]

    def _at(self, page: int) -> tuple[Evaluation, int]:
        """The segment that a page is in, and the page's number there."""
        segment = int(np.searchsorted(self._starts, page, side="right")) - 1
        return self._evaluations[segment], page - int(self._starts[segment])

    def _hit(self, page: int, score: float, asked: Sequence[Plan]) -> PageHit:
        evaluation, local = self._at(page)
        return PageHit(
            uid=evaluation.leaf.uid(local),
            document=evaluation.leaf.card(local).document,
            score=score,
            terms=evaluation.terms(local, asked),
        )

    def _facets(self, pages: Ids, matching: Ids) -> tuple[Facet, ...]:
        """Counts of documents: by what all pages of one share, and by the codes of any page."""
        days = self._numbers("date")[matching]
        years = Counter(date.fromordinal(day).year for day in days[days >= 0].tolist())
        counts = {
            "type": self._labelled("type", matching),
            "year": {str(year): count for year, count in years.items()},
            "patient": self._labelled("patient", matching),
            "code": self._codes(pages),
            "source": self._labelled("source", matching),
        }
        return tuple(ranking.facet(name, counts[name]) for name in FACETS)

    def _labelled(self, name: str, matching: Ids) -> dict[str, int]:
        """The commonest labels; each is read off one of the pages that have it."""
        numbers = self._numbers(name)[matching]
        values, first, counts = np.unique(numbers, return_index=True, return_counts=True)
        commonest = np.lexsort((values, -counts))[: MOST_VALUES + 1]
        found = {}
        for i in commonest.tolist():
            evaluation, local = self._at(int(matching[first[i]]))
            found[str(getattr(evaluation.leaf.card(local), name))] = int(counts[i])
        return found

    def _codes(self, pages: Ids) -> Counter[str]:
        counts: Counter[str] = Counter()
        seen: dict[str, set[int]] = {}
        for evaluation, start in zip(self._evaluations, self._starts[:-1], strict=True):
            names, on, which = evaluation.leaf.codes()
            hit = np.zeros(len(evaluation.leaf.alive), np.bool_)
            local = pages - start
            hit[local[(local >= 0) & (local < len(hit))]] = True
            groups = evaluation.leaf.columns.numbers["group"][on]
            pairs = np.unique(np.stack([which, groups])[:, hit[on]], axis=1)
            for code, document in pairs.T.tolist():
                seen.setdefault(names[code], set()).add(document)
        counts.update({name: len(documents) for name, documents in seen.items()})
        return counts
