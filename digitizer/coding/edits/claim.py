"""What edits look at: the codes of a chart, the patient, and what is published about each code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from digitizer.chart.coding import Code, CodeKnowledge
from digitizer.coding.notes import Note

Range = tuple[str, str]

_MANIFESTS = re.compile(
    r"^(?!.*as the cause of).*(?:classified elsewhere|^diabetes mellitus due to underlying"
    r"|^anemia in (?:neoplastic|chronic)|secondary .* due to disease)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A code on a chart. `line` is the id of its line; `sentence` what stands around its evidence.

    `confirmed` says that a person stands for it, otherwise it is only suggested or shown.
    `diagnosed` is its place among the final diagnoses of the text, `None` where it is not there.
    """

    line: str
    code: Code
    confirmed: bool = True
    principal: bool = False
    poa: str = ""
    sentence: str = ""
    diagnosed: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A chart as edits see it. `age` is in whole years on the day of service."""

    codes: tuple[Coded, ...]
    sex: str | None = None
    age: int | None = None
    inpatient: bool = False
    service: date | None = None

    @property
    def confirmed(self) -> tuple[Coded, ...]:
        """The codes that a person stands for, in their sequence."""
        return tuple(coded for coded in self.codes if coded.confirmed)

    @property
    def principal(self) -> Coded | None:
        """The principal diagnosis, where one is named."""
        return next((coded for coded in self.confirmed if coded.principal), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is published about one code.

    `severity` is "CC", "MCC" or ""; `payment` are (category, label, payment year) of CMS-HCC V28;
    `exempt` says whether it needs no present-on-admission, `None` where no list of that is there.
    """

    notes: tuple[Note, ...] = ()
    severity: str = ""
    payment: tuple[tuple[str, str, str], ...] = ()
    exempt: bool | None = None

    def of_kind(self, kind: str) -> Sequence[Note]:
        """The notes of a kind that name codes."""
        return [note for note in self.notes if note.kind == kind and note.ranges]


class Reference(CodeKnowledge, Protocol):
    """The code system, as edits ask about it."""

    def facts(self, code: str) -> Facts:
        """What is published about a code of ICD-10-CM."""

    def counts_beside(self, code: str, principal: str) -> bool:
        """Whether a CC or MCC counts as one where `principal` is the principal diagnosis."""

    @property
    def year(self) -> str:
        """The fiscal year of the list in use, such as "2026"."""


def within(code: str, ranges: Sequence[Range]) -> bool:
    """Whether a code, or one above it, lies in one of the ranges."""
    return any(first <= code[: len(first)] and code[: len(last)] <= last for first, last in ranges)


def manifestation(coded: Coded, facts: Facts) -> bool:
    """Whether the code is only what another disease makes, and never stands first.

    Told by its title and a note to code the cause first, for CMS's own list is not packaged: that
    finds 359 of the 422 of 2026, and no other.
    """
    return bool(_MANIFESTS.search(coded.code.title)) and any(
        note.kind == "code_first" for note in facts.notes
    )
