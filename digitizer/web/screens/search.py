"""Search: one box and a few filters. What was asked is kept here and never stands in an address."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from digitizer.chart.clinical import Presence
from digitizer.chart.document import DOC_TYPES, OTHER
from digitizer.chart.people import Permission, User
from digitizer.chart.search import Facet, Order, SearchRequest
from digitizer.errors import UsageError
from digitizer.operations import saved_searches as saving
from digitizer.operations.find import Found, Hit, find, similar
from digitizer.web.access import needs
from digitizer.web.desk import Desk, KeptSearch, desk_of
from digitizer.web.forms import day
from digitizer.web.rendering import is_fragment, render

router = APIRouter()

ASSERTIONS = (*(str(word) for word in Presence), "historical", "family")
FIELDS = (
    "query",
    "mrn",
    "dob",
    "code",
    "doc_type",
    "date_from",
    "date_to",
    "assertion",
    "source",
    "order",
)
"""What the form asks, by the names of `SearchRequest`."""

_MOST = 200
_FILLS = {"type": "doc_type", "patient": "mrn", "code": "code", "year": "year", "source": "source"}
"""Which field of the form a facet narrows; "year" fills both dates."""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one document, best first."""

    first: Hit
    hits: tuple[Hit, ...]


@router.get("/search")
def show(request: Request, who: User = needs(Permission.SEARCH)) -> Response:
    """The empty box."""
    return _show(request, who, SearchRequest())


@router.post("/search")
def ask(
    request: Request,
    query: Annotated[str, Form(max_length=500)] = "",
    mrn: Annotated[str, Form(max_length=64)] = "",
    dob: Annotated[str, Form(max_length=10)] = "",
    code: Annotated[str, Form(max_length=16)] = "",
    doc_type: Annotated[str, Form(max_length=40)] = "",
    date_from: Annotated[str, Form(max_length=10)] = "",
    date_to: Annotated[str, Form(max_length=10)] = "",
    assertion: Annotated[str, Form(max_length=20)] = "",
    source: Annotated[str, Form(max_length=300)] = "",
    below: Annotated[str, Form(pattern=r"^\d{0,3}$")] = "",
    order: Annotated[Order, Form()] = Order.RELEVANCE,
    limit: Annotated[int, Form(ge=1, le=_MOST)] = 20,
    who: User = needs(Permission.SEARCH),
) -> Response:
    """Search, keep the answer, and go to it; `below` are percent of confidence."""
    poorly = f"conf:<{below}" if below else ""
    wanted = SearchRequest(
        query=f"{query.strip()} {poorly}".strip(),
        mrn=mrn.strip() or None,
        dob=day(dob),
        code=code.strip() or None,
        doc_type=doc_type or None,
        date_from=day(date_from),
        date_to=day(date_to),
        assertion=assertion or None,
        source=source or None,
        order=order,
        limit=limit,
        facets=True,
    )
    if not _asks(wanted):
        return RedirectResponse("/search", 303)
    desk = desk_of(request)
    try:
        key = _find(desk, who, wanted)
    except UsageError as error:
        if is_fragment(request):
            raise
        return _show(request, who, wanted, message=str(error), status=400)
    if not is_fragment(request):
        return RedirectResponse(f"/search/{key}", 303)
    response = _show(request, who, wanted, _kept(desk, key, who).found, key)
    response.headers["HX-Push-Url"] = f"/search/{key}"
    return response


@router.post("/search/{key}/save")
def save(
    request: Request,
    key: str,
    name: Annotated[str, Form(max_length=60)],
    who: User = needs(Permission.SEARCH),
) -> Response:
    """Keep a search for oneself, under a name."""
    desk = desk_of(request)
    saving.save(desk.house_of(who), who, name, _kept(desk, key, who).request)
    return RedirectResponse("/search", 303)


@router.post("/search/saved/{number}")
def run_saved(request: Request, number: int, who: User = needs(Permission.SEARCH)) -> Response:
    """Make a search that was kept."""
    desk = desk_of(request)
    found = next((s for s in saving.saved(desk.house, who) if s.id == number), None)
    if found is None:
        raise UsageError("that search is kept no longer")
    return RedirectResponse(f"/search/{_find(desk, who, found.request)}", 303)


