"""Words that a hand or a stamp wrote, told from print by their ink: they are higher and heavier,
and their edges are not level. What was read of them badly is left out of the text. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.ink import Pixels
from digitizer.ocr.unread import usual_height

TALL = 1.6  # middling words: no run of words that is lower is looked at
HEAVY = 1.2  # of print's width of strokes: pens and stamps are heavier
HIGH = 1.9  # of print's height: a run that was read badly and is higher is no print
DOUBTED = 0.55  # calibrated confidence of a run, below which it was read badly
UNEVEN, EDGE = 0.6, 0.05
"""Print begins and ends on a line: within `EDGE` of its height the ink of a row grows or shrinks by
most of what the fullest row has; of 1,170 tall runs of print 19 in 20 did so by more than .63, of
150 by hands and stamps two in five by less than .6."""
WRONG = 0.6
"""Calibrated confidence of a word by hand below which it is more likely wrong than right: 62 were
wrong and 17 right, on 250 pages. Of 42,000 words of print two would go with them."""
SURE, LONG = 0.75, 4  # confidence and letters of a word that vouches for the one beside it
BESIDE = 1.5  # of the lower one's height, from a word to the next of its run
ENOUGH = 60  # words of print, of which the page's strokes are measured
FAINT = 40  # steps of gray, by which ink is darker than paper at least
PAPER = 8  # every so many pixels are looked at to tell how light the paper is

Scrawl: TypeAlias = tuple[Word, ...]
"""A run of words beside each other that a hand or a stamp wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """How a word is written: `height` and `stroke` in pixels; `edge` is 1.0 where it begins or ends
    on a level line, and nearer to 0 the more it is aslant or irregular.
    """

    height: float
    stroke: float
    edge: float


def scrawls(lines: Sequence[Line], image: Pixels) -> tuple[Scrawl, ...]:
    """The runs of words that look written by hand or stamped on `image`, in whose pixels their
    boxes are. Confidences are calibrated.
    """
    tall = TALL * usual_height(lines)
    runs = [run for line in lines for run in _runs(line, tall)]
    if not runs:
        return ()
    paper = float(np.median(image[::PAPER, ::PAPER]))
    usual = _middling(_inks(_print(lines, tall), image, paper))
    return tuple(run for run in runs if usual and _is_scrawl(run, image, paper, usual))


def without_wrong(lines: Iterable[Line], found: Iterable[Scrawl]) -> tuple[Line, ...]:
    """The lines without those words of scrawls that are more likely wrong than right, but where a
    sure word beside them vouches for them; lines that are empty then are left out.
    """
    written = {word for scrawl in found for word in scrawl}
    kept = (replace(line, words=tuple(_kept(line, written))) for line in lines)
    return tuple(line for line in kept if line.words)


def _kept(line: Line, written: set[Word]) -> Iterator[Word]:
    for at, word in enumerate(line.words):
        wrong = word in written and word.confidence < WRONG
        if not wrong or any(map(_vouches, _beside(line.words, at))):
            yield word


def _vouches(word: Word) -> bool:
    return word.confidence >= SURE and len(word.text) >= LONG


def _beside(words: Sequence[Word], at: int) -> Iterator[Word]:
    if at and _close(words[at - 1], words[at]):
        yield words[at - 1]
    if at + 1 < len(words) and _close(words[at], words[at + 1]):
        yield words[at + 1]


def _close(left: Word, right: Word) -> bool:
    return right.box.x0 - left.box.x1 < BESIDE * min(left.box.height, right.box.height)


def _runs(line: Line, tall: float) -> Iterator[tuple[Word, ...]]:
    """Tall words beside each other."""
    run: list[Word] = []
    for word in line.words:
        if run and not (word.box.height > tall and _close(run[-1], word)):
            yield tuple(run)
            run = []
        if word.box.height > tall:
            run.append(word)
    if run:
        yield tuple(run)


def _print(lines: Iterable[Line], tall: float) -> list[Word]:
    """Words that are print beyond doubt, from all over the page."""
    words = [w for line in lines for w in line.words if _vouches(w) and w.box.height <= tall]
    return words[:: max(1, len(words) // ENOUGH)]


def _is_scrawl(run: Sequence[Word], image: Pixels, paper: float, usual: Ink) -> bool:
    ink = _mean(_inks(run, image, paper))
    if ink is None or ink.height <= TALL * usual.height or ink.stroke <= HEAVY * usual.stroke:
        return False
    letters = sum(len(word.text) for word in run)
    sure = sum(len(word.text) * word.confidence for word in run) / letters
    return ink.edge < UNEVEN or (sure < DOUBTED and ink.height > HIGH * usual.height)


def _inks(words: Iterable[Word], image: Pixels, paper: float) -> list[tuple[int, Ink]]:
    """For each word that has any ink how long it is and how it is written."""
    found = ((len(word.text), _ink(word.box, image, paper)) for word in words)
    return [(length, ink) for length, ink in found if ink is not None]


def _middling(inks: Sequence[tuple[int, Ink]]) -> Ink | None:
    if not inks:
        return None
    return Ink(
        height=median(ink.height for _, ink in inks),
        stroke=median(ink.stroke for _, ink in inks),
        edge=median(ink.edge for _, ink in inks),
    )


def _mean(inks: Sequence[tuple[int, Ink]]) -> Ink | None:
    """By letters, so that a short word says less than a long one."""
    letters = sum(length for length, _ in inks)
    if not letters:
        return None
    return Ink(
        height=sum(length * ink.height for length, ink in inks) / letters,
        stroke=sum(length * ink.stroke for length, ink in inks) / letters,
        edge=sum(length * ink.edge for length, ink in inks) / letters,
    )


def _ink(box: Box, image: Pixels, paper: float) -> Ink | None:
    """How the ink in the box is written; `None` where there is none."""
    part = image[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
    if not part.size:
        return None
    darkest = min(float(np.percentile(part, 2)), paper - FAINT)
    ink = part < (paper + darkest) / 2
    rows = ink.mean(axis=1)
    inked = np.flatnonzero(rows)
    border = np.count_nonzero(ink[:, 1:] != ink[:, :-1]) + np.count_nonzero(ink[1:] != ink[:-1])
    if not len(inked) or not border:
        return None
    return Ink(
        height=float(inked[-1] - inked[0] + 1),
        stroke=2 * np.count_nonzero(ink) / border,
        edge=_edge(rows),
    )


def _edge(rows: NDArray[np.float64]) -> float:
    reach = max(1, round(EDGE * len(rows)))
    around = np.pad(rows, reach)
    return float(np.abs(around[reach:] - around[:-reach]).max() / rows.max())
