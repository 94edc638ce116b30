"""Understands plain text that never was a scan, through the same stages as a scanned page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from digitizer.chart.coding import CodeSuggestion
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.stage import Scope
from digitizer.chart.text import Text
from digitizer.config import Home
from digitizer.errors import UsageError
from digitizer.export.neutral import code_json, entity_json, patient_json, tumor_json
from digitizer.operations.crew import analyst
from digitizer.operations.pipelines import pipeline_of, resources_of
from digitizer.pipeline import Runner

SETTINGS = ("inpatient", "outpatient", "ed")


def reader_of(home: Home) -> Runner:
    """What `understand` works with; loads the models once."""
    return analyst(pipeline_of(home).after("text"), resources_of(home))


def understand(runner: Runner, line: dict[str, Any]) -> dict[str, Any]:
    """One line in, `{"id", "text", "setting"?, "spans"?}`, to one line out.

    Raises:
        UsageError: the line lacks its text, or names a setting or span that cannot be.
    """
    document = document_of(runner, line)
    spans = line.get("spans")
    if spans is None:
        document = runner.read_document(document)
    else:
        found = runner.reader.classify(document, {1: _given(document, spans)})
        document = _rest(runner, replace(document, entities=found, phi=()))
    return _answer(line.get("id"), document)


def document_of(runner: Runner, line: dict[str, Any]) -> Document:
    """A line's text as a document of one page, with its sections; UsageError as `understand`."""
    text, setting = line.get("text"), line.get("setting")
    if not isinstance(text, str):
        raise UsageError('each line needs a "text"')
    if setting is not None and setting not in SETTINGS:
        raise UsageError(f'"setting" is one of {", ".join(SETTINGS)}')
    page = runner.read_page(Page(number=1, text=Text(content=text)))
    documents = runner.assemble([page])
    document = documents[0] if documents else Document(pages=(page,))
    return replace(document, setting=setting)


def _given(document: Document, spans: Any) -> list[tuple[int, int, str]]:  # noqa: ANN401 - JSON
    length = len(document.pages[0].content)
    try:
        given = [(int(start), int(end), str(label)) for start, end, label in spans]
    except (TypeError, ValueError):
        given = [(-1, 0, "")]
    if not all(0 <= start <= end <= length for start, end, _ in given):
        raise UsageError('"spans" are [start, end, label], within the text')
    return given


def _rest(runner: Runner, document: Document) -> Document:
    after = replace(runner.pipeline, stages=runner.pipeline.after("entities").of(Scope.DOCUMENT))
    return Runner(after, runner.resources).read_document(document)


def _ranked(document: Document) -> list[CodeSuggestion]:
    """All codes by their score, those that are only shown among the others."""
    return sorted(document.suggestions or (), key=lambda s: -s.score)


def _answer(key: object, document: Document) -> dict[str, Any]:
    return {
        "id": key,
        "doc_type": document.doc_type,
        "patient": patient_json(document.patient),
        "encounter_date": document.encounter_date.isoformat() if document.encounter_date else None,
        "provider": document.provider,
        "facility": document.facility,
        "entities": [entity_json(entity) for entity in document.entities or ()],
        "codes": [code_json(suggestion) for suggestion in _ranked(document)],
        "tumors": [tumor_json(tumor) for tumor in document.tumors or ()],
        "phi": [
            {"label": phi.label, "start": phi.span.start, "end": phi.span.end}
            for phi in document.phi or ()
        ],
    }
