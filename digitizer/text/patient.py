"""Whose page it is: name, birth date, record number and sex, as a label or a strip prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digitizer.text.about import About, read_about
from digitizer.text.dates import PrintedDate, find_dates
from digitizer.text.encounter import Place, labelled_dates
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import key_of, read_name, same_name
from digitizer.text.record_number import key_of as number_key
from digitizer.text.record_number import nearly_same, read_number
from digitizer.text.staff import is_staff

_SEX_WORD = r"(?:Fema[l1I]e|Ma[l1I]e|FEMALE|MALE|Femenino|Masculino|[MF])"
_SEX = re.compile(
    rf"(?:(?<![\w'\u2019.])|(?<![\w/.\-])(?:[1-9]\d?|1[01]\d))(?P<sex>{_SEX_WORD})(?![\w'\u2019.])"
)
_SEXED = re.compile(rf"(?<![A-Za-z]){_SEX_WORD}")
_AFTER_SEX = re.compile(rf"[\s|,]*(?P<sex>{_SEX_WORD})(?![A-Za-z])(?=[\s|,/]*(?:$|\d|\(|[A-Z#]))")
_BARE = re.compile(
    r"^[\s|*/]*(?:(?:[A-Z]{1,3}-?)?\d[\d\-]{3,}(?=[\s|]|$)(?!\s?/(?!\s))"
    r"|[\[(](?!\d\d?-\d\d?-)(?:[A-Z]{1,3}-?)?\d[\d\-]{3,}[\])])"
)
_UNLABELLED = re.compile(
    r"^[\s|*,/]*(?P<sign>#?)\s?[\[(]?"
    r"(?!\d{3}-\d{2,3}-\d{4}\b)"  # of social security, of a telephone
    r"(?P<number>(?:[A-Z]{1,3}-?)?\d(?:-?\d){4,11})(?:[\])]|(?=[\s|]|$)(?!\s?/(?!\s)))"
)
_LONE_NUMBER = re.compile(r"[\s|*#]*(?:[A-Z]{1,3}-?)?\d(?:[- ]?\d){3,11}[\s|]*")
_BEFORE_NAME = re.compile(r"(?P<number>\d{5,12})\s?[\-/|]\s?(?=[A-Z])")
_PERSON_FOLLOWS = re.compile(
    rf"[\s|,/]*(?:{_SEX_WORD}[\s|,]+(?:DOB\W*)?\d{{1,2}}[/\-]|\d{{1,2}}[/\-]\d{{1,2}}[/\-]\d{{2,4}}[\s|,/]+{_SEX_WORD}\b"
    r"|DOB\b)"
)
_DAY = re.compile(r"(?:0\d|1[0-2])[0-3]\d\d\d")
_DATE_SEX = re.compile(rf"[\s|,]*[\d/.\-]{{6,10}}[\s|,]+{_SEX_WORD}(?![\w'\u2019.])")
_AGE_SEX = re.compile(
    rf"\s*(?:\d{{1,3}}[\s\-]?\w{{0,5}}[\s\-]?(?:old)?)?\s*(?:{_SEX_WORD})?[\s|,]*"
)
PATIENTS = re.compile(r"(?:patient|pt|client|resident)\b", re.IGNORECASE)
"""Labels that say outright that the patient is named behind them, be it a nurse or a doctor."""
_AGED = re.compile(r"[\s|,(\[]+\d{1,3}[\s\-]?[Yy]")
_ADDRESSED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mx)\b\.?|[Yy]our patient,?|[Oo]ur patient,?)\s+"
    r"(?P<name>[^,;:()]{3,60}?)[\s,(]*$"
)
_TOLD = re.compile(
    r"\b\d{1,3}[\s\-]?(?:y(?:\.?/?o\.?|r|ears?)?)(?:[\s\-]old)?,?\s(?:[\w\-]+\s){0,2}?"
    r"(?P<sex>woman|lady|girl|female|man|gentleman|boy|male)\b",
    re.IGNORECASE,
)
_TOLD_OF = re.compile(
    r"(?:(?:^|[.,]\s)(?:Mr|Mrs|Ms|Miss|Mx)\b\.?\s|^\s*)(?P<name>[A-Z][^,;:()]{3,50}?),?\s"
    r"(?:(?:was|is|has been)\s(?:seen|evaluated|examined|admitted|referred|an?\s\d)"
    r"|(?:presents|returns)\b)"
)
_WOMEN = frozenset({"woman", "lady", "girl", "female"})
_LEADING_NUMBER = re.compile(r"(?:[A-Z]{1,3}-?)?\d[\d\-]{3,11}\s{2,}(?=[A-Z])")
_UNKNOWN_LABEL = re.compile(r"\w{3,12}:\s?")
_PAGE_OF = re.compile(r"\s{2,}page\s?\d{1,3}(?:\s?(?:of|/)\s?\d{1,3})?\s*$", re.IGNORECASE)
_DOCTOR = re.compile(r"(?i)(?:dr|doctor|prof)\b")
_TOWN = re.compile(r",\s?[A-Z]{2}\.?,?[\s\-]+\d{5}(?:-\d{4})?\s*$")
_LAST_LETTER = re.compile(r"\s(?P<sex>[MF])$")
_AGE = re.compile(
    r"(?<![\w/.])(?P<age>\d{1,3})[\s\-]?(?:y(?:\.?/?o|rs?|ears?)?\b|year)", re.IGNORECASE
)
_TIED = frozenset({"mrn", "dob", "sex", "age", "mrn_weak"})
_LEADING = frozenset({"sex", "age", "number.other"})
_EDGE = " |\t"
_PEOPLE = frozenset({"name", "dob", "mrn", "provider", "person"})
_OTHERS = ("provider", "person")
_WRAPPED = ", into the next line"
_PASSED = frozenset({"number.other", "other"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read at (`start`, `end`) of line number `line`, and which printed words say so."""

    value: str
    line: int
    start: int
    end: int
    why: str


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


