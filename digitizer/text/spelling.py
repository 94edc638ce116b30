"""How a patient's family name is spelled: one misread header against all else the pages print.

Only the spelling is settled here, among pages that are already known to be one patient's. Nobody is
told apart or joined by it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Levenshtein

from digitizer.chart.text import Text
from digitizer.text.names import key_of, spelled_in_case, suffix_of

LEAST_LETTERS = 5
"""Family names of fewer letters are other names as soon as one letter differs."""

CUT = 4
"""Letters that must be left of a name that the next column ran into."""

MARGIN = 0.3
"""By how much the prints of another spelling must outweigh those of a name's own.

A print weighs what the engine is sure of it, from 0 to 1.
"""

_ENDINGS = (
    *("czyk", "wicz", "icki", "ecki", "owski", "ewski", "inski", "ynski", "enko", "ovich", "ovic"),
    *("sson", "ssen", "gaard", "stein", "berg", "mann", "meyer", "bauer", "burg", "feld", "heimer"),
    *(
        "escu",
        "poulos",
        "oglu",
        "ashvili",
        "adze",
        "quist",
        "strom",
        "elli",
        "ucci",
        "etti",
        "ington",
    ),
)
"""How family names end that are spelled in one way only."""

_HONORIFIC = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx)[.,]?\s+([^\W\d_][\w'\u2019\-]+)")
_AFTER = r"\s+(?:[A-Z][.,]?\s+)?([^\W\d_][\w'\u2019\-]+)"
_BEFORE = r"([^\W\d_][\w'\u2019\-]+)(?:\s+(?:Jr|Sr|I{2,3}|IV)\.?)?[,.]\s{0,2}"


def family_name(name: str, texts: Iterable[Text]) -> str:
    """`name` with its family name as the page texts print it most often and most clearly.

    Counted are whole words behind "Mr." and its like and beside the first name. Another spelling
    must outweigh the one of `name`, and differ by one letter; or by more where `name`'s is never
    printed whole, so that it was cut off. Of two that weigh about the same, the one that ends as
    family names do holds. Without such a spelling `name` itself.
    """
    words = name.split()
    at = len(words) - 1 - bool(suffix_of(name))
    if at < 1 or len(words[at]) < CUT:
        return name
    weights: defaultdict[str, float] = defaultdict(float)
    for text in texts:
        for word, weight in _printed(words[0], text):
            weights[word] += weight
    own = words[at].casefold()
    printed = weights.pop(own, 0.0)
    near = [(weight, word) for word, weight in weights.items() if _other(word, own, printed)]
    best, other = max(near, default=(0.0, own))
    usual = other.endswith(_ENDINGS) and not own.endswith(_ENDINGS)
    if not near or best < printed + (-MARGIN if usual else MARGIN):
        return name
    return " ".join([*words[:at], spelled_in_case(other), *words[at + 1 :]])


def _printed(first: str, text: Text) -> Iterator[tuple[str, float]]:
    """Words that stand where a family name does, in small letters, each with its weight."""
    here = re.escape(first)
    for pattern in (_HONORIFIC, rf"(?i:\b{here}){_AFTER}", rf"{_BEFORE}(?i:{here})\b"):
        for match in re.finditer(pattern, text.content):
            word = match.group(1).removesuffix("'s").removesuffix("\u2019s").casefold()
            yield word, _sureness(text, match.start(1))


def _sureness(text: Text, at: int) -> float:
    """What the engine is sure of the word at an offset; 1 where it says nothing."""
    i = bisect_right(text.starts, at) - 1
    return text.words[i].confidence if i >= 0 else 1.0


def _other(word: str, own: str, printed: float) -> bool:
    """Whether a printed word may be the name `own`, whose own prints weigh `printed`."""
    if not key_of(word):
        return False
    if min(len(word), len(own)) >= LEAST_LETTERS and Levenshtein.distance(word, own) <= 1:
        return True
    cut = min(len(own) - 1, len(word) - 1)
    return not printed and cut >= CUT and word[:cut] == own[:cut] and len(word) >= len(own)
