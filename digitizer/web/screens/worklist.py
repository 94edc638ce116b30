"""The list of charts that wait for a coder, and the next one."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.operations import ask as asking
from digitizer.operations import worklist
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

_SHOWN = 200


@router.get("/worklist")
def show(request: Request, everyone: bool = False, who: User = needs(Permission.VIEW)) -> Response:
    """What waits, mine first; or every chart, with who has it."""
    house, now = desk_of(request).house, time.time()
    entries = worklist.worklist(house, who, now=now, everyone=everyone)
    return render(
        request,
        "worklist.html",
        who,
        entries=entries[:_SHOWN],
        number=len(entries),
        everyone=everyone,
        queries=asking.open_queries(house, who),
        now=now,
    )


@router.post("/next")
def take_next(request: Request, who: User = needs(Permission.REVIEW)) -> Response:
    """Take up the next chart."""
    found = worklist.next_chart(desk_of(request).house, who, now=time.time())
    return RedirectResponse(f"/chart/{found}" if found else "/worklist", 303)
