"""Strips told by the shapes of their parts, in any order: "20394 / ASH, JOAN / F / 02/03/1950"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.text.about import SEX_WORD, read_about
from digitizer.text.births import Birth
from digitizer.text.dates import PrintedDate, find_dates
from digitizer.text.layout import PrintedLine
from digitizer.text.names import read_name
from digitizer.text.record_number import read_number
from digitizer.text.staff import is_staff
from digitizer.text.strips import EDGE, Reading, is_elses

_APART = re.compile(r"\s{2,}|\t|[\[\]]|\s?\|\s?|\s[/\-\u2013\u2022\u00b7]\s|;\s|,\s(?=\d|[MF]\b)")
_SEX = re.compile(SEX_WORD)
# Of social security, of a telephone, of a specimen.
_NO_RECORD = re.compile(r"\d{3}-\d{2,3}-\d{4}|[A-Z]{1,2}\d{2}-\d+")
_LEAST_NUMBER = 5
_WHY = "a strip of name, sex, birth date and number"


@dataclass(frozen=True, slots=True)
class TypedStrip:
    """What one strip tells, `None` where it tells nothing or two things."""

    name: Reading
    birth: Birth | None
    number: Reading | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a line at (`start`, `end`), and what its shape says that it is."""

    kind: str
    line: PrintedLine
    start: int
    end: int
    value: str = ""
    printed: PrintedDate | None = None

    @property
    def reading(self) -> Reading:
        return Reading(self.value, self.line.index, self.start, self.end, _WHY)

    @property
    def birth(self) -> Birth | None:
        place = (self.line.index, self.start)
        return (place, self.printed, _WHY) if self.printed else None


def typed_strips(lines: Sequence[PrintedLine], *, day_first: bool) -> Iterator[TypedStrip]:
    """The strips of a header: a name with a sex or age, and a date or number.

    The name may fill the line above.
    """
    above: list[_Part] = []
    for line in lines:
        parts = list(_parts(line, day_first=day_first))
        alone = [part for part in above if len(above) == 1 and part.kind == "name"]
        if strip := _strip(parts) or _strip([*alone, *parts]):
            yield strip
        above = parts


def _strip(parts: Sequence[_Part]) -> TypedStrip | None:
    kinds = {kind: [p for p in parts if p.kind == kind] for kind in ("name", "date", "number")}
    told = any(part.kind == "about" for part in parts)
    names, dates, numbers = kinds.values()
    if len(names) != 1 or not told or not (dates or numbers):
        return None
    sure = len(dates) == len(numbers) == 1
    return TypedStrip(
        name=names[0].reading,
        birth=dates[0].birth if len(dates) == 1 else None,
        number=numbers[0].reading if sure else None,
    )


def _parts(line: PrintedLine, *, day_first: bool) -> Iterator[_Part]:
    edges = [0, *(at for gap in _APART.finditer(line.text) for at in gap.span()), len(line.text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        text = line.text[start:end].strip(EDGE)
        if text:
            yield _part(line, line.text.index(text, start), text, day_first=day_first)


def _part(line: PrintedLine, start: int, text: str, *, day_first: bool) -> _Part:
    end = start + len(text)
    dates = find_dates(text, day_first=day_first)
    if dates and len(dates[0].span) == len(text):
        return _Part("date", line, start, end, printed=dates[0])
    about = read_about(text)
    if (about.end == len(text) and (about.sex or about.age)) or _SEX.fullmatch(text):
        return _Part("about", line, start, end)
    number = read_number(text)
    if number and number.end == len(text) and _may_be_record(text):
        return _Part("number", line, start, end, number.value)
    name = read_name(text, labelled="," in text)
    if name and name.end == len(text) and not (is_elses(text) or is_staff(line.text[end:])):
        return _Part("name", line, start, end, name.name)
    return _Part("other", line, start, end)


def _may_be_record(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= _LEAST_NUMBER and not _NO_RECORD.fullmatch(text)
