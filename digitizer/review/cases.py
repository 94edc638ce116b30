"""Cases of a cancer registry: the tumors of all charts of a patient, and when to follow up. Pure.

Registries follow a patient every year for life; a patient of whom nothing was heard for fifteen
months is delinquent (the limit of the American College of Surgeons).
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from digitizer.chart.cancer import (
    MAYBE_TWO,
    UNKNOWN_PLACE,
    Aspect,
    CaseStep,
    Standing,
    Tumor,
    Verdict,
)
from digitizer.chart.clinical import stable_id
from digitizer.chart.patient import Merged, PatientRef, number_key

DUE_MONTHS, DELINQUENT_MONTHS = 12, 15

REOPENED = "found not reportable before; a chart that came since tells of it"


class FollowUp(StrEnum):
    """Whether somebody must ask after the patient."""

    NONE = ""
    DUE = "due"
    DELINQUENT = "delinquent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A tumor that a chart tells of; `coded` says what coders made of its code.

    `arrived` is when the chart came, in ISO 8601 (UTC).
    """

    chart: str
    arrived: str
    patient: PatientRef
    day: date | None
    tumor: Tumor
    coded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One tumor of one patient. `told` are the charts that tell of it, the oldest first.

    `number` is the record number, or the id of the chart where it prints none. `contact` is the
    newest day on which the patient is known to have been seen; `step` is the registrar's newest.
    """

    number: str
    tumor: Tumor
    told: Sequence[Told]
    contact: date | None = None
    step: CaseStep | None = None
    remarks: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        """The key of its number."""
        return number_key(self.number)

    @property
    def id(self) -> str:
        """Of the oldest chart and its tumor; a record number could be guessed from its hash."""
        return self.ids[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that it goes or went by: one for each chart."""
        each = ((t.chart, t.tumor.place, t.tumor.laterality) for t in self.told)
        return tuple(stable_id("cancer case", *parts) for parts in each)

    @property
    def patient(self) -> PatientRef:
        """As the newest chart names them."""
        return self.told[-1].patient

    @property
    def found(self) -> date | None:
        """The oldest day of a chart that tells of it: not before that was it diagnosed here."""
        return min((told.day for told in self.told if told.day), default=None)

    @property
    def verdict(self) -> Verdict:
        """What a registrar found of it last: of no case, until another chart tells of it."""
        if self.step is None or self.reopened:
            return Verdict.OPEN
        return self.step.verdict

    @property
    def reopened(self) -> bool:
        """Whether a chart came after it was found not to be reportable: there may be one now."""
        step = self.step
        if step is None or step.verdict is not Verdict.NOT_REPORTABLE:
            return False
        return any(told.arrived > step.at for told in self.told)

    @property
    def due(self) -> date | None:
        """When to follow up; `None` where nobody has to, or no day is known to count from."""
        followed = self.verdict not in (Verdict.NOT_REPORTABLE, Verdict.ENDED)
        return months_after(self.contact, DUE_MONTHS) if self.contact and followed else None

    def follow_up(self, today: date) -> FollowUp:
        """Whether to follow up by `today`."""
        if self.due is None or self.contact is None or today < self.due:
            return FollowUp.NONE
        late = today >= months_after(self.contact, DELINQUENT_MONTHS)
        return FollowUp.DELINQUENT if late else FollowUp.DUE


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cases(
    told: Iterable[Told],
    seen: Mapping[str, date],
    steps: Sequence[CaseStep] = (),
    merged: Merged | None = None,
) -> Sequence[Case]:
    """The cases that charts tell of, those first that wait for a registrar, the newest before.

    `seen` is the newest day of any chart of a record, by its key; `steps` are oldest first.
    """
    together = merged or Merged()
    by_record: defaultdict[str, list[Told]] = defaultdict(list)
    for each in sorted(told, key=lambda t: (t.day or date.max, t.chart)):
        by_record[_record(each, together)].append(each)
    of_record: defaultdict[str, list[CaseStep]] = defaultdict(list)
    for step in steps:
        of_record[number_key(together.stays(step.number))].append(step)
    made = [
        _with_steps(case, seen.get(case.record), of_record[case.record])
        for number, group in by_record.items()
        for case in _of_record(number, group)
    ]
    return sorted(made, key=lambda c: (c.verdict is not Verdict.OPEN, -_ordinal(c.found), c.id))


def _record(told: Told, merged: Merged) -> str:
    return merged.stays(told.patient.mrn) if told.patient.mrn else told.chart


def _of_record(number: str, told: Sequence[Told]) -> Iterator[Case]:
    """One case for each tumor that cannot be one of the others."""
    groups: list[list[Told]] = []
    for each in told:
        same = (group for group in groups if all(each.tumor.may_be(t.tumor) for t in group))
        group = next(same, None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    for group in groups:
        best = max(group, key=lambda t: _weight(t.tumor)).tumor
        tumor, doubts = _completed(best, group), _doubts(best, group)
        yield Case(number=number, tumor=tumor, told=group, remarks=doubts)


def _weight(tumor: Tumor) -> tuple[bool, bool, bool, bool, int]:
    return (
        tumor.standing is Standing.STATED,
        tumor.place != UNKNOWN_PLACE,
        bool(tumor.stated(Aspect.HISTOLOGY)),
        bool(tumor.laterality),
        len(tumor.evidence),
    )


def _completed(tumor: Tumor, told: Sequence[Told]) -> Tumor:
    """The tumor with what only other charts say of it, the newest first."""
    oldest_first = [t.tumor for t in told]
    said = {s.aspect: s for other in (*oldest_first, tumor) for s in other.said}
    first = (tumor, *reversed(oldest_first))
    return replace(
        tumor,
        said=tuple(said[aspect] for aspect in Aspect if aspect in said),
        morphology=next((t.morphology for t in first if t.morphology), None),
        laterality=next((t.laterality for t in first if t.laterality), ""),
        spread=tuple(dict.fromkeys(code for t in oldest_first for code in t.spread)),
    )


def _doubts(best: Tumor, told: Sequence[Told]) -> tuple[str, ...]:
    """What a registrar must look at; not that a site is not said which another chart says."""
    remarks = [remark for t in told if t.tumor.place == best.place for remark in t.tumor.remarks]
    if any(t.tumor.beside(best) for t in told):
        remarks.append(MAYBE_TWO)
    if all(t.tumor.standing is Standing.AMBIGUOUS for t in told):
        remarks.append("the chart is not sure of it: it counts by an ambiguous word")
    if any(t.coded == "rejected" for t in told):
        remarks.append("a coder rejected the code in a chart")
    return tuple(dict.fromkeys(remarks))


def _with_steps(case: Case, seen: date | None, steps: Sequence[CaseStep]) -> Case:
    """The case with what registrars found; `seen` and `steps` are those of its record.

    A patient who was alive for one tumor was so for all of them.
    """
    ours = [step for step in steps if _is_of(step, case)]
    days = [step.contact for step in steps if step.contact]
    days += [seen] if seen else [told.day for told in case.told if told.day]
    settled = replace(case, contact=max(days, default=None), step=ours[-1] if ours else None)
    return replace(settled, remarks=(*case.remarks, REOPENED)) if settled.reopened else settled


def _is_of(step: CaseStep, case: Case) -> bool:
    """Whether a step was made on this case: of its place and side, when a chart told of it."""
    sides = {step.laterality, case.tumor.laterality} - {""}
    there = any(told.arrived <= step.at for told in case.told)
    return there and step.place == case.tumor.place and len(sides) <= 1


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
