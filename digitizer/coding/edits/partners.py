"""Codes that call for another: the cause first, or more beside it (guidelines I.A.13, I.A.17)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Coded, Facts, Reference, manifestation, within
from digitizer.coding.notes import Note

_MAYBE = re.compile(r"if (?:applicable|known|present)|any\b|such as|when applicable", re.IGNORECASE)
"""Notes that leave it open whether there is anything to code."""

_NAMED = 3
"""Causes that a message names at most."""

REQUIRED = (
    "I11.0", "I12", "I13", "E08.22", "E09.22", "E10.22", "E11.22", "E13.22", "E08.62", "E09.62",
    "E10.62", "E11.62", "E13.62",
)  # fmt: skip
"""Combination codes that are incomplete without the partner that says the kind or stage."""


def partners(claim: Claim, facts: Mapping[str, Facts], _: Reference) -> Iterator[Message]:
    """What is missing, and what waits undecided on the chart."""
    for coded in claim.confirmed:
        about = facts.get(coded.code.code)
        if about:
            yield from _first(claim, coded, about)
            yield from _additional(claim, coded, about)


def _first(claim: Claim, coded: Coded, about: Facts) -> Iterator[Message]:
    notes = about.of_kind("code_first")
    if not notes or _on(claim.confirmed, coded, notes):
        return
    code = coded.code.code
    if waiting := _on(claim.codes, coded, notes):
        text = f"{waiting.code.code} is undecided, and goes before {code} if it is the cause"
        yield Message(level=Level.WARNING, text=text, line=coded.line)
        return
    strict = manifestation(coded, about) and not any(_MAYBE.search(n.text) for n in notes)
    level = Level.WARNING if strict else Level.INFORMATION
    causes = "; ".join(note.text for note in notes[:_NAMED])
    text = f"{code} is coded after what causes it: {causes}{' …' * (len(notes) > _NAMED)}"
    yield Message(level=level, text=text, line=coded.line)


def _additional(claim: Claim, coded: Coded, about: Facts) -> Iterator[Message]:
    code = coded.code.code
    for note in about.of_kind("use_additional"):
        if _on(claim.confirmed, coded, [note]):
            continue
        if waiting := _on(claim.codes, coded, [note]):
            text = f"{waiting.code.code} is undecided, and {code} asks for it: {note.text}"
            yield Message(level=Level.WARNING, text=text, line=coded.line)
        elif note.at == code:
            yield _unsaid(coded, note)


def _unsaid(coded: Coded, note: Note) -> Message:
    code = coded.code.code
    if code.startswith(REQUIRED) and not _MAYBE.search(note.text):
        text = f"{code} is incomplete without a further code: {note.text}"
        return Message(level=Level.WARNING, text=text, line=coded.line)
    text = f"{code} takes a further code if the chart says it: {note.text}"
    return Message(level=Level.INFORMATION, text=text, line=coded.line)


def _on(codes: Sequence[Coded], coded: Coded, notes: Sequence[Note]) -> Coded | None:
    """The first other code that one of the notes names."""
    ranges = [span for note in notes for span in note.ranges]
    return next((c for c in codes if c is not coded and within(c.code.code, ranges)), None)
