"""Records of patients: two of one patient side by side, merged and parted by a person.

Record numbers are sent in the body of posts, so that none stands in an address.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.operations import patients
from digitizer.operations.patients import Record
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

Number = Annotated[str, Form(max_length=64)]
Reason = Annotated[str, Form(max_length=500)]


@router.get("/patients")
def show(request: Request, chart: str = "", who: User = needs(Permission.MERGE)) -> Response:
    """What was merged; with the id of a chart, the record that it lies in."""
    house = desk_of(request).house
    number = patients.number_of(house, who, chart) if chart else ""
    return _show(request, who, number)


@router.post("/patients")
def compare(
    request: Request, number: Number, other: Number = "", who: User = needs(Permission.MERGE)
) -> Response:
    """A record, and beside it another that may be the same patient's."""
    return _show(request, who, number, other)


@router.post("/patients/settle")
def settle(
    request: Request,
    verdict: Annotated[Literal["one", "two"], Form()],
    number: Number,
    other: Number,
    because: Reason = "",
    who: User = needs(Permission.MERGE),
) -> Response:
    """Say that two records are one patient's, shown under `number`, or two patients'."""
    house = desk_of(request).house
    if verdict == "one":
        patients.merge(house, who, other, number, because)
    else:
        patients.keep_apart(house, who, number, other, because)
    return RedirectResponse("/patients", 303)


@router.post("/patients/unmerge")
def unmerge(
    request: Request,
    merge_id: Annotated[int, Form()],
    because: Reason = "",
    who: User = needs(Permission.MERGE),
) -> Response:
    """Part them again."""
    patients.unmerge(desk_of(request).house, who, merge_id, because)
    return RedirectResponse("/patients", 303)


def _show(request: Request, who: User, number: str, other: str = "") -> Response:
    house = desk_of(request).house
    ours = patients.record(house, who, number) if number.strip() else None
    theirs = patients.record(house, who, other) if ours and other.strip() else None
    return render(
        request,
        "patients.html",
        who,
        ours=ours,
        theirs=theirs,
        same=bool(ours and theirs and ours.number == theirs.number),
        alike=patients.alike(house, who, ours.number) if ours else (),
        doubts=_doubts(ours, theirs) if ours and theirs else (),
        merges=patients.every_merge(house, who),
        questions=() if ours else patients.questions(house, who),
    )


def _doubts(ours: Record, theirs: Record) -> list[str]:
    """What speaks against one patient, for who decides."""
    doubts = []
    if not set(ours.names) & set(theirs.names):
        doubts.append("no chart of the one prints a name of the other")
    if ours.births and theirs.births and not set(ours.births) & set(theirs.births):
        doubts.append("the dates of birth differ")
    return doubts
