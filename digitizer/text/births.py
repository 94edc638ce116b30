"""Birth dates that no label claims: beside the sex or age, and those that the printed age tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from digitizer.text.about import SEX_WORD, read_about
from digitizer.text.dates import PrintedDate, age_on, find_dates
from digitizer.text.encounter import Place, labelled_dates
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.strips import AFTER_SEX, SECURED, Reading, behind_number, edge_of

_SEXED = re.compile(rf"(?<![A-Za-z]){SEX_WORD}")
_BEFORE_DATE = re.compile(rf"(?<!\w){SEX_WORD}[\s|,]*$")
_AGED = re.compile(
    r"(?<![\w/.])(?P<age>\d{1,3})[\s\-]?(?:y(?:\.?/?o|rs?|ears?)?\b|year)", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"[\s|,(]+(?P<date>\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d\d))[\s|,;()]+(?:MRN?|Chart|Med)\b"
)
"""A date between a name and the label of a record number."""
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


def _told_births(lines: Sequence[PrintedLine], names: Sequence[Reading]) -> Iterator[Place]:
    """Where dates stand beside the sex or age, behind a name or at the start of the next two lines.

    Behind a name, brackets, a record number's label or a number of social security tell as well.
    """
    by_index = {line.index: line for line in lines}
    for name in names:
        for index in range(name.line, name.line + 3):
            if line := by_index.get(index):
                own = index == name.line
                about = read_about(
                    line.text, behind_number(line, name.end) if own else edge_of(line)
                )
                bracketed = about.date and about.end > about.date[1]
                if about.date and (about.count > 1 or (own and bracketed)):
                    yield index, about.date[0]
                elif own and (dated := _NUMBERED.match(line.text, name.end)):
                    yield index, dated.start("date")
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


def _is_number(text: str) -> bool:
    return text.split()[:1] != [] and text.split()[0].isdigit()
