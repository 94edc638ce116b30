"""One patient out of many readings: over the pages of a document, and the documents of a batch."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.patient import PatientRef
from digitizer.text.identity import Match, compare, differ, settle
from digitizer.text.names import key_of, same_name
from digitizer.text.record_number import key_of as number_key
from digitizer.text.record_number import likely_key, nearly_same
from digitizer.text.spelling import family_name

Reasons = tuple[tuple[str, str], ...]

_HEADER_LINES = 10
_LEAST_DIGITS = 6

_KEYS: dict[str, Callable[[Any], Hashable]] = {
    "name": key_of,
    "dob": lambda day: day,
    "mrn": likely_key,
    "sex": lambda sex: sex,
}


def consolidate(pages: Sequence[Page]) -> tuple[PatientRef, Reasons]:
    """What the pages of one document say of the patient, and where they did not agree.

    For each field the value that most pages print, of equals that of the page read best, of
    equals the first.
    """
    readings = [(page.header.patient, page.confidence or 0.0) for page in pages if page.header]
    values: dict[str, Any] = {}
    reasons: list[tuple[str, str]] = []
    for name, key in _KEYS.items():
        printed = [
            (value, key(value), weight)
            for patient, weight in readings
            if (value := getattr(patient, name)) is not None
        ]
        values[name] = settle(printed)
        if len({entry[1] for entry in printed}) > 1:
            reasons.append((name, "pages differ: the value that most of them print holds"))
    return PatientRef(**values), tuple(reasons)


def reconcile(documents: Sequence[Document]) -> list[Document]:
    """The documents of one batch, each with what documents of the same patient say together.

    Two documents are the same patient's where two of name, birth date and record number agree and
    the third is missing or hardly differs. A value that hardly differs from the one that most of
    them print gives way to it, and a missing one is filled in; the reasons say so. A record number
    that still contradicts others under the same name is withheld: no number is better than a wrong
    one.
    """
    found = [_with_number(document, documents) for document in documents]
    agreed = [_with_others(document, found) for document in found]
    settled = [_without_doubted_number(document, agreed) for document in agreed]
    return [_spelled(document, settled) for document in settled]


def _spelled(document: Document, documents: Sequence[Document]) -> Document:
    """`document`, its family name as the pages of its patient print it most often."""
    name = document.patient.name
    if not name:
        return document
    own = [d for d in documents if d is document or same_patient(document.patient, d.patient)]
    better = family_name(name, [page.text for d in own for page in d.pages if page.text])
    if better == name:
        return document
    patient = replace(document.patient, name=better)
    why = ("name", "the family name is spelled as the patient's pages print it most often")
    return replace(document, patient=patient, reasons=(*document.reasons, why))


def _with_number(document: Document, documents: Sequence[Document]) -> Document:
    """`document`, with the number of others where its header prints that within another word.

    A long name may run into the number behind it. The number must stand there digit for digit, and
    a name or birth date must agree with those that it is printed beside elsewhere.
    """
    patient = document.patient
    if patient.mrn or not document.pages:
        return document
    numbers = {
        number_key(d.patient.mrn): d.patient.mrn
        for d in documents
        if d.patient.mrn and compare(patient, d.patient) is Match.SAME
    }
    inside = [mrn for mrn in numbers.values() if prints_within(document.pages[0], mrn)]
    if len(inside) != 1:
        return document
    why = ("mrn", "printed within another word, as other documents of the batch print it")
    found = replace(patient, mrn=inside[0])
    return replace(document, patient=found, reasons=(*document.reasons, why))


def prints_within(page: Page, number: str) -> bool:
    """Whether a page's header prints a record number of six digits or more within another word."""
    key = number_key(number)
    words = (w for line in page.content.split("\n")[:_HEADER_LINES] for w in line.split())
    return len(key) >= _LEAST_DIGITS and any(key in number_key(word) for word in words)


def _without_doubted_number(document: Document, documents: Sequence[Document]) -> Document:
    """`document`, its number withheld where most of those that may name its patient do not."""
    own = document.patient.mrn
    if not own:
        return document
    printed = [d.patient.mrn for d in documents if _may_be_one(document.patient, d.patient)]
    votes = sum(likely_key(mrn) == likely_key(own) for mrn in printed if mrn)
    known = sum(mrn is not None for mrn in printed)
    if 2 * votes > known:
        return document
    why = ("mrn", "withheld: others of the batch that may name this patient print another number")
    patient = replace(document.patient, mrn=None)
    return replace(document, patient=patient, reasons=(*document.reasons, why))


def _may_be_one(one: PatientRef, other: PatientRef) -> bool:
    """Whether both bear one name, or a name may be misread beside a number that hardly differs."""
    births = bool(one.dob and one.dob == other.dob)
    numbers = bool(one.mrn and other.mrn and nearly_same(one.mrn, other.mrn))
    return _namesakes(one, other) or (births and numbers and not differ(one, other))


def _namesakes(one: PatientRef, other: PatientRef) -> bool:
    """Whether both bear one name and their birth dates do not tell them apart; each its own."""
    if one is other:
        return True
    births = one.dob is None or other.dob is None or one.dob == other.dob
    return births and bool(one.name and other.name and same_name(one.name, other.name))


def _with_others(document: Document, documents: Sequence[Document]) -> Document:
    others = [d for d in documents if d is document or same_patient(document.patient, d.patient)]
    reasons: list[tuple[str, str]] = []
    patient = document.patient
    for name in _KEYS if len(others) > 1 else ():
        value, why = _agreed(name, patient, [other.patient for other in others])
        if why:
            patient = replace(patient, **{name: value})
            reasons.append((name, why))
    return replace(document, patient=patient, reasons=(*document.reasons, *reasons))


def _agreed(name: str, patient: PatientRef, others: Sequence[PatientRef]) -> tuple[Any, str | None]:
    """The value that `others`, `patient` among them, agree on, and why where it is not its own."""
    key = _KEYS[name]
    known = [value for other in others if (value := getattr(other, name)) is not None]
    printed = [(value, key(value), _digits(value)) for value in known]
    own, best = getattr(patient, name), settle(printed)
    same = own is not None and key(own) == key(best) and _digits(own) == _digits(best)
    if best is None or same or (name == "name" and own and same_name(own, best)):
        return own, None  # how a name is spelled, all its prints say, not headers alone
    votes = sum(entry[1] == key(best) for entry in printed)
    if own is None:
        agreed = votes == len(printed) or votes > 1
        return best, "from other documents of the batch that name this patient" if agreed else None
    if 2 * votes <= len(printed):
        return own, None
    return best, "misread here: most documents of the batch that name this patient print another"


def _digits(value: object) -> float:
    """How many digits a value has: of two readings of a number, fewer letters are likelier."""
    return float(sum(c.isdigit() for c in str(value)))


def same_patient(one: PatientRef, other: PatientRef) -> bool:
    """Whether two of name, birth date and number agree, and a printed third hardly differs."""
    names = bool(one.name and other.name and same_name(one.name, other.name))
    births = bool(one.dob and one.dob == other.dob)
    numbers = bool(one.mrn and other.mrn and number_key(one.mrn) == number_key(other.mrn))
    return names + births + numbers > 1 and compare(one, other) in (Match.SAME, Match.MISREAD)
