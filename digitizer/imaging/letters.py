"""Whether words could be words: which letters stand beside which in English and clinical terms.

Pure. It tells a text that was encoded wrongly ("7KH SDWLHQW") or misread ("y0u foi 5eelrig") from
one that a person wrote; names and abbreviations pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_FOLLOWERS = {
    "a": "abcdefghiklmnopqrstuvwxyz", "b": "abcdeilorstuy", "c": "acehiklorstuy",
    "d": "adeghilmnorsuvwy", "e": "abcdefghijklmnopqrstuvwxyz", "f": "aefilortuy",
    "g": "aeghilmnorsuy", "h": "aeilmnorstuwy", "i": "abcdefgiklmnopqrstuvxz", "j": "aeou",
    "k": "aeilnosuwy", "l": "abcdefgiklmnopstuvy", "m": "abcdeimnopsuy",
    "n": "abcdefghijklmnoprstuvxyz", "o": "abcdefghiklmnoprstuvwxyz", "p": "aehilmnoprstuy",
    "q": "u", "r": "abcdefghiklmnoprstuvwy", "s": "abcefghiklmnopqrstuvwy",
    "t": "abcehilmnoprstuwyz", "u": "abcdefgiklmnoprstvx", "v": "aeiouy", "w": "aehinors",
    "x": "aceioptuy", "y": "abcdegilmnoprstx", "z": "aeiouy",
}  # fmt: skip
"""The letters that follow a letter in at least ten of 15,574 words: those of `models/` and
of ICD-10-CM. Words made so were nine in ten on each of 250 pages; on the same pages with letters
exchanged for others, half at most."""

SHORTEST = 4  # letters of a word that says anything
_WORD = re.compile(r"[^\W_]+")
_MEASURE = re.compile(r"\d+[a-z]+|[A-Z]+\d+")  # 20mg, T12


def plausible(words: Iterable[str]) -> float:
    """The share (0 to 1) of words that could be words; 1.0 where none is long enough to tell."""
    parts = [part for word in words for part in _WORD.findall(word)]
    told = [_is_plausible(part) for part in parts if _tells(part)]
    return sum(told) / len(told) if told else 1.0


def _tells(word: str) -> bool:
    return sum(character.isalpha() for character in word) >= SHORTEST


def _is_plausible(word: str) -> bool:
    if not word.isalpha():
        return bool(_MEASURE.fullmatch(word))
    return all(b in _FOLLOWERS.get(a, "") for a, b in pairwise(word.lower()))
