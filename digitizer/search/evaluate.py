"""Carry out a plan on segments: set algebra on arrays of page ids, scored with BM25."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from digitizer.search import codec, ranking
from digitizer.search import plan as plans
from digitizer.search.codec import NO_COUNTS, NO_IDS, Counts, Ids
from digitizer.search.columns import Mask
from digitizer.search.plan import Atom, How, Plan
from digitizer.search.segment import Leaf
from digitizer.search.spellings import Spellings
from digitizer.search.stack import Stack


class TimeUp(Exception):
    """The time for one request has run out."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Page ids of one segment, rising, with their scores."""

    ids: Ids
    scores: Counts

    def where(self, keep: Mask) -> Scored:
        """The pages at which `keep` holds."""
        return Scored(self.ids[keep], self.scores[keep])


NOTHING = Scored(NO_IDS, NO_COUNTS)


class Statistics:
    """How rare words are over all segments, and when to stop."""

    def __init__(self, stack: Stack, seconds: float) -> None:
        """Look at all segments; `seconds` is the time that all work may take together."""
        self._leaves = stack.leaves
        self._deadline = time.monotonic() + seconds
        self.pages, self.usual_length = stack.pages, stack.usual_length

    def rarity(self, field: str, words: Iterable[str]) -> float:
        """The summed BM25 weight of `words`."""
        return sum(ranking.rarity(self.pages_with(field, word), self.pages) for word in words)

    def pages_with(self, field: str, word: str) -> int:
        """On how many pages, deleted ones too, `word` is in `field`."""
        encoded = word.encode()
        return sum(int(leaf.reader.doc_frequency(field, encoded)) for leaf in self._leaves)

    def check(self) -> None:
        """Raise TimeUp when time is up."""
        if time.monotonic() > self._deadline:
            raise TimeUp


class Evaluation:
    """Plans on one segment, for one request; remembers every posting list that it reads."""

    def __init__(self, leaf: Leaf, statistics: Statistics) -> None:
        """Look at `leaf`."""
        self.leaf = leaf
        self._statistics = statistics
        self._read: dict[tuple[str, str], codec.Postings] = {}
        self._places_read: dict[tuple[str, str], Ids] = {}
        self._atoms: dict[Atom, Scored] = {}
        self._spellings: dict[Atom, Spellings] = {}
        self._misreadings: dict[tuple[str, str], list[str]] = {}

    def hits(self, plan: Plan, filters: Sequence[Plan]) -> Scored:
        """The live pages that match the plan and every filter."""
        allowed = self.leaf.alive
        for required in filters:
            allowed = allowed & self.leaf.columns.mask(required, self._mask)
        if not allowed.any():
            return NOTHING
        found = self._of(plan)
        return found.where(allowed[found.ids])

    def weighed(self, plan: Plan, filters: Sequence[Plan]) -> Scored:
        """The hits, their scores multiplied by `ranking.prior`."""
        found, numbers = self.hits(plan, filters), self.leaf.columns.numbers
        prior = ranking.prior(numbers["date"][found.ids], numbers["conf"][found.ids])
        return Scored(found.ids, found.scores * prior)

    def terms(self, page: int, wanted: Iterable[Atom]) -> tuple[str, ...]:
        """The words of some atoms for which `page` is a hit."""
        return tuple(sorted({plans.mark(w) for atom in wanted for w in self._matched(page, atom)}))

    def live_pages_with(self, field: str, word: str) -> int:
        """On how many pages `word` is in `field`: a removed page's words are not even hinted at."""
        return int(np.count_nonzero(self.leaf.alive[self._postings(field, word).ids]))

    def _matched(self, page: int, atom: Atom) -> Iterable[str]:
        if atom.how in plans.SPELLINGS:
            return self._spelling(atom).on(page)
        if atom.how is How.MISREAD and _holds(self._atom(atom).ids, page):
            joined = (a + b for a, b in pairwise(atom.words))
            read = (w for word in (*atom.words, *joined) for w in self._readings(atom.field, word))
            return (w for w in read if codec.on_page(self._places(atom.field, w), page))
        return atom.words if _holds(self._atom(atom).ids, page) else ()

    def _mask(self, plan: Plan) -> Mask:
        mask = np.zeros(len(self.leaf.alive), np.bool_)
        mask[self._of(plan).ids] = True
        return mask

    def _of(self, plan: Plan) -> Scored:
        match plan:
            case plans.Every():
                return _unscored(np.arange(len(self.leaf.alive), dtype=np.int64))
            case Atom():
                return self._atom(plan)
            case plans.Between(field, first, last):
                numbers = self.leaf.columns.numbers[field]
                inside = (numbers >= max(0, first)) & (numbers <= last)
                return _unscored(np.flatnonzero(inside))
            case plans.Alike(field, counts):
                return self._alike(field, counts)
            case plans.All(parts):
                return self._all(parts)
            case plans.Any(parts):
                return _union([self._of(part) for part in parts], np.add)
            case plans.Best(parts):
                return _union([self._of(part) for part in parts], np.maximum)
            case plans.Except(part):
                return _unscored(np.flatnonzero(~self._mask(part)))

    def _all(self, parts: Sequence[Plan]) -> Scored:
        found = self._of(parts[0]) if parts else self._of(plans.Every())
        for part in parts[1:]:
            if not len(found.ids):
                return NOTHING
            found = _intersection(found, self._of(part))
        return found

    def _alike(self, field: str, counts: Sequence[tuple[str, int]]) -> Scored:
        words, least = ranking.telling(
            counts, lambda word: self._statistics.pages_with(field, word), self._statistics.pages
        )
        found = [self._atom(Atom(field, (word,))) for word in words]
        shared = _union([replace(one, scores=np.ones_like(one.scores)) for one in found], np.add)
        return _union(found, np.add).where(shared.scores >= least)

    def _atom(self, atom: Atom) -> Scored:
        if atom not in self._atoms:
            self._statistics.check()
            self._atoms[atom] = self._scored(atom)
        return self._atoms[atom]

    def _scored(self, atom: Atom) -> Scored:
        if atom.how in plans.SPELLINGS:
            return self._spelled(atom)
        if len(atom.words) > 1:
            ids, counts = self._several(atom)
        else:
            ids, counts = self._postings(atom.field, atom.words[0])
        weight = atom.weight * self._statistics.rarity(atom.field, atom.words)
        return self._bm25(ids, counts, weight)

    def _bm25(self, ids: Ids, counts: Counts, weight: float) -> Scored:
        lengths = self.leaf.columns.lengths[ids]
        usual = self._statistics.usual_length
        return Scored(ids, ranking.bm25(counts, lengths, usual, weight))

    def _spelled(self, atom: Atom) -> Scored:
        ids, counts = self._spelling(atom).each_page()
        weight = atom.weight * ranking.rarity(len(ids), len(self.leaf.alive))
        return self._bm25(ids, counts, weight)

    def _spelling(self, atom: Atom) -> Spellings:
        if atom not in self._spellings:
            self._spellings[atom] = self.leaf.spellings(atom.field, atom.how, atom.words[0])
        return self._spellings[atom]

    def _several(self, atom: Atom) -> codec.Postings:
        """Pages on which all words stand as the atom says, and how often they do."""
        if atom.how is How.MISREAD:
            return self._garbled(atom)
        step = 0 if atom.how is How.TOGETHER else 1
        together: Ids | None = None
        for number, word in enumerate(atom.words):
            self._statistics.check()
            starts = self._places(atom.field, word) - number * step
            together = starts if together is None else _common(together, starts)
            if not len(together):
                break
        return codec.pages_of(NO_IDS if together is None else together)

    def _garbled(self, atom: Atom) -> codec.Postings:
        """The same for MISREAD: word by word, where what was read so far may end."""
        ends: list[Ids | None] = [None]
        for number, word in enumerate(atom.words):
            self._statistics.check()
            end = _after(ends[-1], self._places_like(atom.field, word))
            if number:
                run_together = self._places_like(atom.field, atom.words[number - 1] + word)
                end = _either([end, _after(ends[-2], run_together)])
            ends.append(end)
        return codec.pages_of(NO_IDS if ends[-1] is None else ends[-1])

    def _places_like(self, field: str, word: str) -> Ids:
        """Where a word stands, or any that it may have been misread for."""
        words = self._readings(field, word)
        return _either([self._places(field, word) for word in words])

    def _readings(self, field: str, word: str) -> list[str]:
        if (field, word) not in self._misreadings:
            self._misreadings[field, word] = self.leaf.misread(field, word)
        return self._misreadings[field, word]

    def _places(self, field: str, word: str) -> Ids:
        if (field, word) not in self._places_read:
            self._places_read[field, word] = codec.places(self.leaf.reader, field, word)
        return self._places_read[field, word]

    def _postings(self, field: str, word: str) -> codec.Postings:
        if (field, word) not in self._read:
            self._read[field, word] = codec.postings(self.leaf.reader, field, word)
        return self._read[field, word]


