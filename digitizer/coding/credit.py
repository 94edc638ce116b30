"""Which words of coded charts their codes are due to. Pure.

A code stands on a chart because of some of its words, and a word that explains one code so explains
no other that merely comes along. Words share the credit for a code by how often they earned it on
all charts: expectation and maximisation, as words are aligned in translation (Brown et al., 1993,
model 1). What comes out is how likely a word alone brings a code, and words join as independent
causes do (noisy-or; Pearl, 1988).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ROUNDS = 3
"""Rounds of expectation and maximisation: more overfit (chosen on charts held back of training)."""

DOUBT = 2.0
"""Charts in which a word is taken to have earned nothing, beside those that it was met in."""

NAMING = 6.0
"""How many times more a word that names the code earns at first."""

NOBODY = 0.3
"""Of a code's share of all charts, what no word has to explain."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words and codes that met on a chart: sorted by word, then code.

    `given` counts the charts of the word that got the code, `names` says whether the word names it,
    `earned` is the credit of the word for the code, summed over charts.
    """

    words: Ints
    codes: Ints
    given: Floats
    names: NDArray[np.bool_]
    earned: Floats


def credited(
    charts: Sequence[tuple[Ints, Ints]],
    named: NDArray[np.bool_],
    pairs: tuple[Ints, Ints],
    seen: Floats,
    share: Floats,
) -> Floats:
    """The credit of each of the `pairs`, (words, codes) sorted, summed over the `charts`.

    A chart is its words and its codes. `seen` counts the charts of each word, `share` is the share
    of charts that got each code, `named` says of each pair whether the word names the code.
    """
    words, codes = pairs
    at, slot, nobody = _meetings(charts, pairs, share)
    given = np.bincount(at, minlength=len(words)).astype(np.float64)
    charts_of = seen[words]
    lift = np.minimum(given / (charts_of * share[codes] + 0.5), 10.0) / 10.0
    likely = given / (charts_of + DOUBT) * lift * np.where(named, NAMING, 1.0)
    earned: Floats = given
    for _ in range(ROUNDS):
        met = likely[at]
        rivals = np.bincount(slot, met, len(nobody)) + nobody
        earned = np.bincount(at, met / rivals[slot], len(words)).astype(np.float64)
        likely = earned / (charts_of + DOUBT)
    return earned


def _meetings(
    charts: Sequence[tuple[Ints, Ints]], pairs: tuple[Ints, Ints], share: Floats
) -> tuple[Ints, Ints, Floats]:
    """Every meeting of a word and a code on a chart: the number of the pair, the number of the code
    on its chart, and for each of the latter what nobody has to explain.
    """
    width = len(share)
    known = pairs[0] * width + pairs[1]
    at, slot, nobody = [], [], []
    done = 0
    for words, codes in charts:
        at.append(np.searchsorted(known, (words[:, None] * width + codes).ravel()))
        slot.append(np.tile(np.arange(done, done + len(codes)), len(words)))
        nobody.append(NOBODY * share[codes])
        done += len(codes)
    return np.concatenate(at), np.concatenate(slot), np.concatenate(nobody) + 1e-12
