"""Ranks the codes of a chart by what coders gave before: engine and memory weighed by one model.

The model is made of the examples themselves, each looked at as if it were new. Without examples
there is none, and suggestions keep their own scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.coding import CodeSuggestion
from digitizer.coding.boost import Trees, fit
from digitizer.coding.memory import VOTES, Example, Memory

Floats = NDArray[np.float64]

CANDIDATES = 120
"""Codes that memory alone may add to a chart's candidates."""

ENGINE = 7
"""Features of what was suggested, see `engine_features`."""

_SIGNS = ("a sign", "symptom", "part of")


def engine_features(suggestions: Sequence[CodeSuggestion]) -> dict[str, tuple[float, ...]]:
    """For each code suggested: score, whether and why withheld, how often said, its rank."""
    return {
        s.code.code: (
            s.score,
            float(s.suggested),
            float(s.withheld == "negated"),
            float(s.withheld.startswith(_SIGNS)),
            float(not s.suggested),
            float(np.log1p(len(s.evidence))),
            float(np.log1p(rank)),
        )
        for rank, s in enumerate(suggestions)
    }


def rows(
    memory: Memory,
    keys: Iterable[str],
    suggested: Mapping[str, Sequence[float]],
    own: int = -1,
) -> tuple[list[str], Floats]:
    """Candidates for a chart and their features; example `own` of the memory is left out."""
    votes = memory.votes(keys, own)
    strongest = sorted(votes, key=lambda c: -(votes[c][2] + 2 * votes[c][6]))[:CANDIDATES]
    codes = list(dict.fromkeys((*suggested, *strongest)))
    mine = memory.examples[own].codes if own >= 0 else frozenset()
    table = [_row(memory, code, suggested.get(code), votes.get(code), mine) for code in codes]
    return codes, np.array(table, np.float64).reshape(len(codes), -1)


def _row(
    memory: Memory,
    code: str,
    engine: Sequence[float] | None,
    votes: Sequence[float] | None,
    mine: frozenset[str],
) -> list[float]:
    said = list(engine or (0.0,) * (ENGINE - 1) + (5.0,))
    voted = list(votes or (0.0,) * VOTES)
    given = memory.given(code) - (code in mine)
    category = memory.categories[code[:3]] - any(c[:3] == code[:3] for c in mine)
    both = voted[1] * bool(engine)
    kinds = [float(code[0] == "R"), float(code[0] == "Z")]
    return [*said, *voted, float(np.log1p(given)), float(np.log1p(category)), both, *kinds]


def train(memory: Memory, at: Iterable[int] | None = None) -> Trees:
    """A ranker from the examples (those `at` these places), each as if it were new."""
    tables, answers = [], []
    for i in at if at is not None else range(len(memory.examples)):
        example = memory.examples[i]
        codes, table = rows(memory, example.keys, example.suggested, own=i)
        tables.append(table)
        answers += [float(code in example.codes) for code in codes]
    return fit(np.vstack([t for t in tables if t.size]), np.array(answers))


def ranked(memory: Memory, trees: Trees, example: Example) -> list[tuple[str, float]]:
    """Codes with how likely each is given, most likely first."""
    codes, table = rows(memory, example.keys, example.suggested)
    if not codes:
        return []
    likely = trees.probability(table)
    return sorted(zip(codes, likely.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))


def average_precision(order: Iterable[str], right: frozenset[str]) -> float:
    """Of a ranking against the codes that are right (0 to 1)."""
    hits, total = 0, 0.0
    for place, code in enumerate(order, 1):
        if code in right:
            hits += 1
            total += hits / place
    return total / len(right) if right else 0.0