def _unscored(ids: Ids) -> Scored:
    return Scored(ids, np.zeros(len(ids), np.float32))


def _holds(ids: Ids, page: int) -> bool:
    place = int(np.searchsorted(ids, page))
    return place < len(ids) and int(ids[place]) == page


def _after(ends: Ids | None, found: Ids) -> Ids:
    """The places of `found` that follow one of `ends`, a stray word perhaps between."""
    if ends is None:
        return found
    return _either([_common(found, ends + 1), _common(found, ends + 2)])


def _either(lists: Sequence[Ids]) -> Ids:
    """What is in any of some rising arrays; a stable sort only merges what is in order already."""
    merged = np.sort(np.concatenate([NO_IDS, *lists]), kind="stable")
    return merged[np.diff(merged, prepend=-1) > 0]


def _common(left: Ids, right: Ids) -> Ids:
    """What is in both rising arrays; the shorter one is looked up in the longer."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    if not len(short):
        return NO_IDS
    place = np.minimum(np.searchsorted(long, short), len(long) - 1)
    common: Ids = short[long[place] == short]
    return common


def _intersection(left: Scored, right: Scored) -> Scored:
    """Pages of both; scores added. The shorter list is looked up in the longer."""
    short, long = (left, right) if len(left.ids) <= len(right.ids) else (right, left)
    if not len(short.ids):
        return NOTHING
    place = np.minimum(np.searchsorted(long.ids, short.ids), len(long.ids) - 1)
    both = long.ids[place] == short.ids
    return Scored(short.ids[both], short.scores[both] + long.scores[place[both]])


def _union(lists: Sequence[Scored], combine: np.ufunc) -> Scored:
    """Pages of any list; the scores of one page combined."""
    filled = [found for found in lists if len(found.ids)]
    if len(filled) < 2:
        return filled[0] if filled else NOTHING
    ids = np.concatenate([found.ids for found in filled])
    order = np.argsort(ids, kind="stable")
    ids, scores = ids[order], np.concatenate([found.scores for found in filled])[order]
    first = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    return Scored(ids[first], combine.reduceat(scores, first))
