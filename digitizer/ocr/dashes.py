"""Sets dashes as they are printed: both sides of one apart from their words, or neither. Pure.

Engines take the room beside a dash for a space in wide print ("S21 - 27385", "COVID- 19"), and
lose one of the two in a range ("6.0- 8.3").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.spacing import DASHES, parted, spaces_of

NARROW = 0.45  # of a space: dashes between words have .7 on their narrower side, others .41 at most
WIDE = 1.5  # spaces: a number and one with a minus in the next cell are no range

_AT_A_DASH = re.compile(r"^\S*(?:[^\W_](?: [-–] |[-–] | [-–])\d|\d(?: [-–] |[-–] | [-–])[^\W_])")
_RANGE = re.compile(r"((?!0\d)\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)")


def with_even_dashes(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with what stands on both sides of a dash in one word where the room beside it is
    no space, and a range of numbers in three words where it is one.
    """
    spaces = spaces_of(lines)
    return tuple(_even(line, space) for line, space in zip(lines, spaces, strict=True))


def _even(line: Line, space: float) -> Line:
    words: list[Word] = []
    for word in sorted(line.words, key=lambda word: word.box.x0):
        words.append(word)
        for take in (3, 2):
            words[-take:] = _settled(words[-take:], space)
    return replace(line, words=tuple(words))


def _settled(words: Sequence[Word], space: float) -> Sequence[Word]:
    """Two or three words that follow each other: as they are, or as one where a dash joins them."""
    texts = [word.text for word in words]
    if not _around_a_dash(texts):
        return words
    if numbers := _range("".join(texts)):
        lost = len(words) == 2 and _gaps(words)[0] < WIDE * space
        return parted(_joined(words), numbers) if lost else words
    narrow = all(0 < gap < NARROW * space for gap in _gaps(words))
    return [_joined(words)] if narrow else words


def _around_a_dash(texts: Sequence[str]) -> bool:
    """Whether words end and begin at one dash, on both sides of it or on one, and a number is
    beside it: "Marden - Kane" may be printed in narrow room.
    """
    if len(texts) == 3 and texts[1] not in DASHES:
        return False
    return len(texts) > 1 and bool(_AT_A_DASH.search(" ".join(texts)))


def _range(text: str) -> tuple[int, int] | None:
    """The places before and behind the dash of a range; `None` for any other text.

    In the cells of a table no other space shows how wide one is, so ranges are not joined.
    """
    found = _RANGE.fullmatch(text)
    if found is None or float(found[1]) >= float(found[2]):
        return None
    return found.end(1), found.start(2)


def _gaps(words: Sequence[Word]) -> list[float]:
    """What is between the words; 0 where an engine did not see where one ends."""
    return [right.box.x0 - left.box.x1 for left, right in pairwise(words)]


def _joined(words: Sequence[Word]) -> Word:
    characters = sum(len(word.text) for word in words)
    return Word(
        text="".join(word.text for word in words),
        box=Box.around(word.box for word in words),
        confidence=sum(len(word.text) * word.confidence for word in words) / characters,
    )
