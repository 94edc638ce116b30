"""The last resort for a name: the one on the page that could be the patient's, if there is one.

No label and no strip says so, but a page tells of one patient: where nothing else in its header
reads as a person's name, and signs of a patient stand around it, it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.text.about import read_about
from digitizer.text.columns import cells_of
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import read_name, same_name
from digitizer.text.staff import is_staff
from digitizer.text.strips import EDGE, Reading, edge_of, is_elses, named

_STREET = re.compile(r"\s*(?:\d{1,6}[A-Z]?\s+(?:[NSEW]\.?\s+)?[A-Z]\w|P\.?\s?O\.?\s?Box\s\d)")
_LEAD = re.compile(r"[ |\t]*(?:#?\d{1,2}[.)]?\s+)?")
_BEHIND_COLON = re.compile(r":\s*$")
_NUMBERS = re.compile(r"[\s|*#(\[,]*(?:[A-Z]{0,3}[\-*]?\d[\d\-/.]{2,}[\])*]*[\s|]*)+$")
_STAFF = ("provider", "person")
_IDENTITY = frozenset({"dob", "mrn"})
NEAR = 1
"""Lines between a name without a comma and what is labelled as the patient's."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`comma`: as "Last, First". `told`: sex, age, birth date or a number stands behind it."""

    reading: Reading
    comma: bool
    told: bool


def sole_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """The one name that fills a line or cell of a page with a labelled birth date or number.

    "Last, First" may stand anywhere in the header; another order only above an address or beside a
    line with what is labelled, since places and papers are called in the same way. Where a label of
    a name stands before something that cannot be read, that was the patient's.
    """
    if any(f.field == "name" and f.text.strip(EDGE) for f in fields):
        return
    held = {f.line.index for f in fields if f.field in _IDENTITY and f.text.strip(EDGE)}
    held |= {ln.index for ln in lines if read_about(ln.text, edge_of(ln)).count > 1}
    if not held:
        return
    found = [c for line in lines for c in _candidates(line, fields)]
    by_index = {line.index: line for line in lines}
    sure = [c.reading for c in found if c.comma] or [
        c.reading for c in found if _beside(c, held, by_index)
    ]
    if sure and all(same_name(sure[0].value, other.value) for other in sure):
        yield sure[0]


def _beside(one: _Candidate, held: set[int], lines: dict[int, PrintedLine]) -> bool:
    name = one.reading
    below = lines.get(name.line + 1)
    addressed = below is not None and bool(_STREET.match(below.text))
    letterhead = name.line == min(lines) and name.line not in held and not one.told
    return not letterhead and (addressed or any(abs(at - name.line) <= NEAR for at in held))


def _candidates(line: PrintedLine, fields: Sequence[Field]) -> Iterator[_Candidate]:
    """What in a line reads as nothing but a name that belongs to nobody else."""
    own = sorted((f for f in fields if f.line.index == line.index), key=lambda f: f.label_start)
    above = [f for f in fields if f.line.index == line.index - 1 and not f.text.strip(EDGE)]
    if any(f.field.startswith(_STAFF) for f in above):
        return
    for start, end in cells_of(line):
        first = next((f.label_start for f in own if f.label_start >= start), len(line.text))
        before = [f for f in own if f.label_start < start]
        if before and not line.text[before[-1].start : start].strip(EDGE):
            continue
        yield from _candidate(line, start, min(end, first))


def _candidate(line: PrintedLine, start: int, end: int) -> Iterator[_Candidate]:
    lead = _LEAD.match(line.text, start, end)
    start = lead.end() if lead else start
    text = _bare(line.text[start:end])
    if not text or _BEHIND_COLON.search(line.text[:start]) or is_elses(text):
        return
    printed = read_name(text, labelled="," in text)
    if not printed or printed.end < len(text):
        return
    if is_staff(line.text[start + len(text) :]):
        return
    why = "the only name in the header"
    told = bool(line.text[start + len(text) : end].strip(EDGE))
    name = named(printed.name, line, start, start + printed.end, why)
    yield _Candidate(name, printed.comma, told)


def _bare(text: str) -> str:
    """A name without the sex, age, birth date and numbers that follow it."""
    text = text.rstrip(EDGE)
    for at in (i for i, sign in enumerate(text) if sign in " ([|" and i > 3):
        about = read_about(text, at)
        if about.count and not text[about.end :].strip(" |)]"):
            return text[:at].rstrip(" |,-")
    return _NUMBERS.sub("", text).rstrip(" |,-")
