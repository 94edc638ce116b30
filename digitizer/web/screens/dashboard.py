"""The dashboard: throughput, queue, confidence, and how suggestions fare, as plots."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from digitizer.chart.people import Permission, User
from digitizer.operations.statistics import statistics
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()


@router.get("/dashboard")
def show(request: Request, who: User = needs(Permission.READ_AUDIT)) -> Response:
    """All plots, drawn on the server."""
    found = statistics(desk_of(request).house, who, now=datetime.now(UTC))
    return render(request, "dashboard.html", who, found=found)
