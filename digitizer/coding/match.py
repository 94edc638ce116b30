"""From a term to the wordings of codes that it may mean. Reads the tables that `index` makes.

The words of the term find candidates by BM25; a word that no wording holds is replaced by those it
looks like. The candidates are then ranked by how much of the term they cover, how much of them the
term leaves unsaid, and how alike the two are letter by letter.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from digitizer.coding.coverage import Coverage
from digitizer.coding.index import IDS, IMPACTS
from digitizer.coding.words import fold, folded_stems, gram_weights, grams, key, stems

CANDIDATES = 150
"""How many of the best by BM25 are compared letter by letter (the right one is among them for
70 % of hard synonyms, against 61 % found in the first ten)."""

ASKED = 500
"""Keys that are looked up at once."""

LOOKALIKES = 3
ALIKE = 0.55
"""How many known words stand in for an unknown one, and how alike they must be (Dice of grams)."""

UNKNOWN_RARITY = 8.0
"""What a word that no wording holds weighs in a term: as much as a rare one."""

BM25, COVERED, SAID, LETTERS, OTHER = 0.15, 0.25, 0.15, 0.45, -0.04
"""Weights of the five features; the first four sum to 1. Measured on synonyms of disease ontologies
and on ICD-9 titles: every mix near this one is within a point in either, so they are round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A wording that a term may mean; `score` from 0 to 1, 1 where they are the same."""

    code: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class _Posting:
    rarity: float
    ids: NDArray[np.uint32]
    impacts: NDArray[np.float32]


class Matcher:
    """Looks terms up among the wordings of one code system of an open code knowledge file."""

    def __init__(self, db: sqlite3.Connection, system: str) -> None:
        self._db = db
        self._system = system
        query = "SELECT first, size FROM spans WHERE system = ?"
        span: tuple[int, int] = db.execute(query, (system,)).fetchone() or (0, 0)
        self._first, self._size = span
        query = "SELECT gram, rarity FROM grams WHERE system = ?"
        self._rarity = dict(db.execute(query, (system,)))
        self._posting = lru_cache(maxsize=2_000)(self._read_posting)

    def exact(self, term: str) -> list[Found]:
        """Wordings of the same words as `term`, whatever their order and endings."""
        query = (
            "SELECT code, text, folded FROM keys JOIN entries ON id = entry"
            " WHERE key = ? AND keys.system = ?"
        )
        folded = fold(term)
        return [
            Found(code=code, text=text, score=1.0 if same == folded else 0.97)
            for code, text, same in self._db.execute(query, (key(term), self._system))
        ]

    def called(self, keys: Collection[str]) -> dict[str, list[str]]:
        """For each of these keys that is a whole wording, the codes so called."""
        found: dict[str, list[str]] = {}
        wanted = list(keys)
        for at in range(0, len(wanted), ASKED):
            some = wanted[at : at + ASKED]
            places = ",".join("?" * len(some))
            query = (
                "SELECT key, code FROM keys JOIN entries ON id = entry"  # noqa: S608 - question marks
                f" WHERE keys.system = ? AND key IN ({places})"
            )
            for words, code in self._db.execute(query, (self._system, *some)):
                found.setdefault(words, []).append(code)
        return found

    def coverage(self, listed: Sequence[tuple[str, str]]) -> Coverage:
        """How much of each wording, and of `listed` (code, name), a text says."""
        return Coverage(self._db, self._system, self._holders, listed)

    def _holders(self, word: str) -> tuple[float, NDArray[np.uint32]] | None:
        posting = self._posting(word)
        return (posting.rarity, posting.ids) if posting else None

    def similar(self, term: str) -> list[Found]:
        """The wordings most like `term`, best first: at most CANDIDATES of them."""
        if not self._size:
            return []
        meant = self._meant(term)
        scores = self._bm25(meant)
        rows = self._rows(scores)
        if not rows:
            return []
        total = self._weight(term)
        letters = gram_weights(grams(fold(term)), self._rarity, UNKNOWN_RARITY)
        size = math.sqrt(sum(w * w for w in letters.values()))
        rarities = {word: self._rarity_of(word) for word in meant}
        best = float(scores.max())
        found = []
        for entry, code, text, folded, weight, norm in rows:
            said = meant.keys() & _stems(folded)
            covered = math.fsum(rarities[word] * meant[word] for word in said)
            score = (
                BM25 * float(scores[entry - self._first]) / best
                + COVERED * min(1.0, covered / total)
                + SAID * min(1.0, covered / weight)
                + LETTERS * self._likeness(letters, folded, size * norm)
                + OTHER * folded.startswith("other ")
            )
            found.append(Found(code=code, text=text, score=max(0.0, score)))
        return sorted(found, key=lambda f: (-f.score, len(f.code), f.code))

    def _meant(self, term: str) -> dict[str, float]:
        """The known stems to look for, and how sure each is meant (1 where the term has it)."""
        meant: dict[str, float] = {}
        for word in stems(term):
            if self._posting(word):
                meant[word] = 1.0
                continue
            for known, alike in self._lookalikes(word):
                meant[known] = max(meant.get(known, 0.0), alike)
        return meant

    def _lookalikes(self, word: str) -> list[tuple[str, float]]:
        held = grams(word)
        shared: Counter[str] = Counter()
        for gram in held:
            query = "SELECT stems FROM grams WHERE system = ? AND gram = ?"
            row = self._db.execute(query, (self._system, gram)).fetchone()
            shared.update(row[0].split() if row else ())
        alike = ((known, 2 * n / (len(held) + len(known))) for known, n in shared.items())
        near = sorted((pair for pair in alike if pair[1] >= ALIKE), key=lambda p: (-p[1], p[0]))
        return near[:LOOKALIKES]

    def _bm25(self, meant: Mapping[str, float]) -> NDArray[np.float32]:
        scores = np.zeros(self._size, np.float32)
        for word, sure in meant.items():
            if posting := self._posting(word):
                scores[posting.ids] += sure * posting.impacts
        return scores

    def _rows(self, scores: NDArray[np.float32]) -> list[tuple[int, str, str, str, float, float]]:
        hits = np.flatnonzero(scores)  # few: among ties without end a partition takes long
        if hits.size > CANDIDATES:
            hits = hits[np.argpartition(scores[hits], -CANDIDATES)[-CANDIDATES:]]
        ids = [int(i) + self._first for i in hits]
        places = ",".join("?" * len(ids))
        query = f"SELECT id, code, text, folded, weight, norm FROM entries WHERE id IN ({places})"  # noqa: S608 - question marks only
        return self._db.execute(query, ids).fetchall()

    def _likeness(self, letters: Mapping[str, float], folded: str, size: float) -> float:
        """Cosine of the two texts' grams, rare grams weighing more; `size` is of both.

        Summed so that the order of a set does not count.
        """
        if not size:
            return 0.0
        other = _grams(folded)
        shared = (
            letters[gram] * math.sqrt(other[gram]) * self._rarity.get(gram, 0.0)
            for gram in letters.keys() & other.keys()
        )
        return math.fsum(shared) / size

    def _weight(self, term: str) -> float:
        return math.fsum(self._rarity_of(word) for word in set(stems(term)))

    def _rarity_of(self, word: str) -> float:
        posting = self._posting(word)
        return posting.rarity if posting else UNKNOWN_RARITY

    def _read_posting(self, word: str) -> _Posting | None:
        query = "SELECT rarity, ids, impacts FROM postings WHERE system = ? AND stem = ?"
        row = self._db.execute(query, (self._system, word)).fetchone()
        if row is None:
            return None
        return _Posting(row[0], np.frombuffer(row[1], IDS), np.frombuffer(row[2], IMPACTS))


@lru_cache(maxsize=5_000)
def _stems(folded: str) -> frozenset[str]:
    """The stems of a wording, kept as its grams are."""
    return frozenset(folded_stems(folded))


@lru_cache(maxsize=5_000)
def _grams(folded: str) -> Mapping[str, int]:
    """The grams of a wording: the same few thousand are compared over and over."""
    return grams(folded)
