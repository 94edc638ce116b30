"""Whether the codes were in force on the day of service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Facts, Reference
from digitizer.coding.periods import fiscal_year


def in_force(claim: Claim, _: Mapping[str, Facts], reference: Reference) -> Iterator[Message]:
    """An error for a code that no list of that day has; one remark where no list of it is known."""
    if claim.service is None:
        return
    day, unknown = claim.service.isoformat(), False
    for coded in claim.confirmed:
        known = reference.in_force(coded.code, claim.service)
        unknown |= known is None
        if known is False:
            text = f"{coded.code.code} was not in force on the day of service, {day}: replace it"
            yield Message(level=Level.ERROR, text=text, line=coded.line)
    year = fiscal_year(reference.year)
    if unknown and year and not year[0] <= day <= year[1]:
        text = f"no list of codes of {day} is imported: those of {reference.year} are used"
        yield Message(level=Level.INFORMATION, text=text)
