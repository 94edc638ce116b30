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

_LETTER = r"[^\W\d_]"
_CAPITAL = r"(?:(?![a-z\u00df-\u00f6\u00f8-\u00ff])[^\W\d_])"
_PARTICLE = r"(?:van|von|der|den|de|la|las|los|del|della|di|da|dos|du|le|bin|al|el)"
_PART = rf"(?:{_CAPITAL}(?:{_LETTER}|['\u2019-])*\.?|{_PARTICLE}(?=[ \t]))"
_SURNAME = rf"{_CAPITAL}{_LETTER}{{2,}}"
_LAST = rf"{_PART}(?:[ \t]{_PART})?"
_NAME = rf"{_PART}(?:,?[ \t]{{1,2}}{_PART}){{0,5}}"
# Capitals and digits with a digit among them, which may be misread as a letter at its end.
_ID = r"(?=[A-Z0-9 -]*\d)[A-Z]{0,4}[-#]?[0-9A-ZlIOo|]*[0-9lO|]"
_ID += r"(?:[- ]?[0-9lIOo][0-9A-ZlIOo]*){0,4}"
_D = r"[\dOolI|]"
_LOOSE_DATE = rf"{_D}{{1,2}}[/.-]{_D}{{1,2}}[/.-](?:{_D}{{4}}(?!\d)|{_D}{{2}}(?![\dA-Za-z]))"
_NO = r"(?:n[o0]\.?|num(?:ber)?|#)"
_DOB = r"d\.?[o0]\.?b|date of birth|birth ?date|b[i1]rth|born|b(?=\. ?\d)"
_MRN = rf"mrn|mr ?{_NO}?|med(?:ical)? ?rec(?:ord)?s? ?{_NO}?|hosp(?:ital)? {_NO}|chart(?: ?{_NO})?"
_MRN += rf"|patient id|unit {_NO}|record(?: {_NO})?|resident {_NO}|n[o0]\."
_ACCOUNT = rf"acc(?:oun)?t\.? ?{_NO}?|encounter ?{_NO}|visit ?#|fin|csn|policy ?{_NO}?|group ?{_NO}"
_ACCOUNT += rf"|member id|accession ?{_NO}?|case|claim ?#|insurance id|har|hsn|ssn"
_ACCOUNT += rf"|social security ?{_NO}?"
_PERSON = r"patient(?:'s)?(?: full)? name|name|na[rm]n?e|patient|pt|client|resident|subscriber"
_PERSON += r"|guarantor|emergency contact|next of kin|visit of|pafient|paciente|nombre"
_PERSON += r"|(?:spouse|wife|husband|mother|father|son|daughter|sister|brother|guardian|contact"
_PERSON += r"|witness)(?=[ \t]*:)"
_NO_NAME = r"(?!(?i:face|information|instructions|education|agreements?|name)\b)"
_STAFF = r"provider|physician|attending|surgeon|pcp|referred by|referring|dr\.?"
_STAFF += r"|(?:md|rn|np|pa|do|cc|neph)(?=[ \t]*:)|electronically signed by|signed by|dictated by"
_STAFF += r"|ordered by"
_TITLES = r"(?:MD|DO|NP|PA-C|PA|RN|DDS|DPM|APRN|PhD|ARNP|CNP)"
_GERMS = r"(?i:coli|difficile|diff|pylori|aureus|cereus|albicans|pneumoniae|influenzae|faecalis)"
_STREET = r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Lane|Ln|Dr|Drive|Court|Ct|Way|Pkwy|Parkway|Place"
_STREET += r"|Pl|Circle|Cir|Terrace|Hwy)\b\.?"
_TOWN = r"[,\n] ?[A-Z][A-Za-z. ]+,? [A-Z]{2} \d{5}(?:-\d{4})?"
_HOUSE = r"\d{1,5} (?:[NSEW]\.? )?(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w.]*)(?: [A-Z][\w.]*){0,3}"
# Behind its label an address goes on to the next label, a column or the end of its line.
_TO_NEXT = (
    r"[^\s|][^\n|]{3,80}?(?=[ \t]+[A-Z]\w{1,12}(?: [a-z]\w{1,9})?:|[ \t]{3}|[ \t]*(?:\||\n|\Z))"
)
_PLACE = r"(?i:hospital|medical center|clinic|family medicine|health|healthcare|associates"
_PLACE += r"|pathology|home care|health center|medical group)"


def _labelled(labels: str, value: str) -> re.Pattern[str]:
    """`value` (group 1) after one of `labels`, in any case."""
    return re.compile(rf"(?<![A-Za-z])(?i:{labels})[ \t]*[#:.]*[ \t]*({value})")


