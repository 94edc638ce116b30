"""Where sentences start on a page of printed lines: prose that wraps, lists, rows and labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from digitizer.chart.text import Section

# A full stop ends a sentence only before a capital, a digit or a bracket, and never after a
# title, an initial or a list number.
_STOP = re.compile(r"(?<=[\w)\]%\"'’])[.!?:;]?[.!?](?=\s+[\"'(\[]?[A-Z0-9\[☐☒])")
_NO_STOP = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|jr|sr|st|vs|no|approx|e\.g|i\.e|dept|fig|tab|cap)|(?:^|\s)[A-Z]|^\s*\d+)\Z",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"\s*(?:[-*•‣▪·–—]\s|\(?\d{1,2}[.)]\s|\d{1,2}\s+[A-Z]|[A-Za-z][.)]\s|\[|[☐☒☑□■●○❑]|#)"
)
_INLINE_ITEM = re.compile(r"(?<=\s)\(?\d{1,2}\)\s+(?=[A-Z])")
_LABEL = re.compile(r"\s*[A-Z][A-Za-z /&'-]{1,40}:(?:\s|$)")
_OPEN_END = re.compile(
    r"(?:,|/|-|\b(?:of|with|and|or|no|for|the|a|an|to|in|at|by|any|without|denies|has|had|have"
    r"|is|was|were|are|from|on|his|her|not|versus|vs\.?|possible|acute|chronic))\s*\Z",
    re.IGNORECASE,
)

# The rest of a table cell that was too narrow: a few words in small letters.
_CELL_REST = re.compile(r"\s*[a-z][a-z'-]*(?: [a-z][a-z'-]*){0,2}[.,]?\s*")

FULL = 0.92
"""A capital after a break goes on with the sentence only if it would have overrun this share of
the widest line: a break before a word that would have fitted was made on purpose."""

FULL_LOWER = 0.72
"""The same before a small letter, which seldom starts a sentence."""


def sentence_starts(text: str, starts: Sequence[int], sections: Sequence[Section]) -> list[int]:
    """Indices of the tokens (printed at `starts`, rising) that start a sentence; never index 0."""
    places = {match.end() for match in _STOP.finditer(text) if not _kept_on(text, match.start())}
    places.update(match.start() for match in _INLINE_ITEM.finditer(text))
    places.update(_line_breaks(text))
    for section in sections:
        places.update((section.span.start, section.heading.end, section.span.end))
    indices = {bisect_left(starts, place) for place in places}
    return sorted(i for i in indices if 0 < i < len(starts))


def _kept_on(text: str, stop: int) -> bool:
    """Whether the stop at `stop` belongs to an abbreviation, an initial or a list number."""
    line = text.rfind("\n", 0, stop) + 1
    return text[stop] == "." and bool(_NO_STOP.search(text[max(line, stop - 12) : stop]))


def _line_breaks(text: str) -> list[int]:
    """Where lines start that do not go on with the line before."""
    lines = text.split("\n")
    widest = max(map(len, lines), default=0)
    found: list[int] = []
    at = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        at += len(line) + 1
        if not _goes_on(line, following, widest):
            found.append(at)
    return found


def _goes_on(line: str, following: str, widest: int) -> bool:
    words = following.split(maxsplit=1)
    if not line.strip() or not words or _ITEM.match(following) or _LABEL.match(following):
        return False
    if _OPEN_END.search(line):
        return True
    if line.rstrip()[-1] in ".!?:;":
        return False
    if _CELL_REST.fullmatch(following):
        return True
    share = FULL_LOWER if words[0][:1].islower() else FULL
    return len(line.rstrip()) + 1 + len(words[0]) > widest * share
