"""Noun phrases around a head: "stage 3 chronic kidney disease", "ulcer of the left heel"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from digitizer.nlp.reading import Reading

LONGEST = 8
"""Words before a head, and words of one addition after it, at most."""

ADDITIONS = 3
"""Additions after a head ("of the …", ", stage 3", "with …") at most."""

SUFFIX_LETTERS = 6
"""Letters of the shortest unlisted word that its ending makes a head ("colitis")."""

_NUMBER = re.compile(r"\d[ab]?|i{1,3}|iv|v")
_NUMBERED = frozenset({"type", "stage", "grade", "class", "degree"})
_ARTICLES = frozenset({"the", "his", "her", "their", "a", "an", "both"})
_PLACED = frozenset({"of", "in", "on"})
_BESIDE = frozenset({"with", "without"})
_SIDES = frozenset({"left", "right", "bilateral"})


@dataclass(frozen=True, slots=True)
class Nucleus:
    """Tokens `first..last` that make a phrase; `bound` needs a word before it or "of" after it."""

    first: int
    last: int
    source: str
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `first..last`, grown from the nucleus `core`."""

    first: int
    last: int
    core: Nucleus


@dataclass(slots=True)
class NounGrammar:
    """Heads, endings and the words that may stand beside them, by role (see `*_words.tsv`)."""

    roles: Mapping[str, frozenset[str]]
    source: str
    blocked: frozenset[str] = frozenset()
    _kinds: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compile the endings."""
        self._suffix = _ending(self.roles.get("suffix", frozenset()))
        self._adjective = _ending(self.roles.get("adjective", frozenset()))
        self._before = self._role("modifier") | self._role("anatomy") | self._role("post")

    _suffix: re.Pattern[str] = field(init=False)
    _adjective: re.Pattern[str] = field(init=False)
    _before: frozenset[str] = field(init=False)

    def _role(self, name: str) -> frozenset[str]:
        return self.roles.get(name, frozenset())

    @property
    def words(self) -> frozenset[str]:
        """Every listed whole word, for spelling."""
        names = ("head", "bound", "modifier", "post", "anatomy", "complication", "event", "latin")
        return frozenset(w for n in names for item in self._role(n) for w in item.split())

    def kind(self, word: str) -> str:
        """What a word may be: "head", "bound", "before" (stands before a head) or "" (cached)."""
        found = self._kinds.get(word)
        if found is None:
            found = self._kinds[word] = self._kind(word)
        return found

    def _kind(self, word: str) -> str:
        if word in self._role("head"):
            return "head"
        if word in self._role("bound"):
            return "bound"
        if word in self._before:
            return "before"
        if word in self._role("other") or word in self.blocked or not word.isalpha():
            return ""
        stem = word.removesuffix("s") if not word.endswith(("ss", "is", "us")) else word
        if len(stem) >= SUFFIX_LETTERS and (self._suffix.search(word) or self._suffix.search(stem)):
            return "head"
        return "before" if len(word) > 4 and self._adjective.search(word) else ""

    def nuclei(self, reading: Reading) -> list[Nucleus]:
        """Every token that is a head."""
        kinds = [self.kind(word) for word in reading.words]
        return [
            Nucleus(i, i + 1, self.source, bound=kind == "bound")
            for i, kind in enumerate(kinds)
            if kind in ("head", "bound")
        ]

    def phrases(self, reading: Reading, nuclei: Iterable[Nucleus]) -> list[Phrase]:
        """Each nucleus with the words that belong to it; a bound one alone is dropped."""
        every = list(nuclei)
        starts = {nucleus.first for nucleus in every}
        return [p for n in every if (p := self._grown(reading, n, starts))]

    def _grown(self, reading: Reading, nucleus: Nucleus, starts: set[int]) -> Phrase | None:
        low, high = reading.sentence(nucleus.first)
        first = self._first(reading, nucleus.first, low)
        last = nucleus.last
        for _ in range(ADDITIONS):
            longer = self._addition(reading, last, high, starts)
            if longer == last:
                break
            last = longer
        if nucleus.bound and (first, last) == (nucleus.first, nucleus.last):
            return None
        return Phrase(first, last, nucleus)

    def _first(self, reading: Reading, at: int, low: int) -> int:
        """The first of the words before token `at` that belong to it."""
        first = at
        while first > max(low, at - LONGEST) and self._precedes(reading, first - 1, low):
            if opens_item(reading, first):
                break
            first -= 1
        return first

    def _precedes(self, reading: Reading, i: int, low: int) -> bool:
        words = reading.words
        if _NUMBER.fullmatch(words[i]):
            return i > low and words[i - 1] in _NUMBERED
        return self.kind(words[i]) == "before"

    def _addition(self, reading: Reading, at: int, high: int, starts: set[int]) -> int:
        """The end of what is added at token `at`, or `at` where nothing is."""
        if at >= high or opens_item(reading, at):
            return at
        word = reading.words[at]
        if word in self._role("latin"):
            return at + 1
        if word in _NUMBERED:
            return self._numbered(reading.words, at, high)
        if word == ",":
            return self._apposed(reading, at, high, starts)
        if word in _PLACED:
            return self._placed(reading, at, high)
        if word in _BESIDE:
            return self._beside(reading.words, at, high)
        return at

    def _numbered(self, words: tuple[str, ...], at: int, high: int) -> int:
        """After "stage": its number."""
        return at + 2 if at + 1 < high and _NUMBER.fullmatch(words[at + 1]) else at

    def _apposed(self, reading: Reading, comma: int, high: int, starts: set[int]) -> int:
        """After a comma: "recurrent, moderate", "stage 3", "right knee", but not a next problem."""
        words = reading.words
        opening = words[comma + 1] if comma + 1 < high else ""
        if opening not in self._role("post") and opening not in _SIDES:
            return comma
        last = comma + 1
        while last < min(high, comma + LONGEST) and self._describes(words, last):
            if opens_item(reading, last):
                break
            last += 1
        if last < high and not opens_item(reading, last):
            return comma if last in starts or self.kind(words[last]) else last
        return last

    def _describes(self, words: tuple[str, ...], i: int) -> bool:
        if _NUMBER.fullmatch(words[i]):
            return words[i - 1] in _NUMBERED
        return words[i] in self._role("post") or words[i] in self._role("anatomy")

    def _placed(self, reading: Reading, preposition: int, high: int) -> int:
        """After "of": a part of the body with its adjectives."""
        words = reading.words
        last = preposition + 1
        while last < high and words[last] in _ARTICLES:
            last += 1
        end, limit = preposition, min(high, last + LONGEST)
        while last < limit and self.kind(words[last]) == "before":
            if opens_item(reading, last):
                break
            last += 1
            if words[last - 1] in self._role("anatomy"):
                end = last
        return end

    def _beside(self, words: tuple[str, ...], preposition: int, high: int) -> int:
        """After "with": a complication with its adjectives."""
        complications = self._role("complication")
        for at in range(preposition + 1, min(high, preposition + LONGEST)):
            if words[at] in complications:
                return at + 1
            if self.kind(words[at]) != "before":
                break
        return preposition


def opens_item(reading: Reading, i: int) -> bool:
    """Whether token `i` opens a new item of a row: a capital after small letters.

    Rows of check-lists and tables come without any mark between their columns. Names with 's
    ("Crohn's disease") have their capital anywhere.
    """
    printed = reading.printed(i)
    if i == 0 or not printed.istitle() or reading.words[i].endswith(("'s", "s'")):
        return False
    before = i - 1
    while before > 0 and _NUMBER.fullmatch(reading.words[before]):
        before -= 1  # "stage 3 Gout": what counts is how "stage" is printed
    return reading.printed(before)[:1].islower()


def _ending(endings: frozenset[str]) -> re.Pattern[str]:
    """Matches a word that ends in one of `endings`; nothing where there are none."""
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(endings)))})\\Z" if endings else r"(?!)")
