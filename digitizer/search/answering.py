"""One request on the segments of one commit: climb, gather, group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitizer.chart.search import PageHit, SearchAnswer, SearchRequest
from digitizer.search import plan, query, ranking
from digitizer.search.evaluate import NOTHING, Evaluation, Scored, Statistics, TimeUp
from digitizer.search.plan import Plan, Rung
from digitizer.search.segment import Leaf


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
        statistics = Statistics(leaves, seconds)
        self._request = request
        self._filters = plan.filters(request)
        self._evaluations = [Evaluation(leaf, statistics) for leaf in leaves]
        self._starts = np.cumsum([0, *(len(leaf.alive) for leaf in leaves)])

    def answer(self, rungs: Iterable[Rung]) -> SearchAnswer:
        """The request's answer, from the rungs as far as they are needed."""
        climbed = list(ranking.climb(rungs, self._carry_out))
        pages, scores = self._gathered(climbed)
        groups = np.concatenate([e.leaf.columns.groups for e in self._evaluations] or [pages])
        ranked = ranking.together(groups[pages], scores, self._request.limit)
        asked = [rung.plan for rung, _ in climbed]
        return SearchAnswer(
            hits=tuple(self._hit(int(pages[i]), float(scores[i]), asked) for i in ranked.pages),
            documents=ranked.documents,
            partial=not all(found.complete for _, found in climbed),
            note=self._note(climbed),
        )

    def _carry_out(self, rung: Rung) -> _Found:
        done: list[Scored] = []
        try:
            done.extend(e.hits(rung.plan, self._filters) for e in self._evaluations)
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

    def _hit(self, page: int, score: float, asked: Sequence[Plan]) -> PageHit:
        segment = int(np.searchsorted(self._starts, page, side="right")) - 1
        evaluation, local = self._evaluations[segment], page - int(self._starts[segment])
        kind, _, name = evaluation.leaf.group(local).partition(" ")
        return PageHit(
            uid=evaluation.leaf.uid(local),
            document=name if kind == "document" else "",
            score=score,
            terms=evaluation.terms(local, asked),
        )

    def _note(self, climbed: Sequence[tuple[Rung, _Found]]) -> str:
        widened = next((rung.note for rung, found in climbed if len(found)), "")
        taken = plan.reading(query.parse(self._request.query))
        return "; ".join(filter(None, [taken, widened]))
