"""Who may use the desk: add people, give roles, let go, set a new password; break glass."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import Permission, Role, User
from digitizer.operations import users
from digitizer.operations.users import Newcomer
from digitizer.web.access import needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()

Name = Annotated[str, Form(max_length=64)]


@router.get("/people")
def show(request: Request, who: User = needs(Permission.MANAGE_USERS)) -> Response:
    """Everybody, with what may be done about them."""
    return _show(request, who)


@router.post("/people/add")
def add(
    request: Request,
    name: Name,
    roles: Annotated[list[Role], Form()],
    who: User = needs(Permission.MANAGE_USERS),
) -> Response:
    """Enter a person; their one-time password is shown this once."""
    house = desk_of(request).house_of(who)
    come = users.add(house, who, name.strip(), frozenset(roles), now=time.time())
    return _show(request, who, come)


@router.post("/people/roles")
def set_roles(
    request: Request,
    name: Name,
    roles: Annotated[list[Role] | None, Form()] = None,
    who: User = needs(Permission.MANAGE_USERS),
) -> Response:
    """Give a person exactly these roles."""
    house = desk_of(request).house_of(who)
    users.set_roles(house, who, name, frozenset(roles or ()), now=time.time())
    return _back(request, who)


@router.post("/people/disable")
def disable(
    request: Request,
    name: Name,
    back: Annotated[bool, Form()] = False,
    who: User = needs(Permission.MANAGE_USERS),
) -> Response:
    """Let a person go, or in again."""
    users.disable(desk_of(request).house_of(who), who, name, now=time.time(), back=back)
    return _back(request, who)


@router.post("/people/reset")
def reset(request: Request, name: Name, who: User = needs(Permission.MANAGE_USERS)) -> Response:
    """Give a person a one-time password, and take their one-time codes and lock away."""
    come = users.reset(desk_of(request).house_of(who), who, name, now=time.time())
    return _show(request, who, come)


@router.post("/glass")
def break_glass(
    request: Request,
    because: Annotated[str, Form(max_length=500)],
    who: User = needs(Permission.BREAK_GLASS),
) -> Response:
    """Open charts for an hour in an emergency; everything seen is noted."""
    users.break_glass(desk_of(request).house_of(who), who, because, now=time.time())
    return RedirectResponse("/search", 303)


def _back(request: Request, who: User) -> Response:
    return _show(request, who) if who.may(Permission.MANAGE_USERS) else RedirectResponse("/", 303)


def _show(request: Request, who: User, come: Newcomer | None = None) -> Response:
    people = users.every(desk_of(request).house, now=time.time())
    return render(request, "people.html", who, people=people, roles=tuple(Role), come=come)
