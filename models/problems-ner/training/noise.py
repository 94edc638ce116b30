"""Misreadings as they really occur: measured on pages of our own, and put into training text."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from digitizer.nlp.tables import read_table

LONGEST = 3
"""Characters of the longest stretch that counts as one misreading; longer ones are lost words."""

Edit = tuple[str, str]


def edits(meant: str, read: str) -> Iterator[Edit]:
    """What was printed and what was read for it, wherever the two texts part."""
    last: list[int] | None = None
    for code in Levenshtein.opcodes(meant, read):
        if code.tag == "equal":
            if last:
                yield meant[last[0] : last[1]], read[last[2] : last[3]]
            last = None
        elif last:
            last[1], last[3] = code.src_end, code.dest_end
        else:
            last = [code.src_start, code.src_end, code.dest_start, code.dest_end]
    if last:
        yield meant[last[0] : last[1]], read[last[2] : last[3]]


def counted(pairs: Iterable[tuple[str, str]]) -> Counter[Edit]:
    """How often each misreading occurs among (printed, read) texts; lines' ends count as spaces."""
    every = (edit for meant, read in pairs for edit in edits(_flat(meant), _flat(read)))
    return Counter(e for e in every if e[0] and len(e[0]) <= LONGEST and len(e[1]) <= LONGEST)


def _flat(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Noise:
    """Misreadings by the first character of what was printed, with their weights."""

    by_first: dict[str, tuple[list[Edit], list[float]]]
    shares: dict[str, float]

    @classmethod
    def load(cls, path: Path) -> Noise:
        """From a table of `printed`, `read`, `count`, in which a space is written `_`."""
        counts = Counter[Edit]()
        for row in read_table(path):
            edit = row["printed"].replace("_", " "), row["read"].replace("_", " ")
            counts[edit] += int(row["count"])
        return cls.of(counts)

    @classmethod
    def of(cls, counts: Counter[Edit]) -> Noise:
        """From counts of misreadings."""
        grouped: dict[str, list[tuple[Edit, int]]] = {}
        for edit, count in counts.items():
            grouped.setdefault(edit[0][0], []).append((edit, count))
        total = sum(counts.values()) / max(1, len(grouped))
        shares = {c: sum(n for _, n in es) / total for c, es in grouped.items()}
        by_first = {
            c: ([e for e, _ in es], list(accumulate(float(n) for _, n in es)))
            for c, es in grouped.items()
        }
        return cls(by_first, shares)

    def misread(self, row: dict[str, Any], rate: float, rng: random.Random) -> dict[str, Any]:
        """The row with about `rate` of its characters misread, its spans moved along."""
        text: str = row["text"]
        read, places = [], [0]
        at = 0
        while at < len(text):
            meant, got = self._one(text, at, rate, rng)
            read.append(got)
            places += [places[-1] + len(got)] * len(meant)
            at += len(meant)
        spans = [[places[s], places[e], label] for s, e, label in row["spans"]]
        return {**row, "text": "".join(read), "spans": [s for s in spans if s[0] < s[1]]}

    def _one(self, text: str, at: int, rate: float, rng: random.Random) -> Edit:
        char = text[at]
        if char not in self.by_first or rng.random() >= rate:
            return char, char
        possible, weights = self.by_first[char]
        edit = possible[bisect_left(weights, rng.random() * weights[-1])]
        return edit if text.startswith(edit[0], at) else (char, char)
