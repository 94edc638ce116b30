"""The record number as labels tell it: outright, by a sign, or by a label that may mean another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digitizer.text.fields import Field
from digitizer.text.layout import PrintedLine
from digitizer.text.names import key_of
from digitizer.text.record_number import read_number
from digitizer.text.strips import EDGE, Reading

_BEFORE_NAME = re.compile(r"[ |\t]*(?P<number>\d{5,12})\s?[\-/|]\s?(?=[A-Z])")
_WEAK = frozenset({"mrn_weak", "number.case"})
# Behind "-" and in brackets there is more than a number often, and more numbers than one.
_SIGN = re.compile(
    r"\s#\s?(?=[A-Z0-9])|\s\((?=[A-Z]{0,3}\d{4,10}\))|\s-\s(?=[A-Z]{0,3}\d{5,10}\s*$)"
)
_LEAD = re.compile(r"[\s|,*#(\[]*(?=[A-Z])")
_PART_OF = re.compile(r"[A-Za-z.]{2,}:?\s?$")
_SHORTEST, _USUAL = 3, 4
"""Letters and digits that a number has at least, behind an outright label and elsewhere."""
_NEAR = 4
"""Lines between a name and the only number that may be its."""


def labelled_numbers(fields: Sequence[Field], near: set[int]) -> Iterator[Reading]:
    """Numbers behind labels of a record number.

    A weak one counts in the lines `near` by, unless another is labelled outright.
    """
    outright = any(f.field == "mrn" and read_number(_said(f), _SHORTEST) for f in fields)
    for field in fields:
        if field.field == "name" and field.line.index in near:
            yield from _behind_name(field)
            yield from _before_name(field)
        weak = field.field == "mrn_weak" and field.line.index in near and not outright
        if field.field != "mrn" and not weak and not _numbered(field):
            continue
        text = _said(field)
        if printed := read_number(text, _SHORTEST if field.field == "mrn" else _USUAL):
            start = field.start + len(field.text) - len(text)
            why = f"label '{field.label}'" if field.label else "the column of its label"
            why += "; letters in it were read as digits" if printed.repaired else ""
            yield Reading(printed.value, field.line.index, start, start + printed.end, why)


def _said(field: Field) -> str:
    return field.text.lstrip(" |\t:#.*[(")


def weak_numbers(fields: Sequence[Field], names: Sequence[Reading]) -> list[Reading]:
    """The number behind a label that may mean another, where the page bears it out.

    It begins as the patient's name does, or it is the only one and stands under no other person.
    """
    found = [(field, number) for field in fields for number in _weak_number(field)]
    alike = [number for _, number in found if any(_begins_as(number, name) for name in names)]
    others = {f.line.index for f in fields if f.field.startswith("person")}
    plain = [n for field, n in found if field.field != "number.case" and n.line not in others]
    near = [n for n in plain if any(abs(n.line - name.line) <= _NEAR for name in names)]
    return alike or (near if len(plain) == 1 else [])


def alike_numbers(lines: Sequence[PrintedLine], names: Sequence[Reading]) -> Iterator[Reading]:
    """A number without a label, behind a name or leading the next line, that begins as it does."""
    for name in names:
        for line in lines:
            start = {name.line: name.end, name.line + 1: 0}.get(line.index)
            lead = _LEAD.match(line.text, start) if start is not None else None
            printed = read_number(line.text[lead.end() :]) if lead else None
            if lead and printed:
                end = lead.end() + printed.end
                why = "a number that begins as the name does"
                number = Reading(printed.value, line.index, lead.end(), end, why)
                if _begins_as(number, name):
                    yield number


def _weak_number(field: Field) -> Iterator[Reading]:
    """The number behind a weak label that no other word makes another's."""
    before = field.line.text[: field.label_start]
    starts = not before.strip(EDGE) or not _PART_OF.search(before)  # "Procedure No:"
    named = field.field == "name" and not field.below
    if not (named or (field.field in _WEAK and starts)):
        return
    printed = read_number(field.text.strip(EDGE))
    if printed and (not named or printed.end == len(field.text.strip(EDGE))):
        start = field.start + len(field.text) - len(field.text.lstrip(EDGE))
        why = f"label '{field.label}'"
        yield Reading(printed.value, field.line.index, start, start + printed.end, why)


def _begins_as(number: Reading, name: Reading) -> bool:
    """Whether a number's letters are the patient's: the family name's first, or initials."""
    letters = "".join(c for c in number.value if c.isalpha()).casefold()
    words = key_of(name.value)
    initials = {words[0][0] + words[-1][0], words[-1][0] + words[0][0]} if words else set()
    begins = len(letters) > 1 and any(word.startswith(letters) for word in words)
    return begins or letters in initials


def _numbered(field: Field) -> bool:
    """Whether a sign makes a label of the patient's name one of the number: "Pt #: 82041"."""
    behind = field.line.text[field.label_start + len(field.label) : field.start]
    return field.field == "name" and not field.below and "#" in behind


def _behind_name(field: Field) -> Iterator[Reading]:
    """The number of "Ash, Joan #52-89-93", "Ash, Joan (528993)" or "Ash, Joan - 528993"."""
    sign = _SIGN.search(field.text)
    printed = read_number(field.text[sign.end() :]) if sign else None
    if sign and printed:
        start = field.start + sign.end()
        why = "a number behind the labelled name"
        yield Reading(printed.value, field.line.index, start, start + printed.end, why)


def _before_name(field: Field) -> Iterator[Reading]:
    """The number of "Patient: 528993 - Ash, Joan"."""
    if number := number_before(field):
        start, end = (field.start + at for at in number.span("number"))
        why = "a number between the label and the name"
        yield Reading(number["number"], field.line.index, start, end, why)


def number_before(field: Field) -> re.Match[str] | None:
    """The number between a firm label and the name: "Patient: 528993 - Ash, Joan"."""
    return _BEFORE_NAME.match(field.text) if field.firm else None
