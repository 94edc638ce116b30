"""Runs of words that follow each other in a sentence, as stems with their places. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digitizer.chart.text import TextSpan
from digitizer.coding.words import STOP_WORDS, fold, stem

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_STOP = re.compile(r"[.;:!?](?:\s|$)|\n\s*\n")


def windows(text: str, longest: int) -> Iterator[tuple[tuple[str, ...], TextSpan]]:
    """Every run of one to `longest` telling words of a text, with its place.

    Words that tell no disease from another are left out, so a run reaches over them; it ends where
    its sentence does.
    """
    run: list[tuple[str, int, int]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if _STOP.search(text, end, match.start()):
            run = []
        end = match.end()
        word = fold(match[0])
        if not word or word in STOP_WORDS:
            continue
        run = [*run, (stem(word.split()[0]), match.start(), match.end())][-longest:]
        for size in range(1, len(run) + 1):
            part = run[-size:]
            yield tuple(s for s, _, _ in part), TextSpan(part[0][1], part[-1][2])
