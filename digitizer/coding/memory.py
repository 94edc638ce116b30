"""What charts that were coded before say of a new one: their words with the codes given. Pure.

A key is one to three words that follow each other in a sentence, as stems, or a mark of what the
engine read: `=I10` for a code found, `~I10` for its category. Keys that stood in charts vote for
the codes of those charts, see `credit`. An example counts as soon as it is there, and is forgotten
as soon as it is taken away.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.text import TextSpan
from digitizer.coding.credit import DOUBT, Floats, Ints, Pairs, credited
from digitizer.coding.windows import windows
from digitizer.coding.words import stems

LONGEST = 3
"""Words of a key at most."""

COMMON = 0.5
"""A key that more than this share of the charts have says nothing."""

VOTES = 12
"""Features of a code's votes, see `Memory.votes`."""

CREDIT, TOGETHER = 9, 10
"""Places among them: the most credit of one key, and that of all keys together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A coded chart: its keys, its codes, what was suggested for it, what it names in full or part.

    `suggested`, `named` and `covered` are features by code.
    """

    keys: frozenset[str]
    codes: frozenset[str]
    suggested: Mapping[str, tuple[float, ...]]
    named: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    covered: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def marks(self) -> frozenset[str]:
        """Keys for what the engine read."""
        return frozenset(m for code in (*self.suggested, *self.named) for m in marks(code))


def marks(code: str) -> tuple[str, str]:
    """The keys for a code that was read: of itself and of its category."""
    return f"={code}", f"~{code[:3]}"


def keys_at(text: str) -> Iterator[tuple[str, TextSpan]]:
    """Every key of a text with its place."""
    return ((" ".join(run), span) for run, span in windows(text, LONGEST))


def keys_of(text: str) -> frozenset[str]:
    """The keys of a text."""
    return frozenset(key for key, _ in keys_at(text))


