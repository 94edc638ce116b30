"""Whose page it is: name, birth date, record number and sex, as a label or a strip prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digitizer.text.about import SEX_WORD, About, read_about, sex_of
from digitizer.text.births import Birth, aged_births, may_be_birth, old_births, strip_births
from digitizer.text.dates import PrintedDate
from digitizer.text.encounter import Place, labelled_dates
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import key_of, read_name, same_name
from digitizer.text.numbers import alike_numbers, labelled_numbers, number_before, weak_numbers
from digitizer.text.record_number import key_of as number_key
from digitizer.text.record_number import nearly_same
from digitizer.text.sole import sole_names
from digitizer.text.staff import is_staff
from digitizer.text.strips import (
    EDGE,
    Reading,
    addressed_names,
    edge_of,
    lone_names,
    named,
    strip_names,
    strip_numbers,
    told_names,
)
from digitizer.text.typed import TypedStrip, typed_strips

_SEX = re.compile(
    rf"(?:(?<![\w'\u2019.])|(?<![\w/.\-])(?:[1-9]\d?|1[01]\d))(?P<sex>{SEX_WORD})"
    r"(?!\.?[\w'\u2019]|\.\s[A-Z][a-z]+(?:\s|$))"
)
_TICKED = re.compile(rf"(?:\[\s?[xX]\s?\]|\([xX]\)|☒|☑|■|_[xX]_)\s?(?P<sex>{SEX_WORD})(?!\w)")
_TO_TICK = re.compile(r"\[\s?[xX]?\s?\]|\([xX ]\)|[☒☑■☐□]|_[xX]_")
PATIENTS = re.compile(r"(?:patient|pt|client|resident)\b", re.IGNORECASE)
"""Labels that say outright that the patient is named behind them, be it a nurse or a doctor."""
_TOLD = re.compile(
    r"(?:\b\d{1,3}[\s\-]?(?:y(?:\.?/?o\.?|r|ears?)?)(?:[\s\-]old)?,?\s(?:[\w\-]+\s){0,2}?\b"
    r"|\b(?=(?:fe)?male\s(?:veteran|patient|pt)\b))(?P<sex>woman|lady|girl|female|man|gentleman|boy|male)\b",
    re.IGNORECASE,
)
_WOMEN = frozenset({"woman", "lady", "girl", "female"})
_AGE = re.compile(
    r"(?<![\w/.])(?P<age>\d{1,3})[\s\-]?(?:y(?:\.?/?o|rs?|ears?)?\b|year)", re.IGNORECASE
)
_NEAR = 3
"""Lines below one of the patient in which a word for the sex may stand alone."""

_WRAPPED = ", into the next line"


@dataclass(frozen=True, slots=True)
class PatientReading:
    """What a page prints of its patient; `born` is not yet resolved to a day.

    `two`: the page names two patients, so that neither is taken. `places`: where birth dates are
    printed. `lines`: the lines that hold any of it.
    """

    name: Reading | None = None
    number: Reading | None = None
    sex: Reading | None = None
    born: PrintedDate | None = None
    born_why: str = ""
    age: int | None = None
    two: bool = False
    places: frozenset[Place] = frozenset()
    lines: frozenset[int] = frozenset()

    @property
    def number_places(self) -> frozenset[Place]:
        """Where the record number is printed, which may look like a date."""
        return frozenset({(self.number.line, self.number.start)} if self.number else ())


def read_patient(
    lines: Sequence[PrintedLine], fields: Sequence[Field], *, day_first: bool, content: str
) -> PatientReading:
    """The patient that `lines` (the page's header and foot) name by label or in a strip.

    `content` is the whole page's text: a name behind "RE:" counts only if the page speaks of it.
    """
    strips = list(typed_strips(lines, day_first=day_first))
    names = _names(lines, fields, content, strips)
    births = _births(lines, fields, names, strips, day_first=day_first)
    numbers = _numbers(lines, fields, names, births, strips)
    places = frozenset(place for place, *_ in births)
    held = frozenset(
        [*(n.line for n in names), *(n.line for n in numbers), *(place[0] for place, *_ in births)]
    )
    if _two_people(names, numbers):
        return PatientReading(two=True, lines=held, places=places)
    days = {(b[1].year % 100, b[1].first, b[1].second) for b in births}
    born = births[0] if len(days) == 1 else None
    return PatientReading(
        name=_fullest(names),
        number=_commonest(numbers),
        sex=_sex(lines, fields, held, names) or _told_sex(content),
        born=born[1] if born else None,
        born_why=born[2] if born else "",
        age=_age(lines, fields, frozenset(line for line, _ in places)),
        places=places,
        lines=held,
    )


def _names(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    content: str,
    strips: Sequence[TypedStrip],
) -> list[Reading]:
    """What names the patient: labels and strips, else whatever tells of one the surest."""
    labelled = list(_labelled_names(lines, fields, content))
    wrapped = {name.line + 1 for name in labelled if name.why.endswith(_WRAPPED)}
    outright = [
        *labelled,
        *_names_in_parts(fields),
        *strip_names([line for line in lines if line.index not in wrapped], fields),
        *addressed_names(fields),
    ]
    return (
        outright
        or list(lone_names(lines, fields))
        or list(told_names(lines, fields))
        or [strip.name for strip in strips]
        or list(sole_names(lines, fields))
    )


def _births(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    names: Sequence[Reading],
    strips: Sequence[TypedStrip],
    *,
    day_first: bool,
) -> list[Birth]:
    """The patient's birth dates: labelled or beside the sex, else what the age or a strip tells."""

    def likely(births: Iterable[Birth]) -> list[Birth]:
        return [b for b in births if may_be_birth(b, lines, fields, day_first=day_first)]

    own = [strip for strip in strips if strip.name.line in {name.line for name in names}]
    labelled = list(_labelled_births(fields, day_first=day_first))
    return (
        [*labelled, *likely(strip_births(lines, fields, names, day_first=day_first))]
        or list(aged_births(lines, fields, names, day_first=day_first))
        or likely(strip.birth for strip in own if strip.birth)
        or likely(old_births(lines, fields, names, day_first=day_first))
    )


def _numbers(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    names: Sequence[Reading],
    births: Sequence[Birth],
    strips: Sequence[TypedStrip],
) -> list[Reading]:
    """The patient's numbers: labelled, else what its place or its likeness to the name tells."""
    places = {place for place, *_ in births}
    named = {name.line for name in names}
    outright = list(labelled_numbers(fields, named | {line for line, _ in places}))
    if outright or any(f.field == "mrn" and f.text.strip() for f in fields):
        return outright
    return (
        list(strip_numbers(lines, names, places))
        or weak_numbers(fields, names)
        or list(alike_numbers(lines, names))[:1]
        or [strip.number for strip in strips if strip.number and strip.name.line in named]
    )


def _two_people(names: Sequence[Reading], numbers: Sequence[Reading]) -> bool:
    strangers = any(not same_name(names[0].value, name.value) for name in names[1:])
    first = numbers[0].value if numbers else ""
    other = any(
        number_key(n.value) != number_key(first) and not nearly_same(n.value, first)
        for n in numbers[1:]
    )
    return strangers or other


def _fullest(names: Sequence[Reading]) -> Reading | None:
    """The first name with the most words: a header's "Rosa B. Ash" before a foot's "Rosa Ash"."""
    return max(names, key=lambda name: len(key_of(name.value)), default=None)


def _commonest(numbers: Sequence[Reading]) -> Reading | None:
    keys = [number_key(number.value) for number in numbers]
    return max(numbers, key=lambda n: keys.count(number_key(n.value)), default=None)


def _labelled_names(
    lines: Sequence[PrintedLine], fields: Sequence[Field], content: str
) -> Iterator[Reading]:
    by_index = {line.index: line for line in lines}
    for field in fields:
        if field.field not in ("name", "re"):
            continue
        start, text = _said(field)
        below = by_index.get(field.line.index + 1)
        wrapped = below and _breaks_off(text) and _wrapped(field, start, text, below, fields)
        if wrapped:
            yield wrapped
            continue
        printed = read_name(text, labelled=field.firm or field.below)
        staff = printed and is_staff(field.line.text[start + printed.end :])
        if not printed or (staff and not PATIENTS.match(field.label)):
            continue
        whole = not text[read_about(text, printed.end).end :].strip(" ,.|)")
        sure = field.firm or field.below or printed.comma or whole
        end = start + printed.end
        if sure and (
            field.field == "name" or _spoken_of(printed.name, end, field, fields, content)
        ):
            why = f"label '{field.label}'" if field.label else "the column of its label"
            yield named(printed.name, field.line, start, end, why)


def _said(field: Field) -> tuple[int, str]:
    """Where a label's name starts, and the rest of its cell; a number before it is left out."""
    number = number_before(field)
    lead = number.end() if number else len(field.text) - len(field.text.lstrip(EDGE))
    start = field.start + lead
    text = field.line.text[start : field.line.cell_end(start)][: len(field.text) - lead]
    spoken = text if field.firm and text and field.line.text.islower() else ""
    return start, " ".join(map(str.capitalize, spoken.split(" "))) or text


def _breaks_off(text: str) -> bool:
    """Whether a name goes on in the next line: one word, or a comma or hyphen at its end."""
    bare = text.rstrip(EDGE)
    if bare.endswith(","):
        return "," not in bare[:-1]
    return bare[-2:-1].isalpha() and (bare.endswith("-") or bare.isalpha())


def _wrapped(
    field: Field, start: int, text: str, below: PrintedLine, fields: Sequence[Field]
) -> Reading | None:
    """The name whose last words stand alone in the line below its label's."""
    edge = edge_of(below)
    rest = below.text[edge : below.cell_end(edge)].strip(EDGE)
    labelled = any(f.line.index == below.index and f.label_start <= edge for f in fields)
    begun = text.rstrip(EDGE)
    most = 3 if begun.endswith((",", "-")) else 1
    if labelled or not rest or len(rest.split()) > most or is_staff(below.text[edge + len(rest) :]):
        return None
    together = begun.rstrip() + ("" if begun.endswith("-") else " ") + rest
    printed = read_name(together, labelled=True)
    if not printed or printed.end < len(together):
        return None
    why = f"label '{field.label}'{_WRAPPED}"
    return Reading(printed.name, field.line.index, start, start + len(begun), why)


def _names_in_parts(fields: Sequence[Field]) -> Iterator[Reading]:
    """A name whose first and last names stand behind labels of their own."""
    parts = {f.field: f for f in reversed(fields) if f.field.startswith("name.") and f.text.strip()}
    lone = (f for f in fields if f.field == "name" and f.text.strip(" ,|").isalpha())
    if "name.first" not in parts and (first := next(lone, None)):
        parts["name.first"] = first
    if not {"name.first", "name.last"} <= set(parts):
        return
    last, first = parts["name.last"], parts["name.first"]
    middle = parts["name.middle"].text.strip() if "name.middle" in parts else ""
    together = f"{last.text.strip(' ,|')}, {first.text.strip(' ,|')} {middle}".strip()
    printed = read_name(together, labelled=True)
    if printed and printed.end == len(together):
        end = last.start + len(last.text)
        yield Reading(printed.name, last.line.index, last.start, end, "its parts' labels")


def _spoken_of(name: str, end: int, field: Field, fields: Sequence[Field], content: str) -> bool:
    """Whether what stands behind "RE:" is a person: tied to an identity, or named again."""
    if read_about(field.line.text, end).date:
        return True
    near = range(field.line.index, field.line.index + 3)
    if any(f.field in ("dob", "mrn") and f.line.index in near for f in fields):
        return True
    surname = key_of(name)[-1:] or ("",)
    return bool(re.search(rf"(?i)\b(mr|mrs|ms|miss)\b\.?\s[^.\n]{{0,20}}{surname[0]}", content))


def _labelled_births(fields: Sequence[Field], *, day_first: bool) -> Iterator[Birth]:
    for place, name, printed, label in labelled_dates(fields, day_first=day_first):
        if name == "dob":
            yield place, printed, f"label '{label}'" if label else "the column of its label"


def _sex(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    held: frozenset[int],
    names: Sequence[Reading],
) -> Reading | None:
    """The sex behind its label, or alone in a line of the patient; `None` where two differ."""
    said = [f for f in fields if f.field == "sex"]
    labelled = [_one_sex(f.line, f.start, _in_capitals(f.text)) for f in said]
    found = [reading for reading in labelled if reading]
    if not found:
        spans = {name.line: (name.start, name.end) for name in names}
        for line in lines:
            if line.index in held:
                start, end = spans.get(line.index, (0, 0))
                rest = line.text[:start] + " " * (end - start) + line.text[end:]
                found += [reading for reading in (_one_sex(line, 0, rest),) if reading]
        found = found or [
            Reading(sex_of(line.text[about.sex[0]]), line.index, *about.sex, "a word for the sex")
            for line, about in _behind_names(lines, names)
            if about.sex
        ]
        found = found or [r for line in lines if (r := _sex_beside_age(line, held))]
        found = found or [r for line in lines for r in _sexes_alone(line, held)]
    return found[0] if len({reading.value for reading in found}) == 1 else None


def _sex_beside_age(line: PrintedLine, held: frozenset[int]) -> Reading | None:
    """The sex and age that begin one of the two lines below one of the patient."""
    near = {line.index - 1, line.index - 2} & held
    about = read_about(line.text, edge_of(line)) if near else None
    if not (about and about.sex and about.age):
        return None
    return _one_sex(line, about.sex[0], line.text[slice(*about.sex)])


def _sexes_alone(line: PrintedLine, held: frozenset[int]) -> Iterator[Reading]:
    """The word for a sex that fills a cell, not far below a line of the patient."""
    for start, end in line.cells if any(0 <= line.index - at <= _NEAR for at in held) else ():
        text = line.text[start:end].strip(EDGE)
        said = _one_sex(line, start, text) if len(text) > 1 and _SEX.fullmatch(text) else None
        if said:
            yield said


def _told_sex(content: str) -> Reading | None:
    """The sex of "a 59-year-old man"; `None` where the text tells of both."""
    told = list(_TOLD.finditer(content))
    if len({match["sex"].lower() in _WOMEN for match in told}) != 1:
        return None
    sex = "F" if told[0]["sex"].lower() in _WOMEN else "M"
    return Reading(sex, content.count("\n", 0, told[0].start()), 0, 0, "the story tells it")


def _in_capitals(text: str) -> str:
    """A value with its first letter as a capital, where it is but a letter: " m" as " M"."""
    return re.sub(r"^(\s*)([mf])(?![\w'])", lambda m: m[1] + m[2].upper(), text)


def _one_sex(line: PrintedLine, start: int, text: str) -> Reading | None:
    """The first word for the sex in `text`; the one that is ticked, where there are boxes."""
    match = _TICKED.search(text) if _TO_TICK.search(text) else _SEX.search(text)
    if not match:
        return None
    where = (start + match.start("sex"), start + match.end())
    return Reading(sex_of(match["sex"]), line.index, *where, "a word for the sex")


def _behind_names(
    lines: Sequence[PrintedLine], names: Sequence[Reading]
) -> Iterator[tuple[PrintedLine, About]]:
    """What is told of the patient right behind a name, in its line."""
    by_index = {line.index: line for line in lines}
    for name in names:
        if line := by_index.get(name.line):
            yield line, read_about(line.text, name.end)


def _age(
    lines: Sequence[PrintedLine], fields: Sequence[Field], births: frozenset[int]
) -> int | None:
    """The age printed behind its label or in the line of the birth date, in years."""
    for field in fields:
        match = (
            re.match(r"\s*(\d{1,3})(?!\d|\s?(?:m|w|d|/))", field.text)
            if field.field == "age"
            else None
        )
        if match:
            return int(match[1])
    found = [m for line in lines if line.index in births if (m := _AGE.search(line.text))]
    return int(found[0]["age"]) if found else None