def read_patient(
    lines: Sequence[PrintedLine], fields: Sequence[Field], *, day_first: bool, content: str
) -> PatientReading:
    """The patient that `lines` (the page's header and foot) name by label or in a strip.

    `content` is the whole page's text: a name behind "RE:" counts only if the page speaks of it.
    """
    labelled = list(_labelled_names(lines, fields, content))
    wrapped = {name.line + 1 for name in labelled if name.why.endswith(_WRAPPED)}
    names = [
        *labelled,
        *_names_in_parts(fields),
        *_strip_names([line for line in lines if line.index not in wrapped], fields),
        *_addressed(fields),
    ]
    names = names or list(_lone_names(lines, fields)) or list(_told_names(lines, fields))
    births = [
        *_labelled_births(fields, day_first=day_first),
        *_strip_births(lines, fields, names, day_first=day_first),
    ]
    numbers = list(_numbers(fields, {n.line for n in names} | {b[0][0] for b in births}))
    if not numbers and not any(f.field == "mrn" and f.text.strip() for f in fields):
        numbers += list(_strip_numbers(lines, names)) or _near_numbers(fields, names)
    held = frozenset(
        [*(n.line for n in names), *(n.line for n in numbers), *(place[0] for place, *_ in births)]
    )
    if _two_people(names, numbers):
        return PatientReading(two=True, lines=held, places=frozenset(b[0] for b in births))
    days = {(b[1].year % 100, b[1].first, b[1].second) for b in births}
    born = births[0] if len(days) == 1 else None
    return PatientReading(
        name=_fullest(names),
        number=_commonest(numbers),
        sex=_sex(lines, fields, held, names) or _told_sex(content),
        born=born[1] if born else None,
        born_why=born[2] if born else "",
        age=_age(lines, fields, frozenset(place[0] for place, *_ in births)),
        places=frozenset(b[0] for b in births),
        lines=held,
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
        whole = not text[printed.end :].strip(" ,.|")
        sure = field.firm or field.below or printed.comma or whole
        if sure and (field.field == "name" or _spoken_of(printed.name, field, fields, content)):
            why = f"label '{field.label}'" if field.label else "the column of its label"
            yield _name(printed.name, field.line, start, start + printed.end, why)


def _said(field: Field) -> tuple[int, str]:
    """Where a label's name starts, and the rest of its cell; a number before it is left out."""
    lead = len(field.text) - len(field.text.lstrip(_EDGE))
    number = _BEFORE_NAME.match(field.text, lead) if field.firm else None
    lead = number.end() if number else lead
    start = field.start + lead
    text = field.line.text[start : field.line.cell_end(start)][: len(field.text) - lead]
    spoken = text if field.firm and text and field.line.text.islower() else ""
    return start, " ".join(map(str.capitalize, spoken.split(" "))) or text


def _breaks_off(text: str) -> bool:
    """Whether a name goes on in the next line: one word, or a comma or hyphen at its end."""
    bare = text.rstrip(_EDGE)
    if bare.endswith(","):
        return "," not in bare[:-1]
    return bare[-2:-1].isalpha() and (bare.endswith("-") or bare.isalpha())


def _wrapped(
    field: Field, start: int, text: str, below: PrintedLine, fields: Sequence[Field]
) -> Reading | None:
    """The name whose last words stand alone in the line below its label's."""
    edge = len(below.text) - len(below.text.lstrip(_EDGE))
    rest = below.text[edge : below.cell_end(edge)].strip(_EDGE)
    labelled = any(f.line.index == below.index and f.label_start <= edge for f in fields)
    begun = text.rstrip(_EDGE)
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


def _spoken_of(name: str, field: Field, fields: Sequence[Field], content: str) -> bool:
    """Whether what stands behind "RE:" is a person: tied to an identity, or named again."""
    near = range(field.line.index, field.line.index + 3)
    if any(f.field in ("dob", "mrn") and f.line.index in near for f in fields):
        return True
    surname = key_of(name)[-1:] or ("",)
    return bool(re.search(rf"(?i)\b(mr|mrs|ms|miss)\b\.?\s[^.\n]{{0,20}}{surname[0]}", content))


def _strip_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """Names at a cell's start that a record number, birth date or sex follows at once.

    A number without a label may stand between: which number it is, nobody says.
    """
    awaited = _awaited(fields)
    begun = {(at, cell) for at, cell in _begun(lines, fields) if at - 1 not in awaited}
    for line in lines:
        here = [field for field in fields if field.line.index == line.index]
        if any(field.field == "name" for field in here):
            continue
        labels = {field.label_start for field in here}
        starts = [_lead(line, here), *(at for at, _ in line.cells[1:])]
        found = (
            _strip_name(line, start, here, below=(line.index + 1, cell) in begun)
            for cell, start in enumerate(starts)
            if not cell or start not in labels
        )
        yield from [name for name in found if name][:1]


def _begun(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> set[tuple[int, int]]:
    """(line, cell) where what is printed of a patient begins: a label, or sex, age and date."""
    begun = {(line.index, 0) for line in lines if _begins_with_person(line.text)}
    held = {f.line.index for f in fields if f.field in ("dob", "mrn") and f.text.strip(_EDGE)}
    for field in fields:
        at, line = field.label_start, field.line
        if field.field in ("dob", "mrn"):
            cells = [i for i, (start, _) in enumerate(line.cells) if start == at]
            begun |= {(line.index, cell) for cell in cells}
            if _AGE_SEX.fullmatch(line.text[:at]):
                begun.add((line.index, 0))
        elif field.field in _LEADING and line.index in held and not line.text[:at].strip(_EDGE):
            begun.add((line.index, 0))
    return begun | {
        (line.index, 0)
        for line in lines
        if (line.index + 1, 0) in begun and _LONE_NUMBER.fullmatch(line.text)
    }


def _lone_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """A name that is all of a line or cell, above one that begins with the patient's label."""
    begun = _begun_surely(fields) | {
        (line.index, 0) for line in lines if read_about(line.text, _edge(line)).count > 1
    }
    spoken = {f.line.index for f in fields if f.field.partition(".")[0] in _PEOPLE}
    awaited = _awaited(fields)
    others = [f for f in fields if f.field.startswith(_OTHERS)]
    for line in lines:
        own = [f.label_start for f in others if f.line is line]
        for cell, start, end in _places(line) if line.index not in awaited else ():
            text = line.text[start:end].strip(_EDGE)
            text = text[: _without_about(text)]
            above = (line.index + 1, cell) in begun or (
                "," in text and line.index + 1 not in spoken and (line.index + 2, cell) in begun
            )
            if not above or _DOCTOR.match(text) or any(start <= at < end for at in own):
                continue
            printed = read_name(text, labelled="," in text)
            if printed and printed.end == len(text):
                at = line.text.index(text, start)
                why = "a name above the record number"
                yield _name(printed.name, line, at, at + printed.end, why)
                return


def _places(line: PrintedLine) -> Iterator[tuple[int, int, int]]:
    """(cell, start, end) of the whole line but its page number, and of each of its cells."""
    yield 0, 0, len(_PAGE_OF.sub("", line.text))
    if len(line.cells) > 1:
        yield from ((cell, *place) for cell, place in enumerate(line.cells))


def _awaited(fields: Sequence[Field]) -> set[int]:
    """The lines below a label of somebody else that has nothing behind it."""
    others = (f for f in fields if f.field.startswith(_OTHERS))
    return {f.line.index + 1 for f in others if not f.text.strip(_EDGE)}


def _edge(line: PrintedLine) -> int:
    return len(line.text) - len(line.text.lstrip(_EDGE))


def _without_about(text: str) -> int:
    """Where a name ends: before what brackets tell of the person."""
    bracket = next((at for at, sign in enumerate(text) if sign in "(["), 0)
    told = bracket > 0 and (read_about(text, bracket).count or _BARE.match(text[bracket:]))
    return len(text[:bracket].rstrip()) if told else len(text)


def _begun_surely(fields: Sequence[Field]) -> set[tuple[int, int]]:
    """(line, cell) where a firm label of the patient begins, or one that the other follows."""
    leading = {f.line.index: f for f in fields if f.field in ("dob", "mrn") and not f.label_start}
    held = {f.line.index for f in fields if f.field in ("dob", "mrn") and f.text.strip(_EDGE)}
    both = {f.line.index for f in fields if f.field == "dob" and f.text.strip(_EDGE)}
    both &= {f.line.index for f in fields if f.field == "mrn" and f.text.strip(_EDGE)}
    begun = {
        (at, 0)
        for at, f in leading.items()
        if f.firm or f.field == "dob" or at in both or _other_follows(f, leading)
    }
    for field in fields:
        if field.field in ("dob", "mrn") and field.text.strip(_EDGE):
            starts = enumerate(field.line.cells)
            cells = {i for i, (start, _) in starts if i and start == field.label_start}
            begun |= {(field.line.index, cell) for cell in cells}
        elif field.field in _LEADING and field.line.index in held and not field.label_start:
            begun.add((field.line.index, 0))
    told = {f.line.index for f in fields if f.field in ("sex", "age") and not f.label_start}
    return begun | {(at, 0) for at in told if (at + 1, 0) in begun}


def _other_follows(field: Field, leading: Mapping[int, Field]) -> bool:
    """Whether the next line begins with the other of birth date and record number."""
    after = leading.get(field.line.index + 1)
    return after is not None and after.field != field.field


def _told_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """The name of "Ms. Rosa Ash was seen on", on a page with a birth date or record number."""
    if not any(f.field in ("dob", "mrn") and f.text.strip(_EDGE) for f in fields):
        return
    for line in lines:
        match = _TOLD_OF.search(line.text)
        printed = read_name(match["name"], labelled=True) if match else None
        if match and printed and printed.end == len(match["name"]):
            yield _name(printed.name, line, *match.span("name"), "the story tells it")


def _addressed(fields: Sequence[Field]) -> Iterator[Reading]:
    """The name of "your patient, Mr. John Ash (DOB 7/19/1955)"."""
    for field in fields:
        before = field.line.text[: field.label_start]
        match = _ADDRESSED.search(before) if field.field in ("dob", "mrn") else None
        printed = read_name(match["name"], labelled=True) if match else None
        if match and printed and printed.end == len(match["name"]):
            yield _name(printed.name, field.line, *match.span("name"), "named as is spoken of")


def _begins_with_person(text: str) -> bool:
    """Whether a line is the second of a strip: number, sex, birth date; or the last two."""
    match = _UNLABELLED.match(text)
    return bool(_PERSON_FOLLOWS.match(text[match.end() :] if match else text))


def _strip_name(
    line: PrintedLine, start: int, fields: Sequence[Field], *, below: bool
) -> Reading | None:
    """The name at `start`; `below`: the next line begins with a label of the patient."""
    first = min((f.label_start for f in fields if f.label_start >= start), default=None)
    text = line.text[start : line.cell_end(start)][: None if first is None else first - start]
    aged = _AGED.search(text)
    printed = read_name(text[: aged.start()] if aged else text, labelled="," in text)
    if not printed or _is_other(line, start, printed.end):
        return None
    end = start + printed.end
    about = read_about(line.text, _behind_number(line, end))
    tied = _tied(fields, line, (start, end), about, comma=printed.comma)
    rest = line.text[about.end : max(about.end, line.cell_end(start))].strip(" |,")
    tied = tied or (below and not rest and (printed.comma or about.count > 0))
    if not (tied or _dated(line, end, about, fields)):
        return None
    return _name(printed.name, line, start, end, "a name before the record number")


def _is_other(line: PrintedLine, start: int, length: int) -> bool:
    """Whether what reads like a name is a doctor's, or a town: "Ashby, GA 30110"."""
    staff = is_staff(line.text[start + length :]) or _DOCTOR.match(line.text, start)
    return bool(staff or _TOWN.search(line.text))


def _dated(line: PrintedLine, end: int, about: About, fields: Sequence[Field]) -> bool:
    """Whether the sex follows a name, and a date or number does."""
    after = line.text[_behind_number(line, end) :]
    letter = _LAST_LETTER.search(line.text[:end])
    sex = about.sex or _AFTER_SEX.match(after) or letter or _DATE_SEX.match(after)
    numbered = any(f.field in ("mrn", "number.other") for f in fields)
    return bool(sex) and bool(about.date or numbered or find_dates(after))


def _tied(
    fields: Sequence[Field], line: PrintedLine, name: tuple[int, int], about: About, *, comma: bool
) -> bool:
    """Whether a label with something behind it says that a patient is named before it.

    Behind a cell that is all name, a room or another number may come first.
    """
    start, end = name
    alone = not line.text[end : line.cell_end(start)].strip(" |,")
    behind = [f for f in fields if not f.below and f.start > end]
    label = next((f for f in behind if not (alone and f.field in _PASSED)), None)
    if not comma and label and label.field not in ("dob", "mrn"):
        label = behind[0]
    if not label or label.field not in _TIED or not label.text.strip(_EDGE):
        return False
    between = line.text[about.end : behind[0].start].strip(" |,;:#.()[]/-")
    return between.split()[:-3] == []


def _lead(line: PrintedLine, fields: Sequence[Field]) -> int:
    """Where a line's words start: behind a frame's stroke and an unknown word with a colon."""
    edge = len(line.text) - len(line.text.lstrip(_EDGE))
    lead = _UNKNOWN_LABEL.match(line.text, edge)
    known = any(field.start <= lead.end() for field in fields) if lead else False
    number = _LEADING_NUMBER.match(line.text, edge)
    if number and "," in line.text:
        return number.end()
    return lead.end() if lead and not known else edge


def _name(name: str, line: PrintedLine, start: int, end: int, why: str) -> Reading:
    """A reading of a name; a lone F or M between it and a date or age is the sex, no initial."""
    follows = line.text[end:].lstrip(" |,")[:1]
    letter = _LAST_LETTER.search(line.text[start:end])
    words = name.split()
    if letter and follows and (follows.isdigit() or follows == "(") and letter["sex"] in words:
        words.remove(letter["sex"])
        name, end = " ".join(words), end - 2
    return Reading(name, line.index, start, end, why)


def _numbers(fields: Sequence[Field], named: set[int]) -> Iterator[Reading]:
    for field in fields:
        if field.field == "name" and field.line.index in named:
            yield from _behind_sign(field)
            yield from _before_name(field)
        weak = field.field == "mrn_weak" and field.line.index in named
        if field.field != "mrn" and not weak and not _numbered(field):
            continue
        text = field.text.lstrip(" |\t:#.")
        printed = read_number(text)
        if printed:
            start = field.start + len(field.text) - len(text)
            why = f"label '{field.label}'" if field.label else "the column of its label"
            why += "; letters in it were read as digits" if printed.repaired else ""
            yield Reading(printed.value, field.line.index, start, start + printed.end, why)


def _near_numbers(fields: Sequence[Field], names: Sequence[Reading]) -> Iterator[Reading]:
    """The number behind a mere "ID:" that leads the line above or below the name's."""
    near = {name.line + step for name in names for step in (-1, 1)}
    leading = [f for f in fields if f.field == "mrn_weak" and f.firm and not f.label_start]
    for field in leading:
        printed = read_number(field.text) if field.line.index in near else None
        if printed and field.label.upper().startswith("ID"):
            end = field.start + printed.end
            yield Reading(printed.value, field.line.index, field.start, end, "label 'ID'")


def _numbered(field: Field) -> bool:
    """Whether a sign makes a label of the patient's name one of the number: "Pt #: 82041"."""
    behind = field.line.text[field.label_start + len(field.label) : field.start]
    return field.field == "name" and not field.below and "#" in behind


def _strip_numbers(lines: Sequence[PrintedLine], names: Sequence[Reading]) -> Iterator[Reading]:
    """The one number without a label, between a name and the sex and birth date behind it.

    It stands in the name's line or leads the next. A day written without strokes is none.
    """
    by_index = {line.index: line.text for line in lines}
    for name in names:
        later = by_index.get(name.line + 2, "")
        rest, below = by_index.get(name.line, "")[name.end :], by_index.get(name.line + 1, "")
        for index, at, text, after in (
            (name.line, name.end, rest, below),
            (name.line + 1, 0, below, later),
        ):
            match = _UNLABELLED.match(text)
            follows = text[match.end() :] + " " + after if match else ""
            printed = read_number(match["number"]) if match else None
            if (
                match
                and printed
                and (match["sign"] or _PERSON_FOLLOWS.match(follows))
                and not _DAY.fullmatch(printed.value)
            ):
                start = at + match.start("number")
                why = "a number between the name and the birth date"
                yield Reading(printed.value, index, start, at + match.end("number"), why)
                return


def _behind_sign(field: Field) -> Iterator[Reading]:
    """The number of "Ash, Joan #52-89-93", behind a labelled name.

    A stroke is as good where the label says so: "Name/MRN: Ash, Joan / 52-89-93".
    """
    both = re.search(r"/\s?(?:MRN?|ID)\b", field.label)
    sign = re.search(r"\s?[/|]\s?(?=[A-Z0-9]{2})" if both else r"\s#\s?(?=[A-Z0-9])", field.text)
    printed = read_number(field.text[sign.end() :]) if sign else None
    if sign and printed:
        start = field.start + sign.end()
        yield Reading(printed.value, field.line.index, start, start + printed.end, "label '#'")


def _before_name(field: Field) -> Iterator[Reading]:
    """The number of "Patient: 528993 - Ash, Joan"."""
    lead = len(field.text) - len(field.text.lstrip(_EDGE))
    number = _BEFORE_NAME.match(field.text, lead) if field.firm else None
    if number:
        start, end = (field.start + at for at in number.span("number"))
        why = "a number between the label and the name"
        yield Reading(number["number"], field.line.index, start, end, why)


Birth = tuple[Place, PrintedDate, str]


def _labelled_births(fields: Sequence[Field], *, day_first: bool) -> Iterator[Birth]:
    for place, name, printed, label in labelled_dates(fields, day_first=day_first):
        if name == "dob":
            yield place, printed, f"label '{label}'" if label else "the column of its label"


def _strip_births(
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
        if line.index not in near or not _SEXED.search(line.text):
            continue
        for printed in find_dates(line.text, day_first=day_first):
            before, after = line.text[: printed.span.start], line.text[printed.span.end :]
            beside = re.search(rf"(?<!\w){_SEX_WORD}[\s|,]*$", before) or _AFTER_SEX.match(after)
            place = (line.index, printed.span.start)
            if beside or place in told:
                found.append((place, printed))
    claimed = {place for place, *_ in labelled_dates(fields, day_first=day_first)} if found else ()
    for place, printed in found:
        if place not in claimed:
            yield place, printed, "a date beside the sex"


def _told_births(lines: Sequence[PrintedLine], names: Sequence[Reading]) -> Iterator[Place]:
    """Where dates stand beside the sex, behind a name or at the start of the next two lines."""
    by_index = {line.index: line for line in lines}
    for name in names:
        for index in range(name.line, name.line + 3):
            if line := by_index.get(index):
                own = index == name.line
                about = read_about(
                    line.text, _behind_number(line, name.end) if own else _edge(line)
                )
                if about.date and about.sex:
                    yield index, about.date[0]


def _behind_number(line: PrintedLine, at: int) -> int:
    """`at`, or behind the number without a label that stands there."""
    number = _BARE.match(line.text[at:])
    return at + number.end() if number else at


def _sex(
    lines: Sequence[PrintedLine],
    fields: Sequence[Field],
    held: frozenset[int],
    names: Sequence[Reading],
) -> Reading | None:
    """The sex behind its label, or alone in a line of the patient; `None` where two differ."""
    labelled = [_one_sex(f.line, f.start, f.text) for f in fields if f.field == "sex"]
    found = [reading for reading in labelled if reading]
    if not found:
        spans = {name.line: (name.start, name.end) for name in names}
        for line in lines:
            if line.index in held:
                start, end = spans.get(line.index, (0, 0))
                rest = line.text[:start] + " " * (end - start) + line.text[end:]
                found += [reading for reading in (_one_sex(line, 0, rest),) if reading]
        found = found or [r for line in lines if (r := _sex_beside_age(line, held))]
    return found[0] if len({reading.value for reading in found}) == 1 else None


def _sex_beside_age(line: PrintedLine, held: frozenset[int]) -> Reading | None:
    """The sex and age that begin the line below one of the patient."""
    about = read_about(line.text, _edge(line)) if line.index - 1 in held else None
    if not (about and about.sex and about.age):
        return None
    return _one_sex(line, about.sex[0], line.text[slice(*about.sex)])


def _told_sex(content: str) -> Reading | None:
    """The sex of "a 59-year-old man"; `None` where the text tells of both."""
    told = list(_TOLD.finditer(content))
    if len({match["sex"].lower() in _WOMEN for match in told}) != 1:
        return None
    sex = "F" if told[0]["sex"].lower() in _WOMEN else "M"
    return Reading(sex, content.count("\n", 0, told[0].start()), 0, 0, "the story tells it")


def _one_sex(line: PrintedLine, start: int, text: str) -> Reading | None:
    match = _SEX.search(text)
    if not match:
        return None
    where = (start + match.start(), start + match.end())
    return Reading(match["sex"][0].upper(), line.index, *where, "a word for the sex")


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
