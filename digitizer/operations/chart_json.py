"""A chart under review as JSON, for the command line and the web alike."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from digitizer.chart.coding import Evidence
from digitizer.chart.review import Decision, Query
from digitizer.operations.chart import Chart
from digitizer.review.decide import CodeLine
from digitizer.review.worklist import Entry


def chart_json(chart: Chart) -> dict[str, Any]:
    """The whole chart: state, version, lines, messages, queries, signed versions, history."""
    return {
        "id": chart.id,
        "state": chart.review.state,
        "version": chart.review.version,
        "assignee": chart.review.assignee,
        "held": chart.review.held,
        "lines": [line_json(line) for line in chart.coding.lines],
        "notes": list(chart.coding.notes),
        "messages": [asdict(message) for message in chart.messages],
        "queries": [query_json(query) for query in chart.queries],
        "versions": [asdict(version) for version in chart.versions],
        "history": [decision_json(decision) for decision in chart.coding.history],
    }


def line_json(line: CodeLine) -> dict[str, Any]:
    """One line; `state` is open, withheld, accepted, rejected, replaced, added or orphaned."""
    return {
        "id": line.id,
        "code": line.code.code,
        "title": line.code.title,
        "state": line.state,
        "score": round(line.suggestion.score, 4) if line.suggestion else None,
        "withheld": line.suggestion.withheld if line.suggestion else "",
        "why": line.suggestion.why if line.suggestion else "",
        "reason": line.reason,
        "text": line.text,
        "principal": line.principal,
        "place": line.place,
        "poa": line.poa,
        "replaces": line.replaces,
        "notes": list(line.notes),
        "by": line.by,
        "at": line.at,
        "decided": line.version,
        "evidence": [evidence_json(evidence) for evidence in line.evidence],
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """One decision of the history."""
    return {
        "version": decision.version,
        "action": decision.action,
        "target": decision.target,
        "code": decision.code.code if decision.code else None,
        "reason": decision.reason,
        "value": decision.value,
        "text": decision.text,
        "by": decision.actor,
        "at": decision.at,
    }


def query_json(query: Query) -> dict[str, Any]:
    """One query with its answer; `answer` is "" while it is open."""
    return {
        **asdict(query),
        "options": list(query.options),
        "indicators": [evidence_json(evidence) for evidence in query.indicators],
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Printed words and where they are in the page's text."""
    span = evidence.span
    return {"page": evidence.page, "start": span.start, "end": span.end, "text": evidence.text}


def entry_json(entry: Entry, now: float) -> dict[str, Any]:
    """A chart of the list."""
    return {
        "document": entry.document,
        "state": entry.review.state,
        "type": entry.doc_type,
        "name": entry.name,
        "mrn": entry.mrn,
        "also": list(entry.also),
        "date": entry.encounter_date.isoformat() if entry.encounter_date else None,
        "arrived": entry.arrived,
        "priority": entry.review.priority,
        "holder": entry.review.holder(now),
        "held": entry.review.held,
        "orphaned": entry.orphaned,
    }
