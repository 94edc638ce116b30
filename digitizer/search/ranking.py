"""The order of an answer: how well a page matches, how far to widen, documents kept together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from digitizer.search.plan import NEAR_REACHES, Rung

K1, B = 1.2, 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009, section 3.5)."""

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

    Those of NEAR_REACHES together; beyond them the first rung that finds anything.
    """
    found_any = False
    for rung in rungs:
        near = rung.reach in NEAR_REACHES
        if found_any and not near:
            return
        found = carry_out(rung)
        found_any = found_any or len(found) > 0
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


def near(word: str, candidates: Sequence[str]) -> list[str]:
    """The `candidates` that are spelled like `word`, within its slack."""
    slack = spelling_slack(word)
    found = process.extract(
        word, candidates, scorer=OSA.distance, score_cutoff=slack, limit=None, processor=None
    )
    return [candidate for candidate, _, _ in found]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Which of the pages make the answer, in order, and how many documents match in all."""

    pages: tuple[int, ...]
    documents: int


def together(groups: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> Ranked:
    """Order pages so that a document's stand together, the document of the best page first.

    Args:
        groups: The document of each page, as a number.
        scores: The score of each page.
        limit: How many documents to keep.
    """
    documents, member = np.unique(groups, return_inverse=True)
    best = np.full(len(documents), -np.inf, np.float32)
    np.maximum.at(best, member, scores)
    kept = np.lexsort((documents, -best))[: max(limit, 0)]
    place = np.full(len(documents), -1)
    place[kept] = np.arange(len(kept))
    pages = np.flatnonzero(place[member] >= 0)
    order = np.lexsort((pages, -scores[pages], place[member[pages]]))
    return Ranked(tuple(map(int, pages[order])), len(documents))
