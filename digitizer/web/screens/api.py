"""The desk for programs: the verbs of the command line as JSON, under the same permissions.

A program logs in, is given a token, and sends it as `Authorization: Bearer …`; a token ends like
any session. `/api/openapi.json` describes the rest. Nothing that is said of a chart stands in an
address, so searches are posts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field

from digitizer import __version__
from digitizer.chart.cancer import Verdict
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Action
from digitizer.chart.search import SearchRequest
from digitizer.errors import UsageError
from digitizer.export.neutral import document_json
from digitizer.operations import ask as asking
from digitizer.operations import audit, cases, patients, quarantine, worklist
from digitizer.operations import login as logins
from digitizer.operations import sign_off as signing
from digitizer.operations.case_json import case_json
from digitizer.operations.chart import look, open_chart
from digitizer.operations.chart_json import chart_json, entry_json, query_json
from digitizer.operations.decide import Proposal
from digitizer.operations.decide import decide as decide_on
from digitizer.operations.find import find
from digitizer.operations.found_json import found_json
from digitizer.operations.show import show as show_document
from digitizer.operations.status import status as status_of
from digitizer.web.access import PUBLIC, needs, token_of
from digitizer.web.desk import desk_of
from digitizer.web.screens.cases import What

router = APIRouter(prefix="/api")

Json = dict[str, Any]
Spot = tuple[int, int, int]
"""(page, start, end): words on a chart, in characters of the page's text, half-open."""


class Body(BaseModel):
    """What is sent; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid")


class Credentials(Body):
    """Who logs in; `code` is the one-time code of who has them."""

    name: str = Field(max_length=64)
    password: str = Field(max_length=512)
    code: str = Field("", max_length=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(SearchRequest):
    """What to look for, within bounds; see `digitizer search --help`. `like` is a page's text."""

    __pydantic_config__: ClassVar[ConfigDict] = Body.model_config

    query: Annotated[str, Field(max_length=500)] = ""
    like: Annotated[str, Field(max_length=20_000)] = ""
    offset: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 20


class Decide(Body):
    """A decision on the version `seen` of a chart; which fields an action needs: `digitizer review
    --help`.
    """

    seen: int = Field(ge=0)
    action: Action
    target: str = ""
    code: str = ""
    spots: list[Spot] = []
    reason: str = ""
    value: str = ""
    text: str = ""


class Ask(Body):
    """A query to a clinician; `spots` are the words that it rests on."""

    template: str
    to: str
    spots: list[Spot]
    options: list[str] = []
    question: str = ""


class Answer(Body):
    """What the clinician answered: one of the options, or "withdrawn"."""

    chosen: str
    text: str = ""


class Seen(Body):
    """The version of the chart that the person looked at."""

    seen: int = Field(ge=0)


class Settle(Body):
    """What a registrar found of a case; `contact` is the day of the last contact."""

    verdict: Verdict
    because: str = Field("", max_length=500)
    contact: date | None = None


class Because(Body):
    """Why; for a hold, an empty one ends it."""

    because: str = Field("", max_length=500)


class TwoRecords(Body):
    """Record numbers of one patient: `gone` is shown under `stays`; `because`: how it is known."""

    gone: str = Field(max_length=64)
    stays: str = Field(max_length=64)
    because: str = Field(max_length=500)


class Term(Body):
    """A term or the start of a code."""

    term: str = Field(max_length=200)
    limit: int = Field(12, ge=1, le=50)


@router.get("/openapi.json")
def description(_who: User = needs(None)) -> Json:
    """This interface in OpenAPI 3.1."""
    return get_openapi(title="digitizer", version=__version__, routes=router.routes)


@router.post("/login", dependencies=[PUBLIC])
def log_in(request: Request, body: Credentials) -> Json:
    """Begin a session; the token is for the Authorization header."""
    house = desk_of(request).house
    entered = logins.login(house, body.name.strip(), body.password, body.code, now=time.time())
    return {"token": entered.token, "name": entered.user.name, "roles": sorted(entered.user.roles)}


@router.post("/logout")
def log_out(request: Request, _who: User = needs(None)) -> Json:
    """End the session."""
    logins.logout(desk_of(request).house, token_of(request), now=time.time())
    return {}


@router.post("/search")
def search(request: Request, body: Search, who: User = needs(Permission.SEARCH)) -> Json:
    """Search the charts; as `digitizer search --json`."""
    desk = desk_of(request)
    return found_json(find(desk.house_of(who), desk.index, body))


@router.get("/documents/{key}")
def document(request: Request, key: str, who: User = needs(Permission.VIEW)) -> Json:
    """A document with its pages, findings and codes; as `digitizer show --json`."""
    stored = show_document(desk_of(request).house_of(who), key)
    return {"id": stored.id, **document_json(stored.document)}


@router.get("/charts")
def charts(request: Request, everyone: bool = False, who: User = needs(Permission.VIEW)) -> Json:
    """The worklist; as `digitizer worklist --json`."""
    now = time.time()
    entries = worklist.worklist(desk_of(request).house, who, now=now, everyone=everyone)
    return {"charts": [entry_json(entry, now) for entry in entries]}


@router.post("/charts/next")
def take_next(request: Request, who: User = needs(Permission.REVIEW)) -> Json:
    """Take up the next chart; `document` is null where nothing waits."""
    return {"document": worklist.next_chart(desk_of(request).house, who, now=time.time())}


@router.get("/charts/{key}")
def chart(request: Request, key: str, who: User = needs(Permission.VIEW)) -> Json:
    """A chart under review; as `digitizer review DOC show --json`."""
    return chart_json(open_chart(desk_of(request).house, who, key))


