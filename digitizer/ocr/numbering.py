"""Numbers of lists of which an engine read no more than the full stop: it passes over a digit that
stands alone before a line, and boxes the dot behind it. Pure.

What the number is is never worked out from its neighbours, as lists skip numbers and go on over
pages: the place is read again, and only a reading of its own ink puts a number there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.unread import usual_height

STOPS = frozenset(".,")
LOW = 0.4  # of a middling word's height: the dot itself, not a digit that was misread as one
AHEAD = 2.5  # middling heights between the dot and the word that it is a number of, at most
WIDE, HIGH, BELOW = 1.3, 1.0, 0.15
"""Middling heights that a number of two digits takes on the left of its dot, and above and below
its foot."""


def lost_numbers(lines: Sequence[Line]) -> dict[Word, Box]:
    """The stops that begin a line of words, and where the numbers before them stand."""
    height = usual_height(lines)
    return {
        line.words[0]: _place(line.words[0].box, height)
        for line in lines
        if _begins_with_stop(line, height)
    }


def without_lost(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without such stops: beside another engine's number they are no rival reading."""
    height = usual_height(lines)
    return tuple(
        replace(line, words=line.words[1:]) if _begins_with_stop(line, height) else line
        for line in lines
    )


def besides(passed_over: Iterable[Box], places: Iterable[Box]) -> list[Box]:
    """The places passed over that are not, or not a part of, one of `places`."""
    known = list(places)
    return [box for box in passed_over if not any(place.holds(box) for place in known)]


def _begins_with_stop(line: Line, height: float) -> bool:
    if len(line.words) < 2 or line.words[0].text not in STOPS:
        return False
    stop, after = line.words[0].box, line.words[1].box
    near = 0 <= after.x0 - stop.x1 <= AHEAD * height
    return near and stop.height < LOW * height and after.y0 < stop.y0 <= after.y1


def _place(stop: Box, height: float) -> Box:
    return Box(
        max(0.0, stop.x0 - WIDE * height),
        max(0.0, stop.y1 - HIGH * height),
        stop.x1 + BELOW * height,
        stop.y1 + BELOW * height,
    )
