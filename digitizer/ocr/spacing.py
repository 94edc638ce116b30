"""Parts words that an engine ran together, where the ink between their letters shows a space.

"3.5 - 5.1" in a table is often read as one word, and so are a dose and its unit. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import median

import numpy as np

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.ink import Pixels, without_rules

LIKE_A_SPACE = 0.6  # of a middling space of the line; on 137 pages .45 parted record numbers
OTHER_SIDE = 0.5  # … and of a dash's narrower side: none is parted on one side alone
LEAST_GAP = 0.2  # of the word's height
WORD_GAPS = (0.1, 1.2)  # of the line's height: what is a space at all, and no table's column
USUAL_SPACE = 0.4  # of the line's height, where a page has no two words in a line
LEAST_SPACES = 3  # in a line, for its own spaces to be trusted
MOST_GAPS = 6
MOST_PLACES = 12  # in a word of its text where it may be parted: beyond is no word
FAINT = 0.25  # of the way from paper to ink: fainter is paper
FAINT_STEPS = 24  # of gray, at least
MISFIT = (0.6, 0.12)  # letters that a piece may be off its text, and more for each of its letters

_LABEL = re.compile(r"^\W?[A-Za-z]{2,}:(?=[A-Z0-9])")
_WORD_ENDS = re.compile(r"[A-Za-z]{2}\.$|[A-Za-z]:$")  # not so "P.013" or "10:30"
DASHES = frozenset("-–")
_SEVERAL_DASHES = re.compile(r"\w[-–]\w+[-–]\w")
"""In record numbers and dates, which in a wide typeface have nearly a space beside each dash; a
range has one dash."""
_NARROW, _WIDE = frozenset("iljtfI1.,:;'|!()[]-"), frozenset("mwMW%@")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From x0 up to but not including x1, in pixels of the page."""

    x0: float
    x1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0


def with_spaces(lines: Sequence[Line], image: Pixels) -> tuple[Line, ...]:
    """`lines` with words parted where `image`, in whose pixels their boxes are, shows a space.

    A word is parted only where its text allows it (beside a dash, after a mark, between a number
    and its unit) and where the pieces of ink are as wide as the pieces of text would be; a label
    from its value in any case.
    """
    usual = _usual_space(lines)
    return tuple(_respaced(line, image, usual) for line in lines)


def spaces_of(lines: Sequence[Line]) -> tuple[float, ...]:
    """How wide a space is in each line, in pixels."""
    usual = _usual_space(lines)
    return tuple(_space(line, usual) for line in lines)


def _usual_space(lines: Iterable[Line]) -> float:
    """A middling space of the page, in heights of its line."""
    found = [gap / _height(line) for line in lines for gap in _spaces(line)]
    return median(found) if found else USUAL_SPACE


def _respaced(line: Line, image: Pixels, usual: float) -> Line:
    space = _space(line, usual)
    words = (
        part
        for word in line.words
        for found in _parts(word, image, space)
        for part in _label_and_value(found)
    )
    return replace(line, words=tuple(words))


def _space(line: Line, usual: float) -> float:
    own = _spaces(line)
    return median(own) if len(own) >= LEAST_SPACES else usual * _height(line)


def _height(line: Line) -> float:
    return median(word.box.height for word in line.words)


def _spaces(line: Line) -> list[float]:
    """The widths of the spaces between the line's words, in pixels; beside a dash may be none."""
    height = _height(line)
    low, high = (share * height for share in WORD_GAPS)
    words = sorted(line.words, key=lambda word: word.box.x0)
    gaps = (
        right.box.x0 - left.box.x1
        for left, right in pairwise(words)
        if not DASHES & {left.text[-1:], right.text[:1]}
    )
    return [gap for gap in gaps if low < gap < high]


def _parts(word: Word, image: Pixels, space: float) -> Sequence[Word]:
    """The word itself where nothing parts it."""
    places = [place for place in range(1, len(word.text)) if _may_part(word.text, place)]
    if not 0 < len(places) <= MOST_PLACES:
        return (word,)
    least = max(LIKE_A_SPACE * space, LEAST_GAP * word.box.height)
    gaps = _widest(_gaps(image, word.box), least=least, other=OTHER_SIDE * space)
    for many in range(min(len(gaps), len(places), MOST_GAPS), 0, -1):
        pieces = _between(word.box, gaps[:many])
        cuts = _cuts(word.text, places, pieces)
        if cuts and not _one_sided(word.text, cuts):
            return _cut(word, cuts, pieces)
    return (word,)


def _label_and_value(word: Word) -> Sequence[Word]:
    """A label and its value are two words ("MRN:225298"), whatever specks lie between."""
    label = _LABEL.match(word.text)
    if label is None:
        return (word,)
    return parted(word, [label.end()])


