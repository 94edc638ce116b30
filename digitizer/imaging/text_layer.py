"""The text layer of a PDF page: its glyphs, and the words that they make. Pure.

What counts is the ink. Whoever made the file may have put words into it that no one sees: painted
invisibly, in white, tiny, off the page, under a picture or a black bar. A glyph that is not seen
never becomes text. How the glyphs lie on the ink is for `layer_ink`, and whether to believe a
layer at all for `trust`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import hypot
from statistics import median

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word

CONFIDENCE = 0.99
"""Of a word that the file itself spells. Not 1: a font may show an 8 and say that it is a 3."""

KERNED_SPACE, SPACE = 0.08, 0.2  # of a font's size
SPACED_OUT = 4  # letters that stand alone, one after the other
WIDER = 1.4  # times the usual distance between two of them
LINE_END = "\n"
_UNKNOWN = frozenset(("Co", "Cn", "Cc", "Cs"))  # private, unassigned, control, half of a pair
_SPELLINGS = {"\x02": "-", "\xad": "-", "\u2010": "-", "\u2011": "-"}  # hyphens


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is printed, or a space or `LINE_END` between two.

    `box` is in points of the page as a viewer shows it, with the origin at the top left; it is
    `tight` around the ink where the text lies along an edge of the page. The text lies turned by
    `turn` degrees (0, 90, 180 or 270) clockwise. `shade` is 0 for black and 1 for white. `seen` is
    false where it is painted so that no one sees it. Glyphs of one `font` have one size, too.
    """

    text: str
    box: Box
    turn: int = 0
    tight: bool = True
    shade: float = 0.0
    seen: bool = True
    font: tuple[int, int] = (0, 0)

    @property
    def is_gap(self) -> bool:
        """Whether it has no ink, and parts two words."""
        return not self.text.strip()

    @property
    def is_known(self) -> bool:
        """Whether the file says which character it is."""
        return self.text != "\N{REPLACEMENT CHARACTER}" and not any(
            unicodedata.category(character) in _UNKNOWN for character in self.text
        )


