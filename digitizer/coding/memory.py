"""What charts that were coded before say of a new one: their words with the codes given. Pure.

A key is one to three words that follow each other in a sentence, as stems. Where a key stood in
charts that got a code more often than others, it votes for the code. Nothing is fitted: an example
counts as soon as it is there, and is forgotten as soon as it is taken away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.text import TextSpan
from digitizer.coding.words import STOP_WORDS, fold, stem, stems

Votes = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]
"""Of a key: numbers of codes, in how many of its charts each was given, whether it names it."""

LONGEST = 3
"""Words of a key at most."""

COMMON = 0.8
"""A key that more than this share of the charts have says nothing."""

VOTES = 9
"""Features of a code's votes, see `Memory.votes`."""

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_STOP = re.compile(r"[.;:!?](?:\s|$)|\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A coded chart: its keys, its codes, and what was suggested for it (code → features)."""

    keys: frozenset[str]
    codes: frozenset[str]
    suggested: Mapping[str, tuple[float, ...]]


def keys_at(text: str) -> Iterator[tuple[str, TextSpan]]:
    """Every key of a text with its place."""
    run: list[tuple[str, int, int]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if _STOP.search(text, end, match.start()):
            run = []
        end = match.end()
        word = fold(match[0])
        if not word or word in STOP_WORDS:
            continue
        run = [*run, (stem(word.split()[0]), match.start(), match.end())][-LONGEST:]
        for size in range(1, len(run) + 1):
            part = run[-size:]
            yield " ".join(s for s, _, _ in part), TextSpan(part[0][1], part[-1][2])


def keys_of(text: str) -> frozenset[str]:
    """The keys of a text."""
    return frozenset(key for key, _ in keys_at(text))


class Memory:
    """Coded charts, ready to be asked. `titles` are of codes, for keys that name them."""

    def __init__(self, examples: Sequence[Example], titles: Mapping[str, str]) -> None:
        self.examples = examples
        self.codes = sorted({code for e in examples for code in e.codes})
        self._number = {code: i for i, code in enumerate(self.codes)}
        self._given = [
            np.array(sorted(self._number[c] for c in e.codes), np.int64) for e in examples
        ]
        self.prior = np.bincount(
            np.concatenate(self._given) if self._given else np.zeros(0, np.int64),
            minlength=len(self.codes),
        ).astype(np.float64)
        self.categories = Counter(c for e in examples for c in {code[:3] for code in e.codes})
        self._titles = [frozenset(stems(titles.get(code, ""))) for code in self.codes]
        self._places = self._postings()
        self._known: dict[str, Votes] = {}

    def _postings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i, example in enumerate(self.examples):
            for key in example.keys:
                found.setdefault(key, []).append(i)
        most = COMMON * len(self.examples)
        return {key: places for key, places in found.items() if 2 <= len(places) <= most}

    def votes(self, keys: Iterable[str], own: int = -1) -> dict[str, tuple[float, ...]]:
        """For each code that the keys vote for VOTES features; example `own` is left out.

        They are: the best share of charts with a key that got the code (smoothed strongly and
        weakly), the votes together as one doubt, the best surprise, the log-likelihood of all keys
        and of the best, and the best share and likelihood of keys that name the code.
        """
        held = [(self._key(key), len(self._places[key])) for key in keys if key in self._places]
        if not held:
            return {}
        codes = np.concatenate([votes[0] for votes, _ in held])
        given = np.concatenate([votes[1] for votes, _ in held])
        names = np.concatenate([votes[2] for votes, _ in held])
        charts = np.concatenate([np.full(len(v[0]), float(n)) for v, n in held])
        prior = self.prior.copy()
        total = float(len(self.examples))
        if own >= 0:
            mine = np.zeros(len(self.codes))
            mine[self._given[own]] = 1.0
            given, charts, prior, total = given - mine[codes], charts - 1, prior - mine, total - 1
        kept = given > 0
        return self._gathered(codes[kept], given[kept], charts[kept], names[kept], prior / total)

    def _key(self, key: str) -> Votes:
        """The codes of a key, how many of its charts got each, and whether it names it."""
        found = self._known.get(key)
        if found is None:
            every = np.concatenate([self._given[i] for i in self._places[key]])
            codes, counts = np.unique(every, return_counts=True)
            words = set(key.split())
            names = np.array([not words.isdisjoint(self._titles[c]) for c in codes], np.bool_)
            found = self._known[key] = (codes, counts.astype(np.float64), names)
        return found

    def _gathered(
        self,
        codes: NDArray[np.int64],
        given: NDArray[np.float64],
        charts: NDArray[np.float64],
        names: NDArray[np.bool_],
        share: NDArray[np.float64],
    ) -> dict[str, tuple[float, ...]]:
        if not len(codes):
            return {}
        order = np.argsort(codes, kind="stable")
        codes, given, charts, names = codes[order], given[order], charts[order], names[order]
        starts = np.flatnonzero(np.r_[True, np.diff(codes) > 0])
        expected = share[codes]
        strong = (given + 2 * expected) / (charts + 2)
        weak = (given + 0.7 * expected) / (charts + 0.7)
        surprise = (given - charts * expected) / np.sqrt(charts * expected + 0.3)
        likely = given * np.log(np.maximum(strong / np.maximum(expected, 1e-4), 1e-9))
        doubt = -np.log1p(-np.minimum(np.where(strong > 0.2, strong, 0.0), 0.95))
        features = (
            np.maximum.reduceat(strong, starts),
            np.maximum.reduceat(weak, starts),
            np.log1p(np.add.reduceat(doubt, starts)),
            np.maximum.reduceat(surprise, starts),
            np.log1p(np.add.reduceat(np.maximum(likely, 0), starts)),
            np.maximum.reduceat(likely, starts),
            np.maximum.reduceat(np.where(names, strong, 0.0), starts),
            np.maximum.reduceat(np.where(names, weak, 0.0), starts),
            np.maximum.reduceat(np.where(names, likely, 0.0), starts),
        )
        table = np.stack(features, axis=1)
        return {
            self.codes[codes[s]]: tuple(row) for s, row in zip(starts, table.tolist(), strict=True)
        }

    def given(self, code: str) -> int:
        """How many charts got the code."""
        number = self._number.get(code)
        return 0 if number is None else int(self.prior[number])

    def best_key(self, code: str, keys: Iterable[str]) -> str:
        """The key that votes most for a code: the longest of those that name it most often."""
        number = self._number.get(code, -1)
        best, most = "", 0.0
        for key in keys:
            if key not in self._places:
                continue
            codes, given, names = self._key(key)
            at = int(np.searchsorted(codes, number))
            if at < len(codes) and codes[at] == number:
                vote = given[at] / (len(self._places[key]) + 1) * (2.0 if names[at] else 1.0)
                if (vote, len(key)) > (most, len(best)):
                    best, most = key, float(vote)
        return best
