"""Whether two printed identities are one patient's, and which reading holds where they differ."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from digitizer.chart.patient import PatientRef
from digitizer.text.names import key_of, same_name
from digitizer.text.record_number import key_of as number_key
from digitizer.text.record_number import nearly_same

Value = TypeVar("Value")


class Match(StrEnum):
    """How two identities compare."""

    SAME = "same"
    MISREAD = "same but for one misread character"
    OTHER = "other"
    UNKNOWN = "unknown"


def compare(one: PatientRef, other: PatientRef) -> Match:
    """Whether two pages name the same patient.

    Equal record numbers outweigh a birth date one digit off, and a name that shares a word: a name
    may change or be misread. Numbers one character apart are the same patient's only where the
    names agree and the birth dates do not differ. Any other contradiction means another patient.
    """
    names = _agree(one.name, other.name, same_name)
    births = _agree(one.dob, other.dob, date.__eq__)
    numbers = _agree(one.mrn, other.mrn, lambda a, b: number_key(a) == number_key(b))
    if numbers:
        return _with_equal_numbers(one, other, names=names, births=births)
    if numbers is False:
        misread = bool(one.mrn and other.mrn and nearly_same(one.mrn, other.mrn))
        agree = names is True and births is not False
        return Match.MISREAD if misread and agree else Match.OTHER
    if names is False or births is False:
        return Match.OTHER
    return Match.SAME if names or births else Match.UNKNOWN


def _with_equal_numbers(
    one: PatientRef, other: PatientRef, *, names: bool | None, births: bool | None
) -> Match:
    if names is not False and births is not False:
        return Match.SAME
    if names and one.dob and other.dob:
        return Match.MISREAD if _nearly_same_day(one.dob, other.dob) else Match.OTHER
    if births is not False and one.name and other.name:
        return Match.MISREAD if _shares_word(one.name, other.name) else Match.OTHER
    return Match.OTHER


def differ(one: PatientRef, other: PatientRef) -> bool:
    """Whether two pages surely name different patients: no misreading explains it.

    Unlike `compare`, which guards against joining strangers, this guards against seeing strangers
    where the scan is bad: a name that shares a word beside the same birth date, a record number one
    character off where no name contradicts, or nothing but a birth date one digit off, is the same
    patient badly read.
    """
    if compare(one, other) is not Match.OTHER:
        return False
    births = bool(one.dob and one.dob == other.dob)
    words = bool(one.name and other.name and _shares_word(one.name, other.name))
    numbers = bool(one.mrn and other.mrn and _hardly_differ(one.mrn, other.mrn))
    unlike = bool(one.name and other.name and not words)
    near = bool(one.dob and other.dob and _nearly_same_day(one.dob, other.dob))
    only = near and not (one.name and other.name) and not (one.mrn and other.mrn)
    return not (only or (births and words) or (numbers and not unlike))


def _hardly_differ(one: str, other: str) -> bool:
    return number_key(one) == number_key(other) or nearly_same(one, other)


def _agree(one: Value | None, other: Value | None, same: object) -> bool | None:
    return None if one is None or other is None else bool(same(one, other))  # type: ignore[operator]


def _nearly_same_day(one: date, other: date) -> bool:
    return Levenshtein.distance(one.isoformat(), other.isoformat()) <= 1


def _shares_word(one: str, other: str) -> bool:
    return bool(set(key_of(one)) & set(key_of(other)))


def settle(values: Sequence[tuple[Value, Hashable, float]]) -> Value | None:
    """The value that holds among (value, its key, weight): of the commonest key, the weightiest.

    Of keys as common, the one with the weightiest value; ties go to the first. `None` where there
    is no value.
    """
    if not values:
        return None
    totals: dict[Hashable, tuple[int, float]] = {}
    for _, key, weight in values:
        count, most = totals.get(key, (0, 0.0))
        totals[key] = (count + 1, max(most, weight))
    return max(values, key=lambda entry: (totals[entry[1]], entry[2]))[0]
