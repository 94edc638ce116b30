"""Tables whose head has columns that no label is known for: values are told by where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from digitizer.text.layout import PrintedLine
from digitizer.text.vocabulary import Vocabulary

_APART = re.compile(r"\s{2,}|\t|\s?\|\s?")
_VALUE = re.compile(r"\d\d|:")
_MOST_WORDS = 5
_FEWEST_KNOWN = 2
_SHIFT = 2
"""Letters by which a value may stand left of its column's head."""

HEAD = "head."
"""Before a field that is meant by its label only at the head of a column: "PATIENT INFORMATION"."""

Cells = Sequence[tuple[int, int]]
Kinds = Callable[[str], str | None]
"""What a label stands for, if it is one."""


def table_columns(
    head: PrintedLine, row: PrintedLine, labels: Vocabulary, kind_of: Kinds
) -> tuple[tuple[str, int, int], ...]:
    """(field, start, end) in `row` of what stands under each known label of `head`.

    Nothing unless `head` is a row of labels, two of them known at least, and `row` is none.
    """
    heads, values = cells_of(head), cells_of(row)
    kinds = [_kind(head.text[start:end], labels, kind_of) for start, end in heads]
    known = [kind for kind in kinds if kind]
    if len(known) < _FEWEST_KNOWN or not _is_head(head, heads):
        return ()
    if any(_kind(row.text[start:end], labels, kind_of) for start, end in values):
        return ()
    below = dict(_below(heads, values))
    return tuple((kind, *below[i]) for i, kind in enumerate(kinds) if kind and i in below)


def cells_of(line: PrintedLine) -> list[tuple[int, int]]:
    """A line's columns, which two blanks part already."""
    return [part for start, end in line.cells for part in _split(line.text, start, end)]


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    gaps = [match.span() for match in _APART.finditer(text, start, end)]
    edges = [start, *(at for gap in gaps for at in gap), end]
    yield from ((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if text[a:b].strip())


def _kind(text: str, labels: Vocabulary, kind_of: Kinds) -> str | None:
    """What a column's head says; "birth" at its end is enough, however the rest is misread."""
    phrase = text.strip(" :#.")
    last = labels.find(phrase.split()[-1]) if phrase else None
    said = (kind_of(phrase) or labels.find(phrase)) if len(phrase) > 1 else None
    said = said.removeprefix(HEAD) if said else None
    return said or (last if last == "dob" and len(phrase) > 1 else None)


def _is_head(line: PrintedLine, heads: Cells) -> bool:
    words = max(len(line.text[start:end].split()) for start, end in heads)
    return words <= _MOST_WORDS and not _VALUE.search(line.text)


def _below(heads: Cells, values: Cells) -> Iterator[tuple[int, tuple[int, int]]]:
    """(column, value): one by one where they are as many, else the first that stands under it."""
    if len(heads) == len(values):
        yield from enumerate(values)
        return
    starts = [start for start, _ in heads]
    for i, (low, high) in enumerate(pairwise([*starts, 1 << 16])):
        under = [value for value in values if low - _SHIFT <= value[0] < high - _SHIFT]
        if under:
            yield i, under[0]
