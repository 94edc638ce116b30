"""A case of the cancer registry as JSON, for the command line and the web alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from digitizer.export.neutral import patient_json, tumor_json
from digitizer.review.cases import Case


def case_json(case: Case, today: date) -> dict[str, Any]:
    """The case; days in ISO 8601, what is not known is null. `told` are the charts, oldest first,
    each with the page and the words that tell of the tumor.
    """
    return {
        "id": case.id,
        "patient": patient_json(case.patient),
        "found": _iso(case.found),
        "contact": _iso(case.contact),
        "due": _iso(case.due),
        "follow_up": case.follow_up(today).value,
        "verdict": case.verdict.value,
        "because": case.step.because if case.step else "",
        "tumor": {**tumor_json(case.tumor), "remarks": list(case.remarks)},
        "told": [
            {
                "document": told.chart,
                "date": _iso(told.day),
                "code": told.tumor.site.code,
                "coded": told.coded,
                "evidence": [{"page": e.page, "text": e.text} for e in told.tumor.evidence],
            }
            for told in case.told
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
