"""Whose chart it is, as printed, and which record numbers people found to be one patient's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRef:
    """A patient as a page names them; a field that the page does not print is `None`.

    `name` reads "First Middle Last Suffix"; `mrn` is as printed; `sex` is "F", "M" or "X". Where
    people merged records, `mrn` is the number that stays and `also` the patient's other ones.
    """

    name: str | None = None
    dob: date | None = None
    mrn: str | None = None
    sex: str | None = None
    also: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything is known that tells one patient from another."""
        return bool(self.name or self.dob or self.mrn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two records of one patient, made one by a person: what lies under the record number `gone`
    is shown and found under `stays`.

    `id` is 0 until the store has kept it, and sets `by` and `at` (UTC). What is said of its undoing
    is "" while it stands.
    """

    id: int = 0
    gone: str
    stays: str
    because: str
    by: str = ""
    at: str = ""
    undone_because: str = ""
    undone_by: str = ""
    undone_at: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has undone it."""
        return not self.undone_at


class Merged:
    """The record numbers that stand for each other; undone merges count for nothing."""

    def __init__(self, merges: Iterable[Merge] = ()) -> None:
        """Of these merges."""
        standing = [merge for merge in merges if merge.stands]
        self._into = {number_key(merge.gone): merge.stays for merge in standing}
        self._written = {number_key(merge.gone): merge.gone for merge in standing}

    def stays(self, number: str) -> str:
        """The number under which a record number is shown: itself where nobody merged it."""
        seen = set[str]()
        while (key := number_key(number)) in self._into and key not in seen:
            seen.add(key)
            number = self._into[key]
        return number

    def also(self, number: str) -> tuple[str, ...]:
        """The other numbers of its patient besides the one that stays."""
        stays = number_key(self.stays(number))
        return tuple(
            written
            for key, written in self._written.items()
            if key != stays and number_key(self.stays(written)) == stays
        )

    def over(self, patient: PatientRef) -> PatientRef:
        """The patient under the number that stays."""
        if not self._into or patient.mrn is None:
            return patient
        return replace(patient, mrn=self.stays(patient.mrn), also=self.also(patient.mrn))


def number_key(number: str) -> str:
    """A record number for comparing: letters and digits only, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def fault_of_merge(merge: Merge, standing: Merged) -> str:
    """Why two records cannot be merged so, in words for who does it; "" where they can."""
    if not (number_key(merge.gone) and number_key(merge.stays)):
        return "name two record numbers"
    if not merge.because.strip():
        return "say how you know that they are one patient's: it is kept with your name"
    if number_key(standing.stays(merge.gone)) == number_key(standing.stays(merge.stays)):
        return "both numbers are one record already"
    if number_key(standing.stays(merge.gone)) != number_key(merge.gone):
        return f"{merge.gone} was merged already: merge the number that stays"
    return ""
