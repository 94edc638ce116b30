"""What strips, letters and stories say of a patient without a label.

A strip prints one after the other: "STONE, PAUL   00870870   M   02/03/1950".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from digitizer.text.about import SEX_WORD, About, read_about
from digitizer.text.dates import find_dates
from digitizer.text.encounter import Place
from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import read_name
from digitizer.text.record_number import read_number
from digitizer.text.staff import is_staff

AFTER_SEX = re.compile(rf"[\s|,]*(?P<sex>{SEX_WORD})(?![A-Za-z])(?=[\s|,/]*(?:$|\d|\(|[A-Z#]))")
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
_PERSON_FOLLOWS = re.compile(
    rf"[\s|,/]*(?:{SEX_WORD}[\s|,]+(?:DOB\W*)?\d{{1,2}}[/\-]|\d{{1,2}}[/\-]\d{{1,2}}[/\-]\d{{2,4}}[\s|,/]+{SEX_WORD}\b"
    r"|DOB\b)"
)
_DAY = re.compile(r"(?:0\d|1[0-2])[0-3]\d\d\d")
_DATE_SEX = re.compile(rf"[\s|,]*[\d/.\-]{{6,10}}[\s|,]+{SEX_WORD}(?![\w'\u2019.])")
_AGE_SEX = re.compile(rf"\s*(?:\d{{1,3}}[\s\-]?\w{{0,5}}[\s\-]?(?:old)?)?\s*(?:{SEX_WORD})?[\s|,]*")
_AGED = re.compile(r"[\s|,(\[]+\d{1,3}[\s\-]?[Yy]")
_ADDRESSED = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Miss|Mx)\b\.?|[Yy]our patient,?|[Oo]ur patient,?|for|that|on|of)\s+"
    r"(?P<name>[^,;:()]{3,60}?)[\s,(]*$"
)
_TOLD_OF = re.compile(
    r"(?:(?:^|[.,:]\s)(?:Mr|Mrs|Ms|Miss|Mx)\b\.?\s|^\s*|:\s+)(?P<name>[A-Z][^,;:()]{3,50}?),?\s"
    r"(?:(?:was|is|has been)\s(?:seen|evaluated|examined|admitted|referred|an?\s\d)"
    r"|(?:presents|returns)\b)"
)
_CONSENTS = re.compile(
    r"\bI,\s(?P<name>[A-Z][^,;:()]{3,50}?),\s(?:hereby\s)?"
    r"(?:authori[sz]e|consent|give|request|agree|understand|have|am|do|acknowledge)\b"
)
_LEADING_NUMBER = re.compile(r"(?:[A-Z]{1,3}-?)?\d[\d\-]{3,11}\s{2,}(?=[A-Z])")
_UNKNOWN_LABEL = re.compile(r"\w{3,12}:\s?")
_PAGE_OF = re.compile(r"\s{2,}page\s?\d{1,3}(?:\s?(?:of|/)\s?\d{1,3})?\s*$", re.IGNORECASE)
_DOCTOR = re.compile(r"(?i)(?:dr|doctor|prof)\b")
_TOWN = re.compile(r",\s?[A-Z]{2}\.?,?[\s\-]+\d{5}(?:-\d{4})?\s*$")
_STATE = re.compile(r"[a-z],\s?[A-Z]{2}\.?$")
SECURED = re.compile(r"[\s|]+\d{3}-\d\d-\d{4}[\s|]+(?P<date>\S.*\d{4}|[\d/.-]+)\s*$")
"""A number of social security and something with digits behind it, to the end of a line."""
_LAST_LETTER = re.compile(r"\s(?P<sex>[MF])$")
_TIED = frozenset({"mrn", "dob", "sex", "age", "mrn_weak"})
_LEADING = frozenset({"sex", "age", "number.other"})
EDGE = " |\t"
_PEOPLE = frozenset({"name", "dob", "mrn", "provider", "person"})
_OTHERS = ("provider", "person")
_PASSED = frozenset({"number.other", "other"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read at (`start`, `end`) of line number `line`, and which printed words say so."""

    value: str
    line: int
    start: int
    end: int
    why: str


def strip_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
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
    held = _lines_with(fields, "dob", "mrn")
    for field in fields:
        at, line = field.label_start, field.line
        if field.field in ("dob", "mrn"):
            cells = [i for i, (start, _) in enumerate(line.cells) if start == at]
            begun |= {(line.index, cell) for cell in cells}
            if _AGE_SEX.fullmatch(line.text[:at]):
                begun.add((line.index, 0))
        elif field.field in _LEADING and line.index in held and not line.text[:at].strip(EDGE):
            begun.add((line.index, 0))
    return begun | {
        (line.index, 0)
        for line in lines
        if (line.index + 1, 0) in begun and _LONE_NUMBER.fullmatch(line.text)
    }


