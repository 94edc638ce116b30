"""What stands beside the page: codes with their evidence, findings, queries, history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from digitizer.chart.coding import Evidence
from digitizer.chart.people import Permission, User
from digitizer.chart.review import DECIDABLE, POA_VALUES, REJECT_REASONS
from digitizer.operations.chart import Chart
from digitizer.review.ask import TEMPLATES
from digitizer.review.decide import LineState

_GROUPS = (
    ("To decide", (LineState.OPEN, LineState.ORPHANED)),
    ("On the chart", (LineState.ACCEPTED, LineState.ADDED)),
    ("Not taken", (LineState.REJECTED, LineState.REPLACED)),
    ("Found, not suggested", (LineState.WITHHELD,)),
)


def panel_values(chart: Chart, who: User) -> dict[str, object]:
    """What the template of the panel needs."""
    lines = chart.coding.lines
    return {
        "chart": chart,
        "sections": [(title, [e for e in lines if e.state in of]) for title, of in _GROUPS],
        "spots": spots,
        "decidable": chart.review.state in DECIDABLE,
        "open_for": chart.review.state in DECIDABLE and who.may(Permission.REVIEW),
        "reasons": REJECT_REASONS,
        "poa_values": POA_VALUES,
        "templates": TEMPLATES,
        "undone": _undone(chart),
    }


def spots(evidence: Iterable[Evidence]) -> str:
    """Where the evidence is, as JSON for the page: [[page, start, end], …]."""
    return json.dumps([[e.page, e.span.start, e.span.end] for e in evidence])


def _undone(chart: Chart) -> Sequence[str]:
    """The versions that an undoing took back."""
    return [d.target for d in chart.coding.history if d.action == "undo"]
