"""Cases of a cancer registry: the tumors of all charts of a patient, and when to follow up. Pure.

Registries follow a patient every year for life; a patient of whom nothing was heard for fifteen
months is delinquent (the limit of the American College of Surgeons).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from digitizer.chart.cancer import (
    UNKNOWN_PLACE,
    Aspect,
    CaseStep,
    Standing,
    Tumor,
    Verdict,
    case_id,
)
from digitizer.chart.patient import Merged, PatientRef, number_key

DUE_MONTHS, DELINQUENT_MONTHS = 12, 15


class FollowUp(StrEnum):
    """Whether somebody must ask after the patient."""

    NONE = ""
    DUE = "due"
    DELINQUENT = "delinquent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A tumor that a chart tells of; `coded` says what coders made of its code."""

    chart: str
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
    remarks: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """The same as long as the tumor and the record are; no record number in clear."""
        return case_id(number_key(self.number), self.tumor.place, self.tumor.laterality)

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
        """What a registrar found of it last."""
        return self.step.verdict if self.step else Verdict.OPEN

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
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("a month has 28 days")


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
    made = [
        _with_steps(case, seen, steps, together)
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
        yield Case(number=number, tumor=_completed(best, group), told=group, remarks=_doubts(group))


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
    newest_first = [t.tumor for t in reversed(told)]
    said = {s.aspect: s for other in (*reversed(newest_first), tumor) for s in other.said}
    morphology = next((t.morphology for t in (tumor, *newest_first) if t.morphology), None)
    side = next((t.tumor.laterality for t in told if t.tumor.laterality), "")
    return replace(
        tumor,
        said=tuple(said[aspect] for aspect in Aspect if aspect in said),
        morphology=morphology,
        laterality=tumor.laterality or side,
    )


def _doubts(told: Sequence[Told]) -> tuple[str, ...]:
    remarks = [remark for t in told for remark in t.tumor.remarks]
    if all(t.tumor.standing is Standing.AMBIGUOUS for t in told):
        remarks.append("the chart is not sure of it: it counts by an ambiguous word")
    if any(t.coded == "rejected" for t in told):
        remarks.append("a coder rejected the code in a chart")
    return tuple(dict.fromkeys(remarks))


def _with_steps(
    case: Case, seen: Mapping[str, date], steps: Sequence[CaseStep], merged: Merged
) -> Case:
    ours = [step for step in steps if _is_of(step, case, merged)]
    days = [step.contact for step in ours if step.contact]
    newest = seen.get(number_key(case.number))
    days += [newest] if newest else [told.day for told in case.told if told.day]
    return replace(case, contact=max(days, default=None), step=ours[-1] if ours else None)


def _is_of(step: CaseStep, case: Case, merged: Merged) -> bool:
    """Whether a step was made on this case, whichever of its patient's numbers it then had."""
    sides = {step.laterality, case.tumor.laterality} - {""}
    same = number_key(merged.stays(step.number)) == number_key(case.number)
    return same and step.place == case.tumor.place and len(sides) <= 1


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