Glyphs = tuple[Glyph, ...]
"""A word."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What can be seen of the text of a page, as lines of words in the order of the file, and how
    many glyphs cannot; the page's size is in points, as shown. `pictures` is where images lie. A
    page is `noted` on where notes or form fields lie on it, whose text is not in its layer.
    """

    width: float
    height: float
    lines: tuple[tuple[Glyphs, ...], ...] = ()
    unseen: int = 0
    noted: bool = False
    pictures: tuple[Box, ...] = ()

    @property
    def words(self) -> tuple[Glyphs, ...]:
        """Of all lines."""
        return tuple(word for line in self.lines for word in line)

    @property
    def glyphs(self) -> Glyphs:
        """Of all words."""
        return tuple(glyph for word in self.words for glyph in word)

    @property
    def turn(self) -> int:
        """How most of it lies: degrees clockwise."""
        turns = Counter(glyph.turn for glyph in self.glyphs)
        return max(turns, key=lambda turn: turns[turn]) if turns else 0

    def only(self, seen: Callable[[Glyphs], bool]) -> Layer:
        """The layer without words that are not seen after all."""
        lines = tuple(tuple(word for word in line if seen(word)) for line in self.lines)
        less = replace(self, lines=lines)
        return replace(less, unseen=self.unseen + len(self.glyphs) - len(less.glyphs))

    def upright(self) -> Layer:
        """The layer with the page turned so that most of it lies upright."""
        layer = self
        for _ in range(self.turn // 90):
            layer = layer._turned_left()
        return layer

    def _turned_left(self) -> Layer:
        def turned(glyph: Glyph) -> Glyph:
            box = glyph.box
            place = Box(box.y0, self.width - box.x1, box.y1, self.width - box.x0)
            return replace(glyph, box=place, turn=(glyph.turn - 90) % 360)

        lines = tuple(
            tuple(tuple(turned(glyph) for glyph in word) for word in line) for line in self.lines
        )
        return replace(self, width=self.height, height=self.width, lines=lines, pictures=())


def layer_of(width: float, height: float, glyphs: Iterable[Glyph]) -> Layer:
    """The layer of a page of which these are all glyphs and gaps."""
    lines: list[tuple[Glyphs, ...]] = []
    line: list[Glyphs] = []
    word: list[Glyph] = []
    unseen = 0
    for glyph in (*glyphs, Glyph(LINE_END, Box(0, 0, 0, 0))):
        if glyph.seen and not glyph.is_gap:
            word.append(glyph)
            continue
        unseen += not glyph.seen
        if word:
            line.append(tuple(word))
            word = []
        if glyph.text == LINE_END and line:
            lines.append(tuple(_unspaced(line)))
            line = []
    return Layer(width, height, tuple(lines), unseen)


def _unspaced(line: Sequence[Glyphs]) -> Iterator[Glyphs]:
    """The words of a line, those put together again that are spaced out ("D I S C H A R G E")."""
    for single, group in groupby(line, key=_is_letter):
        words = tuple(group)
        if single and len(words) >= SPACED_OUT:
            yield from _rejoined(words)
        else:
            yield from words


def _is_letter(word: Glyphs) -> bool:
    return len(word) == 1 and word[0].text.isalpha()


def _rejoined(letters: Sequence[Glyphs]) -> Iterator[Glyphs]:
    """Letters in a row, parted where the gap is clearly wider than between most."""
    gaps = [_between(one[0], other[0]) for one, other in pairwise(letters)]
    widest = WIDER * median(gaps)
    word = letters[0]
    for letter, gap in zip(letters[1:], gaps, strict=True):
        if gap > widest:
            yield word
            word = ()
        word = (*word, *letter)
    yield word


def _between(one: Glyph, other: Glyph) -> float:
    """From the middle of one glyph to that of another, in points: letters differ in width."""
    (x0, y0), (x1, y1) = one.box.centre, other.box.centre
    return hypot(x1 - x0, y1 - y0)


def lines_of(layer: Layer, scale: float) -> tuple[Line, ...]:
    """What can be seen of it, as lines of words; boxes in pixels, of which a point has `scale`.

    A sign of a font of symbols, such as a bullet, is no word.
    """
    words = ([_word(glyphs, scale) for glyphs in line if _means(glyphs)] for line in layer.lines)
    return tuple(Line(words=tuple(line)) for line in words if line)


def _means(word: Glyphs) -> bool:
    return any(glyph.is_known for glyph in word)


def _word(glyphs: Glyphs, scale: float) -> Word:
    box = Box.around(glyph.box for glyph in glyphs)
    return Word(
        text=spelled(glyphs),
        box=Box(box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale),
        confidence=CONFIDENCE,
    )


def spelled(word: Glyphs) -> str:
    """Its characters, ligatures taken apart; what the file does not say is left out."""
    said = "".join(glyph.text for glyph in word if glyph.is_known)
    return "".join(
        unicodedata.normalize("NFKC", each) if "ﬀ" <= each <= "ﬆ" else each for each in said
    )


def spelling(character: str) -> str:
    """One spelling for all hyphens and gaps."""
    if character in _SPELLINGS:
        return _SPELLINGS[character]
    return character if character == LINE_END or character.strip() else " "


def word_gaps(gaps: Sequence[float]) -> list[bool]:
    """Which gaps between neighbouring glyphs, in sizes of their font, part two words.

    A kerned space may be a tenth of the size; where the gaps beside it are much the same, the word
    is spaced out instead.
    """
    padded = (0.0, *gaps, 0.0) if len(gaps) == 1 else (*gaps[1:2], *gaps, *gaps[-2:-1])
    beside = [min(padded[place], padded[place + 2]) for place in range(len(gaps))]
    return [
        gap > SPACE or (gap > KERNED_SPACE and gap > 1.5 * least)
        for gap, least in zip(gaps, beside, strict=True)
    ]
