"""Merges two records of one patient and takes them apart again: a person's act, never ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from digitizer.chart.patient import Merge, Merged, PatientRef, fault_of_merge, number_key
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Action, Decision, ReviewState
from digitizer.errors import UsageError
from digitizer.operations.house import House, through
from digitizer.operations.permit import require
from digitizer.store import Transaction, documents, merges, reviews
from digitizer.store import audit as audit_store
from digitizer.store.documents import Listed
from digitizer.text import registry
from digitizer.text.names import key_of as name_key
from digitizer.text.names import same_name
from digitizer.text.registry import Doubt, Known, Question

_MOST_ALIKE = 8

_MERGED = Decision(action=Action.NOTE, text="records of this chart’s patient were merged or parted")
"""Kept with each chart under review, so that nobody signs it for a patient they have not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The charts that lie under one record number, the newest first; `also`: merged into it."""

    number: str
    also: tuple[str, ...]
    charts: Sequence[Listed]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the charts print."""
        return tuple(dict.fromkeys(chart.name for chart in self.charts if chart.name))

    @property
    def births(self) -> tuple[str, ...]:
        """Every date of birth that they print, in ISO 8601."""
        return tuple(dict.fromkeys(chart.dob for chart in self.charts if chart.dob))


def record(house: House, who: User, number: str) -> Record:
    """The record of a number, under whichever of its patient's numbers it is asked for.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: no chart has that number.
    """
    require(who, Permission.VIEW)
    with house.store.begin() as tx:
        found = _record(documents.listing(tx), merges.standing(tx), number)
        said = through(f"mrn={' '.join(number.split())}", glass=who.glass)
        audit_store.note(tx, actor=who.name, action="search", subject=said)
    return found


def number_of(house: House, who: User, key: str) -> str:
    """The record number under which a chart lies.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such chart, or it has no number.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        stored = documents.bare(tx, key)
    if stored is None or stored.document.patient.mrn is None:
        raise UsageError("that chart has no record number: correct it first")
    return stored.document.patient.mrn


def alike(house: House, who: User, number: str) -> Sequence[Record]:
    """Other records whose charts print the same name or date of birth; a person decides.

    Those that share both come first.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: no chart has that number.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        listed, merged = documents.listing(tx), merges.standing(tx)
    ours = _record(listed, merged, number)
    charts: defaultdict[str, list[Listed]] = defaultdict(list)
    for chart in listed:
        if chart.mrn:
            charts[number_key(chart.mrn)].append(chart)
    near = {number_key(chart.mrn) for chart in listed if chart.mrn and _may_be(ours, chart)}
    found = [_one(charts[key], merged) for key in near - {number_key(ours.number)}]
    return sorted(found, key=lambda one: (-_shared(ours, one), one.number))[:_MOST_ALIKE]


def questions(house: House, who: User) -> Sequence[Question]:
    """What is to be asked about the records that are known, the most dangerous first.

    Records that a person merged are one, whatever names they have, and two of which a person said
    that they are two patients' are not asked about again.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        listed, made = documents.listing(tx), merges.every(tx)
    parted = {_pair(m.gone, m.stays) for m in made if not m.stands}
    known = [Known(chart=one.id, patient=_patient(one)) for one in listed]
    asked = registry.questions(known, lambda one, other: _pair(one, other) in parted)
    merged = Merged(made)
    return [q for q in asked if q.doubt is not Doubt.TWO_PEOPLE or not merged.also(q.numbers[0])]


def keep_apart(house: House, who: User, one: str, other: str, because: str) -> None:
    """Say that two record numbers are two patients', so that nobody is asked again.

    Kept as a merge that was undone at once: the list of merges shows who said so, and why.

    Raises:
        AccessError: `who` is no registrar.
        UsageError: no chart has one of the numbers, they are one record, or no reason is given.
    """
    require(who, Permission.MERGE)
    said = " ".join(because.split())
    wanted = Merge(gone=one.strip(), stays=other.strip(), because=said)
    with house.store.begin() as tx:
        listed, standing = documents.listing(tx), merges.standing(tx)
        if fault := fault_of_merge(wanted, standing):
            raise UsageError(fault)
        ends = [_record(listed, standing, number).number for number in (one, other)]
        kept = merges.add(tx, replace(wanted, gone=ends[0], stays=ends[1]), who.name)
        merges.undo(tx, kept.id, said, who.name)
        audit_store.note(tx, actor=who.name, action="keep apart", subject=f"merge {kept.id}")


def _pair(one: str, other: str) -> frozenset[str]:
    return frozenset((number_key(one), number_key(other)))


def _patient(listed: Listed) -> PatientRef:
    born = date.fromisoformat(listed.dob) if listed.dob else None
    return PatientRef(name=listed.name, dob=born, mrn=listed.mrn)


def every_merge(house: House, who: User) -> Sequence[Merge]:
    """All merges, undone ones too, the newest first.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        return merges.every(tx)[::-1]


