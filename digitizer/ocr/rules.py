"""Undoes what printed rules do to a reading: bars at words' edges, and I read as a bar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from statistics import median

from digitizer.chart.text import Line, Word

BAR = "|"
AS_TALL = (0.6, 1.3)  # of the line's words: what a letter's height is
BESIDE = 1.0  # of the line's height: no further from the next word


def without_bars(lines: Sequence[Line]) -> tuple[Line, ...]:
    """`lines` with a lone bar before a small letter read as "I", and bars cut off words.

    No chart prints a bar within a word, while the rule of a table cell often sticks to its first.
    """
    return tuple(_without_bars(line) for line in lines)


def _without_bars(line: Line) -> Line:
    if not any(BAR in word.text for word in line.words):
        return line
    height = median(word.box.height for word in line.words)
    pairs = zip_longest(line.words, line.words[1:])
    return replace(line, words=tuple(_read(word, after, height) for word, after in pairs))


def _read(word: Word, after: Word | None, height: float) -> Word:
    if word.text == BAR:
        return replace(word, text="I") if _is_pronoun(word, after, height) else word
    bare = word.text.strip(BAR)
    return replace(word, text=bare) if bare else word


def _is_pronoun(word: Word, after: Word | None, height: float) -> bool:
    low, high = (share * height for share in AS_TALL)
    return (
        after is not None
        and after.text[:1].islower()
        and low <= word.box.height <= high
        and 0 <= after.box.x0 - word.box.x1 <= BESIDE * height
    )
