"""The text of a page and the bridge from any stretch of it back to the ink."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from digitizer.chart.geometry import Box


@dataclass(frozen=True, slots=True, order=True)
class TextSpan:
    """Characters `start` up to but not including `end` of one page's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        """Number of characters."""
        return self.end - self.start

    def overlaps(self, other: TextSpan) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it was read. `box` in upright pixels; `confidence` from 0 to 1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words that stand beside each other, left to right, as the engine grouped them."""

    words: tuple[Word, ...]
    block: int = 0

    @property
    def box(self) -> Box:
        """Around all words."""
        return Box.around(word.box for word in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A page's text in reading order; lines end in a newline. Never edited once composed.

    `words[i]` is printed at `content[starts[i] : starts[i] + len(words[i].text)]`, and `starts`
    rises. Text that never was on paper has no words.
    """

    content: str
    words: tuple[Word, ...] = ()
    starts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse words that do not stand where `starts` says."""
        if len(self.words) != len(self.starts):
            raise ValueError("a word has no start, or a start no word")

    def words_of(self, span: TextSpan) -> tuple[Word, ...]:
        """The words of which at least one character lies in `span`."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        last = bisect_left(self.starts, span.end)
        return tuple(
            word
            for word, start in zip(self.words[first:last], self.starts[first:last], strict=True)
            if start < span.end and span.start < start + len(word.text)
        )

    def boxes_of(self, span: TextSpan) -> tuple[Box, ...]:
        """One box for each line that `span` touches, in reading order, in upright pixels."""
        boxes: list[list[Box]] = []
        first = max(0, bisect_right(self.starts, span.start) - 1)
        last = bisect_left(self.starts, span.end)
        line_end = -1
        for word, start in zip(self.words[first:last], self.starts[first:last], strict=True):
            if not (start < span.end and span.start < start + len(word.text)):
                continue
            if start > line_end:
                boxes.append([])
                newline = self.content.find("\n", start)
                line_end = newline if newline >= 0 else len(self.content)
            boxes[-1].append(word.box)
        return tuple(Box.around(line) for line in boxes)

    def confidence_of(self, span: TextSpan) -> float:
        """The lowest confidence of a word in `span`; 1.0 for text that never was on paper."""
        return min((word.confidence for word in self.words_of(span)), default=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of a page: `kind` is a word of `models/sections`, such as "family_history".

    `heading` is where the heading is printed (empty for a part carried over from the page before),
    `span` is the whole part with its heading.
    """

    kind: str
    heading: TextSpan
    span: TextSpan
