"""The cancer registry: cases found in charts, what registrars say of them, whom to follow up."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.cancer import Aspect, Verdict
from digitizer.chart.people import Permission, User
from digitizer.operations import cases
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.forms import day
from digitizer.web.parts import Part
from digitizer.web.rendering import render

router = APIRouter()

What = Literal["open", "due", "all"]


@router.get("/cases")
def show(
    request: Request,
    what: What = "open",
    start: Annotated[int, Query(ge=0)] = 0,
    who: User = needs(Permission.REGISTER),
) -> Response:
    """The cases that wait for a registrar, those to be followed up, or all."""
    every, now = cases.cases(desk_of(request).house, who), cases.today()
    counts = {name: len(cases.waiting(every, now, name)) for name in ("open", "due", "all")}
    return render(
        request,
        "cases.html",
        who,
        part=Part(cases.waiting(every, now, what), start),
        counts=counts,
        what=what,
        today=now,
    )


@router.post("/cases.csv")
def table(
    request: Request, what: Annotated[What, Form()] = "all", who: User = needs(Permission.EXPORT)
) -> Response:
    """The list for a spreadsheet."""
    house = desk_of(request).house
    found = cases.waiting(cases.cases(house, who), cases.today(), what)
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    content = cases.cases_csv(house, who, found).encode("utf-8-sig")
    return Response(content, media_type="text/csv", headers=headers)


@router.get("/cases/{key}")
def one(request: Request, key: str, who: User = needs(Permission.REGISTER)) -> Response:
    """What the charts say of one case, with the words that say it."""
    found = cases.case(desk_of(request).house, who, key)
    return render(
        request,
        "case.html",
        who,
        case=found,
        aspects=[*Aspect],
        verdicts=[*Verdict],
        today=cases.today(),
    )


@router.post("/cases/{key}")
def settle(
    request: Request,
    key: str,
    verdict: Annotated[Verdict, Form()],
    because: Annotated[str, Form(max_length=500)] = "",
    contact: Annotated[str, Form(max_length=10)] = "",
    who: User = needs(Permission.REGISTER),
) -> Response:
    """Say what it is, and when the patient was last known to be alive."""
    cases.settle(
        desk_of(request).house,
        who,
        key,
        verdict,
        because=because,
        contact=day(contact),
        today=cases.today(),
    )
    return RedirectResponse(f"/cases/{key}", 303)
