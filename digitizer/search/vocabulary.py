"""The words of a segment, to be looked through for those that are spelled like another.

Scans multiply words: 200,000 noisy pages hold about a million different ones. Which letters a word
has is kept as 64 bits, so that all but a few are ruled out a million at a time, and nothing is read
from Whoosh's tables first.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import IO

import numpy as np
from numpy.typing import NDArray

SPELLED = ("text", "name", "type", "source")
"""Fields that may be asked for words like one."""


class Vocabulary:
    """The words of a field: their UTF-8 one after another, where each starts, and its letters."""

    def __init__(
        self, content: bytes, starts: NDArray[np.uint32], letters: NDArray[np.uint64]
    ) -> None:
        """`starts` has one more at its end: where the last word ends."""
        self._content, self._starts, self._letters = content, starts, letters
        self._lengths = np.diff(starts.astype(np.int64))

    def within(self, word: str, slips: int) -> list[str]:
        """Every word that may be `slips` from `word`, and few others.

        A slip brings in at most one letter, drops at most one, and at most four bytes.
        """
        own, size = np.uint64(_letters(word)), len(word.encode())
        few = np.bitwise_count(self._letters & ~own) <= slips
        few &= np.bitwise_count(~self._letters & own) <= slips
        few &= np.abs(self._lengths - size) <= slips * 4
        return [self._word(int(i)) for i in np.flatnonzero(few)]

    def _word(self, number: int) -> str:
        return self._content[self._starts[number] : self._starts[number + 1]].decode()


def dump(words: Mapping[str, Sequence[bytes]]) -> bytes:
    """Fields and their words, as bytes that `load` reads."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for field, encoded in words.items():
        ends = np.cumsum([0, *map(len, encoded)])
        letters = [_letters(word.decode()) for word in encoded]
        arrays[f"{field}.content"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays[f"{field}.starts"] = ends.astype(np.uint32)
        arrays[f"{field}.letters"] = np.array(letters, np.uint64)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def load(file: IO[bytes]) -> dict[str, Vocabulary]:
    """Fields and their words, from what `dump` wrote."""
    arrays = np.load(file, allow_pickle=False)
    fields = {name.rpartition(".")[0] for name in arrays.files}
    return {
        field: Vocabulary(
            arrays[f"{field}.content"].tobytes(),
            arrays[f"{field}.starts"],
            arrays[f"{field}.letters"],
        )
        for field in fields
    }


def _letters(word: str) -> int:
    bits = 0
    for character in set(word):
        bits |= 1 << (ord(character) & 63)
    return bits
