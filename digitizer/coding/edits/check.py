"""Asks all edits about a chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from digitizer.chart.coding import ICD10CM
from digitizer.chart.review import Level, Message
from digitizer.coding.edits.admission import present_on_admission
from digitizer.coding.edits.claim import Claim, Facts, Reference
from digitizer.coding.edits.excludes import excluded
from digitizer.coding.edits.partners import partners
from digitizer.coding.edits.patient import patient
from digitizer.coding.edits.payment import payment
from digitizer.coding.edits.principal import principal
from digitizer.coding.edits.service import in_force
from digitizer.coding.edits.specific import specific

Edit = Callable[[Claim, Mapping[str, Facts], Reference], Iterator[Message]]

EDITS: tuple[Edit, ...] = (
    in_force,
    excluded,
    partners,
    patient,
    specific,
    principal,
    present_on_admission,
    payment,
)


def check(claim: Claim, reference: Reference) -> tuple[Message, ...]:
    """All that there is to say about the codes of a chart, errors first."""
    facts = {
        coded.code.code: reference.facts(coded.code.code)
        for coded in claim.codes
        if coded.code.system == ICD10CM
    }
    found = [message for edit in EDITS for message in edit(claim, facts, reference)]
    return tuple(sorted(found, key=lambda message: list(Level).index(message.level)))
