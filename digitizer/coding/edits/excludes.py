"""Excludes1: two codes that are not given together (guideline I.A.12.a)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from digitizer.chart.review import Level, Message
from digitizer.coding.edits.claim import Claim, Facts, Reference, within
from digitizer.coding.notes import Note


def excluded(claim: Claim, facts: Mapping[str, Facts], _: Reference) -> Iterator[Message]:
    """One warning a pair: the two may stand together only if they have nothing to do with another.

    That exception is why it is no error.
    """
    told: set[frozenset[str]] = set()
    for one, other in permutations(claim.confirmed, 2):
        pair = frozenset((one.code.code, other.code.code))
        if len(pair) < 2 or pair in told or one.code.code not in facts:
            continue
        if note := _excluding(facts[one.code.code], one.code.code, other.code.code):
            told.add(pair)
            text = (
                f"{one.code.code} and {other.code.code} exclude each other (at {note.at}: "
                f"{note.text}): keep one, unless the two are unrelated"
            )
            yield Message(level=Level.WARNING, text=text, line=other.line)


def _excluding(facts: Facts, code: str, other: str) -> Note | None:
    """The note that keeps `other` away; one whose codes hold `code` too is about other places."""
    for note in facts.of_kind("excludes1"):
        if within(other, note.ranges) and not within(code, note.ranges):
            return note
    return None
