"""The order of an answer: how well a page matches, how far to widen, documents kept together."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from digitizer.chart.search import Order, SearchRequest
from digitizer.search.ladder import Rung
from digitizer.search.meaning import NEAR_REACHES, Reach
from digitizer.search.plan import How

K1, B = 1.2, 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009, section 3.5)."""

FEW = 20
"""With more exact hits than a screen holds nobody misses the misread ones; with fewer they count,
and cost little: on 20,000 pages a phrase takes 6 ms CPU (p95), 40 if misreadings always counted."""

Integers = NDArray[np.integer[Any]]

Found = TypeVar("Found", bound=Sized)


def rarity(pages_with: int, pages: int) -> float:
    """BM25's weight of a word that `pages_with` of `pages` hold; always above zero."""
    return math.log1p((pages - pages_with + 0.5) / (pages_with + 0.5))


def bm25(
    counts: NDArray[np.float32], lengths: NDArray[np.float32], usual: float, weight: float
) -> NDArray[np.float32]:
    """Scores of pages that hold a word `counts` times in `lengths` words, `usual` on average."""
    norm = K1 * (1 - B + B * lengths / max(usual, 1.0))
    scores: NDArray[np.float32] = (weight * counts * (K1 + 1) / (counts + norm)).astype(np.float32)
    return scores


def climb(
    rungs: Iterable[Rung], carry_out: Callable[[Rung], Found]
) -> Iterator[tuple[Rung, Found]]:
    """The rungs that make up an answer, with what each found.

    Those of NEAR_REACHES together, MISREAD only where others found FEW pages; beyond them the
    first rung that finds anything.
    """
    most = 0
    for rung in rungs:
        near = rung.reach in NEAR_REACHES
        if most and not near:
            return
        if most > FEW and rung.reach is Reach.MISREAD:
            continue
        found = carry_out(rung)
        most = max(most, len(found))
        if len(found) or near:
            yield rung, found


def tiered(scores: NDArray[np.float32], tier: int) -> NDArray[np.float32]:
    """Scores squeezed into `tier` to `tier + 1`: a nearer rung outranks every wider one."""
    squeezed: NDArray[np.float32] = (tier + scores / (1 + scores)).astype(np.float32)
    return squeezed


def spelling_slack(word: str) -> int:
    """How many slips (a letter wrong, missing, extra, or two swapped) still count as `word`.

    None below four letters, one up to five, two above; one in words with digits, where each
    character tells one patient from another.
    """
    if len(word) < 4:
        return 0
    return 1 if len(word) <= 5 or any(map(str.isdigit, word)) else 2


def spelled(how: How, word: str, candidates: Sequence[str]) -> list[int]:
    """Which of the `candidates` `word` stands for: one of plan.SPELLINGS; rising."""
    match how:
        case How.PREFIX:
            fits = [candidate.startswith(word) for candidate in candidates]
        case How.LIKE:
            pattern = re.compile(".*".join(map(re.escape, word.split("*"))))
            fits = [pattern.fullmatch(candidate) is not None for candidate in candidates]
        case _:
            return _near(word, candidates)
    return [place for place, fit in enumerate(fits) if fit]


def _near(word: str, candidates: Sequence[str]) -> list[int]:
    found = process.extract_iter(
        word,
        candidates,
        scorer=OSA.distance,
        score_cutoff=spelling_slack(word),
        processor=None,
    )
    return [place for _, _, place in found]


_MOST_TELLING, _LEAST_SHARED = 25, 0.3
"""As Lucene's MoreLikeThis does by default: 25 words, of which three in ten must be shared."""


def telling(
    counts: Iterable[tuple[str, int]], pages_with: Callable[[str], int], pages: int
) -> tuple[list[str], int]:
    """The words of a page that tell most about it, and how many another page must share.

    Words of a single page say nothing about others: names and misreadings.
    """
    weights = {
        word: count * rarity(held, pages)
        for word, count in counts
        if (held := pages_with(word)) > 1
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_MOST_TELLING]
    return best, max(1, math.ceil(_LEAST_SHARED * len(best)))


_YEARS_TO_DOUBLE = 50
_WORST_READ = 0.8


