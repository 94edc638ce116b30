"""Two readings of one page → one, the better word at each place. Pure.

Confidences are calibrated, so that they compare. Of 36 photocopies Tesseract read .833 of the
words and PP-OCR .907; the better of the two by page gave .907, by line .907, by word .917. Forms
of FUNSD and photos of charts show the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

GOOD = 0.915
"""A page of which so large a share is likely to be right is not read again: one of 38 clean and
office pages had less, of photocopies four in five, of faxes one in seven.
"""


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

SURE = 0.985  # no reading is surer; what a file itself spells is
OVERLAP = 0.3  # of the narrower word's width, from which two words stand in one place


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The lines, and how many places the engines read alike, and whose reading stands elsewhere."""

    lines: tuple[Line, ...]
    alike: int
    first: int
    second: int


def better(first: Iterable[Line], second: Sequence[Line], alone: Alone = OTHERS) -> Choice:
    """The words of both readings, at each place those of the engine that is surer.

    Lines are those of `second`, and behind them what only `first` found. Where both say the same
    the word is surer than either said; where they differ, the word that stays is less sure.
    """
    known = list(first)
    places: list[_Place] = []
    lines = []
    for line in second:
        rivals = [w for other in known for w in other.words if line.box.holds(w.box)]
        known = [_without(other, line.box) for other in known]
        found = list(_places(rivals, line.words, alone))
        places.extend(found)
        lines.append(Line(words=tuple(w for place in found for w in place.chosen)))
    for line in known:
        found = [_Place(first=(word,), second=(), alone=alone) for word in line.words]
        places.extend(found)
        lines.append(replace(line, words=tuple(w for place in found for w in place.chosen)))
    return Choice(
        lines=tuple(line for line in lines if line.words),
        alike=sum(place.alike for place in places),
        first=sum(bool(place.chosen) and place.is_first for place in places),
        second=sum(bool(place.chosen) and place.is_second for place in places),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the two engines read in one place; one of them may have found nothing there."""

    first: tuple[Word, ...]
    second: tuple[Word, ...]
    alone: Alone

    @property
    def alike(self) -> bool:
        return [word.text for word in self.first] == [word.text for word in self.second]

    @property
    def is_first(self) -> bool:
        return not self.alike and _sure(self.first) > _sure(self.second)

    @property
    def is_second(self) -> bool:
        return not self.alike and not self.is_first

    @property
    def chosen(self) -> tuple[Word, ...]:
        if self.alike:
            pairs = zip(self.first, self.second, strict=True)
            return tuple(replace(a, confidence=_agreed(a, b)) for a, b in pairs)
        if not self.second:
            return tuple(word for word in self.first if word.confidence >= self.alone.first)
        if not self.first:
            return tuple(word for word in self.second if word.confidence >= self.alone.second)
        return tuple(
            replace(word, confidence=_disputed(word))
            for word in (self.first if self.is_first else self.second)
        )


def _agreed(one: Word, other: Word) -> float:
    """Both wrong in the same way is as unlikely as both being wrong, or nearly."""
    return min(SURE, round(1 - (1 - one.confidence) * (1 - other.confidence), 4))


def _disputed(word: Word) -> float:
    """Of words that the other engine read otherwise 86 % were right at .97, and 45 % at .7."""
    return round(word.confidence**2, 4)


def _sure(words: Sequence[Word]) -> float:
    """The mean confidence of the characters, 0.0 where there are none."""
    characters = sum(len(word.text) for word in words)
    return sum(len(w.text) * w.confidence for w in words) / characters if characters else 0.0


def _places(first: Iterable[Word], second: Iterable[Word], alone: Alone) -> Iterator[_Place]:
    """The words of one line by where they stand, from left to right."""
    words = sorted([*((w, 0) for w in first), *((w, 1) for w in second)], key=_left)
    here: tuple[list[Word], list[Word]] = ([], [])
    end = 0.0
    for word, engine in words:
        placed = [*here[0], *here[1]]
        narrowest = min(w.box.width for w in (*placed, word))
        if placed and min(end, word.box.x1) - word.box.x0 <= OVERLAP * narrowest:
            yield _Place(first=tuple(here[0]), second=tuple(here[1]), alone=alone)
            here, end = ([], []), 0.0
        here[engine].append(word)
        end = max(end, word.box.x1)
    if here[0] or here[1]:
        yield _Place(first=tuple(here[0]), second=tuple(here[1]), alone=alone)


def _left(placed: tuple[Word, int]) -> float:
    return placed[0].box.x0


def _without(line: Line, box: Box) -> Line:
    return replace(line, words=tuple(word for word in line.words if not box.holds(word.box)))
