"""Pages that may lie in the wrong chart, the charts they may belong to, and what people decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Action
from digitizer.errors import OutdatedError, UsageError
from digitizer.operations.chart import Chart, chart_in
from digitizer.operations.decide import Proposal, decide_in
from digitizer.operations.house import House
from digitizer.operations.paper import take_step_in
from digitizer.operations.permit import require
from digitizer.store import Transaction, documents, papers
from digitizer.store.documents import Listed
from digitizer.text.identity import Match, compare
from digitizer.text.names import key_of as name_key
from digitizer.text.record_number import key_of as number_key

_MOST_CANDIDATES = 6
_PATIENT = ("name", "dob", "mrn", "sex")


class Verdict(StrEnum):
    """What a person finds out about a possible misfile."""

    SORTED = "sorted"  # it is a document of its own, of whom it names; only the paper must move
    JOIN = "join"  # its pages belong to the other document of the same scan
    THEIRS = "theirs"  # it is the other document's patient, whose name was misread


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody looked at: the versions of both charts, and of their scan's paper."""

    review: int
    other: int = 0
    paper: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfile:
    """A document that may be misfiled.

    `around` is the document before it in the scan (for the first, the one behind it);
    `candidates` are others whose patient it may be, the newest first. `paper` is the version of the
    scan's paper that this was read from.
    """

    document: Listed
    around: Listed | None
    candidates: Sequence[Listed]
    paper: int = 0


def misfiles(house: House, who: User) -> Sequence[Misfile]:
    """Every possible misfile that nobody has settled, oldest first.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        listed = documents.listing(tx)
    alike, scans = _by_identity(listed), _by_scan(listed)
    return [_misfile(document, scans, alike) for document in listed if document.misfile]


def misfile(house: House, who: User, key: str) -> Misfile:
    """One document beside those that it may belong to, whether or not it is marked.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such document.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        listed = documents.listing(tx)
        found = next((document for document in listed if document.id == key), None)
        if found is None:
            raise UsageError("there is no document of that id: its pages may have been joined")
        paper = len(papers.steps(tx, found.file_id))
    return replace(_misfile(found, _by_scan(listed), _by_identity(listed)), paper=paper)


def settle(
    house: House,
    codes: CodeKnowledge,
    who: User,
    key: str,
    verdict: Verdict,
    other: str = "",
    *,
    seen: Seen,
    now: float,
) -> None:
    """Make of it what `who` found out; `other` is the document that it is joined to, or whose
    patient it is. All of it is done or nothing.

    Raises:
        AccessError: `who` may not.
        OutdatedError: one of the two was changed since `who` looked at them.
        UsageError: there is no such document, it is signed, or the two do not fit.
    """
    require(who, Permission.CORRECT)
    with house.store.begin() as tx:
        ours = chart_in(tx, key)
        _check_seen(ours, seen.review)
        if verdict is Verdict.SORTED:
            _correct(tx, codes, who, ours, [("misfile", "settled")], now)
            return
        theirs = chart_in(tx, other)
        _check_seen(theirs, seen.other)
        if verdict is Verdict.JOIN:
            _join(tx, who, ours, theirs, seen.paper)
        else:
            differing = _differing(ours.document.patient, theirs.document.patient)
            _correct(tx, codes, who, ours, [*differing, ("misfile", "settled")], now)


def _check_seen(chart: Chart, seen: int) -> None:
    if chart.review.version != seen:
        raise OutdatedError("one of the charts was changed meanwhile: look at both, then settle it")


def _differing(ours: PatientRef, theirs: PatientRef) -> list[tuple[str, str]]:
    """What is known of their patient and not so on our pages, by field."""
    known = [(field, getattr(theirs, field)) for field in _PATIENT]
    return [(f, str(v)) for f, v in known if v is not None and v != getattr(ours, f)]


def _correct(
    tx: Transaction,
    codes: CodeKnowledge,
    who: User,
    chart: Chart,
    values: Sequence[tuple[str, str]],
    now: float,
) -> None:
    for version, (field, value) in enumerate(values, chart.review.version):
        proposal = Proposal(action=Action.CORRECT, target=field, value=value)
        decide_in(tx, codes, who, chart.id, version, proposal, now=now)


def _join(tx: Transaction, who: User, ours: Chart, theirs: Chart, seen: int) -> None:
    if ours.file_id != theirs.file_id:
        raise UsageError("only documents of one scan can be joined: correct the patient instead")
    pages = (ours.leaves[0].number, theirs.leaves[0].number)
    take_step_in(tx, who, ours.file_id, seen, PaperStep(act=PaperAct.JOIN, pages=pages))


def _misfile(
    document: Listed,
    scans: Mapping[int, Sequence[Listed]],
    alike: Mapping[Hashable, Sequence[Listed]],
) -> Misfile:
    scan = scans[document.file_id]
    at = scan.index(document)
    around = scan[at - 1] if at else next(iter(scan[1:]), None)
    patient = patient_of(document)
    near = {other.id: other for key in _identities(patient) for other in alike[key]}
    others = [d for d in near.values() if d.id != document.id and _may_be(patient, patient_of(d))]
    newest = sorted(others, key=lambda d: (d.file_id == document.file_id, d.arrived_at))
    return Misfile(document=document, around=around, candidates=newest[::-1][:_MOST_CANDIDATES])


def _by_scan(listed: Sequence[Listed]) -> Mapping[int, Sequence[Listed]]:
    scans: defaultdict[int, list[Listed]] = defaultdict(list)
    for document in sorted(listed, key=lambda d: d.first_page):
        scans[document.file_id].append(document)
    return scans


def _by_identity(listed: Sequence[Listed]) -> Mapping[Hashable, Sequence[Listed]]:
    """The documents by what may tell their patient, so that a few are compared and not all."""
    alike: defaultdict[Hashable, list[Listed]] = defaultdict(list)
    for document in listed:
        for key in _identities(patient_of(document)):
            alike[key].append(document)
    return alike


def _identities(patient: PatientRef) -> set[Hashable]:
    number = {number_key(patient.mrn)} if patient.mrn else set()
    words = name_key(patient.name) if patient.name else ()
    return {*number, *words, *([patient.dob] if patient.dob else [])}


def _may_be(one: PatientRef, other: PatientRef) -> bool:
    return one.known and compare(one, other) in (Match.SAME, Match.MISREAD)


def patient_of(listed: Listed) -> PatientRef:
    """The patient that a list names."""
    dob = date.fromisoformat(listed.dob) if listed.dob else None
    return PatientRef(name=listed.name, dob=dob, mrn=listed.mrn)