# Label of the span and the pattern whose group 1 it is; the earlier rule wins. A label may be
# misread; values that have a shape of their own (phone, SSN, e-mail, street) need none.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("DOB", _labelled(_DOB, f"(?ix:{DATE.pattern})")),
    ("DOB", _labelled(_DOB, _LOOSE_DATE)),
    ("MRN", _labelled(_MRN, _ID)),
    ("ACCOUNT", _labelled(_ACCOUNT, _ID)),
    ("ADDRESS", _labelled(r"(?:(?:home|mailing|street) )?address(?=[ \t]*:)", _TO_NEXT)),
    ("NAME", _labelled(_PERSON, _NO_NAME + _NAME)),
    ("PROVIDER", _labelled(_STAFF, _NAME)),
    ("PROVIDER", re.compile(rf"({_NAME}),[ \t]*{_TITLES}\b")),
    (
        "PROVIDER",
        re.compile(rf"(?<=[ \t:|])({_CAPITAL}\.[ \t]?(?!{_GERMS}){_SURNAME})"),
    ),
    # A strip: the name, then the sex or a date; behind the date a number.
    ("NAME", re.compile(rf"(?m)^[ \t]*({_NAME})[ \t|]+(?=[MF]\b[ \t|]+\d)")),
    ("NAME", re.compile(rf"(?m)(?:^|:)[ \t]*({_LAST},[ \t]{_NAME})[ \t|]+(?=[MF]\b)")),
    ("MRN", re.compile(rf"(?m)^.*[MF]\b[ \t|]+{_LOOSE_DATE}[ \t|]+#?[ \t]*({_ID})")),
    ("NAME", re.compile(rf"\b(?:Mr|Mrs|Ms|Miss)\.?[ \t]+({_NAME})")),
    (
        "PHONE",
        re.compile(r"((?:\(\d{3}\)[-. ]{0,2}|\b\d{3}\)?[-. ]{1,2})\d{3} ?[-. ] ?\d{4}(?!\d))"),
    ),
    ("MRN", re.compile(r"((?<![A-Z\d-])(?:[A-Z]{1,4}-)?\d{2,4}-\d{2,4}-\d{2,4}(?![\d-]))", re.I)),
    ("ACCOUNT", re.compile(r"\b((?=(?:[A-Z]*\d){5})[A-Z\d]{6,})\b")),
    ("SSN", re.compile(r"\b((?:\d{3}|X{3})-(?:\d{2}|XX)-\d{4})\b")),
    ("EMAIL", re.compile(r"\b([\w.+-]+@[\w-]+\.[\w.-]+)\b")),
    (
        "ADDRESS",
        re.compile(rf"\b({_HOUSE} {_STREET}(?:,? (?:Suite|Apt|Unit|#)\.? ?\w+)?(?:{_TOWN})?)"),
    ),
    ("FACILITY", re.compile(rf"\b((?:[A-Z][A-Za-z.'-]+ ){{1,4}}{_PLACE})\b")),
    ("DATE", re.compile(f"({DATE.pattern})", re.VERBOSE | re.IGNORECASE)),
    ("DATE", re.compile(rf"(?<![\w/])({_LOOSE_DATE})")),
)


MISREAD = 7
"""Letters of a name from which one misread letter makes hardly any other word of it."""

GLUED = 6
"""Digits of a record number that is looked for within other words too."""

SHORTEST = 2
"""Letters up to which a part of a name is looked for only beside another part."""


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
    for pattern in _names(patient.name or ""):
        yield "NAME", pattern
    if patient.mrn:
        yield "MRN", re.compile(rf"(?<!\w)({re.escape(patient.mrn)})(?!\w)", re.IGNORECASE)
        if sum(c.isdigit() for c in patient.mrn) >= GLUED:
            yield "MRN", re.compile(rf"([\w-]*{re.escape(patient.mrn)}\w*)", re.IGNORECASE)
    if patient.dob:
        yield "DOB", _date_pattern(patient.dob)
    for part in re.findall(r"[^\W\d_]{4,}", document.provider or ""):
        yield "PROVIDER", re.compile(rf"\b({re.escape(part)})\b", re.IGNORECASE)
    for label, value in (("PROVIDER", document.provider), ("FACILITY", document.facility)):
        if value:
            yield label, re.compile(rf"\b({re.escape(value)})", re.IGNORECASE)


def _names(name: str) -> Iterator[re.Pattern[str]]:
    """Patterns of a patient's name: parts beside each other, each alone, and long ones misread."""
    parts = re.findall(r"[^\W\d_][\w'\u2019-]+", name)
    if parts:
        each = "|".join(map(re.escape, parts))
        yield re.compile(rf"\b((?:{each})(?:,?[ \t]+(?:(?:{each})\b|[A-Z]\b\.?))+)", re.I)
    for part in parts:
        if len(part) > SHORTEST:
            yield re.compile(rf"\b({re.escape(part)})\b", re.IGNORECASE)
        if len(part) >= MISREAD:
            yield re.compile(rf"\b({'|'.join(_misread(part))})\b")


def _misread(name: str) -> Iterator[str]:
    """Patterns of the name with one inner letter misread; its capital must stand."""
    for i in range(1, len(name)):
        yield rf"{re.escape(name[:i])}\w{re.escape(name[i + 1 :])}"


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
    """Spans in order, those that overlap made one: nothing that any rule hides may show."""
    whole: list[tuple[TextSpan, str]] = []
    for span, label in sorted((f for f in found if len(f[0])), key=lambda f: f[0]):
        if whole and whole[-1][0].end > span.start:
            last, its = whole[-1]
            longer = its if len(last) >= len(span) else label
            whole[-1] = TextSpan(last.start, max(last.end, span.end)), longer
        else:
            whole.append((span, label))
    return iter(whole)
