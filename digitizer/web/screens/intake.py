"""The intake board: what arrived, what is being read, what was refused; upload by drag and drop."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from digitizer.chart.people import Permission, User
from digitizer.errors import AccessError, UsageError
from digitizer.operations import quarantine
from digitizer.operations.add import add
from digitizer.operations.board import Board, board
from digitizer.operations.login import who_is
from digitizer.web.access import COOKIE, needs
from digitizer.web.desk import Desk, desk_of
from digitizer.web.rendering import is_fragment, render

router = APIRouter()

_ACTS = {"retry": quarantine.retry, "release": quarantine.release}
_PULSE = 1.0
"""Seconds between looks at the store for the live board."""

_LONGEST_NAME = 200


@router.get("/intake")
def show(request: Request, who: User = needs(Permission.SEE_INTAKE)) -> Response:
    """The board; as a fragment, its changing part."""
    found = board(desk_of(request).house)
    name = "_intake.html" if is_fragment(request) else "intake.html"
    return render(request, name, who, board=found)


@router.get("/intake/events")
async def events(request: Request, _who: User = needs(Permission.SEE_INTAKE)) -> Response:
    """A line whenever the board has changed; ends with the session."""
    return StreamingResponse(_changes(request), media_type="text/event-stream")


@router.post("/intake/upload")
def upload(
    request: Request, files: list[UploadFile], who: User = needs(Permission.UPLOAD)
) -> Response:
    """Put the files into the inbox, where they go the way of every other."""
    desk = desk_of(request)
    for file in files:
        _put(desk, who, file)
    return _board(request, who)


@router.post("/intake/act")
def act(
    request: Request,
    action: Annotated[str, Form(pattern="retry|release|discard")],
    file: Annotated[str, Form(pattern="[0-9]+")],
    because: Annotated[str, Form(max_length=500)] = "",
    who: User = needs(Permission.MEND_INTAKE),
) -> Response:
    """Do something about a file that was refused."""
    house = desk_of(request).house_of(who)
    if action == "discard":
        quarantine.discard(house, [file], because)
    else:
        _ACTS[action](house, [file])
    return _board(request, who)


def _board(request: Request, who: User) -> Response:
    if not is_fragment(request):
        return RedirectResponse("/intake", 303)
    return render(request, "_intake.html", who, board=board(desk_of(request).house))


def _put(desk: Desk, who: User, file: UploadFile) -> None:
    """Copy one upload into the inbox under its own last name, cleaned of what a path may do."""
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name.lstrip(".")
    name = "".join(ch for ch in name if ch.isprintable())
    if not name:
        raise UsageError("the file has no name: give it one")
    if len(name) > _LONGEST_NAME:
        name = name[-_LONGEST_NAME:]
    with tempfile.TemporaryDirectory(dir=desk.house.home.data, prefix="upload-") as folder:
        draft = Path(folder) / name
        with draft.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        add(desk.house_of(who), draft)
    desk.house_of(who).note("upload", f"{file.size} bytes")


async def _changes(request: Request) -> AsyncIterator[str]:
    house, token, last = desk_of(request).house, request.cookies.get(COOKIE, ""), None
    while not await request.is_disconnected():
        try:
            await run_in_threadpool(who_is, house, token, now=time.time(), quietly=True)
        except AccessError:
            yield "event: over\ndata: \n\n"
            return
        found: Board = await run_in_threadpool(board, house)
        if found != last:
            last = found
            yield "event: changed\ndata: \n\n"
        await asyncio.sleep(_PULSE)
