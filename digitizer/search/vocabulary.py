"""The words of a segment, to be looked through for those that are spelled like another.

Scans multiply words: 200,000 noisy pages hold about a million different ones, most on a page or
two. Which letters a word has is kept as 32 bits, so that all but a few are ruled out a million at a
time, and the pages of rare words lie side by side, so that nothing is read from Whoosh's tables for
them.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPELLED = ("text", "name", "type", "source")
"""Fields that may be asked for words like one."""

RARE = 16
"""A word on more pages is not rare: its list is worth reading by itself."""

Numbers = NDArray[np.int64]
"""Which words, counted from 0 in the order of their UTF-8."""


@dataclass(slots=True)
class Draft:
    """A vocabulary that is being written, word by word in order."""

    words: list[bytes] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def add(self, word: bytes, pages: Sequence[int], counts: Sequence[float]) -> None:
        """Add a word; of a rare one the pages, and how often it is on each."""
        self.words.append(word)
        self.held.append(len(pages))
        self.pages.extend(pages)
        self.counts.extend(map(int, counts))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What a Vocabulary is made of."""
        content = b"".join(self.words)
        texts = [word.decode() for word in self.words]
        return {
            "content": np.frombuffer(content, np.uint8),
            "starts": _starts(list(map(len, self.words))),
            "letters": np.array(list(map(_letters, texts)), np.uint32),
            "lengths": _bytes(map(len, texts)),
            "held": np.array(self.held, np.uint8),
            "pages": np.array(self.pages, np.uint32),
            "counts": _bytes(self.counts),
        }


class Vocabulary:
    """The words of a field in order: their UTF-8, where each starts, its letters and its length in
    characters; and of rare ones the pages, how many each has, and how often it is on each.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take what `Draft.arrays` gave."""
        self._content = arrays["content"].data
        self._starts = arrays["starts"]
        self._letters, self._lengths = arrays["letters"], arrays["lengths"]
        self._held = _starts(arrays["held"])
        self._pages, self._counts = arrays["pages"], arrays["counts"]

    def words(self, numbers: Numbers) -> list[str]:
        """The words of these numbers."""
        starts, ends = self._starts[numbers].tolist(), self._starts[numbers + 1].tolist()
        return [str(self._content[a:b], "utf-8") for a, b in zip(starts, ends, strict=True)]

    def beginning(self, prefix: str) -> Numbers:
        """Every word that begins with `prefix`."""
        encoded = prefix.encode()
        places = range(len(self._lengths))
        first = bisect_left(places, encoded, key=self._word)
        size = len(encoded)
        last = bisect_left(places, 1, first, key=lambda number: self._word(number)[:size] > encoded)
        return np.arange(first, last)

    def within(self, word: str, slips: int, among: Numbers | None = None) -> Numbers:
        """Every word, or every one of `among`, that may be `slips` from `word`, and few others.

        A slip brings in at most one letter and drops at most one.
        """
        own, (first, last) = np.uint32(_letters(word)), _lengths(word, slips)
        lengths = self._lengths if among is None else self._lengths[among]
        fits = np.flatnonzero((lengths >= first) & (lengths <= last))
        few = fits if among is None else among[fits]
        letters = self._letters[few]
        near = np.bitwise_count(letters & ~own) <= slips
        near &= np.bitwise_count(~letters & own) <= slips
        kept: Numbers = few[near]
        return kept

    def sharing(self, word: str, but_for: str, among: Numbers) -> Numbers:
        """Those `among` some words that have the letters of `word`, whatever of `but_for`."""
        others = ~np.uint32(_letters(but_for))
        kept: Numbers = among[self._letters[among] & others == np.uint32(_letters(word)) & others]
        return kept

    def like(self, pattern: str) -> Numbers:
        """Every word that may be `pattern` with letters for its stars, and few others."""
        letters = np.uint32(_letters(pattern.replace("*", "")))
        some = self.beginning(pattern.partition("*")[0])
        kept: Numbers = some[~self._letters[some] & letters == 0]
        return kept

    def rare(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Which of the words are rare."""
        return self._held[numbers + 1] > self._held[numbers]

    def lists(self, numbers: Numbers) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Numbers]:
        """The pages of rare words, how often they are there, and which of `numbers` it is."""
        starts = self._held[numbers].astype(np.int64)
        sizes = self._held[numbers + 1] - starts
        which = np.repeat(np.arange(len(numbers)), sizes)
        first = np.repeat(starts - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        places = first + np.arange(len(which))
        return self._pages[places], self._counts[places], which

    def _word(self, number: int) -> bytes:
        return bytes(self._content[self._starts[number] : self._starts[number + 1]])


def dump(drafts: dict[str, Draft]) -> bytes:
    """Fields and their words, as bytes that `load` reads: a table of arrays, then the arrays."""
    parts = [(name, *part) for name, draft in drafts.items() for part in draft.arrays().items()]
    table = json.dumps([(name, part, a.dtype.str, len(a)) for name, part, a in parts]).encode()
    head = len(table).to_bytes(_ALIGNED, "little")
    return b"".join(map(_padded, (head, table, *(array.tobytes() for _, _, array in parts))))


def load(content: bytes) -> dict[str, Vocabulary]:
    """Fields and their words, from what `dump` wrote; they are read where they lie."""
    at = _ALIGNED
    size = int.from_bytes(content[:at], "little")
    fields: dict[str, dict[str, NDArray[Any]]] = {}
    table = json.loads(content[at : at + size])
    at += size + -size % _ALIGNED
    for name, part, kind, count in table:
        array = np.frombuffer(content, kind, count, at)
        fields.setdefault(name, {})[part] = array
        at += array.nbytes + -array.nbytes % _ALIGNED
    return {name: Vocabulary(parts) for name, parts in fields.items()}


_ALIGNED = 8


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % _ALIGNED)


def _bytes(values: Iterable[int]) -> NDArray[np.uint8]:
    """As bytes; what is more than 255 is much, whatever it is."""
    return np.minimum(np.fromiter(values, np.int64), 255).astype(np.uint8)


def _lengths(word: str, slips: int) -> tuple[int, int]:
    """How short and how long what is `slips` from a word may be, 255 standing for any more."""
    return min(max(0, len(word) - slips), 255), min(len(word) + slips, 255)


def _starts(sizes: Sequence[int] | NDArray[Any]) -> NDArray[np.uint32]:
    """Where each of several begins that follow one another; at the end, where the last ends."""
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.uint32)


def _letters(word: str) -> int:
    bits = 0
    for character in set(word):
        bits |= 1 << (ord(character) & 31)
    return bits
