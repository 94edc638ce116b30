"""A document: the pages that belong together, whose they are, and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from digitizer.chart.cancer import Tumor
from digitizer.chart.clinical import Entity, PhiSpan
from digitizer.chart.coding import CodeSuggestion
from digitizer.chart.page import Page, PageKind, Step
from digitizer.chart.patient import PatientRef

OTHER = "other"
SHEET_TYPES = ("cover", "separator")
MISFILE = "possible misfile"
"""How a warning begins that says that pages may lie in another patient's file."""

DOC_TYPES = (
    "history_and_physical",
    "progress_note",
    "discharge_summary",
    "lab_report",
    "medication_list",
    "operative_note",
    "pathology_report",
    "radiology_report",
    "referral_letter",
    "consent_form",
    "face_sheet",
    "problem_list",
    "consultation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`doc_type` is one of DOC_TYPES, SHEET_TYPES or OTHER. `setting` is "inpatient", "outpatient",
    "ed" or `None` where nothing says so. `encounter` is the visit's number, which only bar codes of
    cover sheets say. `reasons` says how type, split and identity came about,
    as (what, why) pairs without patient text.
    """

    pages: tuple[Page, ...]
    doc_type: str = OTHER
    patient: PatientRef = PatientRef()
    encounter: str | None = None
    encounter_date: date | None = None
    provider: str | None = None
    facility: str | None = None
    setting: str | None = None
    reasons: tuple[tuple[str, str], ...] = ()
    entities: tuple[Entity, ...] | None = None
    suggestions: tuple[CodeSuggestion, ...] | None = None
    tumors: tuple[Tumor, ...] | None = None
    phi: tuple[PhiSpan, ...] | None = None
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def inpatient(self) -> bool:
        """Whether inpatient coding rules hold: by the setting, else for discharge summaries."""
        if self.setting:
            return self.setting == "inpatient"
        return self.doc_type == "discharge_summary"

    @property
    def possible_misfile(self) -> bool:
        """Whether a person must see that its pages lie in the right patient's file."""
        return any(warning.startswith(MISFILE) for warning in self.warnings)

    def page(self, number: int) -> Page:
        """The page with this number in the source file; KeyError where the document lacks it."""
        for page in self.pages:
            if page.number == number:
                return page
        raise KeyError(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page of a document without what was read on it: for lists of many pages.

    `turn` is by how many degrees clockwise a person turned it.
    """

    number: int
    kind: PageKind = PageKind.CONTENT
    turn: int = 0
