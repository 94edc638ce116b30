"""Decisions on a chart: each is one post, and answers with the panel as it stands then."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Action
from digitizer.errors import UsageError
from digitizer.operations import ask as asking
from digitizer.operations import sign_off as signing
from digitizer.operations import worklist
from digitizer.operations.chart import Chart, look
from digitizer.operations.decide import Conflict, Proposal, decide
from digitizer.web.access import needs
from digitizer.web.desk import Desk, desk_of
from digitizer.web.rendering import render
from digitizer.web.screens.panel import panel_values

router = APIRouter()

_CHOICES = 12

Seen = Annotated[int, Form(ge=0)]
Line = Annotated[str, Form(max_length=2_000)]
Word = Annotated[str, Form(max_length=64)]


@router.post("/chart/{key}/decide")
def decide_on(
    request: Request,
    key: str,
    seen: Seen,
    action: Annotated[Action, Form()],
    target: Word = "",
    code: Word = "",
    reason: Word = "",
    value: Line = "",
    text: Line = "",
    spots: Annotated[str, Form(max_length=10_000)] = "[]",
    who: User = needs(Permission.VIEW),
) -> Response:
    """Decide, on the version that the person saw; which permission it takes, the action says."""
    desk = desk_of(request)
    proposal = Proposal(
        action=action,
        target=target,
        code=code.strip().upper(),
        reason=reason,
        value=value,
        text=text,
        spots=spots_in(spots),
    )
    try:
        with desk.codes() as codes:
            chart = decide(desk.house, codes, who, key, seen, proposal, now=time.time())
    except Conflict as conflict:
        return _conflict(request, desk, who, key, conflict)
    return _panel(request, chart, who)


@router.post("/chart/{key}/query")
def ask(
    request: Request,
    key: str,
    template: Word,
    to: Word,
    options: Line = "",
    question: Line = "",
    spots: Annotated[str, Form(max_length=10_000)] = "[]",
    who: User = needs(Permission.REVIEW),
) -> Response:
    """Send a query to a clinician; `options` stand one on a line."""
    desk = desk_of(request)
    offered = [line.strip() for line in options.splitlines() if line.strip()]
    asking.ask(desk.house, who, key, template, spots_in(spots), to, offered, question)
    return _panel(request, look(desk.house, who, key), who)


@router.post("/chart/{key}/answer")
def answer(
    request: Request,
    key: str,
    query: Annotated[int, Form()],
    chosen: Annotated[str, Form(max_length=200)],
    text: Line = "",
    who: User = needs(Permission.REVIEW),
) -> Response:
    """Enter what the clinician answered."""
    desk = desk_of(request)
    asking.answer(desk.house, who, query, chosen, text)
    return _panel(request, look(desk.house, who, key), who)


@router.post("/chart/{key}/hold")
def hold(
    request: Request, key: str, because: Line = "", who: User = needs(Permission.REVIEW)
) -> Response:
    """Put the chart on hold with a reason, or take it off with none."""
    desk = desk_of(request)
    worklist.hold(desk.house, who, key, because)
    return _panel(request, look(desk.house, who, key), who)


@router.post("/chart/{key}/sign")
def sign(
    request: Request, key: str, seen: Seen, who: User = needs(Permission.SIGN_OFF)
) -> Response:
    """Freeze what the person saw, and go on to the next chart."""
    desk = desk_of(request)
    try:
        signing.sign_off(desk.house, who, key, seen)
    except Conflict as conflict:
        return _conflict(request, desk, who, key, conflict)
    after = worklist.next_chart(desk.house, who, now=time.time(), skip=key)
    where = f"/chart/{after}" if after else "/worklist"
    return Response(status_code=204, headers={"HX-Redirect": where})


@router.post("/chart/{key}/reopen")
def reopen(
    request: Request, key: str, because: Line, who: User = needs(Permission.SIGN_OFF)
) -> Response:
    """Open a signed chart again."""
    desk = desk_of(request)
    signing.reopen(desk.house, who, key, because)
    return _panel(request, look(desk.house, who, key), who)


@router.post("/chart/{key}/release")
def release(request: Request, key: str, who: User = needs(Permission.RELEASE)) -> Response:
    """Let the signed version out."""
    desk = desk_of(request)
    signing.release(desk.house, who, key)
    return _panel(request, look(desk.house, who, key), who)


@router.post("/codes/search")
def find_codes(
    request: Request,
    term: Annotated[str, Form(max_length=200)] = "",
    below: Word = "",
    who: User = needs(Permission.VIEW),
) -> Response:
    """Codes that a term may mean, or those right below a code. A post: terms come from charts."""
    with desk_of(request).codes() as codes:
        if below:
            found = [(child, "") for child in codes.children(below)]
            parent = codes.parent(below)
        else:
            matches = codes.search(term.strip(), _CHOICES) if term.strip() else ()
            exact = codes.code(term.strip().upper())
            near = _around(codes, exact) if exact else []
            found = [(code, "") for code in near]
            found += [(match.code, match.wording) for match in matches if match.code not in near]
            parent = codes.parent(exact.code) if exact else None
        values = {"found": found, "below": below, "parent": parent, "term": term}
    return render(request, "_codes_found.html", who, **values)


def _around(codes: CodeKnowledge, code: Code) -> list[Code]:
    """A code and what may stand in its place: the codes right below it, or else beside it."""
    parent = codes.parent(code.code)
    near = codes.children(code.code) or (codes.children(parent.code) if parent else ())
    return [code, *(each for each in near if each != code)]


@router.post("/codes/kinds")
def kinds(request: Request, code: Word, who: User = needs(Permission.REVIEW)) -> Response:
    """What a diagnosis may be specified to, one a line: the options of a query."""
    with desk_of(request).codes() as codes:
        found = asking.kinds(codes, code)
    return render(request, "_lines.html", who, found=found)


def spots_in(text: str) -> list[tuple[int, int, int]]:
    """The [[page, start, end], …] that a page sends.

    Raises:
        UsageError: it is anything else.
    """
    try:
        found: Any = json.loads(text)
        return [(int(page), int(start), int(end)) for page, start, end in found]
    except (ValueError, TypeError):
        raise UsageError("the selected words did not arrive: select them again") from None


def _panel(request: Request, chart: Chart, who: User) -> Response:
    return render(request, "_panel.html", who, **panel_values(chart, who), since=())


def _conflict(request: Request, desk: Desk, who: User, key: str, conflict: Conflict) -> Response:
    """The panel as it is now, above it what others decided since."""
    chart = look(desk.house, who, key)
    values = panel_values(chart, who)
    return render(request, "_panel.html", who, 409, **values, since=conflict.since)
