"""Birth dates that no label claims: beside the sex or age, and those that the printed age tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from digitizer.text.about import SEX_WORD, read_about
from digitizer.text.dates import PrintedDate, age_on, find_dates
from digitizer.text.encounter import CLOCK, Place, labelled_dates
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.strips import AFTER_SEX, SECURED, Reading, behind_number, edge_of

_SEXED = re.compile(rf"(?<![A-Za-z]){SEX_WORD}")
_BEFORE_DATE = re.compile(rf"(?<!\w){SEX_WORD}[\s|,]*$")
_AGED = re.compile(
    r"(?<![\w/.])(?P<age>\d{1,3})[\s\-]?(?:y(?:\.?/?o|rs?|ears?)?\b|year)", re.IGNORECASE
)
_YEARS = 5
"""By how much a birth date must be before all other dates, where nothing else tells of it."""
_TIED = re.compile(
    r"\s?[(\[]\s?[^()\[\]]{6,18}[)\]]|[\s|,(]+[\d/.\-]{6,10}[\s|,;()]+(?:MRN?|Chart|Med)\b"
)
"""A date in brackets, or before the label of a record number."""
_CENTURIES = (date(1999, 12, 31), date(2099, 12, 31))
_NEAR = 3
"""Lines below a name in which its birth date stands."""

Birth = tuple[Place, PrintedDate, str]
"""Where a birth date is printed, what it says, and which printed words say that it is one."""


def strip_births(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    names: Sequence[Reading],
    *,
    day_first: bool,
) -> Iterator[Birth]:
    """Dates beside the sex, in the line of the name or the one below, that no label claims."""
    near = {name.line for name in names} | {name.line + 1 for name in names}
    told = set(_told_births(lines, names))
    near |= {index for index, _ in told}
    found: list[tuple[Place, PrintedDate]] = []
    for line in lines:
        sexed = line.index in near and _SEXED.search(line.text)
        if not (sexed or any(at == line.index for at, _ in told)):
            continue
        for printed in find_dates(line.text, day_first=day_first):
            before, after = line.text[: printed.span.start], line.text[printed.span.end :]
            beside = _BEFORE_DATE.search(before) or AFTER_SEX.match(after)
            place = (line.index, printed.span.start)
            if beside or place in told:
                found.append((place, printed))
    claimed = {place for place, *_ in labelled_dates(fields, day_first=day_first)} if found else ()
    for place, printed in found:
        if place not in claimed:
            yield place, printed, "a date beside the sex"


def may_be_birth(
    birth: Birth, lines: Sequence[PrintedLine], fields: Sequence[Field], *, day_first: bool
) -> bool:
    """Whether a date without a label may be a birth: no clock time behind it, and neither the day
    nor after the day that a label says was one of a visit.
    """
    (index, start), printed, _ = birth
    line = next(line for line in lines if line.index == index)
    length = printed.span.end - printed.span.start
    if CLOCK.match(line.text[start + length :]):
        return False
    visits = [d for _, name, d, _ in labelled_dates(fields, day_first=day_first) if name != "dob"]
    days = [day for visit in visits for end in _CENTURIES if (day := visit.on(end))]
    return all((born := printed.on(day)) is None or born < day for day in days)


def _told_births(lines: Sequence[PrintedLine], names: Sequence[Reading]) -> Iterator[Place]:
    """Where dates stand beside the sex or age, behind a name or at the start of the next two lines.

    Behind a name, a number of social security tells as well.
    """
    by_index = {line.index: line for line in lines}
    for name in names:
        for index in range(name.line, name.line + 3):
            if line := by_index.get(index):
                own = index == name.line
                about = read_about(
                    line.text, behind_number(line, name.end) if own else edge_of(line)
                )
                if about.date and about.count > 1:
                    yield index, about.date[0]
                elif own and (secured := SECURED.match(line.text, name.end)):
                    yield index, secured.start("date")


def aged_births(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    names: Sequence[Reading],
    *,
    day_first: bool,
) -> Iterator[Birth]:
    """The one date near a name on which whoever has the printed age at another date was born."""
    ages = {int(match["age"]) for line in lines for match in _AGED.finditer(line.text)}
    ages |= {int(f.text.split()[0]) for f in fields if f.field == "age" and _is_number(f.text)}
    every = {
        (line.index, printed.span.start): printed
        for line in lines
        for printed in find_dates(line.text, day_first=day_first)
    }
    claimed = {place for place, *_ in labelled_dates(fields, day_first=day_first)}
    near = [
        (place, printed)
        for place, printed in every.items()
        if place not in claimed and any(0 <= place[0] - name.line <= _NEAR for name in names)
    ]
    visits = [day for d in every.values() for end in _CENTURIES if (day := d.on(end))]
    found = [
        (place, printed)
        for place, printed in near
        if any((born := printed.on(day)) and age_on(day, born) in ages for day in visits)
    ]
    if len(ages) == len(found) == 1:
        yield *found[0], "a date that the printed age agrees with"


def old_births(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    names: Sequence[Reading],
    *,
    day_first: bool,
) -> Iterator[Birth]:
    """The date behind the name, where others on the page are years later: those are visits.

    In brackets or before the label of a record number it need not have others to compare with.
    """
    claimed = {place for place, *_ in labelled_dates(fields, day_first=day_first)}
    every = [d for line in lines for d in find_dates(line.text, day_first=day_first)]
    for name in names[:1]:
        line = next((line for line in lines if line.index == name.line), None)
        dates = find_dates(line.text[name.end :], day_first=day_first) if line else ()
        place = (name.line, name.end + dates[0].span.start) if dates else (0, 0)
        tied = line is not None and bool(_TIED.match(line.text, name.end))
        old = len(dates) == 1 and _is_old(dates[0], every, alone=tied)
        if old and place not in claimed:
            yield place, dates[0], "a date behind the name, years before any other"


def _is_old(printed: PrintedDate, every: Sequence[PrintedDate], *, alone: bool) -> bool:
    """Whether all other dates are years later; `alone`: there may be none."""
    others = [d for d in every if (d.year, d.first, d.second) != _said(printed)]
    pairs = [(printed.on(day), day) for d in others if (day := d.on(_CENTURIES[-1]))]
    return (alone or bool(pairs)) and all(
        born and day.year - born.year >= _YEARS for born, day in pairs
    )


def _said(printed: PrintedDate) -> tuple[int, int, int]:
    return printed.year, printed.first, printed.second


def _is_number(text: str) -> bool:
    return text.split()[:1] != [] and text.split()[0].isdigit()
