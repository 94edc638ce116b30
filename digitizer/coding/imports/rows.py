"""What is read out of an imported file: codes with their titles, and further wordings of codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A code of another system than ICD-10-CM.

    `first` and `last` are the days, as YYYY-MM-DD, from and to which the row itself says that it is
    in force; "" where it says nothing.
    """

    code: str
    title: str
    billable: bool = True
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Further words that stand for a code."""

    code: str
    text: str
