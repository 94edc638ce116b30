"""How much of each published name the sentences of a text say, words in any order.

A name's words weigh as much as they are rare among all names (Robertson's inverse document
frequency, as in `index`): "tuberculosis was found in the bladder" says all that tells in
"Tuberculosis of bladder". One pass over the inverted index a sentence, as a search engine scores
(term at a time), so that all names together cost some milliseconds a page.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.coding import NameCover
from digitizer.coding.words import stems

Floats = NDArray[np.float64]

LEAST = 0.3
"""A name counts when one sentence says at least this share of it."""

MOST = 600
"""Codes that are kept, those of which most is said."""

WHOLE = 0.99
"""From this share on a name is said, whatever the rounding."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Of each name: the most that a sentence says, which one, how often all; and of the text."""

    most: Floats
    sentence: NDArray[np.int64]
    times: NDArray[np.int64]
    text: Floats


class Coverage:
    """The names of a code system with the billable code that each stands for."""

    def __init__(
        self,
        db: sqlite3.Connection,
        system: str,
        posting: Callable[[str], tuple[float, NDArray[np.uint32]] | None],
        listed: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`posting` gives the rarity of a stem and the published names that hold it.

        `listed` are further names, (code, name): a word that no published name holds tells nothing.
        """
        query = (
            "SELECT coalesce(plain, ''), text, weight FROM spans JOIN entries"
            " ON entries.id >= first AND entries.id < first + size"
            " LEFT JOIN codes ON codes.code = entries.code WHERE system = ? ORDER BY entries.id"
        )
        rows = db.execute(query, (system,)).fetchall()
        self._posting = posting
        self._listed = _holders([text for _, text in listed], len(rows))
        rows += [(code, text, self._rarity(text)) for code, text in listed]
        self._codes = [code for code, _, _ in rows]
        self._texts = [text for _, text, _ in rows]
        weights = [weight if code and weight > 0 else np.inf for code, _, weight in rows]
        self._weights = np.array(weights)  # what stands for no code is never said

    def _rarity(self, text: str) -> float:
        found = (self._posting(word) for word in set(stems(text)))
        return sum(one[0] for one in found if one)

    def of(self, sentences: Sequence[Collection[str]]) -> list[NameCover]:
        """For each code of which enough is said its best name; `sentences` are stems."""
        said = self._read(sentences)
        share, text = said.most / self._weights, said.text / self._weights
        strength = share * np.sqrt(np.where(np.isfinite(self._weights), self._weights, 0.0))
        found: dict[str, NameCover] = {}
        enough = np.flatnonzero(share >= LEAST)
        for at in enough[np.argsort(-strength[enough], kind="stable")]:
            code = self._codes[at]
            if code not in found and len(found) == MOST:
                break
            cover = NameCover(
                code=code,
                wording=self._texts[at],
                share=float(share[at]),
                of_text=float(text[at]),
                strength=float(strength[at]),
                times=int(said.times[at]),
                sentence=int(said.sentence[at]),
            )
            found[code] = found[code].joined(cover) if code in found else cover
        return list(found.values())

    def _read(self, sentences: Sequence[Collection[str]]) -> _Said:
        size = len(self._weights)
        most, where = np.zeros(size), np.zeros(size, np.int64)
        times = np.zeros(size, np.int64)
        for number, words in enumerate(sentences):
            here = self._weight(words)
            where[here > most] = number
            np.maximum(most, here, out=most)
            times += here >= WHOLE * self._weights
        return _Said(most, where, times, self._weight(frozenset().union(*sentences)))

    def _weight(self, words: Collection[str]) -> Floats:
        """The weight of the words of each name that are among these."""
        weight = np.zeros(len(self._weights))
        for word in words:
            if found := self._posting(word):
                rarity, ids = found
                weight[ids] += rarity
                weight[self._listed.get(word, _NONE)] += rarity
        return weight


_NONE = np.zeros(0, np.int64)


def _holders(names: Sequence[str], first: int) -> dict[str, NDArray[np.int64]]:
    """For each stem the numbers of the names that hold it, counted from `first`."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names, first):
        for word in set(stems(name)):
            found[word].append(number)
    return {word: np.array(numbers) for word, numbers in found.items()}
