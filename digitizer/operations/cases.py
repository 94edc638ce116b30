"""Case finding for the cancer registry: reportable tumors, and who must be followed up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from digitizer.chart.cancer import UNKNOWN_PLACE, Aspect, CaseStep, Tumor, Verdict
from digitizer.chart.coding import ICD10CM
from digitizer.chart.patient import Merged, number_key
from digitizer.chart.people import Permission, User
from digitizer.coding.cancer.abstract import tumor_of
from digitizer.coding.cancer.tables import Tables, read_tables
from digitizer.errors import UsageError
from digitizer.export.table import table_csv
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review.cases import Case, FollowUp, Told
from digitizer.review.cases import cases as told_together
from digitizer.review.decide import CodeLine, LineState, fold
from digitizer.store import Transaction, documents, merges, reviews
from digitizer.store import audit as audit_store
from digitizer.store import cases as case_store
from digitizer.store.documents import Listed

_NEOPLASMS = ("C", "D0", "D1", "D3", "D4")
"""Beginnings of the codes among which reportable ones are."""

_JUDGED = {
    LineState.ACCEPTED: "accepted",
    LineState.ADDED: "accepted",
    LineState.REJECTED: "rejected",
    LineState.REPLACED: "rejected",
}

COLUMNS = (
    "case", "patient", "record number", "born", "sex", "site", "site name", "laterality",
    "topography", "histology", "morphology", "behavior", "grade", "TNM", "stage", "found",
    "last contact", "follow-up due", "verdict", "charts", "remarks",
)  # fmt: skip


def today() -> date:
    """The day by which follow-up is due, by the clock of this machine."""
    return datetime.now(UTC).astimezone().date()


def cases(house: House, who: User) -> Sequence[Case]:
    """Every case that a chart tells of, open ones first.

    A tumor counts where the machine found it or a coder put its code on the chart; one whose code
    a coder rejected stays, and says so: what is no case is a registrar's word.

    Raises:
        AccessError: `who` keeps no registry.
    """
    require(who, Permission.REGISTER)
    with house.store.begin() as tx:
        found = _cases(tx, read_tables(house.home.models))
        audit_store.note(tx, actor=who.name, action="list cases", subject=f"{len(found)} cases")
    return found


def case(house: House, who: User, key: str) -> Case:
    """One case by its id.

    Raises:
        AccessError: `who` keeps no registry.
        UsageError: there is no such case.
    """
    require(who, Permission.REGISTER)
    with house.store.begin() as tx:
        found = _one(tx, house, key)
        for told in found.told:
            audit_store.note(tx, actor=who.name, action="view case", subject=told.chart)
    return found


def settle(
    house: House,
    who: User,
    key: str,
    verdict: Verdict,
    *,
    because: str = "",
    contact: date | None = None,
    today: date,
) -> Case:
    """Say what a case is found to be, and when the patient was last known to be alive.

    Raises:
        AccessError: `who` keeps no registry.
        UsageError: there is no such case, a reason is missing, or the day is yet to come.
    """
    require(who, Permission.REGISTER)
    said = " ".join(because.split())
    if verdict in (Verdict.NOT_REPORTABLE, Verdict.ENDED) and not said:
        raise UsageError("say why: a case that is not followed needs a reason")
    if contact and contact > today:
        raise UsageError(f"{contact} is yet to come: give the day of the last contact")
    with house.store.begin() as tx:
        found = _one(tx, house, key)
        step = CaseStep(
            number=found.number,
            place=found.tumor.place,
            laterality=found.tumor.laterality,
            verdict=verdict,
            because=said,
            contact=contact,
        )
        case_store.add(tx, step, who.name)
        audit_store.note(tx, actor=who.name, action="settle case", subject=f"{key}: {verdict}")
        return _one(tx, house, key)


def waiting(found: Iterable[Case], today: date, what: str = "open") -> list[Case]:
    """Of these cases those that are "open", to be followed up ("due"), or "all" of them.

    Those to be followed up come with the longest overdue first.

    Raises:
        UsageError: `what` is none of these.
    """
    if what == "all":
        return list(found)
    if what == "open":
        return [case for case in found if case.verdict is Verdict.OPEN]
    if what != "due":
        raise UsageError(f"no list of {what!r}: there are open, due and all")
    late = [case for case in found if case.follow_up(today) is not FollowUp.NONE]
    return sorted(late, key=lambda case: (case.due or today, case.id))


def cases_csv(house: House, who: User, found: Sequence[Case]) -> str:
    """The list as a table for a spreadsheet or the registry's own program.

    Raises:
        AccessError: `who` may not export.
    """
    require(who, Permission.EXPORT)
    house.note("export cases", f"{len(found)} cases by {who.name}")
    return table_csv(COLUMNS, [_row(case) for case in found])


def _cases(tx: Transaction, tables: Tables) -> Sequence[Case]:
    listed, merged = documents.listing(tx), merges.standing(tx)
    keys = {row.id for row in listed if row.tumors} | reviews.deciding_on(tx, _NEOPLASMS)
    told = [each for row in listed if row.id in keys for each in _told(tx, row, tables)]
    return told_together(told, _newest(listed, merged), case_store.every(tx), merged)


def _one(tx: Transaction, house: House, key: str) -> Case:
    every = _cases(tx, read_tables(house.home.models))
    found = next((case for case in every if key in case.ids), None)
    if found is None:
        raise UsageError("there is no such case: `digitizer cases list` names them")
    return found


def _told(tx: Transaction, row: Listed, tables: Tables) -> Iterator[Told]:
    """The tumors of one chart: those found in its text, and those whose codes people put there."""
    stored = documents.bare(tx, row.id)
    if stored is None:
        return
    document = stored.document
    lines = fold(document.suggestions or (), reviews.decisions(tx, row.id)).lines
    coded = {line.code.code: _JUDGED.get(line.state, "") for line in lines}
    tumors = list(document.tumors or ())
    for line in lines:
        added = _added(line, tables)
        if added and not any(_tells(tumor, added) for tumor in tumors):
            tumors.append(added)
    for tumor in tumors:
        yield Told(
            chart=row.id,
            arrived=row.arrived_at,
            patient=document.patient,
            day=document.encounter_date,
            tumor=tumor,
            coded=coded.get(tumor.site.code, ""),
        )


def _tells(tumor: Tumor, added: Tumor) -> bool:
    """Whether a tumor of the text says as much as the code that a coder put on the chart."""
    return added.may_be(tumor) and added.place in (tumor.place, UNKNOWN_PLACE)


def _added(line: CodeLine, tables: Tables) -> Tumor | None:
    if not line.confirmed or line.code.system != ICD10CM:
        return None
    return tumor_of(line.code, line.evidence, tables)


def _newest(listed: Iterable[Listed], merged: Merged) -> dict[str, date]:
    """The newest day of any chart of each record, by the key of its number."""
    newest: dict[str, date] = {}
    for row in listed:
        if row.mrn and row.encounter_date:
            key, day = number_key(merged.stays(row.mrn)), date.fromisoformat(row.encounter_date)
            newest[key] = max(day, newest.get(key, day))
    return newest


def _row(case: Case) -> list[str]:
    patient, tumor = case.patient, case.tumor
    return [
        case.id,
        patient.name or "",
        case.number if patient.mrn else "",
        str(patient.dob or ""),
        patient.sex or "",
        tumor.site.code,
        tumor.site.title,
        tumor.laterality,
        tumor.topography.code if tumor.topography else "",
        tumor.stated(Aspect.HISTOLOGY),
        tumor.morphology.code if tumor.morphology else "",
        tumor.behavior.value,
        *(tumor.stated(each) for each in (Aspect.GRADE, Aspect.TNM, Aspect.STAGE)),
        str(case.found or ""),
        str(case.contact or ""),
        str(case.due or ""),
        case.verdict.value,
        " ".join(dict.fromkeys(told.chart for told in case.told)),
        "; ".join(case.remarks),
    ]
