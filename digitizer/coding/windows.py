"""Words of sentences, and runs of them that follow each other, as stems with their places. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digitizer.chart.text import TextSpan
from digitizer.coding.words import STOP_WORDS, fold, stem

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_STOP = re.compile(r"[.;:!?](?:\s|$)|\n\s*\n")

Sentence = tuple[tuple[str, TextSpan], ...]
"""The telling words of a sentence, in order."""


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence that has telling words.

    Words that tell no disease from another are left out.
    """
    sentence: list[tuple[str, TextSpan]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if sentence and _STOP.search(text, end, match.start()):
            yield tuple(sentence)
            sentence = []
        end = match.end()
        word = fold(match[0])
        if word and word not in STOP_WORDS:
            sentence.append((stem(word.split()[0]), TextSpan(*match.span())))
    if sentence:
        yield tuple(sentence)


def windows(text: str, longest: int) -> Iterator[tuple[tuple[str, ...], TextSpan]]:
    """Every run of one to `longest` telling words of a text, with its place.

    A run reaches over words that tell nothing, and ends where its sentence does.
    """
    for sentence in sentences(text):
        for end in range(1, len(sentence) + 1):
            for start in range(end - 1, max(-1, end - 1 - longest), -1):
                part = sentence[start:end]
                span = TextSpan(part[0][1].start, part[-1][1].end)
                yield tuple(word for word, _ in part), span
