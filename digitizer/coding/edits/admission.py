"""Present on admission: asked of every diagnosis of a stay that is not exempt (appendix I).

CMS's list of exempt diagnoses is not packaged; `digitizer codes import` takes it. Without it those
count as exempt that the guideline names by whole categories or by their seventh character.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.coding import ICD10CM
from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference

EXEMPT = "1"

_CATEGORIES = (
    "B90", "B91", "B92", "B94", "E64", "I25.2", "I69", "O09", "O66.5", "O80", "O94", "P00", "Q",
    "Z66", "Z67", "Z68", "Z79", "Z80", "Z81", "Z82", "Z83", "Z84", "Z85", "Z86", "Z87", "Z88",
    "Z89", "Z92", "Z93", "Z94", "Z95", "Z97", "Z98", "Z3A", "Z38",
)  # fmt: skip
_LATER = "DS"
"""Seventh characters of injuries: subsequent encounter, sequela."""


def present_on_admission(
    claim: Claim, facts: Mapping[str, Facts], _: Reference
) -> Iterator[Message]:
    """What does not say it, and what says it though it need not, or the other way round."""
    if not claim.inpatient:
        return
    for coded in claim.confirmed:
        if coded.code.system == ICD10CM:
            about = facts.get(coded.code.code, Facts())
            if wrong := _wrong(coded, exempt(coded.code.code, about), listed=about.exempt):
                level, text = wrong
                yield Message(level=level, text=f"{coded.code.code} {text}", line=coded.line)


def exempt(code: str, about: Facts) -> bool:
    """Whether the diagnosis needs no statement."""
    if about.exempt is not None:
        return about.exempt
    late = code[0] in "ST" and len(code) == 8 and code[-1] in _LATER
    return late or code.startswith(_CATEGORIES)


def _wrong(coded: Coded, free: bool, *, listed: bool | None) -> tuple[Level, str] | None:  # noqa: FBT001
    if not coded.poa and not free:
        return Level.WARNING, "does not say whether it was present on admission"
    if coded.poa == EXEMPT and listed is False:
        return Level.ERROR, "is said to be exempt from present on admission, and is not"
    if coded.poa not in ("", EXEMPT) and free:
        return Level.INFORMATION, "is exempt from present on admission: nothing need be said"
    return None