def lone_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """A name that is all of a line or cell, above one that begins with the patient's label."""
    begun = _begun_surely(fields) | {
        (line.index, 0) for line in lines if read_about(line.text, edge_of(line)).count > 1
    }
    spoken = {f.line.index for f in fields if f.field.partition(".")[0] in _PEOPLE}
    awaited = _awaited(fields)
    others = [f for f in fields if f.field.startswith(_OTHERS)]
    for line in lines:
        own = [f.label_start for f in others if f.line is line]
        for cell, start, end in _places(line) if line.index not in awaited else ():
            text = line.text[start:end].strip(EDGE)
            text = text[: _without_about(text)]
            above = (line.index + 1, cell) in begun or (
                "," in text and line.index + 1 not in spoken and (line.index + 2, cell) in begun
            )
            if not above or is_elses(text) or any(start <= at < end for at in own):
                continue
            printed = read_name(text, labelled="," in text)
            if printed and printed.end == len(text):
                at = line.text.index(text, start)
                why = "a name above the record number"
                yield named(printed.name, line, at, at + printed.end, why)
                return


def is_elses(text: str) -> bool:
    """Whether what may be a name is a doctor's, or a town: "Ashby, GA"."""
    return bool(_DOCTOR.match(text) or _STATE.search(text))


def _places(line: PrintedLine) -> Iterator[tuple[int, int, int]]:
    """(cell, start, end) of the whole line but its page number, and of each of its cells."""
    yield 0, 0, len(_PAGE_OF.sub("", line.text))
    if len(line.cells) > 1:
        yield from ((cell, *place) for cell, place in enumerate(line.cells))


def _awaited(fields: Sequence[Field]) -> set[int]:
    """The lines below a label of somebody else that has nothing behind it."""
    others = (f for f in fields if f.field.startswith(_OTHERS))
    return {f.line.index + 1 for f in others if not f.text.strip(EDGE)}


def edge_of(line: PrintedLine) -> int:
    """Where a line's first letter stands: behind the stroke of a frame."""
    return len(line.text) - len(line.text.lstrip(EDGE))


def _without_about(text: str) -> int:
    """Where a name ends: before what brackets tell of the person."""
    bracket = next((at for at, sign in enumerate(text) if sign in "(["), 0)
    told = bracket > 0 and (read_about(text, bracket).count or _BARE.match(text[bracket:]))
    return len(text[:bracket].rstrip()) if told else len(text)


def _begun_surely(fields: Sequence[Field]) -> set[tuple[int, int]]:
    """(line, cell) where a firm label of the patient begins, or one that the other follows."""
    leading = {f.line.index: f for f in fields if f.field in ("dob", "mrn") and not f.label_start}
    births, numbers = _lines_with(fields, "dob"), _lines_with(fields, "mrn")
    held, both = births | numbers, births & numbers
    begun = {
        (at, 0)
        for at, f in leading.items()
        if f.firm or f.field == "dob" or at in both or _other_follows(f, leading)
    }
    for field in fields:
        if field.field in ("dob", "mrn") and field.text.strip(EDGE):
            starts = enumerate(field.line.cells)
            cells = {i for i, (start, _) in starts if i and start == field.label_start}
            begun |= {(field.line.index, cell) for cell in cells}
        elif field.field in _LEADING and field.line.index in held and not field.label_start:
            begun.add((field.line.index, 0))
    told = {f.line.index for f in fields if f.field in ("sex", "age") and not f.label_start}
    return begun | {(at, 0) for at in told if (at + 1, 0) in begun}


def _lines_with(fields: Sequence[Field], *kinds: str) -> set[int]:
    """The lines that hold a label of one of the kinds with something behind it."""
    return {f.line.index for f in fields if f.field in kinds and f.text.strip(EDGE)}


def _other_follows(field: Field, leading: Mapping[int, Field]) -> bool:
    """Whether the next line begins with the other of birth date and record number."""
    after = leading.get(field.line.index + 1)
    return after is not None and after.field != field.field


def told_names(lines: Sequence[PrintedLine], fields: Sequence[Field]) -> Iterator[Reading]:
    """The name of "Ms. Rosa Ash was seen on" or "I, Rosa Ash, consent to".

    Only on a page with a birth date or record number.
    """
    if not _lines_with(fields, "dob", "mrn"):
        return
    for line in lines:
        told = _TOLD_OF.search(line.text) or _CONSENTS.search(line.text)
        yield from _spoken_name(told, line, "the story tells it")


