"""The audit trail: who did what, and whether anybody changed the record of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.operations import audit
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

_ROWS = 100


@router.get("/audit")
def show(
    request: Request,
    actor: str = "",
    action: str = "",
    before: int | None = None,
    who: User = needs(Permission.READ_AUDIT),
) -> Response:
    """The newest rows, of one actor or action where one is named."""
    house = desk_of(request).house_of(who)
    rows = audit.newest(house, _ROWS, actor=actor, action=action, before=before)
    return render(
        request,
        "audit.html",
        who,
        rows=rows,
        actor=actor,
        action=action,
        last=rows[-1].seq if len(rows) == _ROWS else None,
        verdict=None,
    )


@router.post("/audit/verify")
def verify(request: Request, who: User = needs(Permission.READ_AUDIT)) -> Response:
    """Look for edited and deleted rows."""
    verdict = audit.verify(desk_of(request).house_of(who))
    return render(request, "_verdict.html", who, verdict=verdict)


@router.post("/audit/head")
def head(request: Request, who: User = needs(Permission.READ_AUDIT)) -> Response:
    """The signed head, to be kept on another machine: only with it a cut tail is found."""
    line = audit.export_head(desk_of(request).house_of(who))
    headers = {"Content-Disposition": 'attachment; filename="audit-head.jsonl"'}
    return PlainTextResponse(line + "\n", headers=headers)
