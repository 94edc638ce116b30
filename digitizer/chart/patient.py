"""Whose chart it is, as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRef:
    """A patient as a page names them; a field that the page does not print is `None`.

    `name` reads "First Middle Last Suffix"; `mrn` is as printed; `sex` is "F", "M" or "X".
    """

    name: str | None = None
    dob: date | None = None
    mrn: str | None = None
    sex: str | None = None

    @property
    def known(self) -> bool:
        """Whether anything is known that tells one patient from another."""
        return bool(self.name or self.dob or self.mrn)
