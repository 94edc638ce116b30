"""A page's own header: whose page it is, of what day, which document, which page of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digitizer.chart.document import SHEET_TYPES
from digitizer.chart.page import Header
from digitizer.chart.patient import PatientRef
from digitizer.chart.text import Text
from digitizer.text.about import SEX_WORD
from digitizer.text.dates import age_on, find_dates, is_day_first
from digitizer.text.encounter import UNSURE, DateReading, find_encounters, read_encounter
from digitizer.text.fields import Field, find_fields
from digitizer.text.layout import PrintedLine, printed_lines
from digitizer.text.names import PARTICLES, read_name
from digitizer.text.patient import PATIENTS, PatientReading, read_patient
from digitizer.text.people import CHILD, ROLE, settle_people
from digitizer.text.record_number import read_number
from digitizer.text.sections import HEADER, Heading
from digitizer.text.staff import read_facility, read_provider
from digitizer.text.titles import Title, Titles, find_titles, infer_type
from digitizer.text.vocabulary import Vocabulary

TWO_PATIENTS = "two patients are named"
"""The reason under "patient" of a header that names two, and is taken to name none."""

_TOP_LINES = 30
_TITLE_LINES = 8
_FOOT_LINES = 2
_SIGNED_LINES = 5
_PROSE_WORDS = 8
_IDENTITY = frozenset({"name", "re", "dob", "mrn"})
# Labels that stand in a header even where they would be headings elsewhere ("PROVIDER: …").
_FACTS = frozenset({"name", "dob", "mrn", "sex", "age", "date", "provider", "number"})
# Sections that name other people: an identity label below such a heading is not the patient's.
_OTHERS = frozenset({"insurance", "emergency_contact", "family_history", "signature"})
# Labels that a guarantor or insurer has not.
_RESUMES = frozenset({"mrn", "date.service", "date.admission", "date.exam", "date.procedure"})
_PARTICLE = "|".join(map(re.escape, sorted(PARTICLES, reverse=True)))
_NAME_PART = re.compile(rf"(?i)(?:(?:{_PARTICLE})\s)*\S+(?:\s(?:jr|sr)\b\.?|\sI+\b)?")
_FAX = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)\bfax\b",
        r"(?i)\b(?:from|to)\s?[:;]",
        r"(?i)\bP(?:g|age)?[.:,]?\s?[\dOolI]{1,3}\s?[/\\]\s?[\dOolI]{1,3}\b",
        r"\b\d{1,2}[:.]\d{2}\b",
        r"\d{1,2}/\d{1,2}/\d{2,4}",
        r"\b\d{3}\)?[\s.\-]{0,2}\d{3}[\s.\-]\d{4}\b",
    )
)
_FAX_MARKS = 3
_PAGE = re.compile(
    r"(?i)\b(?:p[ao]g[ec]|pg)\b[.:#]?\s?(?:no\.?\s?)?(?P<n>[\dlIO]{1,3})\b(?:\s?(?:of|/|0f)\s?\d{1,3})?"
)
_FOLIO = re.compile(r"^\W*(?P<n>\d{1,3})\s?(?:of|/)\s?\d{1,3}\W*$|^\s*-\s?(?P<m>\d{1,3})\s?-\s*$")
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """What headers are read by: labels of fields, and titles of documents."""

    labels: Vocabulary
    titles: Titles


@dataclass(frozen=True, slots=True)
class PageTop:
    """A page's header and the offset in its text up to which the header reaches."""

    header: Header
    end: int


