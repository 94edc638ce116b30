"""Excludes1: two codes that are not given together (guideline I.A.12.a)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Facts, Reference, within
from digitizer.coding.notes import Note


def excluded(claim: Claim, facts: Mapping[str, Facts], _: Reference) -> Iterator[Message]:
    """One warning a pair: the two may stand together only if they have nothing to do with another.

    That exception is why it is no error.
    """
    told: set[frozenset[str]] = set()
    for one in claim.confirmed:
        code = one.code.code
        notes = facts[code].of_kind("excludes1") if code in facts else ()
        for other in claim.confirmed if notes else ():
            pair = frozenset((code, other.code.code))
            if len(pair) < 2 or pair in told:
                continue
            if note := _excluding(notes, code, other.code.code):
                told.add(pair)
                text = (
                    f"{code} and {other.code.code} exclude each other (at {note.at}: "
                    f"{note.text}): keep one, unless the two are unrelated"
                )
                yield Message(level=Level.WARNING, text=text, line=other.line)


def _excluding(notes: Sequence[Note], code: str, other: str) -> Note | None:
    """The note that keeps `other` away; one whose codes hold `code` too is about other places."""
    for note in notes:
        if within(other, note.ranges) and not within(code, note.ranges):
            return note
    return None
