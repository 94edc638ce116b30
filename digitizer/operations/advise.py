"""Lays what the edits say over a chart: its codes, its patient, and what is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from digitizer.chart.coding import Evidence
from digitizer.chart.document import Document
from digitizer.chart.review import Level, Message
from digitizer.coding.edits import Claim, Coded, Reference, check
from digitizer.coding.surroundings import sentence_of
from digitizer.review.decide import CodeLine, Coding, LineState

_FINAL = frozenset(
    {"discharge_diagnosis", "final_diagnosis", "postoperative_diagnosis", "assessment",
     "assessment_and_plan", "impression"}
)  # fmt: skip
_SHOWN = (LineState.OPEN, LineState.ACCEPTED, LineState.ADDED)


def advice(document: Document, coding: Coding, reference: Reference) -> tuple[Message, ...]:
    """What the edits say of the chart as it stands."""
    return check(claim_of(document, coding), reference)


def claim_of(document: Document, coding: Coding) -> Claim:
    """The chart as edits see it; lines that were rejected or withheld are no part of it."""
    patient = document.patient
    return Claim(
        codes=tuple(_coded(document, line) for line in coding.lines if line.state in _SHOWN),
        sex=patient.sex,
        age=years_between(patient.dob, document.encounter_date),
        inpatient=document.inpatient,
        service=document.encounter_date,
    )


def years_between(born: date | None, then: date | None) -> int | None:
    """Whole years of age on a day; `None` where one is not known or it lies before birth."""
    if born is None or then is None or then < born:
        return None
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _coded(document: Document, line: CodeLine) -> Coded:
    return Coded(
        line=line.id,
        code=line.code,
        confirmed=line.confirmed,
        principal=line.principal,
        poa=line.poa,
        sentence=" ".join(_sentence(document, evidence) for evidence in line.evidence).strip(),
        diagnosed=_diagnosed(document, line.evidence),
    )


def _sentence(document: Document, evidence: Evidence) -> str:
    content = next((p.content for p in document.pages if p.number == evidence.page), "")
    return sentence_of(content, evidence.span).of(content)


def _diagnosed(document: Document, evidence: Sequence[Evidence]) -> tuple[int, int] | None:
    """Where the words first stand among the final diagnoses, as (page, character)."""
    places = [
        (page.number, e.span.start)
        for e in evidence
        for page in document.pages
        if page.number == e.page
        and any(s.kind in _FINAL and s.span.overlaps(e.span) for s in page.sections or ())
    ]
    return min(places, default=None)


def merged(messages: Sequence[Message], more: Sequence[Message]) -> tuple[Message, ...]:
    """Both, errors first."""
    return tuple(sorted((*messages, *more), key=lambda m: list(Level).index(m.level)))
