"""Phrases that charts print, and what each stands for, found again through small misreadings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from digitizer.errors import ConfigError

# Characters that scanning confuses become one and the same, in phrases as in printed text.
_CONFUSED = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b"})
_MERGED = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"))

# "RN" is a nurse; only in longer words is it more likely an "m" in two pieces.
_LEAST_MERGED = 5

_REMEMBERED = 20_000
"""Phrases of which a vocabulary keeps what they mean."""

# A folded phrase of at least so many letters may differ in so many of them.
_TOLERANCE = ((20, 3), (12, 2), (5, 1))


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """`text` without case, accents, spaces and punctuation, and with confusable letters made equal.

    Only for comparing: "Medical Rec0rd #" and "MEDICAL RECORD" fold alike.
    """
    spelled = text.replace("&", " and ")
    plain = spelled if spelled.isascii() else unicodedata.normalize("NFKD", spelled)
    letters = "".join(filter(str.isalnum, plain.casefold().translate(_CONFUSED)))
    if len(letters) >= _LEAST_MERGED:
        for seen, meant in _MERGED:
            letters = letters.replace(seen, meant)
    return letters


def tolerance(length: int) -> int:
    """How many misread letters a folded phrase of this length may have."""
    return next((edits for least, edits in _TOLERANCE if length >= least), 0)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded phrases with the kind that each stands for; `words` is the longest phrase's length.

    Phrases of kind "-" stand for nothing: they keep a common word from being taken for a misread
    phrase ("Confusion" for "Conclusion").
    """

    kinds: dict[str, str]
    words: int
    near_length: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """By how many letters printed text has: the phrases that it may be, shorter ones first."""
    _near: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    """What was looked for before: headers say the same few thousand things."""

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Vocabulary:
        """From (kind, phrase) pairs; the first kind given for a phrase holds."""
        kinds: dict[str, str] = {}
        longest = 0
        for kind, phrase in rows:
            kinds.setdefault(fold(phrase) or phrase, kind)
            longest = max(longest, len(phrase.split()))
        by_length = {n: tuple(p for p in kinds if len(p) == n) for n in {*map(len, kinds)}}
        lengths = range(max(by_length, default=0) + _TOLERANCE[0][1] + 1)
        near = {n: _about(n, by_length) for n in lengths if tolerance(n)}
        return cls(kinds, longest, near)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """From a table of kind, tab, phrase; ConfigError where it is missing or malformed."""
        return cls.of(read_table(path))

    def exact(self, text: str) -> str | None:
        """The kind of the phrase that `text` is, case and confusable letters aside."""
        return _meant(self.kinds.get(fold(text) or text.strip()))

    def find(self, text: str) -> str | None:
        """The kind of the phrase that `text` is, allowing for misread letters.

        `None` where no phrase is near enough, or two of different kinds are equally near.
        """
        folded = fold(text)
        if folded in self.kinds:
            return _meant(self.kinds[folded])
        try:
            return self._near[folded]
        except KeyError:
            found = self._nearest(folded)
        if len(self._near) >= _REMEMBERED:
            self._near.clear()
        self._near[folded] = found
        return found

    def _nearest(self, folded: str) -> str | None:
        allowed = tolerance(len(folded))
        if not allowed:
            return None
        as_long = self.near_length.get(len(folded), ())
        near = process.extract(
            folded, as_long, scorer=Levenshtein.distance, score_cutoff=allowed, limit=3
        )
        best = {self.kinds[phrase] for phrase, edits, _ in near if edits == near[0][1]}
        return _meant(best.pop()) if len(best) == 1 else None


def _about(length: int, by_length: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The phrases that text of `length` letters may be."""
    allowed = tolerance(length)
    lengths = range(length - allowed, length + allowed + 1)
    return tuple(phrase for n in lengths for phrase in by_length.get(n, ()))


def _meant(kind: str | None) -> str | None:
    return None if kind == "-" else kind


def read_table(path: Path) -> list[tuple[str, str]]:
    """The two columns of a tab-separated table; lines that start with `#` and a space are notes.

    Raises:
        ConfigError: the file is missing, or a line has no tab.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"{path.name} cannot be read ({error.strerror}): see models/") from error
    rows: list[tuple[str, str]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("# "):
            continue
        kind, tab, phrase = line.partition("\t")
        if not tab or not phrase.strip():
            raise ConfigError(f"{path.name}, line {number}: wants a kind, a tab and a phrase")
        rows.append((kind.strip(), phrase.strip()))
    return rows
