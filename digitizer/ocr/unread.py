"""What a page shows and an engine did not read: print, for it passes over whole lines now and then,
and the marks of stamps and hands. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

import numpy as np

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

TALL = 2.5  # middling words: taller is a logo, a rule or a scrawl; what it covers is not read
PRINT = 1.75
"""Middling words: a run that is taller is a stamp or a hand. On 64 pages the runs of print that had
been passed over were .8 to 1.5 high, and stamps and signatures 1.95 to 7.7."""
MARGIN = 0.25  # of its height, by which a word read reaches beyond its box
BESIDE = 3.0  # heights between two words of one run, at most
SURE, LONG = 0.75, 3  # calibrated confidence and letters of a word that is print beyond doubt
COVERED = 0.4
"""Of a box, from which on it is print: of 192 stamps and notes by hand 23 were covered so by words
that were no scrawls, of 78 other places 32."""
ON = 0.3  # of the smaller box, from which on two are one mark


def unread(seen: Sequence[Box], lines: Sequence[Line]) -> tuple[Box, ...]:
    """Boxes around those runs of print `seen` on a page that none of `lines` covers, from top to
    bottom.
    """
    highest = PRINT * usual_height(lines)
    return tuple(run for run in _runs(seen, lines) if run.height <= highest)


def marks(
    drawn: Iterable[Box],
    seen: Sequence[Box],
    lines: Sequence[Line],
    written: Sequence[Sequence[Word]],
) -> tuple[Box, ...]:
    """Boxes around stamps and handwriting, from top to bottom: what is `drawn` larger than print,
    what is `seen` and higher than print, and words that are `written` so; but nothing that was read
    as print.
    """
    least = PRINT * usual_height(lines)
    if not least:
        return ()
    runs = [run for run in (*drawn, *_runs(seen, lines)) if run.height > least]
    print_ = tuple(_print(lines, written))
    found = [run for run in runs if _covered(run, print_) < COVERED]
    found += [Box.around(word.box for word in words) for words in written]
    return tuple(sorted(_united(found), key=lambda box: (box.y0, box.x0)))


def _print(lines: Iterable[Line], written: Iterable[Iterable[Word]]) -> Iterator[Box]:
    """Where words stand that are print beyond doubt."""
    known = {word for words in written for word in words}
    for line in lines:
        for word in line.words:
            if word.confidence >= SURE and len(word.text) >= LONG and word not in known:
                yield word.box


def _covered(box: Box, words: Iterable[Box]) -> float:
    """The share of the box, from 0 to 1, on which words stand."""
    return sum(box.common(word) for word in words) / box.area if box.area else 0.0


def _united(boxes: Iterable[Box]) -> list[Box]:
    """The boxes, those in one that lie on each other."""
    apart: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        on = [one for one in apart if one.common(box) > ON * min(one.area, box.area)]
        apart = [one for one in apart if one not in on] + [Box.around((box, *on))]
    return apart


def _runs(seen: Sequence[Box], lines: Sequence[Line]) -> tuple[Box, ...]:
    """What was not read, in runs of words, from top to bottom."""
    left = sorted(_uncovered(seen, lines), key=lambda box: box.x0)
    runs: list[Box] = []
    for box in left:
        place = next((i for i, run in enumerate(runs) if _goes_on(run, box)), None)
        if place is None:
            runs.append(box)
        else:
            runs[place] = Box.around((runs[place], box))
    return tuple(sorted(runs, key=lambda box: box.y0))


def _uncovered(seen: Sequence[Box], lines: Sequence[Line]) -> Iterator[Box]:
    """The boxes whose middle lies in no word of usual height."""
    words = [word.box for line in lines for word in line.words]
    tallest = TALL * usual_height(lines)
    read = np.array([_edges(box) for box in words if box.height <= tallest]).reshape(-1, 4)
    for box in seen:
        x, y = box.centre
        inside = (read[:, 0] <= x) & (x <= read[:, 2]) & (read[:, 1] <= y) & (y <= read[:, 3])
        if not inside.any():
            yield box


def usual_height(lines: Sequence[Line]) -> float:
    """The height of a middling word; 0.0 where there is none."""
    heights = [word.box.height for line in lines for word in line.words]
    return median(heights) if heights else 0.0


def _edges(box: Box) -> tuple[float, float, float, float]:
    around = MARGIN * box.height
    return box.x0 - around, box.y0 - around, box.x1 + around, box.y1 + around


def _goes_on(run: Box, box: Box) -> bool:
    """Whether `box` stands in the line of `run`, close behind it."""
    level = run.level(box) > 0.5 * min(run.height, box.height)
    return level and box.x0 - run.x1 <= BESIDE * max(run.height, box.height)