def addressed_names(fields: Sequence[Field]) -> Iterator[Reading]:
    """The name of "your patient, Mr. John Ash (DOB 7/19/1955)"."""
    for field in fields:
        if field.field in ("dob", "mrn"):
            match = _ADDRESSED.search(field.line.text[: field.label_start])
            yield from _spoken_name(match, field.line, "named as is spoken of")


def _spoken_name(match: re.Match[str] | None, line: PrintedLine, why: str) -> Iterator[Reading]:
    """The name that a turn of phrase has found, if all of it reads as one."""
    printed = read_name(match["name"], labelled=True) if match else None
    if match and printed and printed.end == len(match["name"]):
        yield named(printed.name, line, *match.span("name"), why)


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
    about = read_about(line.text, behind_number(line, end))
    tied = _tied(fields, line, (start, end), about, comma=printed.comma)
    rest = line.text[about.end : max(about.end, line.cell_end(start))].strip(" |,")
    tied = tied or (below and not rest and (printed.comma or about.count > 0))
    if not (tied or _dated(line, end, about, fields)):
        return None
    return named(printed.name, line, start, end, "a name before the record number")


def _is_other(line: PrintedLine, start: int, length: int) -> bool:
    """Whether what reads like a name is a doctor's, or a town: "Ashby, GA 30110"."""
    name = line.text[start : start + length]
    return is_staff(line.text[start + length :]) or is_elses(name) or bool(_TOWN.search(line.text))


def _dated(line: PrintedLine, end: int, about: About, fields: Sequence[Field]) -> bool:
    """Whether the sex follows a name, and a date or number does."""
    after = line.text[behind_number(line, end) :]
    letter = _LAST_LETTER.search(line.text[:end])
    sex = about.sex or AFTER_SEX.match(after) or letter or _DATE_SEX.match(after)
    numbered = any(f.field in ("mrn", "number.other") for f in fields)
    told = bool(sex) and bool(about.date or numbered or find_dates(after))
    return told or bool(SECURED.match(line.text, end))


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
    if not label or label.field not in _TIED or not label.text.strip(EDGE):
        return False
    between = line.text[about.end : behind[0].start].strip(" |,;:#.()[]/-")
    return between.split()[:-3] == []


def _lead(line: PrintedLine, fields: Sequence[Field]) -> int:
    """Where a line's words start: behind a frame's stroke and an unknown word with a colon."""
    edge = edge_of(line)
    lead = _UNKNOWN_LABEL.match(line.text, edge)
    known = any(field.start <= lead.end() for field in fields) if lead else False
    number = _LEADING_NUMBER.match(line.text, edge)
    if number and "," in line.text:
        return number.end()
    return lead.end() if lead and not known else edge


def named(name: str, line: PrintedLine, start: int, end: int, why: str) -> Reading:
    """A reading of a name; a lone F or M between it and a date or age is the sex, no initial."""
    follows = line.text[end:].lstrip(" |,")[:1]
    letter = _LAST_LETTER.search(line.text[start:end])
    words = name.split()
    if letter and follows and (follows.isdigit() or follows == "(") and letter["sex"] in words:
        words.remove(letter["sex"])
        name, end = " ".join(words), end - 2
    return Reading(name, line.index, start, end, why)


def strip_numbers(
    lines: Sequence[PrintedLine], names: Sequence[Reading], births: Collection[Place]
) -> Iterator[Reading]:
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
            born = match and _first_behind(index, at + match.end(), by_index) in births
            follows = text[match.end() :] + " " + after if match else ""
            printed = read_number(match["number"]) if match else None
            if (
                match
                and printed
                and (match["sign"] or born or _PERSON_FOLLOWS.match(follows))
                and not _DAY.fullmatch(printed.value)
            ):
                start = at + match.start("number")
                why = "a number between the name and the birth date"
                yield Reading(printed.value, index, start, at + match.end("number"), why)
                return


def _first_behind(index: int, at: int, lines: Mapping[int, str]) -> Place:
    """Where the first letter or digit behind offset `at` of a line stands, if need be in the next.

    A word for the sex is passed over.
    """
    while index in lines:
        rest = AFTER_SEX.match(lines[index], at)
        found = re.compile(r"[^\W_]").search(lines[index], rest.end() if rest else at)
        if found:
            return index, found.start()
        index, at = index + 1, 0
    return index, at


def behind_number(line: PrintedLine, at: int) -> int:
    """`at`, or behind the number without a label that stands there."""
    number = _BARE.match(line.text[at:])
    return at + number.end() if number else at
