"""The principal diagnosis of a stay: what it can never be, and what it may be (section II)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference, manifestation

STATUS = (
    "Z14", "Z15", "Z16", "Z17", "Z18", "Z19", "Z21", "Z22", "Z28", "Z66", "Z67", "Z68", "Z72",
    "Z73", "Z74", "Z75", "Z77", "Z78", "Z79", "Z80", "Z81", "Z82", "Z83", "Z84", "Z85", "Z86",
    "Z87", "Z88", "Z89", "Z90", "Z91", "Z92", "Z93", "Z94", "Z95", "Z96", "Z97", "Z98", "Z99",
)  # fmt: skip
"""Beginnings of codes that say a state or a history, which is why nobody is admitted."""


def principal(claim: Claim, facts: Mapping[str, Facts], _: Reference) -> Iterator[Message]:
    """What is wrong with the one named; where none is named in a stay, a candidate."""
    named = claim.principal
    if named is None:
        if claim.inpatient and (candidate := _candidate(claim, facts)):
            text = (
                f"{candidate.code.code} may be the principal diagnosis: of what can be one it "
                "stands first among the final diagnoses"
            )
            yield Message(level=Level.INFORMATION, text=text, line=candidate.line)
        return
    code = named.code.code
    if manifestation(named, facts.get(code, Facts())):
        text = f"{code} is what another disease makes and is never the principal diagnosis"
        yield Message(level=Level.ERROR, text=text, line=named.line)
    elif code.startswith(STATUS):
        text = f"{code} is a state or a history, which is not why a patient is admitted"
        yield Message(level=Level.WARNING, text=text, line=named.line)
    elif code.startswith("R") and (known := _definite(claim)):
        text = f"{code} is a symptom, and {known} is a diagnosis: does it explain the symptom?"
        yield Message(level=Level.WARNING, text=text, line=named.line)


def _candidate(claim: Claim, facts: Mapping[str, Facts]) -> Coded | None:
    fit = [
        coded
        for coded in claim.confirmed
        if coded.diagnosed is not None
        and not manifestation(coded, facts.get(coded.code.code, Facts()))
        and not coded.code.code.startswith((*STATUS, "V", "W", "X", "Y"))
    ]
    return min(fit, key=lambda coded: coded.diagnosed or (0, 0), default=None)


def _definite(claim: Claim) -> str:
    codes = (coded.code.code for coded in claim.confirmed)
    return next((code for code in codes if code[0] not in "RZVWXY"), "")
