"""Puts the screens together into one app."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from digitizer import __version__
from digitizer.errors import AccessError, DigitizerError, OutdatedError, TransientError
from digitizer.web.access import (
    PUBLIC,
    LoggedOutError,
    Needs,
    PasswordFirstError,
    Public,
    forget,
)
from digitizer.web.desk import Desk, desk_of
from digitizer.web.guard import Guard
from digitizer.web.rendering import is_fragment, render
from digitizer.web.screens import (
    account,
    api,
    cases,
    chart,
    dashboard,
    entrance,
    intake,
    misfiles,
    paper,
    patients,
    people,
    review,
    search,
    second,
    trail,
    worklist,
)

SCREENS = (
    entrance,
    account,
    api,
    search,
    chart,
    review,
    worklist,
    intake,
    misfiles,
    paper,
    patients,
    cases,
    people,
    second,
    trail,
    dashboard,
)

_STATIC = APIRouter()
ROUTERS = (*(screen.router for screen in SCREENS), _STATIC)

_SCRIPTS = {"htmx.js": ("django_htmx", "static/django_htmx", "htmx-2.min.js")}
"""Third-party files, out of the packages that ship them: package, folder, name."""

_KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def make_app(desk: Desk) -> FastAPI:
    """The desk as an ASGI app.

    Raises:
        TypeError: a route does not say who may take it.
    """
    app = FastAPI(
        title="digitizer",
        version=__version__,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        openapi_url=None,
    )
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    _check_declared()
    _handle_errors(app)
    app.add_middleware(Guard, secure=desk.secure)
    return app


def routes() -> Iterator[APIRoute]:
    """Every route of the desk."""
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute):
                raise TypeError(f"{route} is no route that says who may")
            yield route


def declared(route: APIRoute) -> Needs | Public | None:
    """What a route says about who may take it."""
    calls = (dependency.call for dependency in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, Needs | Public)), None)


def _check_declared() -> None:
    for route in routes():
        if declared(route) is None:
            raise TypeError(f"the route {route.path} does not say who may")


@_STATIC.get("/static/{name}", dependencies=[PUBLIC])
def _static(name: str) -> Response:
    found = _file(name)
    if found is None:
        return Response(status_code=404)
    return Response(found, media_type=_KINDS[name.rpartition(".")[2]])


@cache
def _file(name: str) -> bytes | None:
    """The bytes of a style sheet, script or icon; `None` for any other name."""
    package, folder, file = _SCRIPTS.get(name, ("digitizer.web", "static", name))
    known = {each.name: each for each in resources.files(package).joinpath(folder).iterdir()}
    return known[file].read_bytes() if file in known else None


def _handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(LoggedOutError, _to_login)
    app.add_exception_handler(PasswordFirstError, _to_account)
    app.add_exception_handler(DigitizerError, _say)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(404, _nowhere)
    app.add_exception_handler(Exception, _bug)


def _to_login(request: Request, _error: Exception) -> Response:
    if _is_program(request):
        return JSONResponse({"error": "log in first: POST /api/login"}, 401)
    response = _go(request, "/login")
    forget(response)
    return response


def _to_account(request: Request, _error: Exception) -> Response:
    if _is_program(request):
        return JSONResponse({"error": "choose a password of your own first, on the desk"}, 403)
    return _go(request, "/account")


def _go(request: Request, where: str) -> Response:
    """To another page, for the whole window."""
    if is_fragment(request):
        return Response(status_code=204, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


def _say(request: Request, error: Exception) -> Response:
    """An error we foresaw: its sentence, where the person is looking."""
    status = 403 if isinstance(error, AccessError) else 400
    status = 503 if isinstance(error, TransientError) else status
    status = 409 if isinstance(error, OutdatedError) else status
    return _shown(request, str(error), status)


def _malformed(request: Request, error: Exception) -> Response:
    """What was sent does not fit the form; a person is told which field, and never their words."""
    faults = error.errors() if isinstance(error, RequestValidationError) else ()
    if _is_program(request):
        told = [{"field": list(f["loc"]), "error": f["msg"]} for f in faults]
        return JSONResponse({"error": "what was sent does not fit", "fields": told}, 422)
    fields = sorted({str(f["loc"][-1]).replace("_", " ") for f in faults if f["loc"]})
    named = ", ".join(fields) or "the form"
    return _shown(request, f"That cannot be taken as it is: look at {named}.", 422)


def _nowhere(request: Request, _error: Exception) -> Response:
    return _shown(request, "There is no such page.", 404)


def _bug(request: Request, error: Exception) -> Response:
    """Ours: say where, and never what, for that could be chart text."""
    spots = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(s.filename).name}:{s.lineno}" for s in reversed(spots[-3:]))
    desk_of(request).say(f"the desk: a bug, please report it: {type(error).__name__} in {where}")
    return _shown(request, "That is a bug in digitizer. Nothing was changed; report it.", 500)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _shown(request: Request, message: str, status: int) -> Response:
    if _is_program(request):
        return JSONResponse({"error": message}, status)
    if not is_fragment(request):
        return render(request, "error.html", None, status, message=message)
    response = render(request, "_error.html", None, status, message=message)
    response.headers.update({"HX-Retarget": "#message", "HX-Reswap": "innerHTML"})
    return response