def merge(house: House, who: User, gone: str, stays: str, because: str) -> Merge:
    """Let what lies under the record number `gone` be shown and found under `stays`.

    Pages, corrections and codes are left as they are, so that `unmerge` parts the two again.

    Raises:
        AccessError: `who` is no registrar.
        UsageError: no chart has one of the numbers, they are one record already, or nobody says
            how it is known that they are one patient's.
    """
    require(who, Permission.MERGE)
    wanted = Merge(gone=gone.strip(), stays=stays.strip(), because=" ".join(because.split()))
    with house.store.begin() as tx:
        listed, before = documents.listing(tx), merges.standing(tx)
        if fault := fault_of_merge(wanted, before):
            raise UsageError(fault)
        ends = [_record(listed, before, number).number for number in (wanted.gone, wanted.stays)]
        written = replace(wanted, gone=ends[0], stays=ends[1])
        kept = merges.add(tx, written, who.name)
        changed = _show(tx, listed, merges.standing(tx), before, kept)
        said = f"merge {kept.id} of {changed} charts"
        audit_store.note(tx, actor=who.name, action="merge", subject=said)
    return kept


def unmerge(house: House, who: User, merge_id: int, because: str) -> None:
    """Part two records that were merged.

    Raises:
        AccessError: `who` is no registrar.
        UsageError: there is no such merge that stands, or no reason is given.
    """
    require(who, Permission.MERGE)
    because = " ".join(because.split())
    if not because:
        raise UsageError("say why they are parted: it is kept with your name")
    with house.store.begin() as tx:
        listed, before = documents.listing(tx), merges.standing(tx)
        found = next((m for m in merges.every(tx) if m.id == merge_id), None)
        if found is None or not merges.undo(tx, merge_id, because, who.name):
            raise UsageError("there is no such merge, or it was undone already")
        changed = _show(tx, listed, merges.standing(tx), before, found)
        said = f"merge {merge_id} of {changed} charts"
        audit_store.note(tx, actor=who.name, action="unmerge", subject=said)


def _record(listed: Sequence[Listed], merged: Merged, number: str) -> Record:
    stays = merged.stays(number)
    key = number_key(stays)
    found = [one for one in listed if one.mrn and number_key(one.mrn) == key] if key else []
    if not found:
        raise UsageError("no chart has that record number")
    return _one(found, merged)


def _one(charts: Sequence[Listed], merged: Merged) -> Record:
    """The record of charts that share a number, the oldest of them first."""
    number = charts[-1].mrn or ""
    return Record(number=number, also=merged.also(number), charts=charts[::-1])


def _may_be(ours: Record, chart: Listed) -> bool:
    """Whether a chart prints the same date of birth, or the same name by any of its words."""
    if chart.dob in ours.births:
        return True
    words = set(name_key(chart.name)) if chart.name else set()
    alike = (name for name in ours.names if words & set(name_key(name)))
    return any(chart.name and same_name(name, chart.name) for name in alike)


def _shared(ours: Record, other: Record) -> int:
    names = any(same_name(one, two) for one in ours.names for two in other.names)
    return names + bool(set(ours.births) & set(other.births))


def _show(
    tx: Transaction, listed: Sequence[Listed], after: Merged, before: Merged, made: Merge
) -> int:
    """Bring lists, index and reviews of both records in step; how many charts that are."""
    touched = {
        number_key(number)
        for merged in (before, after)
        for end in (made.gone, made.stays)
        for number in (end, merged.stays(end), *merged.also(end))
    }
    charts = [one.id for one in listed if one.mrn and number_key(one.mrn) in touched]
    for key in charts:
        documents.correct(tx, key)
        review = reviews.get(tx, key)
        if review.state in (ReviewState.IN_REVIEW, ReviewState.QUERIED):
            reviews.decide(tx, review, _MERGED, made.by)
    return len(charts)
