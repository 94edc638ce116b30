"""The day that a page is about, among all the dates that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digitizer.text.dates import PrintedDate, find_dates, read_part
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine

_ORDER = (
    "service",
    "admission",
    "consult",
    "procedure",
    "collected",
    "exam",
    "letter",
    "report",
    "alone",
    "plain",
    "bare",
    "some",
    "signed",
    "received",
)
UNSURE = frozenset({"alone", "plain", "bare", "some", "signed", "received"})
"""Kinds of date that say nothing of an encounter by themselves."""

# The date that says best when such a document's encounter was, if no date of service is printed.
_OWN = {
    "operative_note": "procedure",
    "lab_report": "collected",
    "pathology_report": "collected",
    "radiology_report": "exam",
    "consultation": "consult",
    "referral_letter": "letter",
}
_SIGNED = re.compile(r"(?i)\bsign|authenticated")
_CREDENTIAL = re.compile(r"(?i)\b(?:M\.?D|D\.?O|N\.?P|P\.?A(?:-?C)?|R\.?N)\b[,.\s]")
_SOME = re.compile(r"(?i)\bdate(?:\s(?:of\s)?[a-z]+)?\s?:?$|\bseen\b[^.\d]{0,30}$")
_DATED = re.compile(r"\bDate:")
CLOCK = re.compile(r"^[\s,]*(?:at\s)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?(?=[\s|]|$)")
_TOP = 10
# A date stands at most so many characters behind its label ("mm/dd/yyyy" between them).
_NEAR = 20


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date of `kind` (a word of `_ORDER`) in line number `line`; `why` for the reasons."""

    kind: str
    printed: PrintedDate
    line: int
    why: str


def read_encounter(readings: Sequence[DateReading], doc_type: str | None) -> DateReading | None:
    """The reading that says when the encounter was; `None` where the best kind is in doubt.

    In doubt: two dates of the same kind that differ, if neither is labelled as what it is.
    """
    order = sorted(_ORDER, key=lambda kind: (kind != "service", kind != _OWN.get(doc_type or "")))
    for kind in order:
        fitting = [reading for reading in readings if reading.kind == kind]
        if fitting:
            doubtful = kind in UNSURE and len({_said(r) for r in fitting}) > 1
            return None if doubtful else fitting[0]
    return None


def _said(reading: DateReading) -> tuple[int, int, int]:
    return _key(reading.printed)


def _key(printed: PrintedDate) -> tuple[int, int, int]:
    return printed.year % 100, printed.first, printed.second


Place = tuple[int, int]
"""(line number, offset in the line): where a date is printed."""


def labelled_dates(
    fields: Sequence[Field], *, day_first: bool
) -> Iterator[tuple[Place, str, PrintedDate, str]]:
    """(place, field, date, label) of the first date behind each label of a date or birth date."""
    for field in fields:
        if field.field != "dob" and not field.field.startswith("date."):
            continue
        found = find_dates(field.text, day_first=day_first)
        if found and found[0].span.start < _NEAR:
            place = (field.line.index, field.start + found[0].span.start)
            yield place, field.field, found[0], field.label


def find_encounters(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    claimed: set[Place],
    foot: Sequence[PrintedLine] = (),
    *,
    day_first: bool,
) -> tuple[DateReading, ...]:
    """Every date that may be the encounter's; the `claimed` ones are known to be others.

    `foot` are the page's last lines, where it is signed.
    """
    readings: list[DateReading] = []
    taken = set(claimed)
    for place, name, printed, label in labelled_dates(fields, day_first=day_first):
        taken.add(place)
        kind = name.removeprefix("date.")
        own = [field for field in fields if field.line.index == place[0]]
        kind = _plain_kind(place, own, label) if kind == "plain" else kind
        if kind not in _ORDER:
            continue
        readings.append(DateReading(kind, printed, place[0], f"label '{label}'" if label else kind))
    if not any(reading.kind == "service" for reading in readings):
        readings += _completed(fields, foot, day_first=day_first)
    return (*readings, *_unlabelled(lines, taken, day_first=day_first))


def _plain_kind(place: Place, own: Sequence[Field], label: str) -> str:
    """Whose date it is behind a mere "Date:": a signature's, one of an unknown kind, or plain."""
    line = own[0].line
    before = line.text[: place[1]]
    doctor = any(field.field.startswith("provider") and field.firm for field in own)
    if _SIGNED.search(before) or (not doctor and _CREDENTIAL.search(before)):
        return "signed"
    start = next(start for start, end in line.cells if place[1] < end)
    unknown = before[start : before.rfind(label)].split(" ")[-2:]
    return "some" if label.lower() == "date" and unknown[:1] and unknown[0].isalpha() else "plain"


def _completed(
    fields: Sequence[Field], foot: Sequence[PrintedLine], *, day_first: bool
) -> Iterator[DateReading]:
    """A date of service of which a part cannot be read, where the signature's date has the rest.

    What can be read must agree with the one date beside the signature: the month, and the day or
    the year.
    """
    signed = [line for line in foot if _is_signed(line)]
    dates = [d for line in signed for d in find_dates(line.text, day_first=day_first)]
    for field in fields:
        part = read_part(field.text[:_NEAR]) if field.field == "date.service" else None
        fitting = {_key(d): d for d in dates if part and part.fits(d)}
        if len(fitting) == 1:
            (printed,) = fitting.values()
            why = f"label '{field.label}', completed by the date beside the signature"
            yield DateReading("service", printed, field.line.index, why)


def _unlabelled(
    lines: Sequence[PrintedLine], taken: set[Place], *, day_first: bool
) -> Iterator[DateReading]:
    """Dates near the top that no label claims: alone in their line, or last in one of columns."""
    for line in lines[:_TOP]:
        found = find_dates(line.text, day_first=day_first)
        if not found or (line.index, found[-1].span.start) in taken:
            continue
        span = found[-1].span
        before = line.text[: span.start].rstrip(" |")
        after = CLOCK.sub("", line.text[span.end :]).strip(" .|")
        apart = any(start > 0 and start == span.start for start, _ in line.cells)
        if not before and not after:
            yield DateReading("alone", found[-1], line.index, "a date alone in its line")
        elif len(found) == 1 and (span.start, span.end) in _trimmed(line):
            yield DateReading("bare", found[-1], line.index, "a date in a column of its own")
        elif _SOME.search(before):
            yield DateReading("some", found[-1], line.index, "a date of an unknown kind")
        elif not after and (apart or (line.index, found[0].span.start) in taken):
            yield DateReading("bare", found[-1], line.index, "a date without a label")


def _is_signed(line: PrintedLine) -> bool:
    return any(sign.search(line.text) for sign in (_SIGNED, _CREDENTIAL, _DATED))


def _trimmed(line: PrintedLine) -> set[Place]:
    """Where the words of each cell start and end, if there are several cells."""
    cells = [line.text[start:end] for start, end in line.cells]
    starts = [
        start + len(c) - len(c.lstrip()) for (start, _), c in zip(line.cells, cells, strict=True)
    ]
    places = {(start, start + len(c.strip())) for start, c in zip(starts, cells, strict=True)}
    return places if len(places) > 1 else set()
