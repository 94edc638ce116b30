"""Who asks, and whether they may: every route says which permission it needs."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from digitizer.chart.people import Permission, User
from digitizer.errors import AccessError
from digitizer.operations.login import who_is
from digitizer.operations.permit import require
from digitizer.people.limits import LONGEST
from digitizer.web.desk import desk_of

COOKIE = "digitizer_session"
BEARER = "Bearer"

REFRESHED_BY_THEMSELVES = frozenset({"board"})
"""Elements, by their ids, whose requests are nobody's doing and keep no session alive."""


class LoggedOutError(Exception):
    """Nobody is logged in: the login page comes first."""


class PasswordFirstError(Exception):
    """The password was set by somebody else: its change comes first."""


def token_of(request: Request) -> str:
    """The session that a browser's cookie or a program's header names; "" where none does."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind == BEARER else request.cookies.get(COOKIE, "")


def person(request: Request) -> User:
    """Who is logged in.

    Raises:
        LoggedOutError: nobody is.
    """
    token = token_of(request)
    if not token:
        raise LoggedOutError
    try:
        quietly = request.headers.get("hx-trigger") in REFRESHED_BY_THEMSELVES
        return who_is(desk_of(request).house, token, now=time.time(), quietly=quietly)
    except AccessError:
        raise LoggedOutError from None


class Needs:
    """The dependency of a route that takes a permission; `None`: being logged in is enough."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(self, who: Person) -> User:
        """Who asks, and may."""
        if self.permission is not None:
            if who.must_change:
                raise PasswordFirstError
            require(who, self.permission)
        return who


class Public:
    """The dependency of a route that anybody may take."""

    def __call__(self) -> None:
        """Let everybody through."""


Person = Annotated[User, Depends(person)]


def needs(permission: Permission | None) -> Any:  # noqa: ANN401 - as Depends itself
    """The declaration of what a route takes, as its default argument or in `dependencies`."""
    return Depends(Needs(permission))


PUBLIC = Depends(Public())


def remember(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session; no script can read it and no other site can send it."""
    response.set_cookie(
        COOKIE, token, max_age=int(LONGEST), httponly=True, samesite="strict", secure=secure
    )


def forget(response: Response) -> None:
    """Take the session back."""
    response.delete_cookie(COOKIE)