class Memory:
    """Coded charts, ready to be asked. `titles` are of codes, for keys that name them."""

    def __init__(self, examples: Sequence[Example], titles: Mapping[str, str]) -> None:
        self.examples, self.titles = examples, titles
        self.codes = sorted({code for e in examples for code in e.codes})
        self._number = {code: i for i, code in enumerate(self.codes)}
        self.categories = Counter(c for e in examples for c in {code[:3] for code in e.codes})
        seen = Counter(key for e in examples for key in (*e.keys, *e.marks))
        most = COMMON * len(examples)
        kept = sorted(key for key, charts in seen.items() if 2 <= charts <= most)
        self._word = {key: i for i, key in enumerate(kept)}
        self._seen = np.array([seen[key] for key in kept], np.float64)
        charts = [self._numbered(e) for e in examples]
        given = [codes for _, codes in charts]
        self._prior = np.bincount(_joined(given), minlength=len(self.codes)).astype(np.float64)
        self._pairs = self._paired(charts, kept)
        self._first = np.searchsorted(self._pairs.words, np.arange(len(kept) + 1))

    def without(self, places: Iterable[int]) -> Memory:
        """The memory of all charts but those at these places."""
        gone = frozenset(places)
        kept = [e for i, e in enumerate(self.examples) if i not in gone]
        return Memory(kept, self.titles)

    def _numbered(self, example: Example) -> tuple[Ints, Ints]:
        return self._known(example), np.array(sorted(self._number[c] for c in example.codes), int)

    def _known(self, example: Example) -> Ints:
        found = {self._word[k] for k in (*example.keys, *example.marks) if k in self._word}
        return np.array(sorted(found), np.int64)

    def _paired(self, charts: Sequence[tuple[Ints, Ints]], keys: Sequence[str]) -> Pairs:
        width = max(1, len(self.codes))
        met, given = np.unique(
            _joined([(w[:, None] * width + c).ravel() for w, c in charts]), return_counts=True
        )
        words, codes = met // width, met % width
        names = self._named(words, codes, keys)
        share = self._prior / max(1, len(self.examples))
        earned = credited(charts, names, (words, codes), self._seen, share)
        return Pairs(words, codes, given.astype(np.float64), names, earned)

    def _named(self, words: Ints, codes: Ints, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Of each pair whether a word of the key is in the title of the code."""
        titled: dict[str, set[int]] = defaultdict(set)
        for number, code in enumerate(self.codes):
            for word in {*stems(self.titles.get(code, "")), *marks(code)}:
                titled[word].add(number)
        first = np.searchsorted(words, np.arange(len(keys) + 1))
        names = np.zeros(len(words), np.bool_)
        for place, key in enumerate(keys):
            meant = set().union(*(titled.get(word, ()) for word in key.split()))
            if meant:
                here = slice(first[place], first[place + 1])
                names[here] = np.isin(codes[here], np.fromiter(meant, np.int64))
        return names

    def votes(self, example: Example) -> dict[str, tuple[float, ...]]:
        """For each code that the keys of a chart vote for VOTES features.

        They are: the best share of charts with a key that got the code (smoothed strongly and
        weakly), the votes together as one doubt, the best surprise, the log-likelihood of all keys
        and of the best; the best share, likelihood and credit of keys that name the code; the most
        credit of one key, that of all together, and the most charts that one key earned it on.
        """
        words = self._known(example)
        here = [np.arange(self._first[w], self._first[w + 1]) for w in words]
        return self._gathered(_joined(here)) if here else {}

    def _gathered(self, at: Ints) -> dict[str, tuple[float, ...]]:
        """The features of the pairs `at`, gathered by code."""
        if not len(at):
            return {}
        at = at[np.argsort(self._pairs.codes[at], kind="stable")]
        codes, given, names = self._pairs.codes[at], self._pairs.given[at], self._pairs.names[at]
        charts, earned = self._seen[self._pairs.words[at]], self._pairs.earned[at]
        expected = self._prior[codes] / len(self.examples)
        strong = (given + 2 * expected) / (charts + 2)
        weak = (given + 0.7 * expected) / (charts + 0.7)
        surprise = (given - charts * expected) / np.sqrt(charts * expected + 0.3)
        likely = given * np.log(np.maximum(strong / np.maximum(expected, 1e-4), 1e-9))
        credit = earned / (charts + DOUBT)
        starts = np.flatnonzero(np.r_[True, np.diff(codes) > 0])
        features = (
            _most(strong, starts),
            _most(weak, starts),
            np.log1p(_sum(_doubt(np.where(strong > 0.2, strong, 0.0)), starts)),
            _most(surprise, starts),
            np.log1p(_sum(np.maximum(likely, 0), starts)),
            _most(likely, starts),
            _most(np.where(names, strong, 0.0), starts),
            _most(np.where(names, likely, 0.0), starts),
            _most(np.where(names, credit, 0.0), starts),
            _most(credit, starts),
            1 - np.exp(-_sum(_doubt(credit), starts)),
            np.log1p(_most(earned, starts)),
        )
        table = np.stack(features, axis=1).tolist()
        return {self.codes[codes[s]]: tuple(row) for s, row in zip(starts, table, strict=True)}

    def given(self, code: str) -> int:
        """How many charts got the code."""
        number = self._number.get(code)
        return 0 if number is None else int(self._prior[number])

    def best_key(self, code: str, keys: Iterable[str]) -> str:
        """Of these keys the one that most credit for a code is due to; "" where none is."""
        number = self._number.get(code, -1)
        credit = ((self._credit(self._word[k], number), k) for k in keys if k in self._word)
        earned, key = max(credit, default=(0.0, ""), key=lambda pair: (pair[0], len(pair[1])))
        return key if earned > 0 else ""

    def _credit(self, word: int, code: int) -> float:
        first, end = self._first[word], self._first[word + 1]
        at = first + int(np.searchsorted(self._pairs.codes[first:end], code))
        if at >= end or self._pairs.codes[at] != code:
            return 0.0
        return float(self._pairs.earned[at] / (self._seen[word] + DOUBT))


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _doubt(likely: Floats) -> Floats:
    return np.asarray(-np.log1p(-np.minimum(likely, 0.95)), np.float64)


def _most(values: Floats, starts: Ints) -> Floats:
    return np.asarray(np.maximum.reduceat(values, starts), np.float64)


def _sum(values: Floats, starts: Ints) -> Floats:
    return np.asarray(np.add.reduceat(values, starts), np.float64)
