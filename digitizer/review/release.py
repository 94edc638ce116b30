"""A coded chart as it is signed: the same chart gives the same bytes, so their hash proves it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from digitizer.chart.coding import Evidence
from digitizer.chart.document import Document
from digitizer.chart.review import Query
from digitizer.review.decide import CodeLine, Coding


def frozen(
    key: str,
    sha256: str,
    pages: Sequence[int],
    document: Document,
    coding: Coding,
    queries: tuple[Query, ...],
) -> bytes:
    """The chart that is signed, as canonical JSON.

    `sha256` is of the scan it was read from, `pages` are its page numbers there, in order.
    """
    patient = document.patient
    said = {
        "document": key,
        "scan": sha256,
        "pages": list(pages),
        "doc_type": document.doc_type,
        "patient": {
            "name": patient.name,
            "dob": patient.dob.isoformat() if patient.dob else None,
            "mrn": patient.mrn,
            "sex": patient.sex,
        },
        "encounter_date": _day(document),
        "codes": [line_json(line) for line in coding.confirmed],
        "decisions": max((decision.version for decision in coding.history), default=0),
        "queries": [{"id": query.id, "answer": query.answer} for query in queries],
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def line_json(line: CodeLine) -> dict[str, Any]:
    """A code that a person stands for, with who and on which words."""
    return {
        "id": line.id,
        "system": line.code.system,
        "code": line.code.code,
        "title": line.code.title,
        "principal": line.principal,
        "place": line.place,
        "poa": line.poa or None,
        "source": "accepted" if line.suggestion else "added",
        "replaces": line.replaces or None,
        "by": line.by,
        "at": line.at,
        "evidence": [_evidence_json(evidence) for evidence in line.evidence],
    }


def _evidence_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "page": evidence.page,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "text": evidence.text,
    }


def _day(document: Document) -> str | None:
    return document.encounter_date.isoformat() if document.encounter_date else None
