"""The second reviewer: draws signed charts, codes them blind, and sees how far people agree."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.operations import second_review
from digitizer.operations.chart import look_at
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render
from digitizer.web.screens.chart import page_values
from digitizer.web.screens.panel import spots

router = APIRouter()


@router.get("/second")
def show(request: Request, who: User = needs(Permission.SECOND_REVIEW)) -> Response:
    """One's own samples, and the agreement so far."""
    house = desk_of(request).house
    samples = second_review.samples(house, who)
    report = second_review.report(house, who)
    return render(request, "second.html", who, samples=samples, report=report)


@router.post("/second/draw")
def draw(
    request: Request,
    percent: Annotated[float, Form(gt=0, le=100)],
    who: User = needs(Permission.SECOND_REVIEW),
) -> Response:
    """Draw a share of the newest signed charts of others; which, chance decides."""
    second_review.draw(desk_of(request).house, who, percent / 100, secrets.token_hex(8))
    return RedirectResponse("/second", 303)


@router.get("/second/{number}")
def code(
    request: Request, number: int, page: int = 0, who: User = needs(Permission.SECOND_REVIEW)
) -> Response:
    """A drawn chart as the engine left it."""
    desk = desk_of(request)
    blind = second_review.blind(desk.house, who, number)
    desk.opened(who, blind.id)
    shown = look_at(desk.house, who, blind.id, page or blind.numbers[0])
    offered = [s for s in blind.document.suggestions or () if s.suggested]
    return render(
        request,
        "blind.html",
        who,
        **page_values(desk, who, blind.id, shown, ""),
        number=number,
        blind=blind,
        offered=offered,
        spots=spots,
    )


@router.post("/second/{number}")
def judge(
    request: Request,
    number: int,
    codes: Annotated[list[str] | None, Form()] = None,
    more: Annotated[str, Form(max_length=2_000)] = "",
    who: User = needs(Permission.SECOND_REVIEW),
) -> Response:
    """Enter the codes that hold."""
    desk = desk_of(request)
    chosen = [*(codes or []), *re.findall(r"[A-Z0-9.]+", more.upper())]
    with desk.codes() as known:
        second_review.judge(desk.house, known, who, number, chosen)
    return RedirectResponse("/second", 303)
