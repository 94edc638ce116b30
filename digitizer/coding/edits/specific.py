"""Codes that say less than the chart does, or no more than another code on it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer.chart.coding import ICD10CM
from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference
from digitizer.coding.refine import Said, refine, refines
from digitizer.coding.words import stems


def specific(claim: Claim, _: Mapping[str, Facts], reference: Reference) -> Iterator[Message]:
    """A warning where a closer code is on the chart, or words beside the evidence call for it."""
    for coded in claim.confirmed:
        if coded.code.system != ICD10CM:
            continue
        if closer := _closer(claim, coded):
            doing = "says more" if closer.confirmed else "is undecided and says more"
            text = f"{closer.code.code} {doing} than {coded.code.code}: is that the same disease?"
            yield Message(level=Level.WARNING, text=text, line=coded.line)
        elif said := _said(coded, reference):
            text = f"{coded.code.code} is unspecified, and the words beside it may call for {said}"
            yield Message(level=Level.WARNING, text=text, line=coded.line)


def _closer(claim: Claim, coded: Coded) -> Coded | None:
    found = (c for c in claim.codes if refines(coded.code, c.code))
    return next(iter(sorted(found, key=lambda c: (not c.confirmed, c.code.code))), None)


def _said(coded: Coded, reference: Reference) -> str:
    """The code that the sentence around the evidence calls for, with its title; "" if none."""
    if "unspecified" not in coded.code.title.lower() or not coded.sentence:
        return ""
    words = frozenset(stems(coded.sentence))
    said = Said(near=words, sentence=words)
    best = refine(reference, coded.code, coded.sentence, said)
    return f"{best.code} ({best.title})" if refines(coded.code, best) else ""
