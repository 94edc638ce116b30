"""One request on the segments of one commit: climb, gather, group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.chart.search import (
    Facet,
    PageHit,
    SearchAnswer,
    SearchRequest,
)
from digitizer.search import facets, ladder, note, ranking
from digitizer.search.codec import NO_COUNTS, NO_IDS, Counts, Ids
from digitizer.search.evaluate import NOTHING, Evaluation, Scored, Statistics, TimeUp
from digitizer.search.ladder import Rung
from digitizer.search.meaning import NEAR_REACHES
from digitizer.search.plan import Atom, marked_atoms
from digitizer.search.stack import Stack
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

    def __init__(self, stack: Stack, request: SearchRequest, seconds: float) -> None:
        """Look at `stack`, for at most `seconds`."""
        self._stack = stack
        self._statistics = Statistics(stack, seconds)
        self._request = request
        self._filters = ladder.filters(request)
        self._evaluations = [Evaluation(leaf, self._statistics) for leaf in stack.leaves]

    def answer(self, rungs: Iterable[Rung], synonyms: Synonyms) -> SearchAnswer:
        """The request's answer, from the rungs as far as they are needed."""
        climbed = list(ranking.climb(rungs, self._carry_out))
        pages, scores = self._gathered(climbed)
        groups, days = self._stack.labels("group").of[pages], self._stack.days[pages]
        ranked = ranking.together(groups, scores, days, self._request)
        wanted = {atom for rung, _ in climbed for atom in marked_atoms(rung.plan)}
        hits = tuple(self._hit(int(pages[i]), float(scores[i]), wanted) for i in ranked.pages)
        return SearchAnswer(
            hits=hits,
            documents=len(ranked.matching),
            partial=not all(found.complete for _, found in climbed),
            note=note.of(self._request, synonyms, [r for r, found in climbed if len(found)], hits),
            suggestion=self._suggestion(climbed),
            facets=self._facets(pages, pages[ranked.matching]),
        )

    def _suggestion(self, climbed: Sequence[tuple[Rung, _Found]]) -> str:
        if any(len(found) and rung.reach in NEAR_REACHES for rung, found in climbed):
            return ""
        return did_you_mean(
            self._request.query,
            lambda field, word: sum(e.live_pages_with(field, word) for e in self._evaluations),
            lambda field, word: {
                w for leaf in self._stack.leaves for w in leaf.spelled_like(field, word)
            },
        )

    def _carry_out(self, rung: Rung) -> _Found:
        done: list[Scored] = []
        try:
            done.extend(e.weighed(rung.plan, self._filters) for e in self._evaluations)
        except TimeUp:
            missing = len(self._evaluations) - len(done)
            return _Found((*done, *[NOTHING] * missing), complete=False)
        return _Found(tuple(done))

    def _gathered(self, climbed: Sequence[tuple[Rung, _Found]]) -> tuple[Ids, Counts]:
        """Every page once, numbered over all segments, with the score of its nearest rung."""
        ids, scores = [NO_IDS], [NO_COUNTS]
        for rung, found in climbed:
            for start, scored in zip(self._stack.starts, found.by_segment, strict=False):
                ids.append(scored.ids + start)
                scores.append(ranking.tiered(scored.scores, rung.tier))
        pages, first = np.unique(np.concatenate(ids), return_index=True)
        return pages, np.concatenate(scores)[first]

    def _hit(self, page: int, score: float, wanted: Iterable[Atom]) -> PageHit:
        segment, local = self._stack.place(page)
        evaluation = self._evaluations[segment]
        return PageHit(
            uid=evaluation.leaf.uid(local),
            document=evaluation.leaf.card(local).document,
            score=score,
            terms=evaluation.terms(local, wanted),
        )

    def _facets(self, pages: Ids, matching: Ids) -> tuple[Facet, ...]:
        return facets.of_pages(self._stack, pages, matching) if self._request.facets else ()
