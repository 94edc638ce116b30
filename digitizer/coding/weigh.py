"""What of all that was found a coder is offered: signs, reactions and mere mentions are not. Pure.

A sign or symptom is coded where it is what the note ends in. Where the note names its diagnoses and
the sign is not among them, it is part of the story (guidelines I.B.4, I.B.5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from digitizer.chart.clinical import Label
from digitizer.chart.coding import CodeSuggestion, Evidence
from digitizer.chart.document import Document
from digitizer.coding.passages import listed
from digitizer.coding.surroundings import sentence_of

Made = Mapping[str, CodeSuggestion]

_DECIDED = frozenset(
    {
        "assessment", "assessment_and_plan", "impression", "problem_list", "discharge_diagnosis",
        "final_diagnosis", "postoperative_diagnosis", "conditions", "admission_diagnosis",
        "past_medical_history", "indication",
    }
)  # fmt: skip
_SIGNS = (
    "R00", "R01", "R04", "R05", "R06", "R07", "R09", "R10", "R11", "R12", "R13.10", "R14", "R16",
    "R17", "R18.8", "R19.0", "R19.4", "R19.7", "R20", "R21", "R22", "R23", "R25", "R26", "R27",
    "R30", "R31", "R33", "R34", "R35", "R36", "R41.0", "R41.3", "R41.82", "R42", "R43", "R44",
    "R45.0", "R45.1", "R45.2", "R45.3", "R45.4", "R45.7", "R50", "R51", "R52", "R53", "R55",
    "R56.9", "R58", "R59", "R60", "R61", "R63.0", "R63.1", "R63.8", "R68", "R73.9",
    "R82", "R94", "M25.5", "M25.4", "M54.2", "M54.6", "M54.9", "M79.1", "M79.6",
    "M62.81", "H57.1", "H53.8", "H53.14", "L29", "N64.4", "L50.9", "L50.0", "N39.44", "K59.00",
    "N95.1", "K92.1", "K92.0", "K62.5", "J34.89", "T14", "L98.9", "S09.90", "H92.0", "G47.00",
)  # fmt: skip
"""Beginnings of codes of signs and symptoms."""

_NEVER = (
    "Z32.02", "Z60.", "Z92.", "Z63.", "Z73.", "Z00.", "Z02.", "Z71.", "Z13.",
    "C79.9", "C80.1", "Z01.", "Z09", "Z51.81", "Z79.899",
)  # fmt: skip
"""What a mere mention does not make the visit's: they count among the diagnoses only."""

_IMPLANTS = ("Z95", "Z96", "Z98", "Z93", "Z90")
_NOW = re.compile(
    r"^[^.;\n]{0,25}\b(?:placed|deployed|implanted|inserted|performed|today|planned|scheduled|done)\b",
    re.IGNORECASE,
)

_REACTIONS = ("L50", "T78", "R21", "R11", "R06.2", "T78.3", "L29", "R60", "R07.0")
_ALLERGY = re.compile(r"\ballerg|\bintoleran|\breaction to\b|\bNKDA\b", re.IGNORECASE)


def among_diagnoses(document: Document, evidence: Evidence) -> bool:
    """Whether the words stand where the note names its diagnoses."""
    page = document.page(evidence.page)
    if listed(page.content, evidence.span.start):
        return True
    return any(s.kind in _DECIDED and s.span.overlaps(evidence.span) for s in page.sections or ())


def weigh(made: Made, document: Document) -> dict[str, str]:
    """For each suggested code "", or the reason why it is only shown."""
    current = {code: s for code, s in made.items() if s.suggested}
    decided = {
        code for code, s in current.items() if any(among_diagnoses(document, e) for e in s.evidence)
    }
    definite = any(not _sign(code) and code[0] not in "ZVWXY" for code in current)
    reasons = {}
    for code, suggestion in current.items():
        reasons[code] = ""
        if code in decided:
            continue
        if code.startswith(_REACTIONS) and all(_reaction(document, e) for e in suggestion.evidence):
            reasons[code] = "a reaction to what the patient is allergic to"
        elif _sign(code) and (decided - {code} if decided else definite):
            reasons[code] = "a sign, not among the diagnoses"
        elif code.startswith(_IMPLANTS) and all(
            _done_now(document, e) for e in suggestion.evidence
        ):
            reasons[code] = "done at this visit"
        elif code.startswith(_NEVER):
            reasons[code] = "only mentioned"
    return reasons


def _sign(code: str) -> bool:
    return code.startswith(_SIGNS)


def _done_now(document: Document, evidence: Evidence) -> bool:
    content = document.page(evidence.page).content
    return bool(_NOW.search(content[evidence.span.end : evidence.span.end + 50]))


def _reaction(document: Document, evidence: Evidence) -> bool:
    content = document.page(evidence.page).content
    around = sentence_of(content, evidence.span)
    if _ALLERGY.search(around.of(content)):
        return True
    return any(
        e.label is Label.ALLERGY and e.page == evidence.page and e.span.overlaps(around)
        for e in document.entities or ()
    )
