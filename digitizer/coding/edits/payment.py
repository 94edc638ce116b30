"""Payment facts of codes that a person stands for: shown after the fact, never a reason to code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference


def payment(claim: Claim, facts: Mapping[str, Facts], reference: Reference) -> Iterator[Message]:
    """A remark a code: CC or MCC of a stay, and the payment category."""
    for coded in claim.confirmed:
        about = facts.get(coded.code.code)
        if about is None:
            continue
        said = [*_severity(claim, coded, about, reference), *_categories(about)]
        if said:
            text = f"{coded.code.code}: {'; '.join(said)}"
            yield Message(level=Level.INFORMATION, text=text, line=coded.line)


def _severity(claim: Claim, coded: Coded, about: Facts, reference: Reference) -> Iterator[str]:
    if not (claim.inpatient and about.severity) or coded.principal:
        return
    main = claim.principal
    if main and not reference.counts_beside(coded.code.code, main.code.code):
        yield f"{about.severity}, which does not count beside {main.code.code} as principal"
    else:
        yield about.severity


def _categories(about: Facts) -> Iterator[str]:
    for category, label, year in about.payment:
        yield f"payment category HCC {category} ({label}; V28, {year})"