@router.post("/search/saved/{number}/forget")
def forget(request: Request, number: int, who: User = needs(Permission.SEARCH)) -> Response:
    """Keep a search no longer."""
    saving.forget(desk_of(request).house_of(who), who, number)
    return RedirectResponse("/search", 303)


@router.post("/search/{key}/export")
def export(
    request: Request,
    key: str,
    purpose: Annotated[str, Form(max_length=200)] = "",
    who: User = needs(Permission.EXPORT),
) -> Response:
    """All documents that a search finds, as a table."""
    desk = desk_of(request)
    wanted = _kept(desk, key, who).request
    table = saving.listed_csv(desk.house, desk.index, who, wanted, purpose)
    headers = {"Content-Disposition": 'attachment; filename="list.csv"'}
    return Response(table.encode("utf-8-sig"), media_type="text/csv", headers=headers)


@router.post("/search/like")
def like(
    request: Request,
    document: Annotated[str, Form(max_length=64)],
    page: Annotated[int, Form(ge=1)],
    who: User = needs(Permission.SEARCH),
) -> Response:
    """Pages like this one, kept and shown as any other answer."""
    desk = desk_of(request)
    found = similar(desk.house_of(who), desk.index, document, page)
    key = desk.keep(KeptSearch(owner=who.id, request=SearchRequest(), found=found))
    return RedirectResponse(f"/search/{key}", 303)


@router.get("/search/{key}")
def again(request: Request, key: str, who: User = needs(Permission.SEARCH)) -> Response:
    """A search that was made before, as it was answered."""
    kept = desk_of(request).kept(key, who)
    if kept is None:
        return RedirectResponse("/search", 303)
    return _show(request, who, kept.request, kept.found, key)


def _find(desk: Desk, who: User, wanted: SearchRequest) -> str:
    """Search, and keep the answer; returns its key."""
    found = find(desk.house_of(who), desk.index, wanted)
    return desk.keep(KeptSearch(owner=who.id, request=wanted, found=found))


def _asks(wanted: SearchRequest) -> bool:
    """Whether it asks for anything."""
    return any(getattr(wanted, field) for field in FIELDS if field != "order")


def _kept(desk: Desk, key: str, who: User) -> KeptSearch:
    kept = desk.kept(key, who)
    if kept is None:
        raise UsageError("that answer is kept no longer: search again")
    return kept


def groups(found: Found) -> list[Group]:
    """The hits by document, in the order in which they were found."""
    by_document = groupby(found.hits, key=lambda hit: (hit.document, hit.source))
    listed = [tuple(hits) for _, hits in by_document]
    return [Group(first=hits[0], hits=hits) for hits in listed]


def _show(
    request: Request,
    who: User,
    wanted: SearchRequest,
    found: Found | None = None,
    key: str = "",
    *,
    message: str = "",
    status: int = 200,
) -> Response:
    fragment = is_fragment(request) and "hx-history-restore-request" not in request.headers
    return render(
        request,
        "_results.html" if fragment else "search.html",
        who,
        status,
        wanted=wanted,
        found=found,
        groups=groups(found) if found else [],
        key=key,
        message=message,
        doc_types=(*DOC_TYPES, OTHER),
        assertions=ASSERTIONS,
        orders=tuple(Order),
        facets=_narrowing(found) if found else (),
        fields=FIELDS,
        asked=_asks(wanted),
        saved=saving.saved(desk_of(request).house, who),
        more=min(_MOST, wanted.limit * 2) if found and found.documents > wanted.limit else 0,
    )


def _narrowing(found: Found) -> list[tuple[Facet, str]]:
    """The facets that would narrow the answer, each with the form's field that its values fill."""
    return [
        (facet, _FILLS[facet.name])
        for facet in found.facets
        if facet.name in _FILLS and len(facet.values) > 1
    ]