def prior(days: Integers, percents: Integers) -> NDArray[np.float32]:
    """What a page's score is multiplied by: a little more for recent and for well read pages.

    A judgement, not a measurement: thirty years weigh 1.5, the worst reading 0.8 of the best, so
    neither outweighs a second matching word.

    Args:
        days: Proleptic ordinals, negative where unknown (then as in the year 2000).
        percents: Confidence of the words, negative where nothing was read (then as the best).
    """
    first, century = date(1900, 1, 1).toordinal(), 36_525
    known = np.where(days < 0, first + century, np.clip(days, first, first + 2 * century))
    recent = np.exp2((known - first - century) / (365.25 * _YEARS_TO_DOUBLE))
    read = np.where(percents < 0, 100, percents) / 100
    weights: NDArray[np.float32] = (recent * (_WORST_READ + (1 - _WORST_READ) * read)).astype(
        np.float32
    )
    return weights


MISREAD_SLIPS = 2
"""No misreading is further from what is printed."""

_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SHAPES = str.maketrans("oqil|sbz", "00111582")
DOUBTFUL = "rnmvwcdloqil|sbz01582"
"""Every letter and digit of these: two words that look alike differ in no others."""

_LEAST_LETTERS = 5


def misread_slack(word: str) -> int:
    """How many slips a misreading may have that does not look like `word`."""
    return 1 if len(word) >= _LEAST_LETTERS and word.isalpha() else 0


def misreadings(word: str, candidates: Sequence[str]) -> list[str]:
    """The `candidates` that scanned print of `word` may be read as, `word` itself among them.

    Those that look alike ("bum" and "burn", "lO" and "10"), and for words of five letters and more
    those with one slip. Far too many for a word by itself, few within a phrase.
    """
    found = process.extract(
        word,
        candidates,
        scorer=OSA.distance,
        score_cutoff=MISREAD_SLIPS,
        limit=None,
        processor=None,
    )
    slip = misread_slack(word)
    return [
        candidate
        for candidate, distance, _ in found
        if _look(candidate) == _look(word) or (distance <= slip and candidate.isalpha())
    ]


def _look(word: str) -> str:
    for seen, printed in _LOOKS:
        word = word.replace(seen, printed)
    return word.translate(_SHAPES)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Which of the pages make the answer, in order.

    `matching` are one page of every document that matches, whether answered or not.
    """

    pages: tuple[int, ...]
    matching: NDArray[np.int64]


def together(
    groups: Integers,
    scores: NDArray[np.float32],
    days: Integers,
    request: SearchRequest,
) -> Ranked:
    """Order pages so that a document's stand together, as the request says.

    By relevance a document stands where its best page does. Ties are broken by the document's
    number, so that what is on a page of answers stays there.

    Args:
        groups: The document of each page, as a number from 0; few pages are numbered anew, else
            the largest number makes the arrays.
        scores: The score of each page.
        days: The day of each page; NONE where it has none.
        request: The order, and which documents to keep.
    """
    if len(groups) * _FEW < groups.max(initial=0):
        groups = numbered(groups)
    first = np.full(groups.max(initial=-1) + 1, -1)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    documents = np.flatnonzero(first >= 0)
    best = np.full(len(first), -np.inf)
    np.maximum.at(best, groups, _keys(scores, days, request.order))
    start = max(request.offset, 0)
    kept = documents[largest(best[documents], start + max(request.limit, 0))[start:]]
    place = np.full(len(first), -1)
    place[kept] = np.arange(len(kept))
    pages = np.flatnonzero(place[groups] >= 0)
    order = np.lexsort((pages, -scores[pages], place[groups[pages]]))
    return Ranked(tuple(map(int, pages[order])), first[documents])


_FEW = 8
"""Where only one document in so many matches, sorting them costs less than counting through."""


def numbered(labels: Integers) -> NDArray[np.int64]:
    """Each label as its place among all different ones."""
    places: NDArray[np.int64] = np.unique(labels, return_inverse=True)[1]
    return places


def largest(values: NDArray[Any], number: int) -> NDArray[np.int64]:
    """Where the `number` greatest values stand, the greatest first; of equal ones the first."""
    some = np.arange(len(values))
    if 0 < number < len(values):
        least = np.partition(values, -number)[-number]
        some = np.flatnonzero(values >= least)
    return some[np.argsort(-values[some], kind="stable")][:number]


def _keys(scores: NDArray[np.float32], days: Integers, order: Order) -> NDArray[np.float64]:
    match order:
        case Order.RELEVANCE:
            return scores.astype(np.float64)
        case Order.NEWEST:
            return days.astype(np.float64)
        case Order.OLDEST:
            return np.where(days < 0, -np.inf, -days.astype(np.float64))
