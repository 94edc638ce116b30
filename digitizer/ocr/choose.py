"""Two readings of one page → one, the better word at each place. Pure.

Confidences are calibrated, so that they compare. Of 36 photocopies Tesseract read .833 of the
words and PP-OCR .907; the better of the two by page gave .907, by line .907, by word .917. Forms
of FUNSD and photos of charts show the same order.

Where the two differ, one of them had 1,325 words of 47 photocopies right and 1,415 of 84 forms of
FUNSD; confidence alone chose 1,146 and 1,204 of these, `_worth` 1,218 and 1,274.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.known import NONE, KnownWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The least confidence of a word that only the `first` or only the `second` reading has."""

    first: float
    second: float


OTHERS = Alone(first=0.9, second=0.4)
"""Of Tesseract and PP-OCR. Where the second saw no text, 7 in 100 of the first's words below .6
were words, and 67 of those above .9; of its own below .4, 13.
"""

ALIKE = Alone(first=0.7, second=0.7)
"""Of one engine under two assumptions of the layout: what only one of them sees is often no word.
On 100 forms of FUNSD and 18 receipts of SROIE any from .6 to .8 was within .003 in F1.
"""

STRANGE, COVERED = 0.5, 0.5
"""In units of confidence: what it costs a reading to be in no dictionary, beyond that its words are
less sure, and what it is worth to cover all of its place (a reading cut short does not). From half
to twice as much there is no difference.
"""

SURE = 0.985  # no reading is surer; what a file itself spells is
OVERLAP = 0.3  # of the narrower word's width, from which two words stand in one place


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The lines, and how many places the engines read alike, and whose reading stands elsewhere."""

    lines: tuple[Line, ...]
    alike: int
    first: int
    second: int


def better(
    first: Iterable[Line],
    second: Sequence[Line],
    alone: Alone = OTHERS,
    known: KnownWords = NONE,
) -> Choice:
    """The words of both readings, at each place those that are worth more.

    Lines are those of `second`, and behind them what only `first` found. Where both say the same
    the word is surer than either said; where they differ, the word that stays is less sure. What
    both say somewhere on the page is known, though no dictionary has it.
    """
    rows = list(_rows(first, second))
    alike = (word.text for row in rows for place in row if place.alike for word in place.first)
    known = known.with_page(alike)
    lines = []
    counts = {Side.BOTH: 0, Side.FIRST: 0, Side.SECOND: 0}
    for row in rows:
        words: list[Word] = []
        for place in row:
            side = place.side(known)
            chosen = place.chosen(side, alone)
            counts[side] += bool(chosen)
            words.extend(chosen)
        lines.append(Line(words=tuple(words)))
    return Choice(
        lines=tuple(line for line in lines if line.words),
        alike=counts[Side.BOTH],
        first=counts[Side.FIRST],
        second=counts[Side.SECOND],
    )


class Side(Enum):
    """Whose reading stands in a place."""

    BOTH = auto()
    FIRST = auto()
    SECOND = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the two engines read in one place; one of them may have found nothing there."""

    first: tuple[Word, ...]
    second: tuple[Word, ...] = ()

    @property
    def alike(self) -> bool:
        return [word.text for word in self.first] == [word.text for word in self.second]

    def side(self, known: KnownWords) -> Side:
        if self.alike:
            return Side.BOTH
        if not self.first or not self.second:
            return Side.FIRST if self.first else Side.SECOND
        whole = Box.around(word.box for word in (*self.first, *self.second)).width
        first, second = (_worth(words, whole, known) for words in (self.first, self.second))
        return Side.FIRST if first > second else Side.SECOND

    def chosen(self, side: Side, alone: Alone) -> tuple[Word, ...]:
        if side is Side.BOTH:
            pairs = zip(self.first, self.second, strict=True)
            return tuple(replace(a, confidence=_agreed(a, b)) for a, b in pairs)
        if not self.second:
            return tuple(word for word in self.first if word.confidence >= alone.first)
        if not self.first:
            return tuple(word for word in self.second if word.confidence >= alone.second)
        words = self.first if side is Side.FIRST else self.second
        return tuple(replace(word, confidence=_disputed(word)) for word in words)


def _rows(first: Iterable[Line], second: Iterable[Line]) -> Iterator[list[_Place]]:
    """The places of each line of `second`, then of what only `first` has."""
    left = list(first)
    for line in second:
        rivals = [w for other in left for w in other.words if line.box.holds(w.box)]
        left = [_without(other, line.box) for other in left]
        yield list(_places(rivals, line.words))
    for line in left:
        yield [_Place(first=(word,)) for word in line.words]


def _agreed(one: Word, other: Word) -> float:
    """Both wrong in the same way is as unlikely as both being wrong, or nearly."""
    return min(SURE, round(1 - (1 - one.confidence) * (1 - other.confidence), 4))


def _disputed(word: Word) -> float:
    """Of words that the other engine read otherwise 86 % were right at .97, and 45 % at .7."""
    return round(word.confidence**2, 4)


def _worth(words: Sequence[Word], whole: float, known: KnownWords) -> float:
    """How good a reading of a place that is `whole` pixels wide looks, to compare it with another:
    how sure its characters are on average, whether they make words, and how much they cover.
    """
    characters = sum(len(word.text) for word in words)
    likely = sum(
        len(word.text) * (word.confidence - STRANGE * known.strangeness(word.text))
        for word in words
    )
    covered = Box.around(word.box for word in words).width / whole
    return likely / characters + COVERED * covered


def _places(first: Iterable[Word], second: Iterable[Word]) -> Iterator[_Place]:
    """The words of one line by where they stand, from left to right."""
    words = sorted([*((w, 0) for w in first), *((w, 1) for w in second)], key=_left)
    here: tuple[list[Word], list[Word]] = ([], [])
    end = 0.0
    for word, engine in words:
        placed = [*here[0], *here[1]]
        narrowest = min(w.box.width for w in (*placed, word))
        if placed and min(end, word.box.x1) - word.box.x0 <= OVERLAP * narrowest:
            yield _Place(first=tuple(here[0]), second=tuple(here[1]))
            here, end = ([], []), 0.0
        here[engine].append(word)
        end = max(end, word.box.x1)
    if here[0] or here[1]:
        yield _Place(first=tuple(here[0]), second=tuple(here[1]))


def _left(placed: tuple[Word, int]) -> float:
    return placed[0].box.x0


def _without(line: Line, box: Box) -> Line:
    return replace(line, words=tuple(word for word in line.words if not box.holds(word.box)))