def read_header(
    text: Text, headings: Sequence[Heading], rules: HeaderRules, *, today: date
) -> PageTop:
    """The header that a page prints, each value with the words that it comes from.

    A value that contradicts another (two names, an age that does not fit the birth date) is left
    out, with the reason. Nothing is taken to have happened after `today`.
    """
    every = printed_lines(text)
    lines = [line for line in every if not _is_fax_line(line, len(every))]
    found = find_fields(lines[:_TOP_LINES], rules.labels, value_length)
    found = settle_people(found, lines)
    zone = _zone(lines, found, headings)
    top = tuple(field for field in found if field.line in zone)
    foot = _foot(lines, zone, headings)
    below = [f for f in find_fields(foot, rules.labels, value_length) if f.field in _IDENTITY]
    day_first = is_day_first("\n".join(line.text for line in zone))
    patient = read_patient(
        [*zone, *foot], [*top, *below], day_first=day_first, content=text.content
    )
    title, number = _title(zone, patient, headings, rules.titles), _page_number(lines)
    typed = (title.doc_type, "its title") if title else None
    if not typed and (number or 1) == 1:
        typed = infer_type(lines, {heading.kind for heading in headings}, rules.titles)
    doc_type = typed[0] if typed else None
    last = lines[-_SIGNED_LINES:]
    taken = {*patient.places, *patient.number_places}
    dates = find_encounters(zone, top, taken, last, day_first=day_first)
    reading = None if doc_type in SHEET_TYPES else read_encounter(dates, doc_type)
    if reading and reading.kind in UNSURE and not (typed or patient.lines):
        reading = None
    end = _end(every, zone, top, patient, title)
    reasons = [("doc_type", typed[1])] if typed else []
    who, when, why = _settled(patient, reading, today)
    header = Header(
        patient=who,
        doc_type=doc_type,
        encounter_date=when,
        provider=read_provider(top, lines),
        facility=read_facility(top, zone, [*patient.lines, *([title.line] if title else [])]),
        page_number=number,
        reasons=(*reasons, *why),
    )
    return PageTop(header, end)


def value_length(field: str, text: str) -> int | None:
    """How many characters at the start of `text` are a value of `field`; `None`: it starts none."""
    if field in ("name", CHILD, ROLE):
        name = read_name(text, labelled=True)
        return name.end if name else None
    if field in ("mrn", "mrn_weak"):
        number = read_number(text)
        return number.end if number else None
    if field == "dob" or field.startswith("date."):
        dates = find_dates(text)
        return dates[0].span.end if dates and dates[0].span.start == 0 else None
    if field.startswith("name."):
        match = _NAME_PART.match(text)
    else:
        match = re.match(rf"(?i){SEX_WORD}\b" if field == "sex" else r"\S+", text)
    return match.end() if match else None


def _is_fax_line(line: PrintedLine, count: int) -> bool:
    """Whether a line at the page's edge was stamped there by a fax machine."""
    if 2 < line.index < count - 2:
        return False
    return sum(bool(mark.search(line.text)) for mark in _FAX) >= _FAX_MARKS


def _zone(
    lines: Sequence[PrintedLine], fields: Sequence[Field], headings: Sequence[Heading]
) -> list[PrintedLine]:
    """The lines in which labels speak of the patient: down to the first part that does not."""
    first = min((f.line.index for f in fields if f.field in _IDENTITY), default=_TOP_LINES)
    firm = [f for f in fields if f.firm and f.text.strip()]
    facts = {f.line.index for f in fields if f.field.partition(".")[0] in _FACTS and f.firm}
    told = facts | {f.line.index for f in firm if f.field.startswith("person")}
    stops = [
        h.line
        for h in headings
        if (h.kind in _OTHERS and not _within(h, lines, fields, facts))
        or (h.kind not in {HEADER, *_OTHERS} and h.line > first and h.line not in told)
    ]
    stops += [line.index for line in lines if line.index > first and _is_prose(line.text)]
    start = _own_block(fields, stops)
    stop = min((at for at in stops if at >= start), default=_TOP_LINES)
    return [line for line in lines[:_TOP_LINES] if start <= line.index < stop]


def _within(
    heading: Heading, lines: Sequence[PrintedLine], fields: Sequence[Field], facts: set[int]
) -> bool:
    """Whether a heading of other people is one line's label among those of the patient.

    It stands behind facts, or a record number or visit follows its line at once.
    """
    line = next(line for line in lines if line.index >= heading.line)
    begins = not line.text[: heading.span.start - line.start].strip(" |")
    if any(f.field == "name" and f.firm and f.line.index == line.index for f in fields):
        return True
    if line.index in facts and (not begins or heading.kind == "signature"):
        return True
    said = line.text[heading.span.end - line.start :].strip(" :|")
    after = (f for f in fields if f.line.index == heading.line + 1 and f.firm)
    first = next(after, None)
    return bool(said and first and first.label_start == 0 and first.field in _RESUMES)


def _own_block(fields: Sequence[Field], stops: Sequence[int]) -> int:
    """The line where the patient is named outright, if somebody else is named above; else 0."""
    named = (f for f in fields if f.field == "name" and f.firm and PATIENTS.match(f.label))
    own = min((f.line.index for f in named), default=0)
    return own if any(at < own for at in stops) else 0


