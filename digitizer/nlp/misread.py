"""Words as they were meant: single characters that scanning confuses, put right for matching only.

The text of a page never changes; what is put right here is the word that rules are matched with.
A word that the model knows is never touched. Words of cues ("denies", "history") are tolerant
always, because a cue that is missed lets a denied disease through; clinical words only where the
engine doubts them, where letters and digits are mixed, where they differ in nothing but characters
of one shape ("itchlng"), or where they are long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# What is printed for what was meant, in lower case. From the shapes of the letters: strokes of
# one height (1, l, i), closed and open bowls (c, e, o), joined feet (rn, m).
CONFUSED: dict[str, str] = {
    "0": "o", "1": "li", "5": "s", "8": "b", "6": "bg", "9": "g", "2": "z", "|": "li", "!": "li",
    "i": "lt", "l": "it", "t": "f", "f": "t", "c": "eo", "e": "coa", "o": "cea", "a": "oe",
    "u": "n", "n": "ur", "r": "n", "h": "b", "b": "h", "g": "q", "q": "g", "v": "y", "y": "v",
    "z": "s", "s": "z",
}  # fmt: skip
MERGED = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("m", "rn"), ("d", "cl"), ("ii", "u"), ("ri", "n"))

# Shapes that are the same in most fonts: any number of them may be confused in one word.
_SAME = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b"})
_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b", "|": "l", "!": "l"})

# No word begins so: the stroke is a capital I ("lron", "lnsulin").
_UNSPOKEN = re.compile(r"[l1|][bcdfghjkmnpqrstvwxz]")

SHORTEST = 4
"""Letters of the shortest word that is put right; below it too many words look alike."""

SHORTEST_EDIT = 6
"""Letters of the shortest word in which one less likely confusion is put right."""

LONG = 9
"""Letters from which one confusion is put right in any word: of the few thousand words of a model
hardly two that long differ in one confusable letter, and none of them is an everyday word's."""

MOST_WORDS = 4
"""Words of the longest cue in which a word is told by the words around it."""

AROUND = 3
"""Letters that the other words of such a cue must have together."""


def shape(word: str) -> str:
    """`word` with characters of the same shape made equal: "den1es" and "denies" agree."""
    return word.translate(_SAME).replace("rn", "m").replace("lc", "k")


def mixed(word: str) -> bool:
    """Whether letters and digits are mixed in a way that suggests a misreading ("n0", "rem0te")."""
    letters = sum(c.isalpha() for c in word)
    return letters > 0 and any(c in "01585|!" for c in word) and letters * 2 >= len(word)


def one_confusion(word: str) -> Iterator[str]:
    """Every word that one confusion would have turned into `word`."""
    for i, char in enumerate(word):
        for meant in CONFUSED.get(char, ""):
            yield word[:i] + meant + word[i + 1 :]
    for seen, meant in MERGED:
        at = word.find(seen)
        while at >= 0:
            yield word[:at] + meant + word[at + len(seen) :]
            at = word.find(seen, at + 1)


