"""How well a page was read, against the words that are printed on it. Pure.

Both sides are normalised: NFKC, no case, straight quotes and plain dashes, one space between words.
CER is the edit distance over the length of the truth, in the order in which each side gives its
text; word recall and numeric F1 do not depend on order. All are sums over pages, not means of
pages, so a page with few words counts little.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import astuple, dataclass

from rapidfuzz.distance import Levenshtein

_PLAIN = str.maketrans("‘’“”–—\N{MINUS SIGN}|", "''\"\"--- ")
_EDGE = re.compile(r"^[^\w%#$&+<>=/]+|[^\w%#$&+<>=/]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts that add up over pages. `characters` and `printed` are of the truth."""

    edits: int = 0
    characters: int = 0
    found: int = 0
    printed: int = 0
    numbers_found: int = 0
    numbers_printed: int = 0
    numbers_read: int = 0

    def __add__(self, other: Tally) -> Tally:
        """The tally of both."""
        sums = (one + two for one, two in zip(astuple(self), astuple(other), strict=True))
        return Tally(**dict(zip(Tally.__slots__, sums, strict=True)))

    @property
    def cer(self) -> float:
        """Edits a printed character; may be above 1 where much is read that is not there."""
        return self.edits / max(1, self.characters)

    @property
    def word_recall(self) -> float:
        """The share of printed words that were read; 1 where none is printed."""
        return self.found / self.printed if self.printed else 1.0

    @property
    def numeric_f1(self) -> float:
        """F1 of the words with a digit: doses, dates, values, numbers; 1 where there is none."""
        both = self.numbers_printed + self.numbers_read
        return 2 * self.numbers_found / both if both else 1.0


def tally(printed: str, read: str) -> Tally:
    """Compare what is printed on a page with what was read on it."""
    truth, said = normal(printed), normal(read)
    there, found = Counter(words(truth)), Counter(words(said))
    figures, figures_read = _with_digit(there), _with_digit(found)
    return Tally(
        edits=Levenshtein.distance(truth, said),
        characters=len(truth),
        found=(there & found).total(),
        printed=there.total(),
        numbers_found=(figures & figures_read).total(),
        numbers_printed=figures.total(),
        numbers_read=figures_read.total(),
    )


def normal(text: str) -> str:
    """Text as it is compared, with one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN).casefold().split())


def words(text: str) -> list[str]:
    """The words of normalised text that have a letter or digit, without marks at their edges."""
    bare = (_EDGE.sub("", word) for word in text.split())
    return [word for word in bare if any(character.isalnum() for character in word)]


def _with_digit(found: Counter[str]) -> Counter[str]:
    return Counter({w: n for w, n in found.items() if any(c.isdigit() for c in w)})
