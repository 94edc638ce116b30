"""One's own password and one-time codes."""

from __future__ import annotations

import time
from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.people import User
from digitizer.errors import UsageError
from digitizer.operations import users
from digitizer.operations.login import authenticate
from digitizer.web.access import forget, needs
from digitizer.web.desk import desk_of
from digitizer.web.rendering import render

router = APIRouter()


@router.get("/account")
def show(request: Request, who: User = needs(None)) -> Response:
    """The forms."""
    return _show(request, who)


@router.post("/account/password")
def change_password(
    request: Request,
    old: Annotated[str, Form(max_length=512)],
    new: Annotated[str, Form(max_length=512)],
    again: Annotated[str, Form(max_length=512)],
    code: Annotated[str, Form(max_length=16)] = "",
    who: User = needs(None),
) -> Response:
    """Set a new password; everybody logged in under this name is logged out."""
    house = desk_of(request).house_of(who)
    try:
        authenticate(house, who.name, old, code, now=time.time())
        if new != again:
            raise UsageError("the two new passwords differ: type them again")
        users.change_password(house, who, new)
    except UsageError as error:
        return _show(request, who, message=str(error), status=400)
    response = RedirectResponse("/login", 303)
    forget(response)
    return response


@router.post("/account/codes")
def offer_codes(request: Request, who: User = needs(None)) -> Response:
    """A fresh secret as a QR code, to be confirmed by a code."""
    return _show(request, who, offer=users.offer_codes(who))


@router.post("/account/codes/use")
def use_codes(
    request: Request,
    secret: Annotated[str, Form(max_length=64)],
    code: Annotated[str, Form(max_length=16)],
    who: User = needs(None),
) -> Response:
    """Ask for one-time codes from now on."""
    try:
        users.use_codes(desk_of(request).house_of(who), who, secret, code, now=time.time())
    except UsageError as error:
        return _show(request, who, message=str(error), status=400)
    return RedirectResponse("/account", 303)


def _show(
    request: Request,
    who: User,
    *,
    message: str = "",
    offer: tuple[str, str] = ("", ""),
    status: int = 200,
) -> Response:
    secret, address = offer
    qr = segno.make(address).svg_data_uri(scale=4) if address else ""
    return render(request, "account.html", who, status, message=message, secret=secret, qr=qr)
