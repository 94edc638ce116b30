"""The way in and out."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, User
from digitizer.errors import AccessError
from digitizer.operations import login as logins
from digitizer.web.access import PUBLIC, Person, forget, needs, remember, token_of
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

_HOMES = (
    (Permission.REVIEW, "/worklist"),
    (Permission.SEARCH, "/search"),
    (Permission.SEE_INTAKE, "/intake"),
)


@router.get("/")
def start(who: User = needs(None)) -> Response:
    """The screen that a person works on most."""
    return RedirectResponse(_home_of(who), 303)


@router.get("/login", dependencies=[PUBLIC])
def show_login(request: Request) -> Response:
    """The login form."""
    return render(request, "login.html", None, message="")


@router.post("/login", dependencies=[PUBLIC])
def log_in(
    request: Request,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=512)],
    code: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Begin a session."""
    desk = desk_of(request)
    try:
        entered = logins.login(desk.house, name.strip(), password, code, now=time.time())
    except AccessError as error:
        return render(request, "login.html", None, 403, message=str(error))
    response = RedirectResponse(_home_of(entered.user), 303)
    remember(response, entered.token, secure=desk.secure)
    return response


@router.post("/logout", dependencies=[needs(None)])
def log_out(request: Request, _who: Person) -> Response:
    """End the session."""
    logins.logout(desk_of(request).house, token_of(request), now=time.time())
    response = RedirectResponse("/login", 303)
    forget(response)
    return response


def _home_of(who: User) -> str:
    if who.must_change:
        return "/account"
    return next((path for needed, path in _HOMES if who.may(needed)), "/account")
