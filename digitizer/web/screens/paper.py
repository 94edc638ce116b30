"""The paper of a scan on a light table: arrange its pages, check them, say where it lies."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from digitizer.chart.paper import FAULTS, PaperAct, PaperStep
from digitizer.chart.people import Permission, User
from digitizer.errors import UsageError
from digitizer.operations.paper import Sheaf, next_to_check, open_sheaf, stacks, take_step
from digitizer.operations.picture import picture
from digitizer.web.access import needs
from digitizer.web.desk import Desk, desk_of
from digitizer.web.rendering import render
from digitizer.web.screens.chart import side_of_picture

router = APIRouter()

_SHOWN = 300


@router.get("/papers")
def show_all(
    request: Request,
    show: Literal["unchecked", "again", "may_go", "all"] = "unchecked",
    place: str = "",
    who: User = needs(Permission.VIEW),
) -> Response:
    """Whose paper is still needed, what may go, and where it lies."""
    found = [
        stack
        for stack in stacks(desk_of(request).house, who)
        if (show == "all" or getattr(stack, show)) and place.casefold() in stack.place.casefold()
    ]
    values = {"found": found[:_SHOWN], "number": len(found), "show": show, "place": place}
    return render(request, "papers.html", who, **values)


@router.post("/papers/next")
def check_next(
    request: Request,
    after: Annotated[int, Form(ge=0)] = 0,
    who: User = needs(Permission.CORRECT),
) -> Response:
    """Check the pages of the next scan."""
    found = next_to_check(desk_of(request).house, who, after)
    return RedirectResponse(f"/scan/{found}" if found else "/papers", 303)


@router.get("/scan/{file}")
def show(request: Request, file: int, who: User = needs(Permission.VIEW)) -> Response:
    """All pages of a scan, by the documents that they lie in."""
    desk = desk_of(request)
    sheaf = open_sheaf(desk.house, who, file)
    desk.opened(who, _name(file))
    return _show(request, who, "paper.html", sheaf)


@router.post("/scan/{file}/step")
def step(
    request: Request,
    file: int,
    seen: Annotated[int, Form(ge=0)],
    act: Annotated[PaperAct, Form()],
    pages: Annotated[str, Form(max_length=40_000)] = "[]",
    value: Annotated[str, Form(max_length=200)] = "",
    who: User = needs(Permission.CORRECT),
) -> Response:
    """Take one step, on the version that the person saw."""
    made = PaperStep(act=act, pages=_numbers(pages), value=" ".join(value.split()))
    sheaf = take_step(desk_of(request).house, who, file, seen, made)
    return _show(request, who, "_paper.html", sheaf)


@router.get("/scan/{file}/page/{number}/{size}.webp")
def show_picture(
    request: Request, file: int, number: int, size: str, who: User = needs(Permission.VIEW)
) -> Response:
    """The picture of any page of an opened scan, blank ones too."""
    desk = desk_of(request)
    _check_opened(desk, who, file)
    side = side_of_picture(size)
    with desk.drawing(side):
        made = picture(desk.house, file, number, side)
    return FileResponse(made, media_type="image/webp")


def _check_opened(desk: Desk, who: User, file: int) -> None:
    if not desk.has_open(who, _name(file)):
        open_sheaf(desk.house, who, file)
        desk.opened(who, _name(file))


def _name(file: int) -> str:
    return f"scan {file}"


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in json.loads(text))
    except (ValueError, TypeError):
        raise UsageError("the pages did not arrive: choose them again") from None


def _show(request: Request, who: User, template: str, sheaf: Sheaf) -> Response:
    by_first_page = {min(document.numbers): document for document in sheaf.documents}
    groups = [(by_first_page[min(group)], group) for group in sheaf.paper.groups]
    held = [step for step in sheaf.paper.history if step.act is not PaperAct.UNDO]
    undone = {step.value for step in sheaf.paper.history if step.act is PaperAct.UNDO}
    return render(
        request,
        template,
        who,
        sheaf=sheaf,
        groups=groups,
        loose=[n for n in sheaf.kinds if not sheaf.paper.group_of(n)],
        undoable=next((s for s in reversed(held) if str(s.version) not in undone), None),
        faults=FAULTS,
    )
