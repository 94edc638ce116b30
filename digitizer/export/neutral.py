"""The neutral export: one JSON object a source file, boxes from 0 to 1 on the page as delivered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from digitizer.chart.barcode import Barcode
from digitizer.chart.cancer import Tumor
from digitizer.chart.clinical import Entity
from digitizer.chart.coding import Code, CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.text import TextSpan

Json = dict[str, Any]


def file_json(
    *,
    source: str,
    sha256: str | None,
    status: str,
    reason: str,
    documents: Sequence[Json],
    pages: Iterable[Page] = (),
) -> Json:
    """One source file. `status` "digitized_with_warning" is exported as "digitized"."""
    return {
        "source": source,
        "sha256": sha256,
        "status": "digitized" if status.startswith("digitized") else status,
        "reason": reason,
        "barcodes": [_barcode_json(page, code) for page in pages for code in page.barcodes],
        "documents": list(documents),
    }


def _barcode_json(page: Page, code: Barcode) -> Json:
    return {
        "source_page": page.number,
        "type": code.format,
        "value": code.value,
        "box": _rounded(code.box),
    }


def document_json(document: Document) -> Json:
    """One document, with the codes that a coder is offered under "codes" and the rest apart."""
    suggestions = document.suggestions or ()
    return {
        "doc_type": document.doc_type,
        "patient": patient_json(document.patient),
        "encounter": document.encounter,
        "encounter_date": _day(document.encounter_date),
        "provider": document.provider,
        "facility": document.facility,
        "pages": [page_json(page) for page in document.pages],
        "entities": [_entity_json(document, entity) for entity in document.entities or ()],
        "codes": [_code_json(document, s) for s in suggestions if s.suggested],
        "codes_withheld": [_code_json(document, s) for s in suggestions if not s.suggested],
        "tumors": [_tumor_json(document, tumor) for tumor in document.tumors or ()],
        "reasons": [list(reason) for reason in document.reasons],
        "warnings": list(document.warnings),
    }


def patient_json(patient: PatientRef) -> Json:
    """A patient; what is not known is null. "also": further record numbers, where people merged
    records.
    """
    return {
        "name": patient.name,
        "dob": _day(patient.dob),
        "mrn": patient.mrn,
        "sex": patient.sex,
        **({"also": list(patient.also)} if patient.also else {}),
    }


def page_json(page: Page) -> Json:
    """A page with its words."""
    words = page.text.words if page.text else ()
    return {
        "source_page": page.number,
        "text": page.content,
        "rotation": page.rotation,
        "words": [
            {"t": word.text, "box": _box(page, word.box), "conf": round(word.confidence, 3)}
            for word in words
        ],
        "marks": [_box(page, mark) for mark in page.marks],
    }


def _entity_json(document: Document, entity: Entity) -> Json:
    return {
        **entity_json(entity),
        "page": entity.page,
        "boxes": _boxes(document.page(entity.page), entity.span),
    }


def entity_json(entity: Entity) -> Json:
    """A finding without its place on paper: also for text that never was on any."""
    return {
        "label": entity.label.value,
        "text": entity.text,
        "start": entity.span.start,
        "end": entity.span.end,
        "assertion": entity.assertion.word,
        "section": entity.section,
        **dict(entity.attributes),
    }


def _code_json(document: Document, suggestion: CodeSuggestion) -> Json:
    return {
        **code_json(suggestion),
        "evidence": [_evidence_json(document, evidence) for evidence in suggestion.evidence],
    }


def code_json(suggestion: CodeSuggestion) -> Json:
    """A suggestion without the place of its evidence on paper."""
    return {
        "id": suggestion.id,
        "system": suggestion.code.system,
        "code": suggestion.code.code,
        "title": suggestion.code.title,
        "score": round(suggestion.score, 4),
        "suggested": suggestion.suggested,
        "withheld": suggestion.withheld,
        "why": suggestion.why,
        "evidence": [
            {"start": e.span.start, "end": e.span.end, "text": e.text} for e in suggestion.evidence
        ],
    }


def _tumor_json(document: Document, tumor: Tumor) -> Json:
    said = [
        {"aspect": s.aspect.value, "value": s.value, **_evidence_json(document, s.evidence)}
        for s in tumor.said
    ]
    evidence = [_evidence_json(document, evidence) for evidence in tumor.evidence]
    return {**tumor_json(tumor), "said": said, "evidence": evidence}


def tumor_json(tumor: Tumor) -> Json:
    """A tumor without the place of its evidence on paper."""
    return {
        "site": {"code": tumor.site.code, "title": tumor.site.title},
        "standing": tumor.standing.value,
        "behavior": tumor.behavior.value,
        "laterality": tumor.laterality,
        "topography": _coded(tumor.topography),
        "morphology": _coded(tumor.morphology),
        "said": [{"aspect": said.aspect.value, "value": said.value} for said in tumor.said],
        "spread": [_coded(code) for code in tumor.spread],
        "remarks": list(tumor.remarks),
    }


def _coded(code: Code | None) -> Json | None:
    return {"code": code.code, "title": code.title} if code else None


def _evidence_json(document: Document, evidence: Evidence) -> Json:
    page = document.page(evidence.page)
    return {
        "page": evidence.page,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "text": evidence.text,
        "boxes": [_box(page, box) for box in evidence.boxes],
    }


def _boxes(page: Page, span: TextSpan) -> list[list[float]]:
    return [_box(page, box) for box in page.text.boxes_of(span)] if page.text else []


def _box(page: Page, box: Box) -> list[float]:
    return _rounded(page.delivered(box))


def _rounded(box: Box) -> list[float]:
    return [round(value, 5) for value in (box.x0, box.y0, box.x1, box.y1)]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
