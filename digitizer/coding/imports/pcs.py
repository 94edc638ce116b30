"""ICD-10-PCS: its tables and index in XML, and the order file that lists every code with its title.

In the tables a code is one value of each of seven axes. The first three are the table's own, the
others stand in rows: every combination within a row is a code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import product, takewhile
from xml.etree.ElementTree import Element

from digitizer.coding.imports.rows import Row, Wording
from digitizer.coding.imports.xml import elements, words
from digitizer.errors import UsageError

MOST_CODES = 250_000
"""There are some 79,000; a table that unfolds to more than this is none of CMS's."""

LENGTH = 7
_CODE = re.compile(r"(?<![\w])(?=[\dA-HJ-NP-Z]*\d)[\dA-HJ-NP-Z]{3,7}(?![\w])")
_NONE = ("No Device", "No Qualifier")

Axis = list[tuple[str, str]]


def read_tables(content: bytes, name: str) -> Iterator[Row]:
    """Every code of the tables; its title is made of what its values are called."""
    count = 0
    for table in elements(content, "pcsTable"):
        head = [_values(axis) for axis in table.findall("axis")]
        for row in table.findall("pcsRow"):
            axes = [*head, *(_values(axis) for axis in row.findall("axis"))]
            if len(axes) != LENGTH or not all(axes):
                raise UsageError(f"{name} has a row without seven axes; download it again")
            size = 1
            for axis in axes:
                size *= len(axis)
            count += size
            if count > MOST_CODES:
                raise UsageError(f"{name} unfolds to more codes than ICD-10-PCS has")
            yield from map(_row, product(*axes))


def read_index(content: bytes) -> Iterator[Wording]:
    """Every line of the index that names a code or the beginning of one."""
    for main in elements(content, "mainTerm"):
        yield from _lines(main, "")


def read_order(content: bytes) -> Iterator[Row]:
    """The lines of an order file: number, code, whether it is whole, short title, long title."""
    for line in content.decode("latin-1").splitlines():
        if line[6:13].strip():
            yield Row(
                code=line[6:13].strip(),
                title=line[77:].strip() or line[16:76].strip(),
                billable=line[14:15] == "1",
            )


def beginnings(rows: Mapping[str, Row], wordings: Iterable[Wording]) -> Iterator[Row]:
    """A row for each beginning of codes that the index names, titled by what its codes share."""
    codes = sorted(rows)
    for start in sorted({w.code for w in wordings if len(w.code) < LENGTH}):
        below = codes[bisect_left(codes, start) : bisect_left(codes, f"{start}~")]
        if below:
            shared = _shared(rows[below[0]].title.split(), rows[below[-1]].title.split())
            yield Row(code=start, title=f"{shared} …", billable=False)


def _shared(one: list[str], other: list[str]) -> str:
    """The words that two titles begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return " ".join(word for word, _ in same).rstrip(",")


def _values(axis: Element) -> Axis:
    return [(label.get("code", ""), words(label)) for label in axis.findall("label")]


def _row(values: tuple[tuple[str, str], ...]) -> Row:
    code = "".join(value for value, _ in values)
    section, _, operation, part, approach, device, qualifier = (label for _, label in values)
    more = [label for label in (device, qualifier) if label not in _NONE]
    named = [f"{operation} of {part}", *more, f"{approach} Approach"]
    if section != "Medical and Surgical":
        named = [operation, part, approach, *more]
    return Row(code=code, title=", ".join(named))


def _lines(line: Element, above: str) -> Iterator[Wording]:
    text = f"{above} {words(line.find('title'))}".strip()
    for tag in ("code", "codes", "see", "use"):
        for sent in line.findall(tag):
            for code in _CODE.findall(" ".join(sent.itertext())):
                yield Wording(code=code, text=text)
    for below in line.findall("term"):
        yield from _lines(below, text)