class Spelling:
    """The words that a model knows, and which of them a misread word stands for."""

    def __init__(self, phrases: Iterable[str], clinical: frozenset[str]) -> None:
        """`phrases` are the cues, words apart by spaces; `clinical` all other known words."""
        cue_words = [tuple(phrase.split()) for phrase in phrases]
        self.cues = told({word for words in cue_words for word in words})
        self.known = self.cues | told(clinical)
        self._pairs = {words for words in cue_words if len(words) == 2}
        self._gaps = _gaps(cue_words)
        self._shortened = _shortened(self.cues)
        self._cue_shapes = _shapes(self.cues)
        self._shapes = _shapes(self.known)
        self.meant = lru_cache(maxsize=20_000)(self._meant)

    def _meant(self, word: str, doubted: bool) -> str:  # noqa: FBT001 (part of the cache key)
        """The known word (lower case) that `word` stands for, or `word` itself."""
        if word in self.known or not any(c.isalpha() for c in word):
            return word
        doubted = doubted or mixed(word)
        if len(word) < SHORTEST and not (doubted and len(word) > 1):
            return word
        alike = doubted or len(word) >= SHORTEST_EDIT or bool(_UNSPOKEN.match(word))
        shapes = self._shapes if alike else self._cue_shapes
        plain = doubted or len(word) >= LONG
        found = (
            shapes.get(shape(word))
            or self._edited(word, self.known if plain else self.cues)
            or self._shortened.get(word)
        )
        return found or (word.translate(_DIGITS) if mixed(word) and len(word) > SHORTEST else word)

    def _edited(self, word: str, words: frozenset[str]) -> str | None:
        if len(word) < SHORTEST_EDIT:
            return None
        plain = word.translate(_DIGITS)
        return next((w for w in one_confusion(plain) if w in words), None)

    def fitting(self, words: Sequence[str], at: int) -> str:
        """The word of a cue that fits between its neighbours and resembles unknown `words[at]`.

        "does uot have" is read as "does not have": what alone is too short to be put right is
        told by the words around it.
        """
        word = words[at]
        if word in self.known or not word[:1].isalpha():
            return word
        for first in range(max(0, at - MOST_WORDS + 1), at + 1):
            for last in range(max(at + 1, first + 2), min(len(words), first + MOST_WORDS) + 1):
                key = (*words[first:at], "", *words[at + 1 : last])
                for meant in self._gaps.get(key, ()):
                    if resembles(word, meant):
                        return meant
        return word

    def joined(self, left: str, right: str) -> str | None:
        """The one word that a stray space has split into `left` and `right`, if there is one."""
        whole = left + right
        if whole not in self.known or (left in self.known and right in self.known):
            return None
        return whole if len(whole) >= SHORTEST or whole in self.cues else None

    def split(self, word: str) -> int:
        """Where a lost space stood in `word` ("evidenceof"), or 0."""
        if len(word) < SHORTEST or word in self.known or not word.isalpha():
            return 0
        parts = ((at, word[:at], word[at:]) for at in range(2, len(word) - 1))
        return next((at for at, left, right in parts if self._apart(left, right)), 0)

    def _apart(self, left: str, right: str) -> bool:
        """Whether two words that stand together without a space are two words of the model."""
        if (left, right) in self._pairs:
            return True
        both = left in self.known and right in self.known
        long = len(left) + len(right) > SHORTEST_EDIT
        return both and long and (left in self.cues or right in self.cues)


def told(words: Iterable[str]) -> frozenset[str]:
    """Words that spelling can be judged by: single letters and signs tell nothing."""
    return frozenset(w for w in words if len(w) > 1 and any(c.isalpha() for c in w))


def resembles(word: str, meant: str) -> bool:
    """Whether `word` may be a misreading of `meant`, where the words around it fit already."""
    if shape(word) == shape(meant) or meant in one_confusion(word):
        return True
    if shape(word[-1]) != shape(meant[-1]):
        return False  # "returns" is no misread "return"
    distance = Levenshtein.distance(word, meant, score_cutoff=2)
    lost_letter = distance == 1 and len(word) != len(meant)
    return lost_letter or (distance <= 2 and len(meant) >= SHORTEST_EDIT + 1)


def _shortened(words: frozenset[str]) -> dict[str, str]:
    """Long words with one inner letter lost ("resolvd"), and what they were."""
    return {
        word[:i] + word[i + 1 :]: word
        for word in sorted(words)
        if len(word) > SHORTEST_EDIT + 1
        for i in range(1, len(word) - 1)
    }


def _gaps(phrases: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
    """Cues with one word left out (""), and the words that fill the gap."""
    found: dict[tuple[str, ...], set[str]] = {}
    for words in phrases:
        for i, word in enumerate(words if 1 < len(words) <= MOST_WORDS else ()):
            rest = (*words[:i], "", *words[i + 1 :])
            if word.isalpha() and sum(map(len, rest)) >= AROUND:
                found.setdefault(rest, set()).add(word)
    return found


def _shapes(words: frozenset[str]) -> dict[str, str]:
    """Shape → word, only where one word alone has that shape."""
    found: dict[str, str] = {}
    for word in sorted(words):
        if len(word) > 1:
            key = shape(word)
            found[key] = "" if key in found else word
    return {key: word for key, word in found.items() if word}
