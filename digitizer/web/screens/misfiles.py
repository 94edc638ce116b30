"""Possible misfiles, side by side with the charts that they may belong to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.operations.chart import Chart, open_chart
from digitizer.operations.misfiles import Misfile, Seen, Verdict, misfile, misfiles, settle
from digitizer.web.access import needs
from digitizer.web.desk import Desk, desk_of
from digitizer.web.rendering import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Side:
    """A chart beside the one in question, and what may be said of the two."""

    title: str
    chart: Chart
    verdicts: tuple[tuple[Verdict, str], ...]


@router.get("/misfiles")
def show(request: Request, who: User = needs(Permission.VIEW)) -> Response:
    """The list of those that nobody has settled."""
    found = misfiles(desk_of(request).house, who)
    return render(request, "misfiles.html", who, found=found)


@router.get("/misfiles/{key}")
def compare(
    request: Request, key: str, beside: str = "", who: User = needs(Permission.VIEW)
) -> Response:
    """One of them, what lies around it, and a chart that it may belong to."""
    desk = desk_of(request)
    found = misfile(desk.house, who, key)
    chosen = next((c for c in found.candidates if c.id == beside), None)
    candidate = chosen or next(iter(found.candidates), None)
    sides = _sides(desk, who, found, candidate.id if candidate else "")
    values = {"found": found, "sides": sides, "candidate": candidate}
    return render(request, "misfile.html", who, **values)


@router.post("/misfiles/{key}")
def decide(
    request: Request,
    key: str,
    verdict: Annotated[Verdict, Form()],
    other: Annotated[str, Form(max_length=64)] = "",
    review: Annotated[int, Form(ge=0)] = 0,
    other_review: Annotated[int, Form(ge=0)] = 0,
    paper: Annotated[int, Form(ge=0)] = 0,
    who: User = needs(Permission.CORRECT),
) -> Response:
    """Settle what was seen, and go on to the next."""
    desk = desk_of(request)
    seen = Seen(review=review, other=other_review, paper=paper)
    with desk.codes() as codes:
        settle(desk.house, codes, who, key, verdict, other, seen=seen, now=time.time())
    left = misfiles(desk.house, who)
    return RedirectResponse(f"/misfiles/{left[0].document.id}" if left else "/misfiles", 303)


def _sides(desk: Desk, who: User, found: Misfile, candidate: str) -> list[Side]:
    file_id = found.document.file_id
    sorted_so = ((Verdict.SORTED, "A document of its own: only its paper must move"),)
    sides = [Side("In question", _opened(desk, who, found.document.id), sorted_so)]
    join = (Verdict.JOIN, "Its pages belong to this document")
    theirs = (Verdict.THEIRS, "It is this patient’s: take over name and numbers")
    if found.around is not None and found.around.id != candidate:
        sides.append(Side("Around it in the stack", _opened(desk, who, found.around.id), (join,)))
    if candidate:
        chart = _opened(desk, who, candidate)
        verdicts = (join,) if chart.file_id == file_id else (theirs,)
        sides.append(Side("May belong to", chart, verdicts))
    return sides


def _opened(desk: Desk, who: User, key: str) -> Chart:
    chart = open_chart(desk.house, who, key)
    desk.opened(who, key)
    return chart