def parted(word: Word, places: Sequence[int]) -> list[Word]:
    """The word cut before the letters at `places`, its box by how wide the letters are."""
    widths = [_width(character) for character in word.text]
    letter = word.box.width / sum(widths)
    edges = [word.box.x0 + letter * sum(widths[:place]) for place in places]
    ends = pairwise((word.box.x0, *edges, word.box.x1))
    return _cut(word, places, [_Stretch(start, end) for start, end in ends])


def _widest(gaps: Iterable[_Stretch], *, least: float, other: float) -> list[_Stretch]:
    """Those at least `other` wide, widest first; none where none is at least `least` wide."""
    wide = sorted((gap for gap in gaps if gap.width >= other), key=lambda gap: -gap.width)
    return wide if wide and wide[0].width >= least else []


def _may_part(text: str, place: int) -> bool:
    """Whether a space could be missing before `text[place]`."""
    before, after = text[place - 1], text[place]
    if before in DASHES or after in DASHES:
        return not _SEVERAL_DASHES.search(text)
    if before in ",;)":
        return after.isalnum()
    if before in ":.":
        return after.isalpha() or (after.isdigit() and bool(_WORD_ENDS.search(text[:place])))
    if before == "l" and after == "I":
        return False  # "IlI" for "III"
    return after == "(" or _unit(text[:place], after) or (before.islower() and after.isupper())


def _unit(number: str, after: str) -> bool:
    """Whether a unit may begin: "81mg", but not "HbA1c"."""
    return after.isalpha() and number[-1].isdigit() and number.strip("0123456789.,/") == ""


def _one_sided(text: str, cuts: Sequence[int]) -> bool:
    """Whether a cut has a dash on one side that another character holds on the other."""
    ends = {0, len(text), *cuts}
    dashes = (place for place, character in enumerate(text) if character in DASHES)
    return any((place in ends) != (place + 1 in ends) for place in dashes)


def _gaps(image: Pixels, box: Box) -> Iterator[_Stretch]:
    """Where the box holds no ink from its top to its bottom, its two ends left out."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    part = image[y0 : int(box.y1), x0 : int(box.x1)]
    if not part.size:
        return
    paper, darkest = int(np.percentile(part, 95)), int(part.min())
    faint = paper - max(FAINT_STEPS, FAINT * (paper - darkest))
    ink = np.asarray(without_rules(part < faint).any(axis=0))
    steps = np.diff(ink.astype(np.int8))
    starts, ends = np.flatnonzero(steps == -1) + 1, np.flatnonzero(steps == 1) + 1
    if len(ends) and not ink[0]:
        ends = ends[1:]
    for start, end in zip(starts, ends, strict=False):
        yield _Stretch(x0 + float(start), x0 + float(end))


def _between(box: Box, gaps: Sequence[_Stretch]) -> list[_Stretch]:
    """The pieces of ink that the gaps leave of the box, left to right."""
    gaps = sorted(gaps, key=lambda gap: gap.x0)
    starts = [box.x0, *(gap.x1 for gap in gaps)]
    ends = [*(gap.x0 for gap in gaps), box.x1]
    return [_Stretch(start, end) for start, end in zip(starts, ends, strict=True)]


def _cuts(text: str, places: Sequence[int], pieces: Sequence[_Stretch]) -> list[int] | None:
    """Where to cut the text so that its parts are as wide as the pieces; `None` where none fits."""
    widths = [_width(character) for character in text]
    letter = sum(piece.width for piece in pieces) / sum(widths)
    if letter <= 0:
        return None
    best, least = None, MISFIT[0] + MISFIT[1] * len(text) / len(pieces)
    for cuts in combinations(places, len(pieces) - 1):
        spans = pairwise((0, *cuts, len(text)))
        off = max(
            abs(sum(widths[start:end]) - piece.width / letter)
            for (start, end), piece in zip(spans, pieces, strict=True)
        )
        if off <= least:
            best, least = list(cuts), off
    return best


def _width(character: str) -> float:
    """About how wide the character is, in middling letters."""
    if character in _NARROW:
        return 0.55
    if character in _WIDE:
        return 1.45
    return 1.15 if character.isupper() else 1.0


def _cut(word: Word, cuts: Sequence[int], pieces: Sequence[_Stretch]) -> list[Word]:
    spans = pairwise((0, *cuts, len(word.text)))
    return [
        replace(
            word,
            text=word.text[start:end],
            box=replace(word.box, x0=piece.x0, x1=piece.x1),
        )
        for (start, end), piece in zip(spans, pieces, strict=True)
    ]
