"""A second reviewer's blind sample, and how far two people agree. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One chart coded twice. `offered` are all codes that either could have taken or left."""

    offered: frozenset[str]
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Over all codes of all charts: how many both took, one took, nobody took.

    `percent` is the share that both judged alike (0 to 100), `kappa` is Cohen's (1960), the share
    beyond what chance alone gives: `None` where chance alone would give all of it, or nothing was
    judged.
    """

    charts: int
    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def judged(self) -> int:
        """How many codes were judged by both."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def percent(self) -> float | None:
        """Share judged alike, in percent."""
        return 100.0 * (self.both + self.neither) / self.judged if self.judged else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa."""
        if not self.judged:
            return None
        first = (self.both + self.only_first) / self.judged
        second = (self.both + self.only_second) / self.judged
        chance = first * second + (1 - first) * (1 - second)
        alike = (self.both + self.neither) / self.judged
        return None if chance == 1.0 else (alike - chance) / (1 - chance)


def sample(keys: Iterable[str], share: float, seed: str) -> Sequence[str]:
    """A share (0 to 1) of the keys, at least one of any: the same for the same seed and keys."""
    drawn = sorted(set(keys), key=lambda key: hashlib.sha256(f"{seed}\0{key}".encode()).digest())
    return drawn[: ceil(share * len(drawn))]


def agreement(pairs: Iterable[Pair]) -> Agreement:
    """Count over all pairs."""
    charts = both = only_first = only_second = neither = 0
    for pair in pairs:
        charts += 1
        both += len(pair.first & pair.second)
        only_first += len(pair.first - pair.second)
        only_second += len(pair.second - pair.first)
        neither += len(pair.offered - pair.first - pair.second)
    return Agreement(
        charts=charts,
        both=both,
        only_first=only_first,
        only_second=only_second,
        neither=neither,
    )
