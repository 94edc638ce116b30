"""Pages that may lie in the wrong chart, the charts they may belong to, and what people decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.paper import PaperAct, PaperStep
from digitizer.chart.patient import PatientRef
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Action
from digitizer.errors import UsageError
from digitizer.operations.chart import look
from digitizer.operations.decide import Proposal, decide
from digitizer.operations.house import House
from digitizer.operations.paper import take_step
from digitizer.operations.permit import require
from digitizer.store import documents, papers
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
class Misfile:
    """A document that may be misfiled.

    `around` is the document before it in the scan (for the first, the one behind it);
    `candidates` are others whose patient it may be, the newest first.
    """

    document: Listed
    around: Listed | None
    candidates: Sequence[Listed]


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
    return _misfile(found, _by_scan(listed), _by_identity(listed))


def settle(
    house: House,
    codes: CodeKnowledge,
    who: User,
    key: str,
    verdict: Verdict,
    other: str = "",
    *,
    now: float,
) -> None:
    """Make of it what `who` found out; `other` is the document that it is joined to, or whose
    patient it is.

    Raises:
        AccessError: `who` may not.
        UsageError: there is no such document, it is signed, or the two do not fit.
    """
    require(who, Permission.CORRECT)
    if verdict is Verdict.JOIN:
        _join(house, who, key, other)
        return
    if verdict is Verdict.THEIRS:
        theirs = look(house, who, other).document.patient
        ours = look(house, who, key).document.patient
        for field in _PATIENT:
            value = getattr(theirs, field)
            if value is not None and value != getattr(ours, field):
                _correct(house, codes, who, key, field, str(value), now)
    _correct(house, codes, who, key, "misfile", "settled", now)


def _correct(
    house: House, codes: CodeKnowledge, who: User, key: str, field: str, value: str, now: float
) -> None:
    proposal = Proposal(action=Action.CORRECT, target=field, value=value)
    decide(house, codes, who, key, look(house, who, key).review.version, proposal, now=now)


def _join(house: House, who: User, key: str, other: str) -> None:
    with house.store.read() as tx:
        found = [documents.bare(tx, each) for each in (key, other)]
    ours, theirs = found
    if ours is None or theirs is None or ours.file_id != theirs.file_id:
        raise UsageError("only documents of one scan can be joined: correct the patient instead")
    with house.store.read() as tx:
        seen = len(papers.steps(tx, ours.file_id))
    pages = (ours.numbers[0], theirs.numbers[0])
    take_step(house, who, ours.file_id, seen, PaperStep(act=PaperAct.JOIN, pages=pages))


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
