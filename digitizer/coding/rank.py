"""Ranks the codes of a chart by what coders gave before: engine and memory weighed by one model.

The model is made of the examples themselves, each looked at as if it were new. Without examples
there is none, and suggestions keep their own scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.coding import CodeSuggestion
from digitizer.coding.boost import Trees, fit
from digitizer.coding.covered import COVERED
from digitizer.coding.memory import CREDIT, TOGETHER, VOTES, Example, Memory

Floats = NDArray[np.float64]

CANDIDATES = 150
"""Codes that memory alone may add to a chart's candidates."""

HALF, NEARLY_NAMED = 0.5, 100
"""Codes that are nearly named join the candidates: so many, of whose names half or more is said."""

FOLDS = 10
"""Into how many parts the examples are cut to look at each as if it were new."""

NAMED = 3
"""Features of what is named, see `named.Named`."""

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


def rows(memory: Memory, example: Example) -> tuple[list[str], Floats]:
    """Candidates for a chart that is not in the memory, and their features."""
    votes = memory.votes(example)
    likely = {code: vote[TOGETHER] + vote[CREDIT] for code, vote in votes.items()}
    strongest = sorted(likely, key=lambda code: (-likely[code], code))[:CANDIDATES]
    codes = list(
        dict.fromkeys((*example.suggested, *example.named, *strongest, *_nearly_named(example)))
    )
    kin = _Kin(votes, example)
    table = [
        (*_said(example, c), *_voted(memory, votes, c), *kin.features(c), *_covered(example, c))
        for c in codes
    ]
    return codes, np.array(table, np.float64) if codes else np.empty((0, 0))


def _nearly_named(example: Example) -> list[str]:
    return [code for code, row in example.covered.items() if row[0] >= HALF][:NEARLY_NAMED]


def _said(example: Example, code: str) -> tuple[float, ...]:
    """What the engine says of a code by itself."""
    suggested = example.suggested.get(code) or (0.0,) * (ENGINE - 1) + (5.0,)
    return *suggested, *(example.named.get(code) or (0.0,) * NAMED)


def _covered(example: Example, code: str) -> tuple[float, ...]:
    """How much of its name the text says. Last in a row: older rankers do not ask for it."""
    return example.covered.get(code) or (0.0,) * COVERED


def _voted(memory: Memory, votes: Mapping[str, Sequence[float]], code: str) -> tuple[float, ...]:
    """What coded charts say of it."""
    category = float(np.log1p(memory.categories[code[:3]]))
    return *votes.get(code, (0.0,) * VOTES), float(np.log1p(memory.given(code))), category


class _Kin:
    """What stands on the chart beside a code, in its category."""

    def __init__(self, votes: Mapping[str, Sequence[float]], example: Example) -> None:
        self._read = Counter(code[:3] for code in example.suggested)
        self._votes: dict[str, float] = {}
        for code, vote in votes.items():
            self._votes[code[:3]] = max(self._votes.get(code[:3], 0.0), vote[TOGETHER])

    def features(self, code: str) -> tuple[float, ...]:
        """How strongly the category is voted for and how often read, and two kinds of codes."""
        kinds = float(code[0] == "R"), float(code[0] == "Z")
        return self._votes.get(code[:3], 0.0), float(self._read[code[:3]]), *kinds


def train(memory: Memory) -> Trees:
    """A ranker from the examples, each looked at by a memory that does not know it."""
    tables, answers = [], []
    for fold in range(FOLDS):
        mine = range(fold, len(memory.examples), FOLDS)
        others = memory.without(mine)
        for example in (memory.examples[i] for i in mine):
            codes, table = rows(others, example)
            tables.append(table)
            answers += [float(code in example.codes) for code in codes]
    return fit(np.vstack([t for t in tables if t.size]), np.array(answers))


def ranked(memory: Memory, trees: Trees, example: Example) -> list[tuple[str, float]]:
    """Codes with how likely each is given, most likely first."""
    codes, table = rows(memory, example)
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
