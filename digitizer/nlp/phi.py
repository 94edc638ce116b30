"""Identifying text: what labels announce, and every further print of what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from digitizer.chart.clinical import PhiSpan
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.text import TextSpan
from digitizer.nlp.dates import DATE

_NAME = r"[A-Z][A-Za-z'\u2019-]+(?:,?[ \t]+(?:[A-Z][A-Za-z'\u2019-]*\.?|Jr\.?|Sr\.?|II|III)){0,4}"
_ID = r"[A-Z]{0,4}[-#]?[0-9A-Z]*\d[0-9A-Z]*(?:[- ]?\d[0-9A-Z]*){0,4}"
_NO = r"(?:n[o0]\.?|num(?:ber)?|#)"
_DOB = r"d\.?o\.?b|date of birth|birth ?date|b[i1]rth|born"
_MRN = rf"mrn|mr ?{_NO}?|med(?:ical)? ?rec(?:ord)?s? ?{_NO}?|hosp(?:ital)? {_NO}|chart ?{_NO}"
_MRN += rf"|patient id|unit {_NO}"
_ACCOUNT = rf"acc(?:oun)?t\.? ?{_NO}?|encounter ?{_NO}|visit ?#|fin|csn|policy ?{_NO}?|group ?{_NO}"
_ACCOUNT += rf"|member id|accession ?{_NO}?|case|claim ?#|insurance id|ssn|social security ?{_NO}?"
_PERSON = r"patient(?:'s)?(?: full)? name|name|na[rm]n?e|patient|pt|client|resident|subscriber"
_PERSON += r"|guarantor|emergency contact|next of kin|spouse"
_STAFF = r"provider|physician|attending|surgeon|pcp|referred by|referring|dr\.?"
_STAFF += r"|(?:md|rn|np|cc)(?=[ \t]*:)|electronically signed by|signed by|dictated by|ordered by"
_TITLES = r"(?:MD|DO|NP|PA-C|PA|RN|DDS|DPM|APRN|PhD|ARNP|CNP)"
_STREET = r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Lane|Ln|Dr|Drive|Court|Ct|Way|Pkwy|Parkway|Place"
_STREET += r"|Pl|Circle|Cir|Terrace|Hwy)\b\.?"
_TOWN = r"[,\n] ?[A-Z][A-Za-z. ]+,? [A-Z]{2} \d{5}(?:-\d{4})?"
_HOUSE = r"\d{1,5} (?:[NSEW]\.? )?[A-Z][\w.]*(?: [A-Z][\w.]*){0,3}"
_PLACE = r"(?i:hospital|medical center|clinic|family medicine|health|healthcare|associates"
_PLACE += r"|pathology|home care|health center|medical group)"


def _labelled(labels: str, value: str) -> re.Pattern[str]:
    """`value` (group 1) after one of `labels`, in any case."""
    return re.compile(rf"(?<![A-Za-z])(?i:{labels})[ \t]*[#:.]*[ \t]*({value})")


# Label of the span and the pattern whose group 1 it is; the earlier rule wins. A label may be
# misread; values that have a shape of their own (phone, SSN, e-mail, street) need none.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("DOB", _labelled(_DOB, f"(?ix:{DATE.pattern})")),
    ("MRN", _labelled(_MRN, _ID)),
    ("ACCOUNT", _labelled(_ACCOUNT, _ID)),
    ("NAME", _labelled(_PERSON, _NAME)),
    ("PROVIDER", _labelled(_STAFF, _NAME)),
    ("PROVIDER", re.compile(rf"({_NAME}),[ \t]*{_TITLES}\b")),
    ("NAME", re.compile(rf"\b(?:Mr|Mrs|Ms|Miss)\.?[ \t]+({_NAME})")),
    ("PHONE", re.compile(r"(\(?\b\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}\b)")),
    ("SSN", re.compile(r"\b((?:\d{3}|X{3})-(?:\d{2}|XX)-\d{4})\b")),
    ("EMAIL", re.compile(r"\b([\w.+-]+@[\w-]+\.[\w.-]+)\b")),
    (
        "ADDRESS",
        re.compile(rf"\b({_HOUSE} {_STREET}(?:,? (?:Suite|Apt|Unit|#)\.? ?\w+)?(?:{_TOWN})?)"),
    ),
    ("FACILITY", re.compile(rf"\b((?:[A-Z][A-Za-z.'-]+ ){{1,4}}{_PLACE})\b")),
    ("DATE", re.compile(f"({DATE.pattern})", re.VERBOSE | re.IGNORECASE)),
)


def phi_of(document: Document) -> tuple[PhiSpan, ...]:
    """Identifying spans of all pages, in order, none overlapping another."""
    known = list(_known(document))
    return tuple(
        PhiSpan(label=label, page=page.number, span=span)
        for page in document.pages
        for span, label in _apart([*_printed(page, known), *_labelled_spans(page)])
    )


def _labelled_spans(page: Page) -> Iterator[tuple[TextSpan, str]]:
    for label, pattern in _RULES:
        for match in pattern.finditer(page.content):
            yield TextSpan(*match.span(1)), label


def _known(document: Document) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Patterns of the values that the document knows its patient, provider and facility by."""
    patient = document.patient
    for part in re.findall(r"[A-Za-z'\u2019-]{3,}", patient.name or ""):
        yield "NAME", re.compile(rf"\b({re.escape(part)})\b", re.IGNORECASE)
    if patient.mrn:
        yield "MRN", re.compile(rf"(?<!\w)({re.escape(patient.mrn)})(?!\w)", re.IGNORECASE)
    if patient.dob:
        yield "DOB", _date_pattern(patient.dob)
    for label, value in (("PROVIDER", document.provider), ("FACILITY", document.facility)):
        if value:
            yield label, re.compile(rf"\b({re.escape(value)})", re.IGNORECASE)


def _date_pattern(day: date) -> re.Pattern[str]:
    """The figures of a date, in the orders and with the separators that charts use."""
    year = rf"(?:{day.year}|{day.year % 100:02})"
    return re.compile(
        rf"(?<!\d)(0?{day.month}[/-]0?{day.day}[/-]{year}|{day.isoformat()}"
        rf"|{day:%B} 0?{day.day},? {day.year}|0?{day.day}[- ]{day:%b}[a-z]*[- ]{year})(?!\d)",
        re.IGNORECASE,
    )


def _printed(
    page: Page, known: Iterable[tuple[str, re.Pattern[str]]]
) -> Iterator[tuple[TextSpan, str]]:
    for label, pattern in known:
        for match in pattern.finditer(page.content):
            yield TextSpan(*match.span(1)), label


def _apart(found: list[tuple[TextSpan, str]]) -> Iterator[tuple[TextSpan, str]]:
    """Spans in order; of overlapping ones the longest, then the one found by the earlier rule."""
    kept: list[tuple[TextSpan, str]] = []
    for span, label in sorted(found, key=lambda f: -len(f[0])):
        if len(span) and not any(span.overlaps(other) for other, _ in kept):
            kept.append((span, label))
    return iter(sorted(kept))
