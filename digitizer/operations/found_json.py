"""What a search found as JSON, for the command line and the web alike."""

from __future__ import annotations

from typing import Any

from digitizer.export.neutral import patient_json
from digitizer.operations.find import Found, Hit


def found_json(found: Found) -> dict[str, Any]:
    """The answer: counts, facets and hits, grouped so that a document's pages follow one another.

    `boxes` of a hit are [x0, y0, x1, y1] in pixels of the upright page, `width` times `height`.
    """
    return {
        "documents": found.documents,
        "partial": found.partial,
        "note": found.note,
        "suggestion": found.suggestion,
        "facets": {facet.name: dict(facet.values) for facet in found.facets},
        "hits": [_hit_json(hit) for hit in found.hits],
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "source": hit.source,
        "document": hit.document,
        "page": hit.page,
        "patient": patient_json(hit.patient),
        "type": hit.doc_type,
        "date": hit.encounter_date.isoformat() if hit.encounter_date else None,
        "score": round(hit.score, 4),
        "snippet": hit.snippet,
        "marks": [[mark.start, mark.end] for mark in hit.marks],
        "width": hit.width,
        "height": hit.height,
        "boxes": [[b.x0, b.y0, b.x1, b.y1] for b in hit.boxes],
    }
