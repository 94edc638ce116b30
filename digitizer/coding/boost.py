"""Gradient-boosted symmetric trees for a yes/no question: small, exact to repeat, in plain NumPy.

Each tree asks the same `DEPTH` questions of every row, so a tree is a table of 2**DEPTH values.
The method is that of Friedman (2001) with Newton steps; the trees are the oblivious ones of
CatBoost (Prokhorenkova et al., 2018). No library is needed for a few tens of thousands of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEPTH, BINS = 5, 24
RATE, SMOOTH, LEAST = 0.08, 3.0, 20.0
"""Step of each tree, L2 on its leaves, and the rows that a question must part."""


@dataclass(frozen=True, slots=True)
class Trees:
    """`asks[t, d]` is a feature, `cuts[t, d]` its threshold, `leaves[t]` log-odds beside `base`."""

    base: float
    asks: NDArray[np.int64]
    cuts: Floats
    leaves: Floats

    def probability(self, rows: Floats) -> Floats:
        """How likely the answer is yes, a row."""
        odds = np.full(len(rows), self.base)
        for ask, cut, leaf in zip(self.asks, self.cuts, self.leaves, strict=True):
            odds += leaf[_leaf(rows[:, ask] > cut)]
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)

    def as_json(self) -> dict[str, Any]:
        """In plain numbers."""
        arrays = {"asks": self.asks, "cuts": self.cuts, "leaves": self.leaves}
        return {"base": self.base} | {name: array.tolist() for name, array in arrays.items()}


def trees_of(made: dict[str, Any]) -> Trees:
    """What `as_json` wrote."""
    return Trees(
        float(made["base"]),
        np.array(made["asks"], np.int64),
        np.array(made["cuts"], np.float64),
        np.array(made["leaves"], np.float64),
    )


def fit(rows: Floats, answers: Floats, rounds: int = 160) -> Trees:
    """Learn from rows of features and answers of 0 or 1."""
    cuts = _cuts(rows)
    binned = np.stack(
        [np.searchsorted(cuts[f], rows[:, f], side="left") for f in range(rows.shape[1])]
    )
    share = float(np.clip(answers.mean(), 1e-4, 1 - 1e-4))
    base = float(np.log(share / (1 - share)))
    odds = np.full(len(rows), base)
    made = []
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-odds))
        asked, leaf = _grow(binned, answers - p, p * (1 - p))
        size = 2**DEPTH
        up = np.bincount(leaf, answers - p, size)
        values = RATE * up / (np.bincount(leaf, p * (1 - p), size) + SMOOTH)
        odds += values[leaf]
        made.append(([f for f, _ in asked], [cuts[f][b] for f, b in asked], values))
    return Trees(
        base,
        np.array([m[0] for m in made], np.int64),
        np.array([m[1] for m in made], np.float64),
        np.array([m[2] for m in made], np.float64),
    )


def _cuts(rows: Floats) -> list[Floats]:
    """Up to BINS thresholds a feature, at its quantiles."""
    points = np.linspace(0, 1, BINS + 2)[1:-1]
    found = [np.unique(np.quantile(column, points)) for column in rows.T]
    return [
        cuts if len(cuts) > 1 or column.min() == column.max() else np.unique(column)[:-1][:BINS]
        for cuts, column in zip(found, rows.T, strict=True)
    ]


def _grow(
    binned: NDArray[np.int64], up: Floats, weight: Floats
) -> tuple[list[tuple[int, int]], NDArray[np.int64]]:
    """The questions of one tree, and the leaf that each row falls into."""
    leaf = np.zeros(binned.shape[1], np.int64)
    asked = []
    for _ in range(DEPTH):
        count = int(leaf.max()) + 1
        gains = [_gain(column, leaf, count, up, weight) for column in binned]
        feature = int(np.argmax([gain for gain, _ in gains]))
        cut = gains[feature][1]
        asked.append((feature, cut))
        leaf = 2 * leaf + (binned[feature] > cut)
    return asked, leaf


def _gain(
    column: NDArray[np.int64], leaf: NDArray[np.int64], count: int, up: Floats, weight: Floats
) -> tuple[float, int]:
    """The best gain of one feature over all leaves together, and its cut."""
    width = BINS + 2
    place = leaf * width + column
    size = count * width
    ups = np.bincount(place, up, size).reshape(count, width).cumsum(1)
    weights = np.bincount(place, weight, size).reshape(count, width).cumsum(1)
    rows = np.bincount(place, minlength=size).reshape(count, width).cumsum(1)
    whole, heavy, many = ups[:, -1:], weights[:, -1:], rows[:, -1:].sum()
    gain = (ups**2 / (weights + SMOOTH) + (whole - ups) ** 2 / (heavy - weights + SMOOTH)).sum(0)
    parted = rows.sum(0)
    gain[(parted < LEAST) | (many - parted < LEAST)] = -1.0
    gain[int(column.max()) :] = -1.0
    best = int(np.argmax(gain))
    return float(gain[best]), min(best, max(0, int(column.max()) - 1))


def _leaf(answers: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The number of the leaf: the first question is its highest bit."""
    powers = 2 ** np.arange(answers.shape[1] - 1, -1, -1)
    return np.asarray(answers @ powers, np.int64)
