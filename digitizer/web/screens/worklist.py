"""The list of charts that wait for a coder, and the next one."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.chart.review import ReviewState
from digitizer.operations import ask as asking
from digitizer.operations import worklist
from digitizer.review.worklist import Entry
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.parts import Part
from digitizer.web.rendering import render

router = APIRouter()


@router.get("/worklist")
def show(
    request: Request,
    everyone: bool = False,
    state: Literal["", "digitized", "in_review", "queried", "coded", "released", "held"] = "",
    kind: str = "",
    start: Annotated[int, Query(ge=0)] = 0,
    who: User = needs(Permission.VIEW),
) -> Response:
    """What waits, mine first; or every chart, with who has it: those in a state, of a type."""
    house, now = desk_of(request).house, time.time()
    entries = worklist.worklist(house, who, now=now, everyone=everyone)
    kinds = sorted({entry.doc_type for entry in entries} - {""})
    wanted = [entry for entry in entries if _fits(entry, state, kind)]
    return render(
        request,
        "worklist.html",
        who,
        part=Part(wanted, start),
        everyone=everyone,
        states=("held", *ReviewState),
        state=state,
        kinds=kinds,
        kind=kind,
        queries=asking.open_queries(house, who),
        now=now,
    )


def _fits(entry: Entry, state: str, kind: str) -> bool:
    held = state == "held" and bool(entry.review.held)
    return (held or state in ("", entry.review.state)) and kind in ("", entry.doc_type)


@router.post("/next")
def take_next(request: Request, who: User = needs(Permission.REVIEW)) -> Response:
    """Take up the next chart."""
    found = worklist.next_chart(desk_of(request).house, who, now=time.time())
    return RedirectResponse(f"/chart/{found}" if found else "/worklist", 303)
