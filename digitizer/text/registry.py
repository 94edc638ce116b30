"""What a person is to be asked about the patients that are known: nothing is joined here.

Charts lie under the record number that they print. Where another number, or no number, may be the
same patient's, or one number two people's, the registry asks; a wrong join would lay one patient's
chart into another's, and so no likeness is ever enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from digitizer.chart.patient import PatientRef, number_key
from digitizer.text.identity import Match, compare, differ
from digitizer.text.names import key_of, same_name
from digitizer.text.record_number import nearly_same

MOST_ALIKE = 60
"""Records that share one name or one day of birth, at most, of which each pair is looked at."""


class Doubt(StrEnum):
    """What is asked, the most dangerous first."""

    TWO_PEOPLE = "two people under one record number?"
    MISREAD = "a misread record number?"
    ONE_PATIENT = "two record numbers of one patient?"
    NO_NUMBER = "the record number of a chart that prints none?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A chart, by its id, and whose it is."""

    chart: str
    patient: PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask of two charts that show it best; `numbers` are the records in question.

    `names` are those that the two charts print, "" where one prints none.
    """

    doubt: Doubt
    charts: tuple[str, str]
    names: tuple[str, str]
    numbers: tuple[str, ...]
    why: str


Apart = Callable[[str, str], bool]
"""Whether a person said of two record numbers that they are two patients'."""


def questions(charts: Sequence[Known], apart: Apart = lambda _one, _other: False) -> list[Question]:
    """Everything to be asked of these charts, the most dangerous first, then in their order."""
    records = _records(charts)
    unnumbered = [known for known in charts if not known.patient.mrn]
    found = [
        *(q for record in records.values() for q in _two_people(record)),
        *(q for one, other in _pairs(records) for q in _one_patient(one, other, apart)),
        *(q for known in unnumbered for q in _number_of(known, records)),
    ]
    order = list(Doubt)
    return sorted(found, key=lambda question: order.index(question.doubt))


def _records(charts: Iterable[Known]) -> dict[str, list[Known]]:
    """Charts by record number."""
    records: defaultdict[str, list[Known]] = defaultdict(list)
    for known in charts:
        if known.patient.mrn:
            records[number_key(known.patient.mrn)].append(known)
    return dict(records)


def _two_people(record: Sequence[Known]) -> Iterator[Question]:
    """The first chart of a record that surely names somebody else than the first one with a name.

    A name that shares no word, or another date of birth beside a name that differs.
    """
    named = [known for known in record if known.patient.name]
    for other in named[1:]:
        one = named[0]
        if compare(one.patient, other.patient) is Match.OTHER:
            yield Question(
                doubt=Doubt.TWO_PEOPLE,
                charts=(one.chart, other.chart),
                names=_names(one, other),
                numbers=(one.patient.mrn or "",),
                why=_difference(one.patient, other.patient),
            )
            return


def _difference(one: PatientRef, other: PatientRef) -> str:
    names = not (one.name and other.name and same_name(one.name, other.name))
    births = bool(one.dob and other.dob and one.dob != other.dob)
    told = [word for word, is_so in (("names", names), ("dates of birth", births)) if is_so]
    return f"the {' and the '.join(told)} differ"


def _pairs(records: dict[str, list[Known]]) -> Iterator[tuple[list[Known], list[Known]]]:
    """Each two records that share a name or a day of birth, once."""
    blocks: defaultdict[Hashable, set[str]] = defaultdict(set)
    for key, record in records.items():
        for known in record:
            for block in _blocks(known.patient):
                blocks[block].add(key)
    seen = {
        pair
        for keys in blocks.values()
        if len(keys) <= MOST_ALIKE
        for pair in combinations(sorted(keys), 2)
    }
    for one, other in sorted(seen):
        yield records[one], records[other]


def _blocks(patient: PatientRef) -> Iterator[Hashable]:
    if patient.dob:
        yield patient.dob
    if patient.name:
        yield frozenset(key_of(patient.name)[:1] + key_of(patient.name)[-1:])


def _one_patient(one: Sequence[Known], other: Sequence[Known], apart: Apart) -> Iterator[Question]:
    """Whether two numbers may be one patient's: alike in all else, or nearly and hardly apart."""
    ours, theirs = (record[0].patient.mrn or "" for record in (one, other))
    if apart(ours, theirs):
        return
    near = nearly_same(ours, theirs)
    for first in one:
        for second in other:
            why = _alike(first.patient, second.patient, near=near)
            if why:
                yield Question(
                    doubt=Doubt.MISREAD if near else Doubt.ONE_PATIENT,
                    charts=(first.chart, second.chart),
                    names=_names(first, second),
                    numbers=(ours, theirs),
                    why=why,
                )
                return


def _alike(one: PatientRef, other: PatientRef, *, near: bool) -> str:
    """Why two of different numbers may be one patient, or ""; the numbers themselves left out."""
    names = bool(one.name and other.name and same_name(one.name, other.name))
    births = bool(one.dob and one.dob == other.dob)
    if names and births:
        return "name and date of birth agree"
    if near and (names or births) and not differ(one, other):
        said = "the name agrees" if names else "the date of birth agrees"
        return f"{said}, and the numbers hardly differ"
    return ""


def _number_of(known: Known, records: dict[str, list[Known]]) -> Iterator[Question]:
    """The one record that a chart without a number may belong to; none where there are several."""
    fitting = [
        (number, there)
        for number, record in records.items()
        if (there := next((k for k in record if _same(known.patient, k.patient)), None))
    ]
    if len(fitting) == 1:
        ((_, there),) = fitting
        yield Question(
            doubt=Doubt.NO_NUMBER,
            charts=(known.chart, there.chart),
            names=_names(known, there),
            numbers=(there.patient.mrn or "",),
            why="name and date of birth agree",
        )


def _names(one: Known, other: Known) -> tuple[str, str]:
    return one.patient.name or "", other.patient.name or ""


def _same(one: PatientRef, other: PatientRef) -> bool:
    names = bool(one.name and other.name and same_name(one.name, other.name))
    return names and bool(one.dob and one.dob == other.dob)
