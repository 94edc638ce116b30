"""The inverted index of code titles and terms: made once at build time, read by `match`. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitizer.coding.words import fold, gram_weights, grams, key, stems

K1, B = 1.2, 0.6
"""BM25's saturation and length norm: titles are short and their length says little."""

IDS, IMPACTS = np.dtype("<u4"), np.dtype("<f4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A wording of a code: its title or one of its terms, `text` as published."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Rows of the search tables.

    `entries` are (id, code, text, folded, weight, norm): weight is the sum of the rarity of its
    stems, norm the length of the vector of its grams. `keys` are (key, id). `postings` are (stem,
    rarity, ids, impacts) with packed arrays of IDS and IMPACTS. `grams` are (gram, rarity, stems
    that hold it).
    """

    entries: list[tuple[int, str, str, str, float, float]]
    keys: list[tuple[str, int]]
    postings: list[tuple[str, float, bytes, bytes]]
    grams: list[tuple[str, float, str]]


def index(named: Sequence[Named], *, letters: bool = True) -> Index:
    """Everything that `match` looks up, for these wordings.

    Without `letters` wordings are compared by whole words only: for titles of set words, such as
    those of ICD-10-PCS, letters tell nothing more and cost most.
    """
    bags = [Counter(stems(name.text)) for name in named]
    spelt = [grams(fold(name.text)) if letters else Counter[str]() for name in named]
    word_rarity, gram_rarity = _rarity(bags), _rarity(spelt)
    return Index(
        entries=[
            (
                i,
                name.code,
                name.text,
                fold(name.text),
                sum(word_rarity[s] for s in bags[i]),
                math.hypot(*gram_weights(spelt[i], gram_rarity).values()),
            )
            for i, name in enumerate(named)
        ],
        keys=[(key(name.text), i) for i, name in enumerate(named)],
        postings=_postings(bags, word_rarity),
        grams=_grams(word_rarity, gram_rarity),
    )


def _rarity(bags: Sequence[Counter[str]]) -> dict[str, float]:
    """Robertson's inverse document frequency of each stem or gram, above zero."""
    holders = Counter(s for bag in bags for s in bag)
    return {s: math.log(1 + (len(bags) - n + 0.5) / (n + 0.5)) for s, n in holders.items()}


def _postings(
    bags: Sequence[Counter[str]], rarity: dict[str, float]
) -> list[tuple[str, float, bytes, bytes]]:
    mean = sum(bag.total() for bag in bags) / max(1, len(bags))
    lists: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, bag in enumerate(bags):
        norm = K1 * (1 - B + B * bag.total() / mean)
        for s, n in bag.items():
            lists[s].append((i, rarity[s] * n * (K1 + 1) / (n + norm)))
    return [
        (
            s,
            rarity[s],
            np.array([i for i, _ in pairs], IDS).tobytes(),
            np.array([impact for _, impact in pairs], IMPACTS).tobytes(),
        )
        for s, pairs in lists.items()
    ]


def _grams(
    word_rarity: dict[str, float], gram_rarity: dict[str, float]
) -> list[tuple[str, float, str]]:
    """Which stems hold a gram: the way from a misspelt or unknown word to known ones."""
    holders: dict[str, list[str]] = defaultdict(list)
    for s in word_rarity:
        if len(s) >= 4:
            for gram in grams(s):
                holders[gram].append(s)
    return [(g, gram_rarity.get(g, 0.0), " ".join(holders[g])) for g in {*gram_rarity, *holders}]
