"""How much to believe of a reading: is the page legible, and which words are specks? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from digitizer.chart.text import Line, Word

LONG_WORD = 3  # shorter words come out of any speckle
CONFIDENT = 0.8

# Measured on 75 pages of all kinds: words that were and were not printed, by kind of word.
_LEAST_SHORT = 0.4  # one or two characters: below it 16 real words and 89 false ones
_LEAST_MARK = 0.5  # no letter or digit: below it 14 and about 166
_LEAST_ODD_MARK = 0.8  # other marks than those a clinical text is made with: below it 0 and 40
_USUAL_MARKS = frozenset("-–%/+|&#")
_FLAT, _TALL = 0.35, 3.0  # heights, in those of a middling word, that no letter has


def plausibility(lines: Iterable[Line]) -> float:
    """The share of characters (0 to 1) that stand in long words read with confidence.

    Upright pages had .39 or more, at the worst fax; pages upside down .05 or less.
    """
    words = [word for line in lines for word in line.words]
    characters = sum(len(word.text) for word in words)
    believed = sum(len(word.text) for word in words if _is_long(word))
    return believed / characters if characters else 0.0


def without_junk(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without words that are specks, rules or shadows; emptied lines are left out."""
    heights = [word.box.height for line in lines for word in line.words if _is_long(word)]
    usual = median(heights) if heights else 0.0
    kept = (
        replace(line, words=tuple(word for word in line.words if not _is_junk(word, usual)))
        for line in lines
    )
    return tuple(line for line in kept if line.words)


def _is_long(word: Word) -> bool:
    return word.confidence >= CONFIDENT and _letters(word.text) >= LONG_WORD


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _is_junk(word: Word, usual: float) -> bool:
    """`usual` is the height of a middling word in pixels, 0 where unknown."""
    letters = _letters(word.text)
    if not letters:
        return _is_junk_mark(word, usual)
    if letters >= LONG_WORD:
        return False
    misshapen = bool(usual) and not _FLAT * usual <= word.box.height <= _TALL * usual
    if misshapen:
        return word.confidence < CONFIDENT
    return word.confidence < _LEAST_SHORT and not word.text.strip(".,;:()").isdigit()


def _is_junk_mark(word: Word, usual: float) -> bool:
    if set(word.text) <= _USUAL_MARKS:
        rule = bool(usual) and "|" in word.text and word.box.height > 1.5 * usual
        return rule or word.confidence < _LEAST_MARK
    return word.confidence < _LEAST_ODD_MARK