@router.post("/charts/{key}/decisions")
def decide(request: Request, key: str, body: Decide, who: User = needs(Permission.VIEW)) -> Json:
    """Decide; which permission it takes, the action says. 409 where others decided since."""
    desk = desk_of(request)
    said = {**dict(body), "code": body.code.strip().upper()}
    seen = said.pop("seen")
    with desk.codes() as codes:
        after = decide_on(desk.house, codes, who, key, seen, Proposal(**said), now=time.time())
    return chart_json(after)


@router.post("/charts/{key}/queries")
def ask(request: Request, key: str, body: Ask, who: User = needs(Permission.REVIEW)) -> Json:
    """Ask the clinician."""
    house, said = desk_of(request).house, body
    query = asking.ask(
        house, who, key, said.template, said.spots, said.to, said.options, said.question
    )
    return query_json(query)


@router.post("/queries/{number}/answer")
def answer(
    request: Request, number: int, body: Answer, who: User = needs(Permission.REVIEW)
) -> Json:
    """Enter the answer."""
    asking.answer(desk_of(request).house, who, number, body.chosen, body.text)
    return {}


@router.post("/charts/{key}/hold")
def hold(request: Request, key: str, body: Because, who: User = needs(Permission.REVIEW)) -> Json:
    """Put a chart on hold, or back on the list."""
    house = desk_of(request).house
    worklist.hold(house, who, key, body.because)
    return chart_json(look(house, who, key))


@router.post("/charts/{key}/sign-off")
def sign_off(
    request: Request, key: str, body: Seen, who: User = needs(Permission.SIGN_OFF)
) -> Json:
    """Freeze the chart as it was seen; one chart at a time."""
    version = signing.sign_off(desk_of(request).house, who, key, body.seen)
    return {"version": version.number, "sha256": version.sha256}


@router.post("/charts/{key}/reopen")
def reopen(
    request: Request, key: str, body: Because, who: User = needs(Permission.SIGN_OFF)
) -> Json:
    """Open a signed chart for a new version."""
    signing.reopen(desk_of(request).house, who, key, body.because)
    return {}


@router.post("/charts/{key}/release")
def release(request: Request, key: str, who: User = needs(Permission.RELEASE)) -> Json:
    """Let the signed version out."""
    version = signing.release(desk_of(request).house, who, key)
    return {"version": version.number, "sha256": version.sha256}


@router.post("/codes")
def codes(request: Request, body: Term, _who: User = needs(Permission.VIEW)) -> Json:
    """Codes that a term may mean; as `digitizer codes search --json`."""
    with desk_of(request).codes() as known:
        found = known.search(body.term.strip(), body.limit)
        listed = [{"code": m.code.code, "title": m.code.title, "score": m.score} for m in found]
    return {"codes": listed}


@router.get("/merges")
def merges(request: Request, who: User = needs(Permission.VIEW)) -> Json:
    """Which record numbers were merged; as `digitizer patient merges --json`."""
    found = patients.every_merge(desk_of(request).house, who)
    return {"merges": [asdict(each) for each in found]}


@router.post("/merges")
def merge(request: Request, body: TwoRecords, who: User = needs(Permission.MERGE)) -> Json:
    """Make two records of one patient one."""
    house = desk_of(request).house
    return asdict(patients.merge(house, who, body.gone, body.stays, body.because))


@router.post("/merges/{number}/undo")
def unmerge(
    request: Request, number: int, body: Because, who: User = needs(Permission.MERGE)
) -> Json:
    """Part two records again."""
    patients.unmerge(desk_of(request).house, who, number, body.because)
    return {}


@router.get("/cases")
def found_cases(
    request: Request, what: What = "open", who: User = needs(Permission.REGISTER)
) -> Json:
    """Cases of the cancer registry; as `digitizer cases list --json`."""
    found = cases.waiting(cases.cases(desk_of(request).house, who), cases.today(), what)
    return {"cases": [case_json(case, cases.today()) for case in found]}


@router.post("/cases/{key}")
def settle_case(
    request: Request, key: str, body: Settle, who: User = needs(Permission.REGISTER)
) -> Json:
    """Say what a case is found to be."""
    house, now = desk_of(request).house, cases.today()
    found = cases.settle(
        house, who, key, body.verdict, because=body.because, contact=body.contact, today=now
    )
    return case_json(found, now)


@router.get("/files")
def files(request: Request, who: User = needs(Permission.SEE_INTAKE)) -> Json:
    """What became of every file; as `digitizer status --json`."""
    return status_of(desk_of(request).house_of(who)).json()


@router.post("/files/{sha256}/{act}")
def mend(
    request: Request,
    sha256: str,
    act: str,
    body: Because,
    who: User = needs(Permission.MEND_INTAKE),
) -> Json:
    """Settle a refused file: "retry", "release" past the limits, or "discard" with a reason."""
    house = desk_of(request).house_of(who)
    acts: Mapping[str, Any] = {
        "retry": lambda: quarantine.retry(house, [sha256]),
        "release": lambda: quarantine.release(house, [sha256]),
        "discard": lambda: quarantine.discard(house, [sha256], body.because),
    }
    if act not in acts:
        raise UsageError(f"do one of {', '.join(acts)}")
    return {"files": [{"name": row.source, "state": row.outcome} for row in acts[act]()]}


@router.post("/audit/verify")
def verify(request: Request, who: User = needs(Permission.READ_AUDIT)) -> Json:
    """Look for edited and deleted rows of the audit trail."""
    verdict = audit.verify(desk_of(request).house_of(who))
    return {"rows": verdict.rows, "faults": list(verdict.faults)}
