"""Codes of whose names a document says much in one sentence: what `named` leaves out. Pure.

It is a guess that only experience can weigh, so it is learned from and never suggested by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from digitizer.chart.coding import CodeKnowledge, NameCover
from digitizer.chart.document import Document
from digitizer.chart.text import TextSpan
from digitizer.coding.windows import Sentence, sentences
from digitizer.coding.words import stems

COVERED = 4
"""Features of what is covered, see `Covered.features`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of a code's name stands in a sentence of a page."""

    cover: NameCover
    page: int
    sentence: Sentence

    @property
    def features(self) -> tuple[float, ...]:
        """What is learned from: the first is the share of the name."""
        cover = self.cover
        numbers = (cover.share, cover.of_text, cover.strength, float(np.log1p(cover.times)))
        return tuple(round(number, 3) for number in numbers)

    @property
    def span(self) -> TextSpan:
        """Where the words of the name stand closest together."""
        return _closest(self.sentence, frozenset(stems(self.cover.wording)))


def covered(document: Document, knowledge: CodeKnowledge) -> dict[str, Covered]:
    """The codes of whose names the document says most, by code, most first."""
    said = list(_sentences(document))
    covers = knowledge.covered([frozenset(word for word, _ in s) for _, s in said])
    return {cover.code: _of(cover, *said[cover.sentence]) for cover in covers}


def _of(cover: NameCover, page: int, sentence: Sentence) -> Covered:
    return Covered(cover=cover, page=page, sentence=sentence)


def _sentences(document: Document) -> Iterator[tuple[int, Sentence]]:
    for page in document.pages:
        if page.text is not None:
            yield from ((page.number, sentence) for sentence in sentences(page.content))


def _closest(sentence: Sentence, words: frozenset[str]) -> TextSpan:
    """The shortest stretch that holds every one of the words that the sentence has."""
    here = [(word, span) for word, span in sentence if word in words]
    wanted = len({word for word, _ in here})
    last: dict[str, TextSpan] = {}
    found = []
    for word, span in here:
        last[word] = span
        if len(last) == wanted:
            found.append(TextSpan(min(s.start for s in last.values()), span.end))
    return min(found, key=lambda span: span.end - span.start)
