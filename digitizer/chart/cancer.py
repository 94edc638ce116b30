"""Tumors as a cancer registry abstracts them, and what registrars found of each case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from digitizer.chart.coding import Code, Evidence

UNKNOWN_PLACE = "C80"
"""The place of a tumor of which is not said where it arose."""

MAYBE_TWO = "different parts of the organ are named: there may be two tumors"
"""What a registrar is told of a tumor of whose charts one stands `beside` another."""

_NO_PART = ("", "8", "9")
"""What stands behind the point of a code that names no part of the organ, or several."""


class Behavior(StrEnum):
    """How a tumor behaves, with the digit that ICD-O-3 has for it."""

    BENIGN = "benign"
    UNCERTAIN = "uncertain"
    IN_SITU = "in situ"
    MALIGNANT = "malignant"

    @property
    def digit(self) -> str:
        """The fifth digit of a morphology in ICD-O-3."""
        return {"benign": "0", "uncertain": "1", "in situ": "2", "malignant": "3"}[self]


class Standing(StrEnum):
    """How surely the chart speaks of a tumor."""

    STATED = "stated"
    AMBIGUOUS = "ambiguous"
    """By a word ("probable", "consistent with") that a registry counts and a coder does not."""


class Aspect(StrEnum):
    """Something that charts say of a tumor."""

    HISTOLOGY = "histology"
    GRADE = "grade"
    TNM = "TNM"
    STAGE = "stage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the chart says of a tumor: `value` as registrars write it, `evidence` as printed."""

    aspect: Aspect
    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tumor:
    """A reportable tumor that a document speaks of.

    `site` is the ICD-10-CM code, `place` the group of three characters of ICD-O-3 that its site
    falls into ("C50"), `laterality` "right", "left", "bilateral" or "". `topography` and
    `morphology` are codes of ICD-O-3, `None` where it was not imported or nothing is said.
    `said` has one statement an aspect at most, `spread` are codes of its metastases, `remarks` what
    a registrar must look at.
    """

    site: Code
    place: str
    behavior: Behavior
    evidence: tuple[Evidence, ...]
    standing: Standing = Standing.STATED
    laterality: str = ""
    topography: Code | None = None
    morphology: Code | None = None
    said: tuple[Statement, ...] = ()
    spread: tuple[Code, ...] = ()
    remarks: tuple[str, ...] = ()

    def may_be(self, other: Tumor) -> bool:
        """Whether two readings may be of one tumor: of places and sides that do not differ.

        A cancer of which is not said where it arose is never one that is benign.
        """
        places = {self.place, other.place} - {UNKNOWN_PLACE}
        if self.place != other.place and Behavior.BENIGN in (self.behavior, other.behavior):
            return False
        sides = {self.laterality, other.laterality} - {""}
        return len(places) <= 1 and len(sides) <= 1

    def beside(self, other: Tumor) -> bool:
        """Whether two readings name parts of one organ, and not the same: C18.0 and C18.7."""
        parts = {reading.site.code[4:5] for reading in (self, other)}
        same_organ = self.site.code[:3] == other.site.code[:3]
        return same_organ and len(parts) > 1 and parts.isdisjoint(_NO_PART)

    def moved(self, to: Callable[[Evidence], Evidence | None]) -> Tumor | None:
        """The tumor with its evidence elsewhere; without what `to` gives no place, and `None`
        where nothing is left that shows it.
        """
        evidence = tuple(moved for e in self.evidence if (moved := to(e)) is not None)
        if not evidence:
            return None
        said = tuple(
            replace(s, evidence=moved) for s in self.said if (moved := to(s.evidence)) is not None
        )
        return replace(self, evidence=evidence, said=said)

    def stated(self, aspect: Aspect) -> str:
        """What is said of an aspect, or ""."""
        return next((said.value for said in self.said if said.aspect is aspect), "")


class Verdict(StrEnum):
    """What a registrar found of a case."""

    OPEN = "open"
    ABSTRACTED = "abstracted"
    NOT_REPORTABLE = "not reportable"
    ENDED = "ended"
    """Abstracted, and followed to the end: the patient has died, or may not be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """A registrar's verdict on a case, the newest of which counts; never changed.

    `number` is the patient's record number, or the id of a chart that has none; `place` and
    `laterality` are those of the tumor. `contact` is a day on which the patient was known to be
    alive from elsewhere than our charts.
    """

    number: str
    place: str
    laterality: str
    verdict: Verdict
    because: str = ""
    contact: date | None = None
    by: str = ""
    at: str = ""
