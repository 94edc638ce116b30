"""What people corrected in a document, laid over what was read: the reading itself is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from digitizer.chart.document import DOC_TYPES, MISFILE, OTHER, Document
from digitizer.chart.patient import PatientRef
from digitizer.chart.review import CORRECTABLE, Action, Decision, effective
from digitizer.chart.text import TextSpan


def corrected(document: Document, decisions: Iterable[Decision]) -> Document:
    """The document with patient, type and date as people left them; text: `corrected_text`."""
    for decision in _corrections(decisions):
        if decision.target == "doc_type":
            document = replace(document, doc_type=decision.value)
        elif decision.target == "encounter_date":
            document = replace(document, encounter_date=_day(decision.value))
        elif decision.target == "misfile":
            doubts = [w for w in document.warnings if not w.startswith(MISFILE)]
            document = replace(document, warnings=tuple(doubts))
        else:
            document = replace(document, patient=_patient(document.patient, decision))
    return document


def _patient(patient: PatientRef, decision: Decision) -> PatientRef:
    value = decision.value or None
    match decision.target:
        case "name":
            return replace(patient, name=value)
        case "mrn":
            return replace(patient, mrn=value)
        case "sex":
            return replace(patient, sex=value)
        case "dob":
            return replace(patient, dob=_day(decision.value))
    return patient


def corrected_text(content: str, page: int, decisions: Iterable[Decision]) -> str:
    """A page's text with the wordings that people corrected; the newest of two that overlap."""
    found: dict[TextSpan, str] = {}
    for decision in _corrections(decisions):
        if decision.target == "text" and decision.evidence[0].page == page:
            span = decision.evidence[0].span
            if span.of(content) == decision.evidence[0].text:  # else the page was read anew
                found = {k: v for k, v in found.items() if not k.overlaps(span)}
                found[span] = decision.value
    for span in sorted(found, reverse=True):
        content = content[: span.start] + found[span] + content[span.end :]
    return content


def fault_of(decision: Decision) -> str:
    """What is wrong with a correction, in words for who makes it; "" where nothing is."""
    field, value = decision.target, decision.value
    if field not in CORRECTABLE:
        return f"correct one of {', '.join(CORRECTABLE)}"
    if field == "doc_type" and value not in (*DOC_TYPES, OTHER):
        return f"a type is one of {', '.join((*DOC_TYPES, OTHER))}"
    if field == "sex" and value not in ("F", "M", "X", ""):
        return "write the sex as F, M or X"
    if field in ("dob", "encounter_date") and value and not _is_day(value):
        return "write the date as YYYY-MM-DD"
    if field == "misfile" and value != "settled":
        return "a misfile is settled, or its correction undone"
    if field == "text" and len(decision.evidence) != 1:
        return "say which words of which page are wrong"
    return ""


def _corrections(decisions: Iterable[Decision]) -> list[Decision]:
    return [d for d in effective(decisions) if d.action is Action.CORRECT]


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