def _foot(
    lines: Sequence[PrintedLine], zone: Sequence[PrintedLine], headings: Sequence[Heading]
) -> list[PrintedLine]:
    """The last lines, where they stand below the zone and in no part about other people."""
    foot = [line for line in lines[-_FOOT_LINES:] if line not in zone]
    above = {line.index: [h.kind for h in headings if h.line <= line.index] for line in foot}
    others = _OTHERS - {"signature"}
    return [line for line in foot if not others & set(above[line.index][-1:])]


def _is_prose(text: str) -> bool:
    """A salutation, or a line with too many small words for labels and values."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    small = sum(word.islower() for word in words)
    return text.startswith("Dear ") or (len(words) >= _PROSE_WORDS and small * 2 > len(words))


def _title(
    zone: Sequence[PrintedLine],
    patient: PatientReading,
    headings: Sequence[Heading],
    titles: Titles,
) -> Title | None:
    """The surest title above the text, or near the top where nothing tells where that starts."""
    last = max((line for line in patient.lines if line < _TOP_LINES), default=_TITLE_LINES)
    body = min((h.line for h in headings if h.kind != HEADER), default=_TOP_LINES)
    stop = max(last + 2, min(body, _TITLE_LINES) + 1)
    return next(iter(find_titles([ln for ln in zone if ln.index <= stop], titles)), None)


def _end(
    every: Sequence[PrintedLine],
    zone: Sequence[PrintedLine],
    fields: Sequence[Field],
    patient: PatientReading,
    title: Title | None,
) -> int:
    """Where the header ends: behind the last of its lines that a title, label or strip holds."""
    held = {field.line.index for field in fields} | set(patient.lines)
    held |= {title.line} if title else set()
    held |= {line.index for line in every if _is_fax_line(line, len(every)) and line.index < 3}
    held |= {line.index for line in every[:_TITLE_LINES] if _PAGE.search(line.text)}
    inside = {line.index for line in zone} | {line.index for line in every[:3]}
    last = max((index for index in held if index in inside), default=-1)
    return min(every[last].end + 1, every[-1].end) if last >= 0 else 0


def _page_number(lines: Sequence[PrintedLine]) -> int | None:
    """The number printed as "Page 2 of 3" at the page's top or foot; `None` where two differ."""
    edge = [*lines[:_TITLE_LINES], *lines[max(_TITLE_LINES, len(lines) - 4) :]]
    found = [m["n"] for line in edge if (m := _PAGE.search(line.text))]
    if not found:
        found = [m["n"] or m["m"] for line in lines[-2:] if (m := _FOLIO.match(line.text))]
    digits = {n.translate(str.maketrans("lIO", "110")) for n in found}
    number = int(digits.pop()) if len(digits) == 1 else 0
    return number or None


Reasons = tuple[tuple[str, str], ...]


def _settled(
    patient: PatientReading, reading: DateReading | None, today: date
) -> tuple[PatientRef, date | None, Reasons]:
    """Values that agree with one another, and why each holds or was left out."""
    when = reading.printed.on(today) if reading else None
    reasons = [("encounter_date", reading.why)] if reading and when else []
    born = _born(patient, when or today, settled=when is not None)
    if patient.born and born:
        reasons.append(("dob", patient.born_why))
    elif patient.born:
        reasons.append(("dob", "left out: it does not fit the encounter or the printed age"))
    if patient.two:
        return PatientRef(), when, (*reasons, ("patient", TWO_PATIENTS))
    known = {"name": patient.name, "mrn": patient.number, "sex": patient.sex}
    reasons += [(key, value.why) for key, value in known.items() if value]
    name, mrn, sex = (value.value if value else None for value in known.values())
    return PatientRef(name=name, dob=born, mrn=mrn, sex=sex), when, tuple(reasons)


def _born(patient: PatientReading, latest: date, *, settled: bool) -> date | None:
    """The birth date: in the century that the printed age says, else the last before `latest`."""
    if not patient.born:
        return None
    last = patient.born.on(latest)
    earlier = patient.born.on(date(latest.year - 100, 12, 31)) if patient.born.year < 100 else None
    for born in filter(None, (last, earlier)):
        age = age_on(latest, born)
        fits = patient.age is None or (
            abs(age - patient.age) <= 1 if settled else age >= patient.age - 1
        )
        if fits and age <= _OLDEST:
            return born
    return None
